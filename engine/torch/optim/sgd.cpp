// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optim/optimizer_kinds.h"

#include <ATen/ATen.h>

namespace descent {

namespace {

class Sgd : public Optimizer {
public:
    Sgd(const OptimizerOptions& options, std::vector<ParameterGroup> groups) : Optimizer{std::move(groups)}, m_options{options}
    {
        // Zeros with dampening 0 give the first step that torch.optim gives by copying the gradient.
        if (options.momentum > 0)
            for (ParameterGroup& group : m_groups)
                group.remember(".momentum");
    }

protected:
    void update(const ParameterGroup& group, double learningRate) override
    {
        const bool hasMomentum = m_options.momentum > 0;
        at::_fused_sgd_(group.parameters, group.gradients, hasMomentum ? at::TensorList{group.memory(0)} : at::TensorList{}, group.weightDecay,
                        m_options.momentum, learningRate, 0.0, m_options.nesterov && hasMomentum, false, false);
    }

private:
    const OptimizerOptions m_options;
};

}

std::unique_ptr<Optimizer> makeSgd(const OptimizerOptions& options, std::vector<ParameterGroup> groups)
{
    return std::make_unique<Sgd>(options, std::move(groups));
}

}
