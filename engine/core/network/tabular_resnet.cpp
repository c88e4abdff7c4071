// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"

namespace descent {

Architecture tabularResnet()
{
    const Schema schema{
        {.name = "width",
         .label = "Width",
         .help = "Features between the blocks.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{128},
         .minimum = 4,
         .maximum = 4096,
         .logarithmic = true,
         .common = true},
        {.name = "depth",
         .label = "Blocks",
         .help = "Two dense layers each, beside a shortcut.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{3},
         .minimum = 1,
         .maximum = 64,
         .common = true},
        {.name = "expansion",
         .label = "Expansion",
         .help = "The layer inside a block is so many times as wide.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{2},
         .minimum = 1,
         .maximum = 8},
        {.name = "dropout",
         .label = "Dropout",
         .help = "Share of features left out at random inside each block. arXiv:1207.0580",
         .type = ParameterType::real,
         .defaultValue = 0.1,
         .minimum = 0,
         .maximum = 1,
         .belowMaximum = true},
    };
    return {.id = "tabular-resnet",
            .label = "Tabular ResNet",
            .help = "Dense layers with shortcuts: the strong simple network for tables. arXiv:2106.11959",
            .fits = fitsRows,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                const std::int64_t width = integerOf(schema, parameters, "width");
                const double dropout = realOf(schema, parameters, "dropout");
                NetworkBuilder net{brief.inputs};
                net.linear("first", width);
                for (std::int64_t block = 0; block < integerOf(schema, parameters, "depth"); ++block) {
                    const std::string prefix = "blocks." + std::to_string(block) + ".";
                    const NetworkBuilder::Node entry = net.position();
                    net.batchNorm(prefix + "norm");
                    net.linear(prefix + "expand", width * integerOf(schema, parameters, "expansion"));
                    net.activation(prefix + "relu");
                    if (dropout > 0)
                        net.dropout(prefix + "dropout", dropout);
                    const NetworkBuilder::Node exit = net.linear(prefix + "project", width);
                    net.add(prefix + "add", exit, entry);
                }
                net.batchNorm("norm");
                net.activation("relu");
                net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
