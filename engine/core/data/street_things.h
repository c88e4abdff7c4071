// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/random.h"
#include "engine/core/data/canvas.h"

#include <cstdint>

namespace descent {

/// Metres to pixels. x right of the road's middle, y above the ground, z ahead; the road bends with the square of z.
struct StreetView {
    double centre = 0, horizon = 0, focal = 1, eyeHeight = 1.5, bend = 0;
    CanvasPoint at(double x, double y, double z) const
    {
        return {centre + focal * (x + bend * z * z) / z, horizon + focal * (eyeHeight - y) / z};
    }
    double pixels(double metres, double z) const { return focal * metres / z; }
    /// A face towards the eye, as a rectangle.
    void face(Canvas& canvas, double z, double left, double bottom, double right, double top, Colour colour) const;
};

Colour anyColour(Random& random, double low, double high);

// What stands on a street: drawn at random as a value first, painted when its turn comes. `thing` is its number on the canvas;
// shadows and poles belong to the background.

struct Vehicle {
    double x = 0, z = 0, width = 0, length = 0, height = 0;
    bool truck = false, oncoming = false, braking = false;
    Colour paint, glass;
};
Vehicle anyVehicle(double x, double z, bool truck, bool oncoming, Random& random);
void paint(Canvas& canvas, const StreetView& view, const Vehicle& vehicle, std::int32_t thing);

struct Person {
    double x = 0, z = 0, height = 0, stride = 0, lean = 0, build = 1;
    Colour coat, trousers, skin, hair;
};
Person anyPerson(double x, double z, Random& random);
void paint(Canvas& canvas, const StreetView& view, const Person& person, std::int32_t thing);

struct Sign {
    enum class Kind { limit, warning, stop, direction } kind = Kind::limit;
    double x = 0, z = 0, height = 0, radius = 0;
};
Sign anySign(double x, double z, Random& random);
void paint(Canvas& canvas, const StreetView& view, const Sign& sign, std::int32_t thing);

struct TrafficLight {
    double x = 0, z = 0, height = 0;
    int lamp = 0; ///< that is on, from the top
};
TrafficLight anyTrafficLight(double x, double z, Random& random);
void paint(Canvas& canvas, const StreetView& view, const TrafficLight& light, std::int32_t thing);

}
