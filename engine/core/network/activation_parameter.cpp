// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/activation_parameter.h"

#include <stdexcept>

namespace descent {

ParameterSchema activationParameter(std::string defaultId)
{
    return {.name = "activation",
            .label = "Activation",
            .help = "The bend between two layers, without which all of them would be one.",
            .type = ParameterType::choice,
            .defaultValue = std::move(defaultId),
            .choices = {{"relu", "ReLU", "Zero below zero: quick, the usual choice."},
                        {"tanh", "Tanh", "Smooth, between -1 and 1."},
                        {"gelu", "GELU", "A smooth ReLU. arXiv:1606.08415"},
                        {"silu", "SiLU", "A smooth ReLU that dips below zero. arXiv:1702.03118"},
                        {"leaky-relu", "Leaky ReLU", "A ReLU that never dies."},
                        {"sigmoid", "Sigmoid", "Between 0 and 1, as in the first networks."}}};
}

layer::Activation::Function activationOf(const Schema& schema, const Parameters& parameters)
{
    using enum layer::Activation::Function;
    const std::string id = textOf(schema, parameters, "activation");
    if (id == "relu")
        return relu;
    if (id == "tanh")
        return tanh;
    if (id == "gelu")
        return gelu;
    if (id == "silu")
        return silu;
    if (id == "leaky-relu")
        return leakyRelu;
    if (id == "sigmoid")
        return sigmoid;
    throw std::invalid_argument{fmt::format("no activation \"{}\"", id)};
}

}
