// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/network_builder.h"

namespace descent {

// "Deep Residual Learning for Image Recognition" (2016), arXiv:1512.03385. Layers are named as torchvision's.

/// Ends a block: `branch` and the way around it, which is `from` itself, or a 1x1 convolution of it where the shape changes.
void closeResidualBlock(NetworkBuilder& net, const std::string& prefix, NetworkBuilder::Node branch, NetworkBuilder::Node from,
                        std::int64_t channels, std::int64_t stride);

/// Two 3x3 convolutions and a way around them, from the last node on. zeroInit: the branch starts silent.
void basicResidualBlock(NetworkBuilder& net, const std::string& prefix, std::int64_t channels, std::int64_t stride, bool zeroInit);

/// A small residual network without its head: a 3x3 convolution that halves pictures of 32 pixels and more, then stages of
/// `blocks` blocks, each of twice the channels and half the side of the one before, until the side is 7 or less.
/// Reads the picture `from`; ends with [channels, height, width].
void smallResidualTrunk(NetworkBuilder& net, const std::string& prefix, std::int64_t width, std::int64_t blocks,
                        NetworkBuilder::Node from);

}
