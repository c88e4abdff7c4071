// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/nn/graph_network.h"

#include <torch/torch.h>

#include <cmath>
#include <vector>

namespace descent {

// What the tests of networks share with references/networks.py.

/// The formula of references/networks.py: an integer hash (lowbias32) as numbers in [-1, 1), exact in any language.
inline at::Tensor drawn(at::IntArrayRef shape, std::uint32_t stream)
{
    const at::Tensor values = at::empty(shape, at::kDouble);
    auto* at = values.data_ptr<double>();
    for (std::int64_t i = 0; i < values.numel(); ++i) {
        auto x = static_cast<std::uint32_t>(i) + stream * 1000003u;
        x ^= x >> 16;
        x *= 0x7feb352du;
        x ^= x >> 15;
        x *= 0x846ca68bu;
        x ^= x >> 16;
        at[i] = static_cast<double>(x) / 2147483648.0 - 1;
    }
    return values;
}

inline void fill(GraphNetwork& network)
{
    const torch::NoGradGuard guard;
    std::uint32_t stream = 0;
    for (const auto& item : network.named_parameters()) {
        at::Tensor parameter = item.value();
        at::Tensor values = drawn(parameter.sizes(), stream++);
        if (parameter.dim() > 1)
            values *= std::sqrt(6.0 / static_cast<double>(parameter.numel() / parameter.size(0)));
        else
            values *= 0.1;
        // Vectors named "weight" belong to batch norm, which starts around 1.
        if (parameter.dim() == 1 && item.key().ends_with("weight"))
            values += 1;
        parameter.copy_(values);
    }
}

inline at::Generator seeded(std::uint64_t seed)
{
    return at::make_generator<at::CPUGeneratorImpl>(seed);
}

/// Largest difference, in parts of the largest expected value.
inline double distance(const std::vector<double>& expected, const at::Tensor& actual)
{
    if (static_cast<std::int64_t>(expected.size()) != actual.numel())
        return INFINITY;
    if (expected.empty())
        return 0;
    const at::Tensor wanted = at::tensor(expected, at::kDouble);
    const at::Tensor given = actual.detach().to(at::kDouble).reshape(-1);
    const double difference = (wanted - given).abs().max().item<double>() / wanted.abs().max().item<double>();
    return std::isnan(difference) ? INFINITY : difference;
}

}
