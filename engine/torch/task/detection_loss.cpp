// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/detection_loss.h"

#include <ATen/ATen.h>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <torch/utils.h>

namespace descent {

namespace {

constexpr double bellShare = 0.54;    // of the object's width that its bell covers
constexpr double boxLossWeight = 5;
constexpr double longestReach = 8;    // e^8 strides are beyond any picture, and e^9 of a wild start would drown all else

at::Tensor column(const at::Tensor& boxes, std::int64_t index) { return boxes.select(-1, index); }

/// exp(-(d / deviation)² / 2) of the whole steps d between each place along one axis and the middle; 0 beyond the bell.
/// low, high [batch, most] in pixels; returns [batch, most, places]
at::Tensor bellAlong(const at::Tensor& low, const at::Tensor& high, std::int64_t places, std::int64_t stride)
{
    const at::Tensor middle = ((low + high) / (2.0 * static_cast<double>(stride))).floor().clamp(0, static_cast<double>(places - 1));
    const at::Tensor radius = (bellShare * (high - low) / (2.0 * static_cast<double>(stride))).floor();
    const at::Tensor distance = (at::arange(places, low.options()) - middle.unsqueeze(-1)).abs();
    const at::Tensor deviation = (2 * radius + 1) / 6;
    const at::Tensor bell = (-0.5 * (distance / deviation.unsqueeze(-1)).square()).exp();
    return bell.masked_fill(distance > radius.unsqueeze(-1), 0);
}

/// low, high [batch, most]; returns bool [batch, most, places]: whether the middle of a place lies between them
at::Tensor within(const at::Tensor& low, const at::Tensor& high, std::int64_t places, std::int64_t stride)
{
    const at::Tensor middles = (at::arange(places, low.options()) + 0.5) * static_cast<double>(stride);
    return (middles >= low.unsqueeze(-1)).logical_and(middles <= high.unsqueeze(-1));
}

at::Tensor areaOf(const at::Tensor& boxes)
{
    return (column(boxes, 2) - column(boxes, 0)).clamp_min(0) * (column(boxes, 3) - column(boxes, 1)).clamp_min(0);
}

}

std::int64_t strideOf(std::int64_t pictureSide, std::int64_t mapSide)
{
    if (mapSide < 1 || pictureSide < mapSide)
        throw std::invalid_argument{fmt::format("a picture of {} pixels has a map of {} places", pictureSide, mapSide)};
    return std::int64_t{1} << std::lround(std::log2(static_cast<double>(pictureSide) / static_cast<double>(mapSide)));
}

at::Tensor placesOf(const at::Tensor& map, std::int64_t stride)
{
    const auto along = [&](std::int64_t places) {
        return (at::arange(places, map.options().dtype(at::kFloat).requires_grad(false)) + 0.5) * static_cast<double>(stride);
    };
    const std::int64_t rows = map.size(2), columns = map.size(3);
    return at::stack({along(columns).expand({rows, columns}), along(rows).unsqueeze(1).expand({rows, columns})}, -1).view({-1, 2});
}

at::Tensor boxesOf(const at::Tensor& map, std::int64_t stride)
{
    const at::Tensor places = placesOf(map, stride);
    const at::Tensor reach =
        map.narrow(1, map.size(1) - 4, 4).flatten(2).transpose(1, 2).to(at::kFloat).clamp_max(longestReach).exp() * static_cast<double>(stride);
    return at::cat({places - reach.narrow(2, 0, 2), places + reach.narrow(2, 2, 2)}, 2);
}

DetectionTargets detectionTargets(const at::Tensor& boxes, std::int64_t classes, std::int64_t rows, std::int64_t columns,
                                  std::int64_t stride)
{
    const torch::NoGradGuard guard;
    const std::int64_t batch = boxes.size(0), most = boxes.size(1), places = rows * columns;
    const at::Tensor used = column(boxes, 4) >= 0, ignored = used.logical_and(column(boxes, 5) > 0);
    const at::Tensor learnt = used.logical_and(ignored.logical_not());
    const at::Tensor left = column(boxes, 0), top = column(boxes, 1), right = column(boxes, 2), bottom = column(boxes, 3);
    const at::Tensor bells = (bellAlong(top, bottom, rows, stride).unsqueeze(3) * bellAlong(left, right, columns, stride).unsqueeze(2))
                                 .flatten(2)
                                 .masked_fill_(learnt.logical_not().unsqueeze(2), 0); // [batch, most, places]

    DetectionTargets targets;
    const at::Tensor classIndex = column(boxes, 4).clamp_min(0).to(at::kLong).unsqueeze(2).expand({batch, most, places});
    targets.heat = at::zeros({batch, classes, places}, boxes.options()).scatter_reduce(1, classIndex, bells, "amax");
    targets.counts = within(top, bottom, rows, stride)
                         .unsqueeze(3)
                         .logical_and(within(left, right, columns, stride).unsqueeze(2))
                         .flatten(2)
                         .logical_and(ignored.unsqueeze(2))
                         .any(1, true)
                         .logical_not();

    const at::Tensor area = areaOf(boxes).unsqueeze(2);
    const auto [smallest, owner] = area.expand({batch, most, places}).masked_fill(bells == 0, std::numeric_limits<float>::infinity()).min(1);
    // Each object has the same share, whatever its size, but for the logarithm: a large box is worth being exact.
    const at::Tensor shares = bells * area.log1p() / bells.sum(2, true).clamp_min(1e-6);
    targets.boxWeight = shares.gather(1, owner.unsqueeze(1)).squeeze(1).masked_fill(smallest.isinf(), 0);
    targets.boxes = boxes.narrow(2, 0, 4).gather(1, owner.unsqueeze(2).expand({batch, places, 4}));
    return targets;
}

at::Tensor giouLoss(const at::Tensor& found, const at::Tensor& truth)
{
    const at::Tensor inner = (at::minimum(found.narrow(-1, 2, 2), truth.narrow(-1, 2, 2))
                              - at::maximum(found.narrow(-1, 0, 2), truth.narrow(-1, 0, 2)))
                                 .clamp_min(0)
                                 .prod(-1);
    const at::Tensor hull = (at::maximum(found.narrow(-1, 2, 2), truth.narrow(-1, 2, 2))
                             - at::minimum(found.narrow(-1, 0, 2), truth.narrow(-1, 0, 2)))
                                .prod(-1)
                                .clamp_min(1e-6);
    const at::Tensor either = (areaOf(found) + areaOf(truth) - inner).clamp_min(1e-6);
    return 1 - inner / either + (hull - either) / hull;
}

at::Tensor detectionLoss(const at::Tensor& map, const at::Tensor& boxes, std::int64_t stride)
{
    const std::int64_t classes = map.size(1) - 4;
    const DetectionTargets targets = detectionTargets(boxes, classes, map.size(2), map.size(3), stride);
    const at::Tensor logits = map.narrow(1, 0, classes).flatten(2).to(at::kFloat);
    const at::Tensor certain = logits.sigmoid(), isMiddle = targets.heat == 1;
    // log p and log(1 - p) from the logits: finite where the sigmoid has rounded to 0 or 1.
    const at::Tensor middles = -at::log_sigmoid(logits) * (1 - certain).square();
    const at::Tensor others = -at::log_sigmoid(-logits) * certain.square() * (1 - targets.heat).pow(4) * targets.counts;
    const at::Tensor heatLoss = at::where(isMiddle, middles, others).sum() / isMiddle.sum().clamp_min(1);
    const at::Tensor boxLoss =
        (giouLoss(boxesOf(map, stride), targets.boxes) * targets.boxWeight).sum() / targets.boxWeight.sum().clamp_min(1e-6);
    return heatLoss + boxLossWeight * boxLoss;
}

}
