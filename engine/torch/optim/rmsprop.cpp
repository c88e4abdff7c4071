// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optim/optimizer_kinds.h"

#include <ATen/ATen.h>

namespace descent {

namespace {

class Rmsprop : public Optimizer {
public:
    Rmsprop(const OptimizerOptions& options, std::vector<ParameterGroup> groups) : Optimizer{std::move(groups)}, m_options{options}
    {
        for (ParameterGroup& group : m_groups) {
            group.remember(".square");
            if (options.centered)
                group.remember(".mean");
            if (options.momentum > 0)
                group.remember(".momentum");
        }
    }

protected:
    void update(const ParameterGroup& group, double learningRate) override
    {
        const std::vector<at::Tensor> gradients = group.decayedGradients();
        const std::vector<at::Tensor>& squares = group.memory(0);
        at::_foreach_mul_(squares, m_options.smoothing);
        at::_foreach_addcmul_(squares, gradients, gradients, 1 - m_options.smoothing);
        std::vector<at::Tensor> divisors;
        if (m_options.centered) {
            const std::vector<at::Tensor>& means = group.memory(1);
            at::_foreach_lerp_(means, gradients, 1 - m_options.smoothing);
            divisors = at::_foreach_addcmul(squares, means, means, -1);
            // A gradient that stays the same has no deviation, and rounding may put it below zero: torch's root is NaN there.
            at::_foreach_clamp_min_(divisors, 0);
            at::_foreach_sqrt_(divisors);
        } else {
            divisors = at::_foreach_sqrt(squares);
        }
        at::_foreach_add_(divisors, m_options.epsilon);
        if (m_options.momentum > 0) {
            const std::vector<at::Tensor>& momentum = group.memories.back().tensors;
            at::_foreach_mul_(momentum, m_options.momentum);
            at::_foreach_addcdiv_(momentum, gradients, divisors);
            at::_foreach_add_(group.parameters, momentum, -learningRate);
        } else {
            at::_foreach_addcdiv_(group.parameters, gradients, divisors, -learningRate);
        }
    }

private:
    const OptimizerOptions m_options;
};

}

std::unique_ptr<Optimizer> makeRmsprop(const OptimizerOptions& options, std::vector<ParameterGroup> groups)
{
    return std::make_unique<Rmsprop>(options, std::move(groups));
}

}
