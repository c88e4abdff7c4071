// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/custom.h"

#include "engine/core/network/custom/custom_network.h"

namespace descent {

namespace {

const Schema& schema()
{
    static const Schema parameters{
        {.name = layersParameter,
         .label = "Layers",
         .help = "The layers one after the other; what follows from the data is not written.",
         .type = ParameterType::text,
         .defaultValue = std::string{"[]"},
         .common = true},
        {.name = "initialization",
         .label = "Fresh weights",
         .help = "How they are drawn before anything is learnt.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"torch"},
         .choices = {{"torch", "As PyTorch", "Uniform, by the number of inputs."},
                     {"residual", "Residual networks", "Convolutions normal, by the number of outputs. arXiv:1502.01852"},
                     {"identity", "Identity", "As PyTorch, but the first filters of a convolution hand its input on. arXiv:1706.00388"},
                     {"transformer", "Transformers", "Normal with deviation 0.02, biases 0, as GPT-2."}}},
    };
    return parameters;
}

}

bool isLayerList(const ParameterSchema& parameter)
{
    return parameter.name == layersParameter && parameter.type == ParameterType::text;
}

std::string initializationId(Initialization initialization)
{
    switch (initialization) {
    case Initialization::torchDefault: return "torch";
    case Initialization::transformer: return "transformer";
    case Initialization::kaimingFanOut: return "residual";
    case Initialization::identity: return "identity";
    }
    return {};
}

Architecture custom()
{
    return {.id = customArchitecture,
            .label = "Custom",
            .help = "Layers of your own choice, drawn together; any other architecture can be the start.",
            .fits = [](const NetworkBrief&) { return true; },
            .schema = schema(),
            .build = [](const Parameters& parameters, const NetworkBrief& brief) -> Result<NetworkSpec> {
                Result<LayerList> layers = layersFromJson(textOf(schema(), parameters, layersParameter), "architecture.layers");
                if (!layers)
                    return {std::nullopt, std::move(layers.problems)};
                const std::string id = textOf(schema(), parameters, "initialization");
                using enum Initialization;
                return buildCustom(*layers, brief, id == "transformer" ? transformer : id == "residual" ? kaimingFanOut : id == "identity" ? identity : torchDefault);
            }};
}

}
