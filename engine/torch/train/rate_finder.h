// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/rate_curve.h"
#include "engine/torch/optim/optimizer.h"

#include <ATen/core/Generator.h>

#include <functional>
#include <vector>

namespace torch::nn {
class Module;
}

namespace descent {

struct RateFinderOptions {
    double lowest = 1e-7, highest = 10; ///< rates, rising by the same factor from step to step
    std::int64_t steps = 100;
    double smoothing = 0.9; ///< weight of the past in the smoothed loss
    double tooMuch = 4;     ///< ends where the smoothed loss is so many times its lowest
    bool operator==(const RateFinderOptions&) const = default;
};

/// Trains for a while with a rising learning rate and looks at the loss; then puts back what that has changed: weights and
/// buffers of the network, the optimizer, the generators. A loss that is not finite ends it as well.
/// pass: gradients of the next batch, added to those of the network's parameters; gives the loss, a scalar.
/// stopped: asked before each step; the curve then ends there.
/// Throws std::invalid_argument for rates out of order or fewer than two steps.
RateCurve findRate(const RateFinderOptions& options, torch::nn::Module& network, Optimizer& optimizer, std::vector<at::Generator> generators,
                   const std::function<at::Tensor()>& pass, const std::function<bool()>& stopped);

}
