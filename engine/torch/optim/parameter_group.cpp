// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optim/parameter_group.h"

#include <ATen/ATen.h>

namespace descent {

void ParameterGroup::remember(std::string suffix)
{
    OptimizerMemory memory{std::move(suffix), {}};
    for (const at::Tensor& parameter : parameters)
        memory.tensors.push_back(at::zeros_like(parameter, parameter.options().requires_grad(false), at::MemoryFormat::Preserve));
    memories.push_back(std::move(memory));
}

std::size_t ParameterGroup::gatherGradients()
{
    gradients.clear();
    std::size_t count = 0;
    for (const at::Tensor& parameter : parameters) {
        const at::Tensor& gradient = parameter.grad();
        count += gradient.defined();
        const bool agrees = !gradient.defined() || gradient.strides() == parameter.strides();
        gradients.push_back(agrees ? gradient : at::empty_like(parameter).copy_(gradient));
    }
    return count;
}

ParameterGroup ParameterGroup::withGradients() const
{
    ParameterGroup chosen{.weightDecay = weightDecay, .rateFactor = rateFactor, .hiddenMatrices = hiddenMatrices};
    for (const OptimizerMemory& memory : memories)
        chosen.memories.push_back({memory.suffix, {}});
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (!gradients[i].defined())
            continue;
        chosen.names.push_back(names[i]);
        chosen.parameters.push_back(parameters[i]);
        chosen.gradients.push_back(gradients[i]);
        for (std::size_t m = 0; m < memories.size(); ++m)
            chosen.memories[m].tensors.push_back(memories[m].tensors[i]);
        if (!stepCounts.empty())
            chosen.stepCounts.push_back(stepCounts[i]);
    }
    return chosen;
}

std::vector<at::Tensor> ParameterGroup::decayedGradients() const
{
    return weightDecay > 0 ? at::_foreach_add(gradients, parameters, weightDecay) : gradients;
}

}
