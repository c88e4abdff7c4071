// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/network_builder.h"

#include <array>
#include <cstdint>

namespace descent {

/// What of a ResNet turns a picture into features: all but its head.
struct ResnetTrunk {
    std::array<std::int64_t, 4> depths{2, 2, 2, 2}; ///< blocks a stage
    bool bottlenecks = false;
    std::int64_t width = 64; ///< channels of the first stage; each next one doubles them
    bool smallStem = false;  ///< does not divide the side by four at once
    bool zeroInit = false;
};

/// Writes it down under torchvision's names. Returns the last node of each stage: with the large stem the picture's side is
/// divided by 4, 8, 16 and 32 there.
std::array<NetworkBuilder::Node, 4> addResnetTrunk(NetworkBuilder& net, const ResnetTrunk& trunk);

}
