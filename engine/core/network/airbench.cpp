// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"

namespace descent {

// "94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (2024), arXiv:2404.00498: a first layer that need not learn, no padding in it, so
// that 32 places a side become 15, 7 and 3, and pools right behind the first convolution of each block, where they save most. Its batch
// norms have no scale and its logits are divided by nine; ours are ordinary ones.

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
    };
    return {.id = "airbench",
            .label = "Airbench CNN",
            .help = "Six convolutions that pool early: the most accuracy for the time on small pictures. arXiv:2404.00498",
            .fits = fitsPictures,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                using enum layer::Activation::Function;
                const std::int64_t width = integerOf(schema, parameters, "width");
                NetworkBuilder net{brief.inputs, Initialization::identity};
                net.patchWhitening("stem.whiten");
                net.activation("stem.gelu", gelu);
                for (const std::int64_t block : {1, 2, 3}) {
                    const std::string prefix = "block" + std::to_string(block) + ".";
                    const std::int64_t channels = block == 1 ? width : 4 * width;
                    net.conv2d(prefix + "conv1", channels, {.padding = 1, .bias = false});
                    net.maxPool2d(prefix + "pool");
                    net.batchNorm(prefix + "bn1");
                    net.activation(prefix + "gelu1", gelu);
                    net.conv2d(prefix + "conv2", channels, {.padding = 1, .bias = false});
                    net.batchNorm(prefix + "bn2");
                    net.activation(prefix + "gelu2", gelu);
                }
                const std::int64_t side = shorterSide(net.shape());
                net.maxPool2d("pool", {.kernel = side, .stride = side});
                net.flatten("flatten");
                net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
