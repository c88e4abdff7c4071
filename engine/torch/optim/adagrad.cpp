// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optim/optimizer_kinds.h"

#include <ATen/ATen.h>

namespace descent {

namespace {

class Adagrad : public Optimizer {
public:
    Adagrad(const OptimizerOptions& options, std::vector<ParameterGroup> groups) : Optimizer{std::move(groups)}, m_options{options}
    {
        countSteps();
        for (ParameterGroup& group : m_groups)
            group.remember(".sum");
    }

protected:
    void update(const ParameterGroup& group, double learningRate) override
    {
        at::_fused_adagrad_(group.parameters, group.gradients, group.memory(0), group.stepCounts, learningRate, 0.0, group.weightDecay,
                            m_options.epsilon, false);
    }

private:
    const OptimizerOptions m_options;
};

}

std::unique_ptr<Optimizer> makeAdagrad(const OptimizerOptions& options, std::vector<ParameterGroup> groups)
{
    return std::make_unique<Adagrad>(options, std::move(groups));
}

}
