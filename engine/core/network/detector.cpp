// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/mobilenet_v2.h"
#include "engine/core/network/resnet.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace descent {

// One-stage, without anchors: every place of one map says how likely the middle of an object of each class lies there, and how
// far its box reaches from there. "Objects as Points", arXiv:1904.07850; boxes as in "FCOS", arXiv:1904.01355; the coarse
// features are added to the fine ones as in "Feature Pyramid Networks for Object Detection", arXiv:1612.03144.

namespace {

using Node = NetworkBuilder::Node;

constexpr std::int64_t boxValues = 4;
constexpr double rareObject = -4.595; // log(0.01 / 0.99): to begin with, an object is nowhere
constexpr double someReach = 1;       // boxes begin e strides wide to each side

const Schema& schema()
{
    static const Schema parameters{
        {.name = "trunk",
         .label = "Trunk",
         .help = "What turns the picture into features.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"resnet18"},
         .common = true,
         .choices = {{"resnet18", "ResNet-18", "The sound default. arXiv:1512.03385"},
                     {"resnet34", "ResNet-34", "Deeper: for many pictures."},
                     {"mobilenet-v2", "MobileNetV2", "Small and quick once trained. arXiv:1801.04381"}}},
        {.name = "width",
         .label = "Width",
         .help = "Factor on all channels of the trunk: 0.5 is a quarter of the work.",
         .type = ParameterType::real,
         .defaultValue = 1.0,
         .minimum = 0.1,
         .maximum = 4,
         .common = true},
        {.name = "stride",
         .label = "Stride",
         .help = "Pixels between two places of the map: 4 finds smaller and more crowded things, and takes longer.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"8"},
         .common = true,
         .choices = {{"4", "4", "For things of a dozen pixels."}, {"8", "8", "For things of twenty pixels and more."}}},
        {.name = "pyramid",
         .label = "Pyramid",
         .help = "Channels in which the resolutions of the trunk are brought together.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{64},
         .minimum = 8,
         .maximum = 512,
         .logarithmic = true},
    };
    return parameters;
}

std::array<Node, 4> addTrunk(NetworkBuilder& net, const std::string& trunk, double width)
{
    if (trunk == "mobilenet-v2")
        return addMobilenetV2Trunk(net, width, false);
    ResnetTrunk resnet{.width = std::max<std::int64_t>(8, std::lround(64 * width))};
    if (trunk == "resnet34")
        resnet.depths = {3, 4, 6, 3};
    return addResnetTrunk(net, resnet);
}

/// From the coarsest resolution down to `finest`, each doubled and added to the next finer one.
Node addPyramid(NetworkBuilder& net, const std::array<Node, 4>& stages, std::size_t finest, std::int64_t channels)
{
    Node merged = net.conv2d("pyramid.3", channels, {.kernel = 1}, stages[3]);
    for (std::size_t stage = 3; stage-- > finest;) {
        const std::string place = std::to_string(stage);
        const Node lateral = net.conv2d("pyramid." + place, channels, {.kernel = 1}, stages[stage]);
        const Node doubled = net.upsampleTo("upsample." + place, merged, lateral);
        merged = net.add("merge." + place, lateral, doubled);
    }
    net.conv2d("smooth.conv", channels, {.padding = 1, .bias = false});
    net.batchNorm("smooth.bn");
    return net.activation("smooth.relu");
}

Node addHead(NetworkBuilder& net, const std::string& name, Node from, std::int64_t outputs, double startsAt)
{
    net.conv2d(name + ".conv", net.shape(from).front(), {.padding = 1, .bias = false}, from);
    net.batchNorm(name + ".bn");
    net.activation(name + ".relu");
    return net.conv2d(name + ".out", outputs, {.kernel = 1, .startsAt = startsAt});
}

}

Architecture detector()
{
    return {.id = "detector",
            .label = "Detector",
            .help = "Finds objects as points with boxes, on a trunk of your choice. arXiv:1904.07850, arXiv:1904.01355",
            .fits = [](const NetworkBrief& brief) { return brief.output == NetworkBrief::Output::boxes && brief.reads({NetworkInput::Kind::picture}); },
            .schema = schema(),
            .build = [](const Parameters& parameters, const NetworkBrief& brief) {
                NetworkBuilder net{brief.inputs, Initialization::kaimingFanOut};
                const auto stages = addTrunk(net, textOf(schema(), parameters, "trunk"), realOf(schema(), parameters, "width"));
                const std::size_t finest = textOf(schema(), parameters, "stride") == "4" ? 0 : 1;
                const Node features = addPyramid(net, stages, finest, integerOf(schema(), parameters, "pyramid"));
                const Node heat = addHead(net, "heat", features, brief.outputs, rareObject);
                const Node boxes = addHead(net, "box", features, boxValues, someReach);
                net.concat("map", {heat, boxes});
                return std::move(net).build();
            }};
}

}
