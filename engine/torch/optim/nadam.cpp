// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optim/optimizer_kinds.h"

#include <ATen/ATen.h>
#include <cmath>

namespace descent {

namespace {

class Nadam : public Optimizer {
public:
    Nadam(const OptimizerOptions& options, std::vector<ParameterGroup> groups) : Optimizer{std::move(groups)}, m_options{options}
    {
        for (ParameterGroup& group : m_groups) {
            group.remember(".mean");
            group.remember(".square");
        }
    }
    NamedTensors state() const override
    {
        NamedTensors state = Optimizer::state();
        state.emplace_back("momentumProduct", m_product);
        return state;
    }

protected:
    void begin() override
    {
        m_momentum = momentumOf(m_steps);
        m_nextMomentum = momentumOf(m_steps + 1);
        m_product.mul_(m_momentum);
    }
    void update(const ParameterGroup& group, double learningRate) override
    {
        const std::vector<at::Tensor> gradients = group.decayedGradients();
        const std::vector<at::Tensor>&means = group.memory(0), &squares = group.memory(1);
        at::_foreach_lerp_(means, gradients, 1 - m_options.beta1);
        at::_foreach_mul_(squares, m_options.beta2);
        at::_foreach_addcmul_(squares, gradients, gradients, 1 - m_options.beta2);
        const std::vector<at::Tensor> divisors = at::_foreach_sqrt(squares);
        at::_foreach_div_(divisors, std::sqrt(1 - std::pow(m_options.beta2, static_cast<double>(m_steps))));
        at::_foreach_add_(divisors, m_options.epsilon);
        const double product = m_product.item<double>();
        at::_foreach_addcdiv_(group.parameters, gradients, divisors, -learningRate * (1 - m_momentum) / (1 - product));
        at::_foreach_addcdiv_(group.parameters, means, divisors, -learningRate * m_nextMomentum / (1 - product * m_nextMomentum));
    }

private:
    double momentumOf(std::int64_t step) const
    {
        constexpr double momentumDecay = 4e-3;
        return m_options.beta1 * (1 - 0.5 * std::pow(0.96, static_cast<double>(step) * momentumDecay));
    }

    const OptimizerOptions m_options;
    double m_momentum = 0, m_nextMomentum = 0; // of the step under way, and of the one after it
    at::Tensor m_product = at::ones({}, at::kDouble); // of all momentums so far; on the host, which reads it at each step
};

}

std::unique_ptr<Optimizer> makeNadam(const OptimizerOptions& options, std::vector<ParameterGroup> groups)
{
    return std::make_unique<Nadam>(options, std::move(groups));
}

}
