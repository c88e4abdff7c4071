// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/precision/loss_scaler.h"

#include <ATen/ATen.h>
#include <cmath>
#include <limits>
#include <torch/utils.h>

namespace descent {

bool LossScaler::unscale(const std::vector<at::Tensor>& gradients)
{
    if (gradients.empty())
        return true;
    const torch::NoGradGuard guard;
    const auto options = gradients.front().options().dtype(at::kFloat).requires_grad(false);
    at::Tensor found = at::zeros({}, options);
    at::_amp_foreach_non_finite_check_and_unscale_(gradients, found, at::full({}, 1 / m_state.scale, options));
    const bool finite = found.item<float>() == 0;
    m_state = afterStep(m_state, m_options, finite);
    return finite;
}

std::map<std::string, double> LossScalerState::parts() const
{
    return {{"lossScaler.scale", scale}, {"lossScaler.finiteSteps", static_cast<double>(finiteSteps)}};
}

LossScalerState LossScalerState::fromParts(const std::map<std::string, double>& parts)
{
    const auto scale = parts.find("lossScaler.scale"), finiteSteps = parts.find("lossScaler.finiteSteps");
    if (scale == parts.end() || finiteSteps == parts.end() || !(scale->second > 0) || !std::isfinite(scale->second)
        || !(finiteSteps->second >= 0 && finiteSteps->second < 1e9))
        return {};
    return {.scale = scale->second, .finiteSteps = std::llround(finiteSteps->second)};
}

LossScalerState afterStep(LossScalerState state, const LossScalerOptions& options, bool finite)
{
    if (!finite)
        return {.scale = state.scale * options.backoffFactor};
    if (++state.finiteSteps < options.growthInterval)
        return state;
    // It is a float on the device: beyond its range it stays where it is.
    const double grown = state.scale * options.growthFactor;
    return {.scale = grown <= std::numeric_limits<float>::max() ? grown : state.scale};
}

}
