// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/checkpoint/checkpoint.h"
#include "engine/torch/optim/parameter_group.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace descent {

/// What a recipe says of its optimizer. Meanings are those of torch.optim.
struct OptimizerOptions {
    enum class Kind { sgd, adam, adamw } kind = Kind::adamw;
    double momentum = 0;
    bool nesterov = false;
    double weightDecay = 0;
    bool decayMatricesOnly = false; ///< parameters of one size or none (biases, factors of norms) are not decayed
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
    bool operator==(const OptimizerOptions&) const = default;
};

/// Changes parameters by their gradients with ATen's fused kernels: one call for all of them, where torch::optim makes
/// several for each. Which parameters share a call is worked out once; a step gathers the gradients and no more.
class Optimizer {
public:
    virtual ~Optimizer() = default;

    /// One step from the gradients that are there; a parameter without one is left alone.
    void step(double learningRate);
    /// Drops the gradients: the next backward pass writes fresh ones instead of adding to zeros.
    void clearGradients();
    /// Scales all gradients down so that their common norm is at most `maximum`. Returns the norm before, on the device.
    at::Tensor clipGradients(double maximum);

    /// What a checkpoint must hold to go on, beside the number of steps: the optimizer's own tensors, all there from the
    /// start, so that copying into them and setStepCount() is going on.
    virtual NamedTensors state() const;
    std::int64_t stepCount() const { return m_steps; }
    void setStepCount(std::int64_t steps) { m_steps = steps; }

protected:
    explicit Optimizer(std::vector<ParameterGroup> groups);
    /// Called at each step before the groups are updated. `m_steps` counts this step already.
    virtual void begin() {}
    /// `group` holds those parameters that have a gradient, and the gradients, in the layout of their parameters.
    virtual void update(const ParameterGroup& group, double learningRate) = 0;

    /// The number of the step for kernels that read one: a tensor on the device that stands in all groups. begin() fills it.
    at::Tensor countSteps();

    std::vector<ParameterGroup> m_groups;
    std::int64_t m_steps = 0;

private:
    std::vector<at::Tensor> m_parameters; // of all groups
};

/// `rateFactors`: what the learning rate is multiplied by, one a parameter; parameters of one factor share a call of the
/// kernel, as torch.optim's parameter groups do. Empty: 1 for all.
std::unique_ptr<Optimizer> makeOptimizer(const OptimizerOptions& options, const NamedTensors& parameters,
                                         const std::vector<double>& rateFactors = {});

}
