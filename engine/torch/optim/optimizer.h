// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
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
/// several for each.
/// SGD with momentum: "On the importance of initialization and momentum in deep learning" (2013).
/// Adam: arXiv:1412.6980. AdamW: arXiv:1711.05101.
class Optimizer {
public:
    virtual ~Optimizer() = default;

    /// One step from the gradients that are there; a parameter without one is left alone.
    void step(double learningRate);
    /// Drops the gradients: the next backward pass writes fresh ones instead of adding to zeros.
    void clearGradients();
    /// Scales all gradients down so that their common norm is at most `maximum`. Returns the norm before, on the device.
    at::Tensor clipGradients(double maximum);

    /// Named tensors that a checkpoint must hold to go on, beside the number of steps.
    virtual std::vector<std::pair<std::string, at::Tensor>> state() const = 0;
    std::int64_t stepCount() const { return m_steps; }
    void setStepCount(std::int64_t steps) { m_steps = steps; }

protected:
    explicit Optimizer(std::vector<std::pair<std::string, at::Tensor>> parameters);
    /// `indices` are those of the parameters that have a gradient; `gradients` belong to them.
    virtual void update(const std::vector<at::Tensor>& parameters, const std::vector<at::Tensor>& gradients,
                        const std::vector<std::size_t>& indices, double learningRate) = 0;
    std::vector<std::pair<std::string, at::Tensor>> m_parameters;
    std::int64_t m_steps = 0;
};

/// `rateFactors`: what the learning rate is multiplied by, one a parameter; parameters of one factor share a call of the
/// kernel, as torch.optim's parameter groups do. Empty: 1 for all.
std::unique_ptr<Optimizer> makeOptimizer(const OptimizerOptions& options,
                                         std::vector<std::pair<std::string, at::Tensor>> parameters,
                                         std::vector<double> rateFactors = {});

}
