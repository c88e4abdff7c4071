// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/random.h"
#include "engine/core/data/dataset.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace descent {

/// Red, green, blue, 0 to 1; what lies outside is cut when the picture is taken.
struct Colour {
    float red = 0, green = 0, blue = 0;
};
Colour mixed(Colour a, Colour b, float share); ///< share 0: a, 1: b
Colour lit(Colour colour, float light);

struct CanvasPoint {
    double x = 0, y = 0; ///< pixels of the finished picture from its left upper corner
};

/// A picture painted from back to front that remembers which thing each place belongs to, so that what is seen of a thing is
/// known exactly. It is painted twice as fine as it will be, and averaged: edges are smooth.
class Canvas {
public:
    static constexpr std::int32_t background = -1;
    Canvas(std::int64_t width, std::int64_t height);

    /// Paints for this thing from now on; begin each one once, things count from 0.
    void begin(std::int32_t thing);
    /// Shades what is painted afterwards: blends it to `haze` by `share`.
    void setHaze(Colour haze, float share);

    void polygon(std::span<const CanvasPoint> corners, Colour colour); ///< even-odd rule
    void rectangle(double left, double top, double right, double bottom, Colour colour);
    void ellipse(CanvasPoint centre, double radiusX, double radiusY, Colour colour);
    void line(CanvasPoint from, CanvasPoint to, double width, Colour colour);
    /// Darkens what is there already, and belongs to whom it did.
    void shadow(CanvasPoint centre, double radiusX, double radiusY, float strength);

    struct Seen {
        Box extent;           ///< of what is to be seen, to half a pixel; the class is left at 0
        double visible = 0;   ///< share of what was painted inside the picture that nothing covers
    };
    std::vector<std::optional<Seen>> seen() const; ///< one a thing; nothing where all of it is covered or outside

    /// The finished picture, brighter by the factor `light`, with normal noise of this deviation (1: from black to white).
    void develop(float light, double noise, Random& random, std::uint8_t* pixels) const; ///< uint8 [3, height, width]

private:
    static constexpr std::int64_t finer = 2;
    void fill(std::int64_t y, double left, double right, Colour colour);
    float average(std::int64_t channel, std::int64_t x, std::int64_t y) const;

    const std::int64_t m_width, m_height; // as painted
    std::vector<Colour> m_colours;
    std::vector<std::int32_t> m_things;
    std::int32_t m_thing = background;
    std::vector<std::int64_t> m_painted; // places, one a thing
    Colour m_haze;
    float m_hazeShare = 0;
};

}
