// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"
#include "engine/core/network/whole_numbers.h"

namespace descent {

/// The paper's block with its dense layers written as 1x1 convolutions, which they are; widths and depths for small pictures.
Architecture convnext()
{
    const Schema schema{
        {.name = "width",
         .label = "Width",
         .help = "Channels of the first stage; each of the others has twice as many as the one before. ConvNeXt-T: 96.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{32},
         .minimum = 4,
         .maximum = 512,
         .logarithmic = true,
         .common = true},
        {.name = "depths",
         .label = "Blocks",
         .help = "Blocks of each stage. ConvNeXt-T: 3, 3, 9, 3.",
         .type = ParameterType::text,
         .defaultValue = std::string{"2, 2, 4, 2"},
         .common = true},
        {.name = "patch",
         .label = "Patch",
         .help = "Side of the first, non-overlapping convolution; 0: 4 for pictures of 96 and more, 2 from 48, else 1.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{0},
         .minimum = 0,
         .maximum = 16},
        {.name = "kernel",
         .label = "Kernel",
         .help = "Side of the depthwise convolutions.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{7},
         .minimum = 1,
         .maximum = 15},
    };
    return {.id = "convnext",
            .label = "ConvNeXt",
            .help = "Large depthwise kernels, layer normalisation and wide dense layers: a convolution net brought up to date. arXiv:2201.03545",
            .fits = fitsPictures,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) -> Result<NetworkSpec> {
                constexpr std::int64_t mostBlocks = 64;
                const auto depths = wholeNumbers(textOf(schema, parameters, "depths"), 1, mostBlocks);
                if (!depths || depths->empty() || depths->size() > 6)
                    return {std::nullopt,
                            {{"architecture.depths", text("\"%1\" is no list of blocks", textOf(schema, parameters, "depths")),
                              text("write one to six numbers from 1 to %1, such as 2, 2, 4, 2", mostBlocks)}}};
                const std::int64_t kernel = integerOf(schema, parameters, "kernel"), side = shorterSide(brief.inputShape());
                if (kernel % 2 == 0)
                    return {std::nullopt, {{"architecture.kernel", text("%1 is even: its middle is no place", kernel), text("choose an odd number")}}};
                std::int64_t channels = integerOf(schema, parameters, "width"), patch = integerOf(schema, parameters, "patch");
                if (patch == 0)
                    patch = side >= 96 ? 4 : side >= 48 ? 2 : 1;
                constexpr std::int64_t expansion = 4;
                constexpr double initialScale = 1e-6; // the paper's: a block starts as hardly more than its shortcut
                NetworkBuilder net{brief.inputs, Initialization::transformer};
                net.conv2d("stem.0", channels, {.kernel = patch, .stride = patch});
                net.layerNorm("stem.1");
                for (std::size_t stage = 0; stage < depths->size(); ++stage) {
                    const std::string at = "stages." + std::to_string(stage);
                    if (stage > 0) {
                        channels *= 2;
                        net.layerNorm(at + ".downsample.0");
                        net.conv2d(at + ".downsample.1", channels, {.kernel = 2, .stride = 2});
                    }
                    for (std::int64_t block = 0; block < (*depths)[stage]; ++block) {
                        const std::string prefix = at + "." + std::to_string(block) + ".";
                        const NetworkBuilder::Node entry = net.position();
                        net.conv2d(prefix + "depthwise", channels, {.kernel = kernel, .padding = kernel / 2, .groups = channels});
                        net.layerNorm(prefix + "norm");
                        net.conv2d(prefix + "expand", expansion * channels, {.kernel = 1});
                        net.activation(prefix + "gelu", layer::Activation::Function::gelu);
                        net.conv2d(prefix + "project", channels, {.kernel = 1});
                        const auto exit = net.layerScale(prefix + "scale", initialScale);
                        net.add(prefix + "add", exit, entry);
                    }
                }
                net.adaptiveAvgPool2d("avgpool", 1, 1);
                net.flatten("flatten");
                net.layerNorm("norm");
                net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
