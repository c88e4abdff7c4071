// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/whitening.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <span>
#include <torch/utils.h>

namespace descent {

namespace {

constexpr std::size_t mostPictures = 5000, batchSize = 250;
constexpr double epsilon = 5e-4;

/// float [patches, channels * kernel * kernel] of pictures [batch, channels, height, width]
at::Tensor patchesOf(const at::Tensor& pictures, const layer::PatchWhitening& layer)
{
    return pictures.unfold(2, layer.kernel, 1)
        .unfold(3, layer.kernel, 1)
        .permute({0, 2, 3, 1, 4, 5})
        .reshape({-1, layer.inChannels * layer.kernel * layer.kernel});
}

at::Tensor kernels(const at::Tensor& covariance, const layer::PatchWhitening& layer)
{
    const auto [values, vectors] = at::linalg_eigh(covariance);
    const at::Tensor whitening = (vectors / (values + epsilon).sqrt()).t().flip(0); // the widest direction first
    return at::cat({whitening, -whitening}).view({layer.outChannels(), layer.inChannels, layer.kernel, layer.kernel});
}

}

void whitenPatches(GraphNetwork& network, const NetworkSpec& spec, const DeviceSamples& samples, const std::vector<std::int64_t>& rows)
{
    const torch::NoGradGuard guard;
    const bool wasTraining = network.is_training();
    network.eval();
    for (const LayerNode& node : spec.layers) {
        const auto* layer = std::get_if<layer::PatchWhitening>(&node.layer);
        if (!layer || rows.empty())
            continue;
        const std::int32_t from = node.inputs.front();
        std::vector<std::int64_t> chosen;
        for (std::size_t i = 0, count = std::min(mostPictures, rows.size()); i < count; ++i)
            chosen.push_back(rows[i * rows.size() / count]);
        at::Tensor sum;
        double patches = 0;
        for (std::size_t at = 0; at < chosen.size(); at += batchSize) {
            const Batch batch = samples.gather(std::span{chosen}.subspan(at, std::min(batchSize, chosen.size() - at)));
            const at::Tensor input = from < 0 ? batch.inputs[static_cast<std::size_t>(-1 - from)]
                                              : network.valueOf(spec.layers[static_cast<std::size_t>(from)].name, batch.inputs);
            const at::Tensor some = patchesOf(input, *layer), products = some.t().mm(some).to(at::kCPU, at::kDouble);
            sum = sum.defined() ? sum + products : products;
            patches += static_cast<double>(some.size(0));
        }
        network.named_buffers()[node.name + ".weight"].copy_(kernels(sum / patches, *layer));
    }
    network.train(wasTraining);
}

}
