// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/drawn_scene.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace descent {

namespace {

struct Point {
    double x = 0, y = 0;
};

/// Signed distance to a polygon, negative inside.
double polygon(std::span<const Point> corners, double x, double y)
{
    double nearest = 1e9;
    bool inside = false;
    for (std::size_t i = 0, j = corners.size() - 1; i < corners.size(); j = i++) {
        const Point a = corners[j], b = corners[i];
        const double dx = b.x - a.x, dy = b.y - a.y;
        const double t = std::clamp(((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy), 0.0, 1.0);
        nearest = std::min(nearest, std::hypot(x - a.x - t * dx, y - a.y - t * dy));
        if ((a.y > y) != (b.y > y) && x < a.x + (y - a.y) / dy * dx)
            inside = !inside;
    }
    return inside ? -nearest : nearest;
}

/// Corners around 0 at the given distances in turn, the first at the top.
template <std::size_t count>
std::array<Point, count> around(double outer, double inner)
{
    std::array<Point, count> corners;
    for (std::size_t i = 0; i < count; ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i) / count;
        const double radius = i % 2 == 0 ? outer : inner;
        corners[i] = {radius * std::sin(angle), -radius * std::cos(angle)};
    }
    return corners;
}

double shapeDistance(std::size_t shape, double x, double y)
{
    static const auto triangle = [] {
        constexpr double third = 2 * std::numbers::pi / 3;
        return std::array<Point, 3>{Point{0, -1}, {std::sin(third), -std::cos(third)}, {-std::sin(third), -std::cos(third)}};
    }();
    static const auto star = around<10>(1, 0.45);
    switch (shape) {
    case 0: return std::hypot(x, y) - 0.9;
    case 1: return std::max(std::abs(x), std::abs(y)) - 0.8;
    case 2: return polygon(triangle, x, y);
    case 3: return polygon(star, x, y);
    default:
        return std::min(std::max(std::abs(x) - 0.95, std::abs(y) - 0.32), std::max(std::abs(y) - 0.95, std::abs(x) - 0.32));
    }
}

constexpr double tints[sceneColours.size()][3] = {{0.86, 0.14, 0.14}, {0.15, 0.65, 0.22}, {0.16, 0.30, 0.86},
                                                  {0.95, 0.85, 0.15}, {0.58, 0.20, 0.70}, {0.97, 0.97, 0.97}};

template <typename Words>
const char* oneOf(const Words& words, Random& random)
{
    return words[random.below(words.size())];
}

std::size_t otherThan(std::size_t taken, std::size_t count, Random& random)
{
    const std::size_t drawn = random.below(count - 1);
    return drawn < taken ? drawn : drawn + 1;
}

double anyTurn(Random& random)
{
    return random.uniform(-0.3, 0.3);
}

}

DrawnScene bigAndSmall(std::size_t shape, std::size_t colour, Random& random)
{
    const double radius = random.uniform(0.19, 0.25);
    DrawnScene scene{{{.shape = shape,
                       .colour = colour,
                       .x = random.uniform(radius + 0.02, 0.98 - radius),
                       .y = random.uniform(radius + 0.02, 0.98 - radius),
                       .radius = radius,
                       .turn = anyTurn(random)}}};
    if (random.uniform() < 0.5)
        return scene;
    DrawnScene::Thing small{.shape = otherThan(shape, sceneShapes.size(), random),
                            .colour = otherThan(colour, sceneColours.size(), random),
                            .radius = random.uniform(0.09, 0.11),
                            .turn = anyTurn(random)};
    const DrawnScene::Thing big = scene.things.front();
    do { // the big one covers less than half of the picture, so a free place is soon found
        small.x = random.uniform(small.radius + 0.02, 0.98 - small.radius);
        small.y = random.uniform(small.radius + 0.02, 0.98 - small.radius);
    } while (std::hypot(small.x - big.x, small.y - big.y) < small.radius + big.radius + 0.03);
    scene.things.push_back(small);
    return scene;
}

DrawnScene threeThings(Random& random)
{
    std::array<std::size_t, sceneShapes.size()> shapes;
    std::array<std::size_t, sceneColours.size()> colours;
    for (std::size_t i = 0; i < shapes.size(); ++i)
        shapes[i] = i;
    for (std::size_t i = 0; i < colours.size(); ++i)
        colours[i] = i;
    random.shuffle(std::span<std::size_t>{shapes});
    random.shuffle(std::span<std::size_t>{colours});
    // One in each of three of the four quarters: they never touch.
    std::array<std::size_t, 4> quarters{0, 1, 2, 3};
    random.shuffle(std::span<std::size_t>{quarters});
    DrawnScene scene;
    for (std::size_t i = 0; i < 3; ++i)
        scene.things.push_back({.shape = shapes[i],
                                .colour = colours[i],
                                .x = 0.25 + 0.5 * static_cast<double>(quarters[i] % 2) + random.uniform(-0.05, 0.05),
                                .y = 0.25 + 0.5 * static_cast<double>(quarters[i] / 2) + random.uniform(-0.05, 0.05),
                                .radius = random.uniform(0.14, 0.19),
                                .turn = anyTurn(random)});
    return scene;
}

Picture drawScene(const DrawnScene& scene, std::int64_t side, double variety, Random& random)
{
    double ground[3], below[3];
    for (int channel = 0; channel < 3; ++channel) {
        ground[channel] = 0.35 + 0.12 * variety * random.uniform(-1, 1);
        below[channel] = ground[channel] + 0.10 * variety * random.uniform(-1, 1);
    }
    const double light = 1 + 0.15 * variety * random.uniform(-1, 1), noise = 0.02 * variety;
    std::vector<std::array<double, 3>> paints;
    for (const DrawnScene::Thing& thing : scene.things) {
        std::array<double, 3> paint;
        for (std::size_t channel = 0; channel < 3; ++channel)
            paint[channel] = tints[thing.colour][channel] + 0.05 * variety * random.normal();
        paints.push_back(paint);
    }
    Picture picture{.channels = 3, .height = side, .width = side};
    picture.pixels.resize(static_cast<std::size_t>(3 * side * side));
    const double length = static_cast<double>(side);
    for (std::int64_t row = 0; row < side; ++row)
        for (std::int64_t column = 0; column < side; ++column) {
            const double x = (static_cast<double>(column) + 0.5) / length, y = (static_cast<double>(row) + 0.5) / length;
            std::array<double, 3> colour;
            for (std::size_t channel = 0; channel < 3; ++channel)
                colour[channel] = ground[channel] + (below[channel] - ground[channel]) * y;
            for (std::size_t i = 0; i < scene.things.size(); ++i) {
                const DrawnScene::Thing& thing = scene.things[i];
                const double dx = (x - thing.x) / thing.radius, dy = (y - thing.y) / thing.radius;
                const double c = std::cos(thing.turn), s = std::sin(thing.turn);
                const double distance = shapeDistance(thing.shape, c * dx + s * dy, c * dy - s * dx) * thing.radius * length;
                const double cover = std::clamp(0.5 - distance, 0.0, 1.0); // an edge a pixel wide
                for (std::size_t channel = 0; channel < 3; ++channel)
                    colour[channel] += (paints[i][channel] - colour[channel]) * cover;
            }
            for (std::int64_t channel = 0; channel < 3; ++channel) {
                const double value = colour[static_cast<std::size_t>(channel)] * light + noise * random.normal();
                picture.pixels[static_cast<std::size_t>((channel * side + row) * side + column)] =
                    static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0, 1.0)));
            }
        }
    return picture;
}

std::string describe(const DrawnScene& scene, Random& random)
{
    constexpr std::array beginnings{"a", "a", "there is a", "we see a", "a picture of a"};
    const DrawnScene::Thing& big = scene.things.front();
    std::string sentence = fmt::format("{} big {} {}", oneOf(beginnings, random), sceneColours[big.colour], sceneShapes[big.shape]);
    if (random.uniform() < 0.75) {
        const double dx = big.x - 0.5, dy = big.y - 0.5;
        if (std::max(std::abs(dx), std::abs(dy)) < 0.08)
            sentence += " in the middle";
        else if (std::abs(dx) > std::abs(dy))
            sentence += dx < 0 ? " on the left" : " on the right";
        else
            sentence += dy < 0 ? " at the top" : " at the bottom";
    }
    if (scene.things.size() > 1) {
        constexpr std::array joints{"with", "and", "beside"};
        const DrawnScene::Thing& small = scene.things[1];
        sentence += fmt::format(" {} a small {} {}", oneOf(joints, random), sceneColours[small.colour], sceneShapes[small.shape]);
    }
    return sentence;
}

SceneQuestion askAbout(const DrawnScene& scene, Random& random)
{
    const DrawnScene::Thing& thing = scene.things[random.below(scene.things.size())];
    const char* const colour = sceneColours[thing.colour];
    const char* const shape = sceneShapes[thing.shape];
    switch (random.below(4)) {
    case 0: return {fmt::format("what colour is the {}", shape), colour};
    case 1: return {fmt::format("the {} has which colour", shape), colour};
    case 2: return {fmt::format("which shape is {}", colour), shape};
    default: return {fmt::format("what is the {} thing", colour), shape};
    }
}

}
