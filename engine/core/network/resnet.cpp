// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/resnet.h"

#include "engine/core/network/architecture.h"
#include "engine/core/network/residual_blocks.h"

#include <string>

namespace descent {

// "Deep Residual Learning for Image Recognition" (2016), arXiv:1512.03385. Names, order and counts of parameters are
// torchvision's, so that its weights fit: stride sits on the 3x3 convolution of a bottleneck ("ResNet v1.5").

namespace {

using Node = NetworkBuilder::Node;

constexpr std::int64_t bottleneckExpansion = 4;
constexpr std::int64_t smallPicture = 64; // below it, the large stem would leave 7x7 or less to the first stage

const Schema& schema()
{
    static const Schema parameters{
        {.name = "stem",
         .label = "Stem",
         .help = "How the picture enters: the large stem divides its side by four at once.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"auto"},
         .common = true,
         .choices = {{"auto", "Auto", "Small below 64 pixels, else large."},
                     {"small", "Small", "One 3x3 convolution, as the paper uses on CIFAR."},
                     {"large", "Large", "A 7x7 convolution with stride 2, then pooling, as the paper uses on ImageNet."}}},
        {.name = "width",
         .label = "Width",
         .help = "Channels of the first stage; each next stage doubles them. 64 in the paper.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{64},
         .minimum = 1,
         .maximum = 512,
         .logarithmic = true,
         .common = true},
        {.name = "zeroInit",
         .label = "Silent branches",
         .help = "Each block begins as its shortcut alone: a gentler start for deep networks and large batches. arXiv:1706.02677",
         .type = ParameterType::boolean,
         .defaultValue = false},
    };
    return parameters;
}

void bottleneck(NetworkBuilder& net, const std::string& prefix, std::int64_t channels, std::int64_t stride, bool zeroInit)
{
    const Node from = net.position();
    net.conv2d(prefix + "conv1", channels, {.kernel = 1, .bias = false});
    net.batchNorm(prefix + "bn1");
    net.activation(prefix + "relu1");
    net.conv2d(prefix + "conv2", channels, {.stride = stride, .padding = 1, .bias = false});
    net.batchNorm(prefix + "bn2");
    net.activation(prefix + "relu2");
    net.conv2d(prefix + "conv3", channels * bottleneckExpansion, {.kernel = 1, .bias = false});
    const Node branch = net.batchNorm(prefix + "bn3", zeroInit);
    closeResidualBlock(net, prefix, branch, from, channels * bottleneckExpansion, stride);
}

Result<NetworkSpec> build(ResnetTrunk trunk, const Parameters& parameters, const NetworkBrief& brief)
{
    const std::string stem = textOf(schema(), parameters, "stem");
    trunk.width = integerOf(schema(), parameters, "width");
    trunk.zeroInit = booleanOf(schema(), parameters, "zeroInit");
    trunk.smallStem = stem == "small" || (stem == "auto" && shorterSide(brief.inputShape()) < smallPicture);
    NetworkBuilder net{brief.inputs, Initialization::kaimingFanOut};
    addResnetTrunk(net, trunk);
    net.adaptiveAvgPool2d("avgpool", 1, 1);
    net.flatten("flatten");
    net.linear("fc", brief.outputs);
    return std::move(net).build();
}

Architecture resnet(std::string id, std::string label, std::string help, const ResnetTrunk& trunk)
{
    return {.id = std::move(id),
            .label = std::move(label),
            .help = std::move(help),
            .fits = fitsPictures,
            .schema = schema(),
            .build = [trunk](const Parameters& parameters, const NetworkBrief& brief) {
                return build(trunk, parameters, brief);
            }};
}

}

std::array<NetworkBuilder::Node, 4> addResnetTrunk(NetworkBuilder& net, const ResnetTrunk& trunk)
{
    if (trunk.smallStem)
        net.conv2d("conv1", trunk.width, {.padding = 1, .bias = false});
    else
        net.conv2d("conv1", trunk.width, {.kernel = 7, .stride = 2, .padding = 3, .bias = false});
    net.batchNorm("bn1");
    net.activation("relu");
    if (!trunk.smallStem)
        net.maxPool2d("maxpool", {.kernel = 3, .stride = 2, .padding = 1});
    std::array<Node, 4> stages{};
    for (std::size_t stage = 0; stage < stages.size(); ++stage) {
        for (std::int64_t i = 0; i < trunk.depths[stage]; ++i)
            (trunk.bottlenecks ? bottleneck : basicBlock)(net, "layer" + std::to_string(stage + 1) + "." + std::to_string(i) + ".",
                                                          trunk.width << stage, stage > 0 && i == 0 ? 2 : 1, trunk.zeroInit);
        stages[stage] = net.position();
    }
    return stages;
}

Architecture resnet18()
{
    return resnet("resnet18", "ResNet-18", "Eighteen layers with shortcuts: the sound default for pictures. arXiv:1512.03385",
                  basicResidualBlock, {2, 2, 2, 2});
                  {.depths = {2, 2, 2, 2}});
}

Architecture resnet34()
{
    return resnet("resnet34", "ResNet-34", "Twice the depth of ResNet-18, for larger datasets. arXiv:1512.03385", basicResidualBlock,
                  {3, 4, 6, 3});
    return resnet("resnet34", "ResNet-34", "Twice the depth of ResNet-18, for larger datasets. arXiv:1512.03385",
                  {.depths = {3, 4, 6, 3}});
}

Architecture resnet50()
{
    return resnet("resnet50", "ResNet-50",
                  "Fifty layers in bottleneck blocks: the measuring stick of the field. arXiv:1512.03385",
                  {.depths = {3, 4, 6, 3}, .bottlenecks = true});
}

}
