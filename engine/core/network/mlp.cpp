// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/activation_parameter.h"
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"
#include "engine/core/network/whole_numbers.h"
#include "engine/core/network/window_parameters.h"

namespace descent {

namespace {

constexpr std::size_t mostHiddenLayers = 64;
constexpr std::int64_t widestLayer = 65536;

Result<NetworkSpec> build(const Schema& schema, const Parameters& parameters, const NetworkBrief& brief)
{
    const auto widths = wholeNumbers(textOf(schema, parameters, "hidden"), 1, widestLayer, mostHiddenLayers);
    if (!widths)
        return {std::nullopt,
                {{"architecture.hidden", text("\"%1\" is not a list of widths", textOf(schema, parameters, "hidden")),
                  text("write at most %1 whole numbers from 1 to %2, such as 64, 64", mostHiddenLayers, widestLayer)}}};
    const auto function = activationOf(schema, parameters);
    const bool batchNorm = booleanOf(schema, parameters, "batchNorm");
    const double dropout = realOf(schema, parameters, "dropout");

    NetworkBuilder net{brief.inputs};
    if (brief.inputShape().size() > 1)
        net.flatten("flatten");
    for (std::size_t i = 0; i < widths->size(); ++i) {
        const std::string number = std::to_string(i + 1);
        net.linear("fc" + number, (*widths)[i], !batchNorm);
        if (batchNorm)
            net.batchNorm("bn" + number);
        net.activation("act" + number, function);
        if (dropout > 0)
            net.dropout("drop" + number, dropout);
    }
    if (brief.output == NetworkBrief::Output::future)
        appendFutureHead(net, brief);
    else
        net.linear("head", brief.outputs);
    return std::move(net).build();
}

}

Architecture mlp()
{
    Schema schema{
        {.name = "hidden",
         .label = "Hidden layers",
         .help = "Width of each hidden layer, first to last; empty for a linear model.",
         .type = ParameterType::text,
         .defaultValue = std::string{"64, 64"},
         .common = true},
        activationParameter("relu"),
        {.name = "dropout",
         .label = "Dropout",
         .help = "Share of values left out at random while learning. arXiv:1207.0580",
         .type = ParameterType::real,
         .defaultValue = 0.0,
         .minimum = 0,
         .maximum = 1,
         .belowMaximum = true},
        {.name = "batchNorm",
         .label = "Batch normalisation",
         .help = "Keeps each layer's values centred. arXiv:1502.03167",
         .type = ParameterType::boolean,
         .defaultValue = false},
    };
    schema[1].common = true;
    return {.id = "mlp",
            .label = "MLP",
            .help = "Fully connected layers: the right start for tables and points.",
            .fits = [](const NetworkBrief& brief) { return fitsNumbers(brief) || fitsFuture(brief); },
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                return build(schema, parameters, brief);
            }};
}

}
