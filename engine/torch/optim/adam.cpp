// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optim/optimizer_kinds.h"

#include <ATen/ATen.h>

namespace descent {

namespace {

class Adam : public Optimizer {
public:
    Adam(const OptimizerOptions& options, std::vector<ParameterGroup> groups) : Optimizer{std::move(groups)}, m_options{options}
    {
        countSteps();
        for (ParameterGroup& group : m_groups) {
            group.remember(".mean");
            group.remember(".square");
        }
    }

protected:
    void update(const ParameterGroup& group, double learningRate) override
    {
        if (m_options.kind == OptimizerOptions::Kind::adamw)
            at::_fused_adamw_(group.parameters, group.gradients, group.memory(0), group.memory(1), {}, group.stepCounts, learningRate,
                              m_options.beta1, m_options.beta2, group.weightDecay, m_options.epsilon, false, false);
        else
            at::_fused_adam_(group.parameters, group.gradients, group.memory(0), group.memory(1), {}, group.stepCounts, learningRate,
                             m_options.beta1, m_options.beta2, group.weightDecay, m_options.epsilon, false, false);
    }

private:
    const OptimizerOptions m_options;
};

}

std::unique_ptr<Optimizer> makeAdam(const OptimizerOptions& options, std::vector<ParameterGroup> groups)
{
    return std::make_unique<Adam>(options, std::move(groups));
}

}
