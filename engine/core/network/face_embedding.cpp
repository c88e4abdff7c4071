// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"
#include "engine/core/network/residual_blocks.h"

namespace descent {

// A trunk, then a short vector of length 1: near for pictures of one person, far for others. The end of it (no pooling but a
// linear layer over all places, with batch normalisation behind) is that of "ArcFace: Additive Angular Margin Loss for Deep
// Face Recognition" (2019), section 3.1, arXiv:1801.07698: where something is in the face matters.

namespace {

using Node = NetworkBuilder::Node;

/// "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018), arXiv:1801.04381
void invertedBlock(NetworkBuilder& net, const std::string& prefix, std::int64_t channels, std::int64_t stride)
{
    constexpr std::int64_t expansion = 4;
    constexpr auto relu6 = layer::Activation::Function::relu6;
    const Node from = net.position();
    const std::int64_t hidden = expansion * net.shape().front();
    net.conv2d(prefix + "expand", hidden, {.kernel = 1, .bias = false});
    net.batchNorm(prefix + "expand_bn");
    net.activation(prefix + "expand_relu", relu6);
    net.conv2d(prefix + "depthwise", hidden, {.stride = stride, .padding = 1, .groups = hidden, .bias = false});
    net.batchNorm(prefix + "depthwise_bn");
    net.activation(prefix + "depthwise_relu", relu6);
    net.conv2d(prefix + "project", channels, {.kernel = 1, .bias = false});
    const Node branch = net.batchNorm(prefix + "project_bn");
    if (net.shape(from) == net.shape(branch))
        net.add(prefix + "add", branch, from);
}

/// The shape of smallResidualTrunk(), of blocks that are cheaper and one deeper.
void mobileTrunk(NetworkBuilder& net, std::int64_t width, std::int64_t blocks)
{
    std::int64_t side = shorterSide(net.shape(NetworkBuilder::input()));
    const std::int64_t stride = side >= 32 ? 2 : 1;
    net.conv2d("conv1", width, {.stride = stride, .padding = 1, .bias = false}, NetworkBuilder::input());
    net.batchNorm("bn1");
    net.activation("relu", layer::Activation::Function::relu6);
    side = (side + stride - 1) / stride;
    for (std::int64_t stage = 1, channels = width;; ++stage, channels *= 2) {
        for (std::int64_t block = 0; block <= blocks; ++block)
            invertedBlock(net, "layer" + std::to_string(stage) + "." + std::to_string(block) + ".", channels,
                          stage > 1 && block == 0 ? 2 : 1);
        if (stage > 1)
            side = (side + 1) / 2;
        if (side <= 7)
            break;
    }
}

}

Architecture faceEmbedding()
{
    const Schema schema{
        {.name = "trunk",
         .label = "Trunk",
         .help = "What looks at the picture.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"resnet"},
         .common = true,
         .choices = {{"resnet", "ResNet", "Two 3x3 convolutions a block. arXiv:1512.03385"},
                     {"mobilenet", "MobileNet", "Depthwise convolutions: fewer weights, for small machines. arXiv:1801.04381"}}},
        {.name = "width",
         .label = "Width",
         .help = "Channels of the first stage; each next stage doubles them.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{16},
         .minimum = 4,
         .maximum = 256,
         .logarithmic = true,
         .common = true},
        {.name = "blocks",
         .label = "Blocks",
         .help = "Of each stage.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{1},
         .minimum = 1,
         .maximum = 12},
        {.name = "embedding",
         .label = "Embedding",
         .help = "Numbers that a face becomes.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{128},
         .minimum = 2,
         .maximum = 2048,
         .logarithmic = true,
         .common = true},
        {.name = "dropout",
         .label = "Dropout",
         .help = "Share of features left out at random before the embedding. arXiv:1207.0580",
         .type = ParameterType::real,
         .defaultValue = 0.0,
         .minimum = 0,
         .maximum = 1,
         .belowMaximum = true},
    };
    return {.id = "face-embedding",
            .label = "Face embedding",
            .help = "A face as a short vector: near for the same person, far for others. arXiv:1801.07698",
            .fits =
                [](const NetworkBrief& brief) {
                    return brief.output == NetworkBrief::Output::identities && brief.reads({NetworkInput::Kind::picture});
                },
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                const std::int64_t width = integerOf(schema, parameters, "width"), blocks = integerOf(schema, parameters, "blocks");
                NetworkBuilder net{brief.inputs, Initialization::kaimingFanOut};
                if (textOf(schema, parameters, "trunk") == "resnet")
                    smallResidualTrunk(net, "", width, blocks, NetworkBuilder::input());
                else
                    mobileTrunk(net, width, blocks);
                net.flatten("flatten");
                if (const double dropout = realOf(schema, parameters, "dropout"); dropout > 0)
                    net.dropout("dropout", dropout);
                net.linear("features", integerOf(schema, parameters, "embedding"), false);
                net.batchNorm("features_bn");
                net.unitLength("embedding");
                if (brief.outputs > 0)
                    net.cosineLinear("identities", brief.outputs);
                return std::move(net).build();
            }};
}

}
