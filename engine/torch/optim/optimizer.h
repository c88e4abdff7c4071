// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/checkpoint/checkpoint.h"
#include "engine/torch/optim/optimizer_options.h"
#include "engine/torch/optim/parameter_group.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace descent {

/// Changes parameters by their gradients with ATen's kernels for whole lists: few calls for all of them, where torch::optim
/// makes several for each. Which parameters share a call is worked out once; a step gathers the gradients and no more.
class Optimizer {
public:
    virtual ~Optimizer() = default;

    /// One step from the gradients that are there; a parameter without one is left alone.
    void step(double learningRate);
    /// Drops the gradients: the next backward pass writes fresh ones instead of adding to zeros.
    void clearGradients();
    /// Scales all gradients down so that their common norm is at most `maximum`. Returns the norm before, on the device.
    at::Tensor clipGradients(double maximum);
    /// Brings every number of every gradient into [-maximum, maximum].
    void clipGradientValues(double maximum);

    /// What a checkpoint must hold to go on, beside the number of steps: the optimizer's own tensors, all there from the
    /// start, so that copying into them and setStepCount() is going on.
    virtual NamedTensors state() const;
    std::int64_t stepCount() const { return m_steps; }
    void setStepCount(std::int64_t steps) { m_steps = steps; }

protected:
    explicit Optimizer(std::vector<ParameterGroup> groups);
    virtual void begin() {} ///< of a step, which `m_steps` counts already
    /// `group` holds those parameters that have a gradient, and the gradients, in the layout of their parameters.
    virtual void update(const ParameterGroup& group, double learningRate) = 0;

    /// Keeps the number of the step in all groups, as a tensor on the device, for kernels that read it.
    void countSteps();

    std::vector<ParameterGroup> m_groups;
    std::int64_t m_steps = 0;

private:
    std::vector<at::Tensor> m_parameters; // of all groups
    at::Tensor m_count; // undefined where no kernel reads it
};

/// rateFactors     what the learning rate is multiplied by, one a parameter; parameters of one factor share a call of the
///                 kernel, as torch.optim's parameter groups do. Empty: 1 for all
/// hiddenMatrices  by parameter, whether it is of a layer that hiddenMatrixLayers() names; read by Muon alone, which needs it
/// Throws std::invalid_argument where a list is of another length.
std::unique_ptr<Optimizer> makeOptimizer(const OptimizerOptions& options, const NamedTensors& parameters,
                                         const std::vector<double>& rateFactors = {}, const std::vector<bool>& hiddenMatrices = {});

}
