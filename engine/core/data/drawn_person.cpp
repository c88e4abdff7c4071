// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/drawn_face.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace descent {

namespace {

FaceColour mixed(const FaceColour& a, const FaceColour& b, double share)
{
    return {a.red + (b.red - a.red) * share, a.green + (b.green - a.green) * share, a.blue + (b.blue - a.blue) * share};
}

FaceColour varied(const FaceColour& colour, Random& random, double amount)
{
    const auto vary = [&](double value) { return std::clamp(value + amount * random.normal(), 0.02, 0.98); };
    return {vary(colour.red), vary(colour.green), vary(colour.blue)};
}

template <std::size_t size>
const FaceColour& oneOf(const std::array<FaceColour, size>& colours, Random& random)
{
    return colours[random.below(size)];
}

/// Along the ramp of human skin, from light to dark.
FaceColour skinOf(Random& random)
{
    static constexpr std::array<FaceColour, 5> ramp{
        {{0.98, 0.85, 0.76}, {0.93, 0.74, 0.60}, {0.80, 0.58, 0.42}, {0.56, 0.37, 0.25}, {0.36, 0.23, 0.16}}};
    const double at = random.uniform() * (ramp.size() - 1);
    const auto from = std::min(static_cast<std::size_t>(at), ramp.size() - 2);
    return varied(mixed(ramp[from], ramp[from + 1], at - static_cast<double>(from)), random, 0.015);
}

FaceColour anyColour(Random& random)
{
    return {random.uniform(0.08, 0.95), random.uniform(0.08, 0.95), random.uniform(0.08, 0.95)};
}

constexpr std::array<FaceColour, 7> hairColours{{{0.07, 0.06, 0.06},
                                             {0.22, 0.13, 0.08},
                                             {0.38, 0.24, 0.13},
                                             {0.62, 0.42, 0.20},
                                             {0.86, 0.72, 0.42},
                                             {0.60, 0.22, 0.09},
                                             {0.72, 0.72, 0.73}}};
constexpr std::array<FaceColour, 5> irisColours{
    {{0.20, 0.11, 0.05}, {0.38, 0.22, 0.10}, {0.25, 0.45, 0.25}, {0.30, 0.48, 0.72}, {0.45, 0.50, 0.52}}};
constexpr std::array<FaceColour, 4> frameColours{{{0.06, 0.06, 0.07}, {0.40, 0.22, 0.10}, {0.62, 0.10, 0.14}, {0.15, 0.22, 0.50}}};

}

DrawnPerson randomPerson(Random& random)
{
    DrawnPerson person;
    person.halfWidth = random.uniform(0.64, 0.86);
    person.jaw = random.uniform(-0.18, 0.38);
    person.skin = skinOf(random);
    person.hairColour = varied(oneOf(hairColours, random), random, 0.03);
    person.irisColour = oneOf(irisColours, random);
    person.lips = mixed(person.skin, {0.72, 0.22, 0.24}, random.uniform(0.25, 0.75));
    person.hair = static_cast<DrawnPerson::Hair>(random.below(8));
    person.hairline = random.uniform(-0.72, -0.45);
    person.parting = random.uniform(-0.4, 0.4);
    person.hairBulk = random.uniform(1.04, 1.12);
    // Half of all people grow no beard; of the others each kind is as frequent.
    if (random.uniform() < 0.5)
        person.beard = static_cast<DrawnPerson::Beard>(1 + random.below(4));
    person.browHeight = random.uniform(0.14, 0.25);
    person.browLength = random.uniform(0.13, 0.22);
    person.browThickness = random.uniform(0.02, 0.06);
    person.browTilt = random.uniform(-0.3, 0.3);
    person.browArch = random.uniform(0.0, 0.08);
    person.eyeSpread = random.uniform(0.25, 0.38);
    person.eyeHeight = random.uniform(-0.10, 0.08);
    person.eyeWidth = random.uniform(0.11, 0.18);
    person.eyeOpening = random.uniform(0.045, 0.10);
    person.eyeTilt = random.uniform(-0.25, 0.25);
    person.irisSize = random.uniform(0.045, 0.07);
    person.noseLength = random.uniform(0.28, 0.50);
    person.noseWidth = random.uniform(0.08, 0.19);
    person.noseDepth = random.uniform(0.12, 0.30);
    person.mouthHeight = std::clamp(person.eyeHeight + person.noseLength + random.uniform(0.17, 0.27), 0.5, 0.75);
    person.mouthWidth = random.uniform(0.16, 0.33);
    person.upperLip = random.uniform(0.018, 0.055);
    person.lowerLip = random.uniform(0.025, 0.075);
    person.mouthBend = random.uniform(-0.05, 0.05);
    person.earSize = random.uniform(0.11, 0.22);
    person.glasses = random.uniform() < 0.3;
    person.glassesSize = random.uniform(0.17, 0.25);
    person.glassesSquareness = random.uniform();
    person.glassesThickness = random.uniform(0.018, 0.045);
    person.glassesColour = oneOf(frameColours, random);
    const std::uint64_t moles = random.uniform() < 0.35 ? 1 + random.below(2) : 0;
    for (std::uint64_t i = 0; i < moles; ++i)
        person.moles.push_back({random.uniform(-0.42, 0.42), random.uniform(0.12, 0.8)});
    return person;
}

FaceView randomView(Random& random, double difficulty)
{
    FaceView view;
    const auto turned = [&](double degrees) {
        return std::clamp(random.normal(), -2.0, 2.0) * difficulty * degrees * std::numbers::pi / 180;
    };
    view.yaw = turned(15);
    view.pitch = turned(6);
    view.roll = turned(6);
    view.x = 0.025 * difficulty * random.normal();
    view.y = 0.02 + 0.02 * difficulty * random.normal();
    view.scale = 0.38 * (1 + std::clamp(0.06 * difficulty * random.normal(), -0.2, 0.2));

    const double from = random.uniform(-std::numbers::pi / 2, std::numbers::pi / 2) * std::min(1.0, 0.7 * difficulty);
    const double height = random.uniform(0.1, 0.7), level = std::sqrt(1 - height * height);
    view.light = {level * std::sin(from), -height, level * std::cos(from)};
    view.ambient = std::clamp(random.uniform(0.75, 0.9) - 0.25 * difficulty * random.uniform(), 0.3, 0.9);
    view.exposure = std::clamp(1 + 0.15 * difficulty * random.normal(), 0.55, 1.45);
    const auto gain = [&] { return std::clamp(1 + 0.05 * difficulty * random.normal(), 0.8, 1.2); };
    view.balance = {gain(), gain(), gain()};

    view.smile = random.uniform(-0.3, 1.0) * std::min(1.0, difficulty);
    view.mouthOpen = random.uniform() < 0.3 * difficulty ? random.uniform(0.2, 1.0) : 0;
    view.browRaise = random.uniform(-0.03, 0.06) * difficulty;
    view.eyesOpen = random.uniform() < 0.06 * difficulty ? 0.12 : random.uniform(0.8, 1.15);
    view.gaze = random.uniform(-0.5, 0.5) * difficulty;
    view.wearsGlasses = random.uniform() >= 0.06 * difficulty;
    if (random.uniform() < 0.08 * difficulty)
        view.cover = static_cast<FaceView::Cover>(1 + random.below(4));
    view.coverColour = anyColour(random);
    view.background = mixed(anyColour(random), {0.5, 0.5, 0.5}, 0.35);
    view.backgroundBelow = mixed(view.background, anyColour(random), 0.6);
    view.clothes = anyColour(random);
    view.noise = 0.012 + 0.018 * difficulty * random.uniform();
    return view;
}

}
