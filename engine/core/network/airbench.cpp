// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"

namespace descent {

// "94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (2024), arXiv:2404.00498: pools right behind the first convolution of each block,
// where it saves most. The paper's first layer holds eigenvectors of the pictures' patches and does not learn; ours is a 3x3 one that
// does. Its GELU and scaleless batch norms are ReLU and ordinary ones here.

Architecture airbench()
{
    const Schema schema{
        {.name = "width",
         .label = "Width",
         .help = "Channels of the first block; the two others have four times as many. 64 in the paper.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{64},
         .minimum = 1,
         .maximum = 512,
         .logarithmic = true,
         .common = true},
        {.name = "stem",
         .label = "Stem",
         .help = "Channels of the layer that reads the picture. 24 in the paper.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{24},
         .minimum = 1,
         .maximum = 512,
         .logarithmic = true},
    };
    return {.id = "airbench",
            .label = "Airbench CNN",
            .help = "Six convolutions that pool early: the most accuracy for the time on small pictures. arXiv:2404.00498",
            .fits = fitsPictures,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                const std::int64_t width = integerOf(schema, parameters, "width");
                NetworkBuilder net{brief.inputs, Initialization::kaimingFanOut};
                net.conv2d("stem.conv", integerOf(schema, parameters, "stem"), {.padding = 1, .bias = false});
                net.batchNorm("stem.bn");
                net.activation("stem.relu");
                for (const std::int64_t block : {1, 2, 3}) {
                    const std::string prefix = "block" + std::to_string(block) + ".";
                    const std::int64_t channels = block == 1 ? width : 4 * width;
                    net.conv2d(prefix + "conv1", channels, {.padding = 1, .bias = false});
                    net.maxPool2d(prefix + "pool");
                    net.batchNorm(prefix + "bn1");
                    net.activation(prefix + "relu1");
                    net.conv2d(prefix + "conv2", channels, {.padding = 1, .bias = false});
                    net.batchNorm(prefix + "bn2");
                    net.activation(prefix + "relu2");
                }
                net.adaptiveAvgPool2d("avgpool", 1, 1);
                net.flatten("flatten");
                net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
