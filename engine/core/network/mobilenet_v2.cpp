// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/mobilenet_v2.h"

#include "engine/core/network/architecture.h"

#include <algorithm>
#include <string>

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

NetworkBuilder::Node normalised(NetworkBuilder& net, const std::string& conv, const std::string& norm, std::int64_t channels,
                                layer::Conv2d options)
{
    options.bias = false;
    net.conv2d(conv, channels, options);
    return net.batchNorm(norm);
}

/// index: of the block in the whole network. stride 2 halves the picture.
void invertedResidual(NetworkBuilder& net, std::int64_t index, std::int64_t expansion, std::int64_t channels, std::int64_t stride)
{
    using enum layer::Activation::Function;
    const NetworkBuilder::Node entry = net.position();
    const std::int64_t before = net.shape(entry).front(), hidden = before * expansion;
    const std::string prefix = "features." + std::to_string(index) + ".conv.";
    int part = 0;
    if (expansion != 1) {
        normalised(net, prefix + "0.0", prefix + "0.1", hidden, {.kernel = 1});
        net.activation(prefix + "0.2", relu6);
        part = 1;
    }
    const std::string depthwise = prefix + std::to_string(part);
    normalised(net, depthwise + ".0", depthwise + ".1", hidden, {.stride = stride, .padding = 1, .groups = hidden});
    net.activation(depthwise + ".2", relu6);
    const auto exit =
        normalised(net, prefix + std::to_string(part + 1), prefix + std::to_string(part + 2), channels, {.kernel = 1});
    if (stride == 1 && before == channels)
        net.add("features." + std::to_string(index) + ".add", exit, entry);
}

}

std::array<NetworkBuilder::Node, 4> addMobilenetV2Trunk(NetworkBuilder& net, double width, bool small)
{
    normalised(net, "features.0.0", "features.0.1", divisible(32 * width), {.stride = small ? 1 : 2, .padding = 1});
    net.activation("features.0.2", layer::Activation::Function::relu6);
    std::array<NetworkBuilder::Node, 4> resolutions{};
    std::size_t resolution = 0;
    std::int64_t index = 0;
    for (std::size_t i = 0; i < std::size(stages); ++i) {
        const Stage& stage = stages[i];
        const std::int64_t halving = small && stage.channels == 24 ? 1 : stage.stride;
        for (std::int64_t block = 0; block < stage.blocks; ++block)
            invertedResidual(net, ++index, stage.expansion, divisible(static_cast<double>(stage.channels) * width),
                             block == 0 ? halving : 1);
        if (i > 0 && (i + 1 == std::size(stages) || stages[i + 1].stride == 2))
            resolutions[resolution++] = net.position(); // the next one halves
    }
    return resolutions;
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
                addMobilenetV2Trunk(net, width, small);
                normalised(net, "features.18.0", "features.18.1", divisible(1280 * std::max(1.0, width)), {.kernel = 1});
                net.activation("features.18.2", relu6);
                net.adaptiveAvgPool2d("avgpool", 1, 1);
                net.flatten("flatten");
                net.dropout("classifier.0", realOf(schema, parameters, "dropout"));
                net.linear("classifier.1", brief.outputs);
                return std::move(net).build();
            }};
}

}
