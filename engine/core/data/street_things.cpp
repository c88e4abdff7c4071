// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/street_things.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace descent {

namespace {

/// A box standing on the road, seen from behind or from ahead: the face near the eye, the flank towards it, the roof.
void paintBody(Canvas& canvas, const StreetView& view, double x, double z, double width, double length, double bottom, double top,
               Colour colour)
{
    const double left = x - width / 2, right = x + width / 2, end = z + length;
    const CanvasPoint roof[]{view.at(left, top, z), view.at(right, top, z), view.at(right, top, end), view.at(left, top, end)};
    canvas.polygon(roof, lit(colour, 1.12F));
    const double flank = view.at(x, 0, end).x < view.at(x, 0, z).x ? left : right;
    const CanvasPoint side[]{view.at(flank, bottom, z), view.at(flank, top, z), view.at(flank, top, end), view.at(flank, bottom, end)};
    canvas.polygon(side, lit(colour, 0.72F));
    view.face(canvas, z, left, bottom, right, top, colour);
}

void paintPole(Canvas& canvas, const StreetView& view, double x, double z, double height)
{
    canvas.line(view.at(x, 0, z), view.at(x, height, z), std::max(0.5, view.pixels(0.09, z)), {0.45F, 0.46F, 0.48F});
}

/// A polygon with even sides. turn: of a side's share.
void paintRegular(Canvas& canvas, CanvasPoint centre, int corners, double radius, double turn, Colour colour)
{
    std::vector<CanvasPoint> outline;
    for (int i = 0; i < corners; ++i) {
        const double angle = 2 * std::numbers::pi * (i + turn) / corners;
        outline.push_back({centre.x + radius * std::sin(angle), centre.y - radius * std::cos(angle)});
    }
    canvas.polygon(outline, colour);
}

float shade(Random& random, double low, double high)
{
    return static_cast<float>(random.uniform(low, high));
}

}

void StreetView::face(Canvas& canvas, double z, double left, double bottom, double right, double top, Colour colour) const
{
    const CanvasPoint a = at(left, top, z), b = at(right, bottom, z);
    canvas.rectangle(a.x, a.y, b.x, b.y, colour);
}

Colour anyColour(Random& random, double low, double high)
{
    const float red = shade(random, low, high), green = shade(random, low, high);
    return {red, green, shade(random, low, high)};
}

Vehicle anyVehicle(double x, double z, bool truck, bool oncoming, Random& random)
{
    Vehicle vehicle{.x = x, .z = z, .truck = truck, .oncoming = oncoming};
    vehicle.width = truck ? random.uniform(2.3, 2.6) : random.uniform(1.65, 1.95);
    vehicle.length = truck ? random.uniform(6, 10) : random.uniform(3.6, 4.8);
    vehicle.height = truck ? random.uniform(2.8, 3.6) : random.uniform(1.35, 1.75);
    const bool grey = random.uniform() < 0.4;
    vehicle.paint = grey ? lit({1, 1, 1}, shade(random, 0.1, 0.9)) : anyColour(random, 0.05, 0.8);
    vehicle.glass = lit({0.2F, 0.26F, 0.32F}, shade(random, 0.6, 1.3));
    vehicle.braking = random.uniform() < 0.4;
    return vehicle;
}

void paint(Canvas& canvas, const StreetView& view, const Vehicle& vehicle, std::int32_t thing)
{
    const auto& [x, z, width, length, height, truck, oncoming, braking, colour, glass] = vehicle;
    canvas.shadow(view.at(x, 0, z + length * 0.3), view.pixels(width * 0.75, z), std::max(1.0, view.pixels(0.35, z)), 0.6F);
    canvas.begin(thing);
    const double belt = truck ? height : height * 0.58, left = x - width / 2, right = x + width / 2;
    for (const double wheel : {left + 0.2, right - 0.2})
        view.face(canvas, z, wheel - 0.13, 0, wheel + 0.13, 0.5, {0.06F, 0.06F, 0.07F});
    paintBody(canvas, view, x, z, width, length, truck ? 0.45 : 0.25, belt, colour);
    if (!truck) {
        paintBody(canvas, view, x, z + length * 0.2, width * 0.84, length * 0.5, belt, height, lit(colour, 0.95F));
        view.face(canvas, z + length * 0.2, x - width * 0.36, belt, x + width * 0.36, height - 0.08, glass);
    } else if (oncoming) {
        view.face(canvas, z, left + 0.15, height * 0.5, right - 0.15, height * 0.82, glass);
    } else {
        view.face(canvas, z, left + 0.15, 0.7, right - 0.15, height - 0.2, lit(colour, 0.85F));
        view.face(canvas, z, x - 0.03, 0.7, x + 0.03, height - 0.2, lit(colour, 0.5F));
    }
    const Colour lamp = oncoming ? Colour{1.3F, 1.25F, 1.05F} : braking ? Colour{1.2F, 0.12F, 0.1F} : Colour{0.55F, 0.06F, 0.06F};
    const double lampHeight = truck ? 0.75 : belt - 0.25;
    for (const double place : {left + 0.06, right - 0.4})
        view.face(canvas, z, place, lampHeight - 0.12, place + 0.34, lampHeight + 0.08, lamp);
    view.face(canvas, z, x - 0.26, 0.42, x + 0.26, 0.54, {0.85F, 0.85F, 0.78F}); // number plate
    canvas.begin(Canvas::background);
}

Person anyPerson(double x, double z, Random& random)
{
    Person person{.x = x, .z = z};
    person.height = random.uniform(1.2, 1.9);
    person.stride = random.uniform(-0.3, 0.3);
    person.lean = random.uniform(-0.05, 0.05);
    person.build = random.uniform(0.85, 1.2);
    person.coat = anyColour(random, 0.05, 0.95);
    person.trousers = anyColour(random, 0.05, 0.5);
    person.skin = mixed({0.92F, 0.75F, 0.62F}, {0.35F, 0.22F, 0.15F}, shade(random, 0, 1));
    person.hair = lit({0.4F, 0.28F, 0.16F}, shade(random, 0.2, 1.6));
    return person;
}

void paint(Canvas& canvas, const StreetView& view, const Person& person, std::int32_t thing)
{
    const auto place = [&](double across, double up) {
        return view.at(person.x + across * person.height, up * person.height, person.z);
    };
    const auto wide = [&](double share) { return view.pixels(share * person.height * person.build, person.z); };
    canvas.shadow(place(0, 0), wide(0.22), std::max(0.6, wide(0.05)), 0.5F);
    canvas.begin(thing);
    const CanvasPoint hip = place(person.lean * 0.5, 0.48), neck = place(person.lean, 0.83);
    for (const double side : {-1.0, 1.0}) {
        const CanvasPoint foot = place(side * (person.stride * 0.5 + 0.03), 0.01);
        const CanvasPoint hand = place(person.lean - side * (person.stride * 0.4 + 0.12), 0.45);
        canvas.line(hip, foot, wide(0.085), person.trousers);
        canvas.line(neck, hand, wide(0.065), lit(person.coat, 0.85F));
    }
    canvas.line(hip, neck, wide(0.2), person.coat);
    canvas.ellipse(place(person.lean, 0.92), wide(0.062), wide(0.08), person.skin);
    canvas.ellipse(place(person.lean, 0.955), wide(0.062), wide(0.045), person.hair);
    canvas.begin(Canvas::background);
}

Sign anySign(double x, double z, Random& random)
{
    Sign sign{.kind = static_cast<Sign::Kind>(random.below(4)), .x = x, .z = z};
    sign.height = random.uniform(2.1, 2.7);
    sign.radius = random.uniform(0.32, 0.45);
    return sign;
}

void paint(Canvas& canvas, const StreetView& view, const Sign& sign, std::int32_t thing)
{
    paintPole(canvas, view, sign.x, sign.z, sign.height);
    canvas.begin(thing);
    const CanvasPoint centre = view.at(sign.x, sign.height, sign.z);
    const double r = view.pixels(sign.radius, sign.z);
    const Colour red{0.85F, 0.08F, 0.1F}, white{0.95F, 0.95F, 0.93F}, blue{0.1F, 0.25F, 0.7F};
    switch (sign.kind) {
    case Sign::Kind::limit:
        canvas.ellipse(centre, r, r, red);
        canvas.ellipse(centre, r * 0.72, r * 0.72, white);
        break;
    case Sign::Kind::warning:
        paintRegular(canvas, centre, 3, r * 1.15, 0, red);
        paintRegular(canvas, centre, 3, r * 0.65, 0, white);
        break;
    case Sign::Kind::stop:
        paintRegular(canvas, centre, 8, r, 0.5, red);
        canvas.rectangle(centre.x - r * 0.6, centre.y - r * 0.16, centre.x + r * 0.6, centre.y + r * 0.16, white);
        break;
    case Sign::Kind::direction:
        canvas.ellipse(centre, r, r, blue);
        canvas.rectangle(centre.x - r * 0.14, centre.y - r * 0.6, centre.x + r * 0.14, centre.y + r * 0.6, white);
        break;
    }
    canvas.begin(Canvas::background);
}

TrafficLight anyTrafficLight(double x, double z, Random& random)
{
    TrafficLight light{.x = x, .z = z, .lamp = static_cast<int>(random.below(3))};
    light.height = random.uniform(2.6, 3.6);
    return light;
}

void paint(Canvas& canvas, const StreetView& view, const TrafficLight& light, std::int32_t thing)
{
    paintPole(canvas, view, light.x, light.z, light.height);
    canvas.begin(thing);
    view.face(canvas, light.z, light.x - 0.17, light.height - 0.45, light.x + 0.17, light.height + 0.45, {0.1F, 0.1F, 0.11F});
    const Colour on[]{{1.3F, 0.15F, 0.1F}, {1.3F, 0.85F, 0.1F}, {0.15F, 1.2F, 0.4F}};
    const double radius = view.pixels(0.11, light.z);
    for (int i = 0; i < 3; ++i)
        canvas.ellipse(view.at(light.x, light.height + 0.28 - 0.28 * i, light.z), radius, radius, i == light.lamp ? on[i] : lit(on[i], 0.2F));
    canvas.begin(Canvas::background);
}

}
