// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/random.h"
#include "engine/core/data/picture.h"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace descent {

/// Things on a ground, of which one can speak.
struct DrawnScene {
    struct Thing {
        std::size_t shape = 0, colour = 0; ///< into sceneShapes, sceneColours
        double x = 0, y = 0, radius = 0.2; ///< in sides of the picture, from its left upper corner
        double turn = 0;                   ///< radians
        bool operator==(const Thing&) const = default;
    };
    std::vector<Thing> things; ///< painted in this order; the first is the one that matters
};

inline constexpr std::array sceneShapes{"circle", "square", "triangle", "star", "cross"};
inline constexpr std::array sceneColours{"red", "green", "blue", "yellow", "purple", "white"};

/// One big thing anywhere and, half of the time, a small one beside it, of another colour and shape.
DrawnScene bigAndSmall(std::size_t shape, std::size_t colour, Random& random);
/// Three things of different colours and shapes.
DrawnScene threeThings(Random& random);

/// uint8 [3, side, side], antialiased, on a ground of its own.
/// variety: 0 prints, 1 differs in light, ground and tint, 2 is hard to see.
Picture drawScene(const DrawnScene& scene, std::int64_t side, double variety, Random& random);

/// "a big red circle on the left with a small blue star", in several ways of speaking.
std::string describe(const DrawnScene& scene, Random& random);

/// A question about one of the things, whose answer is a colour or a shape: neither the picture nor the question says it alone.
struct SceneQuestion {
    std::string text;   ///< "what colour is the star", "which shape is blue"
    std::string answer; ///< of sceneColours or sceneShapes
};
SceneQuestion askAbout(const DrawnScene& scene, Random& random);

}
