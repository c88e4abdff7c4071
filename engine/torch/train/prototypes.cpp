// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/prototypes.h"

#include "engine/core/network/stages.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <span>
#include <stdexcept>
#include <torch/utils.h>

namespace descent {

void fillPrototypes(GraphNetwork& network, const NetworkSpec& spec, const DeviceSamples& samples,
                    const std::vector<std::int64_t>& rows, const std::function<bool()>& interrupted)
{
    const std::int32_t embedding = embeddingLayer(spec);
    if (embedding < 0)
        throw std::invalid_argument{"this network's head cannot be made of prototypes"};
    constexpr std::size_t batchSize = 128;
    const torch::NoGradGuard guard;
    const bool wasTraining = network.is_training();
    network.eval();
    const LayerNode& head = spec.layers.back();
    at::Tensor sums, counts;
    bool stopped = false;
    for (std::size_t at = 0; at < rows.size() && !stopped; at += batchSize) {
        const Batch batch = samples.gather(std::span{rows}.subspan(at, std::min(batchSize, rows.size() - at)));
        const at::Tensor features = network.valueOf(spec.layers[static_cast<std::size_t>(embedding)].name, batch.inputs).to(at::kDouble);
        if (!sums.defined()) {
            sums = at::zeros({head.outputShape.front(), features.size(1)}, features.options());
            counts = at::zeros({head.outputShape.front(), 1}, features.options());
        }
        sums.index_add_(0, batch.targets, features);
        counts.index_add_(0, batch.targets, at::ones({features.size(0), 1}, features.options()));
        stopped = interrupted && interrupted();
    }
    network.train(wasTraining);
    if (stopped)
        return;
    auto parameters = network.named_parameters();
    at::Tensor& weight = parameters[head.name + ".weight"];
    const at::Tensor prototypes = sums / counts;
    if (std::holds_alternative<layer::CosineLinear>(head.layer)) {
        weight.copy_(prototypes);
        return;
    }
    const at::Tensor spread = (prototypes - prototypes.mean(0, true)).square().sum(1).mean().clamp_min(1e-12);
    weight.copy_(2 * prototypes / spread);
    parameters[head.name + ".bias"].copy_(-prototypes.square().sum(1) / spread);
}

}
