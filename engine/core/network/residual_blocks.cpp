// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/residual_blocks.h"

#include <algorithm>

namespace descent {

using Node = NetworkBuilder::Node;

namespace {

Node shortcut(NetworkBuilder& net, const std::string& prefix, Node from, std::int64_t channels, std::int64_t stride)
{
    if (stride == 1 && net.shape(from).front() == channels)
        return from;
    net.conv2d(prefix + "downsample.0", channels, {.kernel = 1, .stride = stride, .bias = false}, from);
    return net.batchNorm(prefix + "downsample.1");
}

}

void closeResidualBlock(NetworkBuilder& net, const std::string& prefix, Node branch, Node from, std::int64_t channels,
                        std::int64_t stride)
{
    const Node around = shortcut(net, prefix, from, channels, stride);
    net.add(prefix + "add", branch, around);
    net.activation(prefix + "relu");
}

void basicResidualBlock(NetworkBuilder& net, const std::string& prefix, std::int64_t channels, std::int64_t stride, bool zeroInit)
{
    const Node from = net.position();
    net.conv2d(prefix + "conv1", channels, {.stride = stride, .padding = 1, .bias = false});
    net.batchNorm(prefix + "bn1");
    net.activation(prefix + "relu1");
    net.conv2d(prefix + "conv2", channels, {.padding = 1, .bias = false});
    const Node branch = net.batchNorm(prefix + "bn2", zeroInit);
    closeResidualBlock(net, prefix, branch, from, channels, stride);
}

void smallResidualTrunk(NetworkBuilder& net, const std::string& prefix, std::int64_t width, std::int64_t blocks, Node from)
{
    std::int64_t side = shorterSide(net.shape(from));
    const std::int64_t stride = side >= 32 ? 2 : 1;
    net.conv2d(prefix + "conv1", width, {.stride = stride, .padding = 1, .bias = false}, from);
    net.batchNorm(prefix + "bn1");
    net.activation(prefix + "relu");
    side = (side + stride - 1) / stride;
    for (std::int64_t stage = 1, channels = width;; ++stage, channels *= 2) {
        for (std::int64_t block = 0; block < blocks; ++block)
            basicResidualBlock(net, prefix + "layer" + std::to_string(stage) + "." + std::to_string(block) + ".", channels,
                               stage > 1 && block == 0 ? 2 : 1, false);
        if (stage > 1)
            side = (side + 1) / 2;
        if (side <= 7)
            break;
    }
}

}
