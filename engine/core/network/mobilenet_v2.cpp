// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"

#include <algorithm>

namespace descent {

namespace {

/// Channels are kept to multiples of 8, never more than a tenth below what was asked for: what the paper's code does.
std::int64_t divisible(double channels)
{
    const auto rounded = std::max<std::int64_t>(8, static_cast<std::int64_t>(channels + 4) / 8 * 8);
    return static_cast<double>(rounded) < 0.9 * channels ? rounded + 8 : rounded;
}

struct Stage {
    std::int64_t expansion, channels, blocks, stride;
};
constexpr Stage stages[]{{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};

}

/// Parameter names are torchvision's: features.1.conv.0.0.weight, classifier.1.weight.
Architecture mobilenetV2()
{
    const Schema schema{
        {.name = "width",
         .label = "Width",
         .help = "Factor on all channels: 0.5 is a third of the work.",
         .type = ParameterType::real,
         .defaultValue = 1.0,
         .minimum = 0.1,
         .maximum = 4,
         .common = true},
        {.name = "stem",
         .label = "Pictures",
         .help = "Small pictures are not halved in the first two places that halve.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"auto"},
         .common = true,
         .choices = {{"auto", "Automatic", "By the size of the pictures: small below 96."},
                     {"small", "Small", "For pictures of about 32x32."},
                     {"large", "Large", "As published, for pictures of 224x224."}}},
        {.name = "dropout",
         .label = "Dropout",
         .help = "Share of features left out at random before the last layer. arXiv:1207.0580",
         .type = ParameterType::real,
         .defaultValue = 0.2,
         .minimum = 0,
         .maximum = 1,
         .belowMaximum = true},
    };
    return {.id = "mobilenet-v2",
            .label = "MobileNetV2",
            .help = "Depthwise convolutions in inverted residual blocks: small and quick to run. arXiv:1801.04381",
            .fits = fitsPictures,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                using enum layer::Activation::Function;
                const double width = realOf(schema, parameters, "width");
                const std::string stem = textOf(schema, parameters, "stem");
                constexpr std::int64_t largePictures = 96;
                const bool small = stem == "small" || (stem == "auto" && shorterSide(brief.inputShape()) < largePictures);
                NetworkBuilder net{brief.inputs, Initialization::kaimingFanOut};
                const auto normalised = [&](const std::string& conv, const std::string& norm, std::int64_t channels, layer::Conv2d options) {
                    options.bias = false;
                    net.conv2d(conv, channels, options);
                    return net.batchNorm(norm);
                };
                std::int64_t channels = divisible(32 * width), index = 0;
                normalised("features.0.0", "features.0.1", channels, {.stride = small ? 1 : 2, .padding = 1});
                net.activation("features.0.2", relu6);
                for (const Stage& stage : stages) {
                    const std::int64_t out = divisible(static_cast<double>(stage.channels) * width);
                    for (std::int64_t block = 0; block < stage.blocks; ++block) {
                        const std::int64_t halving = small && stage.channels == 24 ? 1 : stage.stride;
                        const std::int64_t stride = block == 0 ? halving : 1, hidden = channels * stage.expansion;
                        const std::string prefix = "features." + std::to_string(++index) + ".conv.";
                        const NetworkBuilder::Node entry = net.position();
                        int part = 0;
                        if (stage.expansion != 1) {
                            normalised(prefix + "0.0", prefix + "0.1", hidden, {.kernel = 1});
                            net.activation(prefix + "0.2", relu6);
                            part = 1;
                        }
                        const std::string depthwise = prefix + std::to_string(part);
                        normalised(depthwise + ".0", depthwise + ".1", hidden, {.stride = stride, .padding = 1, .groups = hidden});
                        net.activation(depthwise + ".2", relu6);
                        const auto exit = normalised(prefix + std::to_string(part + 1), prefix + std::to_string(part + 2), out, {.kernel = 1});
                        if (stride == 1 && channels == out)
                            net.add("features." + std::to_string(index) + ".add", exit, entry);
                        channels = out;
                    }
                }
                const std::string last = "features." + std::to_string(index + 1);
                normalised(last + ".0", last + ".1", divisible(1280 * std::max(1.0, width)), {.kernel = 1});
                net.activation(last + ".2", relu6);
                net.adaptiveAvgPool2d("avgpool", 1, 1);
                net.flatten("flatten");
                net.dropout("classifier.0", realOf(schema, parameters, "dropout"));
                net.linear("classifier.1", brief.outputs);
                return std::move(net).build();
            }};
}

}
