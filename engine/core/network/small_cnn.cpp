// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"

namespace descent {

Architecture smallCnn()
{
    const Schema schema{
        {.name = "width",
         .label = "Width",
         .help = "Channels of the first block; the others have two and four times as many.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{16},
         .minimum = 1,
         .maximum = 1024,
         .logarithmic = true,
         .common = true},
        {.name = "blocks",
         .label = "Blocks",
         .help = "Convolution, normalisation, ReLU and pooling; each halves the picture's side.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{3},
         .minimum = 1,
         .maximum = 6,
         .common = true},
        {.name = "dropout",
         .label = "Dropout",
         .help = "Share of features left out at random before the last layer. arXiv:1207.0580",
         .type = ParameterType::real,
         .defaultValue = 0.0,
         .minimum = 0,
         .maximum = 1,
         .belowMaximum = true},
    };
    return {.id = "small-cnn",
            .label = "Small CNN",
            .help = "A few convolution blocks: quick, and good on small pictures.",
            .fits = fitsPictures,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                const std::int64_t blocks = integerOf(schema, parameters, "blocks");
                std::int64_t channels = integerOf(schema, parameters, "width");
                NetworkBuilder net{brief.inputs, Initialization::kaimingFanOut};
                for (std::int64_t block = 1; block <= blocks; ++block, channels *= 2) {
                    const std::string prefix = "block" + std::to_string(block) + ".";
                    net.conv2d(prefix + "conv", channels, {.padding = 1, .bias = false});
                    net.batchNorm(prefix + "bn");
                    net.activation(prefix + "relu");
                    net.maxPool2d(prefix + "pool");
                }
                net.flatten("flatten");
                if (const double dropout = realOf(schema, parameters, "dropout"); dropout > 0)
                    net.dropout("dropout", dropout);
                net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
