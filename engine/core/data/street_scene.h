// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/random.h"
#include "engine/core/data/dataset.h"

#include <cstdint>
#include <string>
#include <vector>

namespace descent {

/// What stands on a drawn street: "car", "truck", "person", "sign", "light". A box's classIndex points here.
const std::vector<std::string>& streetClasses();

struct StreetOptions {
    std::int64_t width = 192, height = 128; ///< pixels
    double density = 1; ///< how much stands on the street; 0: nothing
    double variety = 1; ///< how much light, haze and noise differ; 0: always a clear noon
};

/// A street seen from a car, drawn in perspective: it bends, things stand in front of each other, there is day, dusk and fog.
/// pixels   uint8 [3, height, width]
/// returns  the box of what is to be seen of each thing, from the pixels painted. Ignored: of which a third or less is
///          seen, or that is under 5 pixels high
std::vector<Box> drawStreet(const StreetOptions& options, Random& random, std::uint8_t* pixels);

}
