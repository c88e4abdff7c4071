// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/network_builder.h"

#include <array>

namespace descent {

/// Writes down the inverted residual blocks of MobileNetV2 under torchvision's names, up to "features.17". arXiv:1801.04381
/// width  factor on all channels
/// small  for small pictures: not halved in the first two places that halve
/// returns the last node of each resolution: as published the picture's side is divided by 4, 8, 16 and 32 there
std::array<NetworkBuilder::Node, 4> addMobilenetV2Trunk(NetworkBuilder& net, double width, bool small);

}
