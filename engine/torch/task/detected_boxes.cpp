// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/detected_boxes.h"

#include "engine/core/task/box_suppression.h"
#include "engine/torch/task/detection_loss.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <torch/utils.h>

namespace descent {

at::Tensor detectionCandidates(const at::Tensor& map, std::int64_t height, std::int64_t width, std::int64_t most)
{
    const torch::NoGradGuard guard;
    const std::int64_t batch = map.size(0), classes = map.size(1) - 4, places = map.size(2) * map.size(3);
    const at::Tensor heat = map.narrow(1, 0, classes).to(at::kFloat).sigmoid();
    const at::Tensor highest = at::max_pool2d(heat, 3, 1, 1);
    const at::Tensor peaks = heat.masked_fill(heat < highest, 0).flatten(1);
    const auto [scores, where] = peaks.topk(std::min(most, classes * places), 1);
    at::Tensor boxes = boxesOf(map, strideOf(width, map.size(3))).gather(1, where.remainder(places).unsqueeze(2).expand({batch, -1, 4}));
    const at::Tensor end = at::tensor({static_cast<float>(width), static_cast<float>(height)}, boxes.options());
    boxes = at::minimum(boxes.clamp_min(0), end.repeat({2}));
    return at::cat({boxes, scores.unsqueeze(2), where.div(places, "floor").unsqueeze(2).to(at::kFloat)}, 2);
}

std::vector<std::vector<DetectedBox>> boxesFrom(const at::Tensor& candidates, const DetectionOptions& options)
{
    const at::Tensor host = candidates.to(at::kCPU, at::kFloat).contiguous();
    const auto* value = host.const_data_ptr<float>();
    std::vector<std::vector<DetectedBox>> found(static_cast<std::size_t>(host.size(0)));
    for (auto& boxes : found) {
        for (std::int64_t i = 0; i < host.size(1); ++i, value += boxColumns) {
            const DetectedBox box{value[0], value[1], value[2], value[3], value[4], static_cast<std::int32_t>(value[5])};
            if (box.score >= options.leastScore && box.right > box.left && box.bottom > box.top)
                boxes.push_back(box);
        }
        boxes = suppressed(std::move(boxes), options.overlap);
    }
    return found;
}

std::vector<std::vector<DetectedBox>> detectedBoxes(const at::Tensor& maps, std::int64_t height, std::int64_t width,
                                                    const DetectionOptions& options)
{
    return boxesFrom(detectionCandidates(maps, height, width, options.most), options);
}

}
