// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace descent {

/// How the factor follows the gradients; the numbers are torch.amp.GradScaler's.
struct LossScalerOptions {
    double growthFactor = 2, backoffFactor = 0.5;
    std::int64_t growthInterval = 2000; ///< steps with finite gradients before it grows
    bool operator==(const LossScalerOptions&) const = default;
};

/// Where it stands: a plain value, to be kept in a checkpoint.
struct LossScalerState {
    double scale = 65536;
    std::int64_t finiteSteps = 0; ///< since it last changed

    /// As numbers by name ("lossScaler.scale"), for a checkpoint; the state comes back equal.
    std::map<std::string, double> parts() const;
    static LossScalerState fromParts(const std::map<std::string, double>& parts); ///< among others; absent or damaged: as at the beginning
    bool operator==(const LossScalerState&) const = default;
};

/// Keeps small gradients above what float16 can hold: the loss is multiplied by a factor, which goes on through the backward
/// pass and is taken out of the gradients before the optimizer sees them. Where the factor was too large, gradients overflow:
/// that step is left out and the factor falls.
/// "Mixed Precision Training", section 3.2, arXiv:1710.03740
class LossScaler {
public:
    explicit LossScaler(LossScalerState state = {}, const LossScalerOptions& options = {}) : m_options{options}, m_state{state} {}

    double scale() const { return m_state.scale; } ///< what the loss is to be multiplied by
    /// Takes the factor out of the gradients, of one device. False: some are not finite, and the step must be left out. The factor is
    /// adapted either way. Waits for the device.
    bool unscale(const std::vector<at::Tensor>& gradients);

    const LossScalerState& state() const { return m_state; }

private:
    const LossScalerOptions m_options;
    LossScalerState m_state;
};

/// Where a scaler stands after a step whose gradients were finite, or not.
LossScalerState afterStep(LossScalerState state, const LossScalerOptions& options, bool finite);

}
