// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace descent {

/// What an optimizer remembers of each parameter of a group, under one name: the momentum, the mean of the gradients.
struct OptimizerMemory {
    std::string suffix; ///< behind the parameter's name in a checkpoint: ".momentum"
    std::vector<at::Tensor> tensors;
};

/// Parameters that a step treats alike. All lists stand in the order of `parameters`.
struct ParameterGroup {
    double weightDecay = 0, rateFactor = 1;
    bool hiddenMatrices = false; ///< for Muon to orthogonalise
    std::vector<std::string> names;
    std::vector<at::Tensor> parameters;
    std::vector<at::Tensor> gradients; ///< filled within a step only: held longer they would cost memory
    std::vector<OptimizerMemory> memories;
    std::vector<at::Tensor> stepCounts; ///< what kernels read that count; all are one tensor

    /// Adds zeros in the layout of the parameters.
    void remember(std::string suffix);
    const std::vector<at::Tensor>& memory(std::size_t index) const { return memories[index].tensors; }

    /// Takes the gradients there are, copied where their layout is not the parameter's: kernels walk both as one array.
    /// Returns how many there are.
    std::size_t gatherGradients();
    /// Those that have a gradient, after gatherGradients().
    ParameterGroup withGradients() const;
    /// The gradients with the weight decay in them: that of a squared penalty.
    std::vector<at::Tensor> decayedGradients() const;
};

}
