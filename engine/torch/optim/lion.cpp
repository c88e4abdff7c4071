// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optim/optimizer_kinds.h"

#include <ATen/ATen.h>

namespace descent {

namespace {

class Lion : public Optimizer {
public:
    Lion(const OptimizerOptions& options, std::vector<ParameterGroup> groups) : Optimizer{std::move(groups)}, m_options{options}
    {
        for (ParameterGroup& group : m_groups)
            group.remember(".momentum");
    }

protected:
    void update(const ParameterGroup& group, double learningRate) override
    {
        const std::vector<at::Tensor>& momentum = group.memory(0);
        std::vector<at::Tensor> directions = at::_foreach_lerp(momentum, group.gradients, 1 - m_options.beta1);
        for (at::Tensor& direction : directions)
            direction.sign_();
        if (group.weightDecay > 0)
            at::_foreach_mul_(group.parameters, 1 - learningRate * group.weightDecay);
        at::_foreach_add_(group.parameters, directions, -learningRate);
        at::_foreach_lerp_(momentum, group.gradients, 1 - m_options.beta2);
    }

private:
    const OptimizerOptions m_options;
};

}

std::unique_ptr<Optimizer> makeLion(const OptimizerOptions& options, std::vector<ParameterGroup> groups)
{
    return std::make_unique<Lion>(options, std::move(groups));
}

}
