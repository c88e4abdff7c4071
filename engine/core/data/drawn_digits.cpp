// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/bytes.h"
#include "engine/core/data/dataset.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace descent {

namespace {

constexpr std::int64_t side = 28;

struct Point {
    double x, y;
};
using Stroke = std::vector<Point>; // control points of a curve the pen follows, in a box of width and height 1, y down
using Glyph = std::vector<Stroke>;

/// Several hands for each digit: an open and a closed four, a seven with and without bar, a one with and without foot.
const std::array<std::vector<Glyph>, 10>& glyphs()
{
    static const std::array<std::vector<Glyph>, 10> all{{
        {{{{.5, .02}, {.2, .12}, {.1, .5}, {.22, .88}, {.5, .98}, {.8, .86}, {.9, .5}, {.78, .12}, {.48, .02}}},
         {{{.62, .05}, {.3, .1}, {.15, .5}, {.3, .92}, {.58, .95}, {.82, .6}, {.78, .2}, {.5, .04}, {.42, .1}}}},
        {{{{.5, .02}, {.5, .5}, {.5, .98}}},
         {{{.28, .25}, {.42, .14}, {.54, .02}, {.54, .5}, {.54, .98}}},
         {{{.3, .22}, {.54, .02}, {.54, .5}, {.54, .97}}, {{.28, .98}, {.54, .98}, {.8, .98}}}},
        {{{{.15, .25}, {.3, .06}, {.6, .02}, {.82, .2}, {.72, .48}, {.4, .75}, {.14, .97}}, {{.14, .97}, {.5, .96}, {.88, .97}}},
         {{{.18, .2}, {.45, .02}, {.8, .16}, {.74, .45}, {.35, .82}, {.2, .95}, {.3, .84}, {.5, .92}, {.9, .92}}}},
        {{{{.16, .14}, {.45, .02}, {.78, .12}, {.74, .36}, {.44, .47}, {.78, .58}, {.84, .82}, {.5, .98}, {.14, .86}}},
         {{{.16, .04}, {.5, .04}, {.82, .04}},
          {{.82, .04}, {.62, .25}, {.44, .42}},
          {{.44, .42}, {.78, .5}, {.86, .74}, {.6, .96}, {.14, .9}}}},
        {{{{.6, .02}, {.35, .35}, {.1, .66}}, {{.1, .66}, {.5, .66}, {.92, .66}}, {{.68, .36}, {.68, .7}, {.66, .98}}},
         {{{.18, .04}, {.16, .3}, {.2, .48}, {.5, .52}, {.8, .46}}, {{.8, .04}, {.8, .5}, {.78, .98}}}},
        {{{{.8, .04}, {.5, .04}, {.26, .04}},
          {{.26, .04}, {.23, .25}, {.2, .46}},
          {{.2, .46}, {.5, .36}, {.82, .52}, {.82, .8}, {.5, .98}, {.14, .88}}},
         {{{.78, .06}, {.5, .03}, {.3, .08}, {.24, .3}, {.3, .44}, {.6, .42}, {.84, .62}, {.72, .9}, {.4, .97}, {.16, .9}}}},
        {{{{.7, .02}, {.38, .18}, {.16, .58}, {.26, .9}, {.54, .98}, {.82, .82}, {.74, .56}, {.46, .5}, {.18, .68}}},
         {{{.55, .02}, {.3, .3}, {.18, .66}, {.32, .94}, {.62, .96}, {.82, .76}, {.62, .56}, {.36, .6}, {.22, .74}}}},
        {{{{.12, .05}, {.5, .05}, {.86, .05}}, {{.86, .05}, {.62, .48}, {.42, .98}}},
         {{{.12, .08}, {.5, .05}, {.86, .05}}, {{.86, .05}, {.66, .42}, {.44, .98}}, {{.34, .52}, {.56, .5}, {.8, .5}}}},
        {{{{.74, .14},
           {.48, .02},
           {.22, .14},
           {.3, .36},
           {.56, .48},
           {.84, .68},
           {.74, .92},
           {.46, .98},
           {.18, .88},
           {.2, .64},
           {.5, .46},
           {.76, .3},
           {.72, .12}}},
         {{{.5, .03}, {.24, .12}, {.28, .4}, {.5, .46}, {.74, .38}, {.76, .12}, {.5, .03}},
          {{.5, .46}, {.2, .58}, {.18, .88}, {.5, .98}, {.82, .88}, {.8, .58}, {.5, .46}}}},
        {{{{.78, .3}, {.6, .5}, {.3, .48}, {.18, .26}, {.36, .05}, {.66, .05}, {.8, .28}, {.76, .64}, {.64, .98}}},
         {{{.76, .16}, {.5, .03}, {.22, .2}, {.34, .46}, {.62, .44}, {.78, .2}},
          {{.78, .18}, {.78, .5}, {.74, .74}, {.52, .97}, {.3, .93}}}},
    }};
    return all;
}

/// Points along a Catmull-Rom curve through the stroke's control points.
Stroke smooth(const Stroke& control)
{
    constexpr int stepsPerPiece = 6;
    Stroke curve;
    const auto at = [&](std::ptrdiff_t i) {
        return control[static_cast<std::size_t>(
            std::clamp<std::ptrdiff_t>(i, 0, static_cast<std::ptrdiff_t>(control.size()) - 1))];
    };
    for (std::ptrdiff_t i = 0; i + 1 < static_cast<std::ptrdiff_t>(control.size()); ++i) {
        const Point a = at(i - 1), b = at(i), c = at(i + 1), d = at(i + 2);
        for (int step = 0; step < stepsPerPiece; ++step) {
            const double t = static_cast<double>(step) / stepsPerPiece;
            const auto blend = [t](double p, double q, double r, double s) {
                return 0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t * t * t);
            };
            curve.push_back({blend(a.x, b.x, c.x, d.x), blend(a.y, b.y, c.y, d.y)});
        }
    }
    curve.push_back(control.back());
    return curve;
}

double distanceToPiece(double x, double y, Point a, Point b)
{
    const double dx = b.x - a.x, dy = b.y - a.y;
    const double length = dx * dx + dy * dy;
    const double t = length > 0 ? std::clamp(((x - a.x) * dx + (y - a.y) * dy) / length, 0.0, 1.0) : 0;
    return std::hypot(x - a.x - t * dx, y - a.y - t * dy);
}

/// One digit in a hand of its own: size, slant, turn, stretch, wobble of every control point, pen width, ink, paper noise.
void draw(int digit, Random& random, double variety, std::uint8_t* pixels)
{
    const auto& hands = glyphs()[static_cast<std::size_t>(digit)];
    const Glyph& glyph = hands[random.below(hands.size())];
    const double turn = variety * random.normal() * 0.1, slant = 0.1 + variety * random.normal() * 0.18;
    const double height = 19.5 * (1 + variety * random.normal() * 0.06),
                 width = height * (0.68 + variety * random.normal() * 0.09);
    const double centreX = side / 2.0 + variety * random.normal() * 0.7, centreY = side / 2.0 + variety * random.normal() * 0.7;
    const double pen = std::clamp(1.25 + variety * random.normal() * 0.32, 0.6, 2.4), wobble = variety * 0.028;

    std::vector<Stroke> strokes;
    for (const Stroke& stroke : glyph) {
        Stroke bent = stroke;
        for (Point& point : bent)
            point = {point.x + wobble * random.normal(), point.y + wobble * random.normal()};
        Stroke curve = smooth(bent);
        for (Point& point : curve) {
            const double y = (point.y - 0.5) * height, x = (point.x - 0.5) * width - slant * y;
            point = {centreX + x * std::cos(turn) - y * std::sin(turn), centreY + x * std::sin(turn) + y * std::cos(turn)};
        }
        strokes.push_back(std::move(curve));
    }
    const double ink = 255 * (1 - 0.12 * variety * random.uniform()), noise = 4 * variety;
    for (std::int64_t y = 0; y < side; ++y)
        for (std::int64_t x = 0; x < side; ++x) {
            double nearest = 1e9;
            for (const Stroke& stroke : strokes)
                for (std::size_t i = 0; i + 1 < stroke.size(); ++i)
                    nearest = std::min(
                        nearest,
                        distanceToPiece(static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5, stroke[i], stroke[i + 1]));
            const double cover = std::clamp(pen + 0.55 - nearest, 0.0, 1.1) / 1.1; // a soft edge about a pixel wide
            const double grain = cover > 0 ? noise * random.normal() : 0;
            pixels[y * side + x] = static_cast<std::uint8_t>(std::clamp(cover * ink + grain, 0.0, 255.0));
        }
}

/// Which digits: for a network that has learnt some of them and is to learn the others.
struct DigitRange {
    int first = 0, count = 10;
};

DigitRange digitRange(const std::string& digits)
{
    return digits == "low" ? DigitRange{0, 5} : digits == "high" ? DigitRange{5, 5} : DigitRange{};
}

Samples drawAll(std::int64_t count, std::uint64_t seed, double variety, DigitRange range, const LoadControl& control)
{
    PictureArray pictures{.count = count, .channels = 1, .height = side, .width = side};
    pictures.pixels.resize(static_cast<std::size_t>(count * side * side));
    Targets targets;
    for (std::int64_t i = 0; i < count; ++i)
        targets.classes.push_back(i % range.count);
    for (int i = 0; i < range.count; ++i)
        targets.classNames.push_back(std::to_string(range.first + i));
    inParallel(static_cast<std::size_t>(count), control.stop, control.progress, [&](std::size_t i) {
        Random random{
            derivedSeed(seed + i * 0x9e3779b97f4a7c15u, "digit")}; // of the picture's own: the order of threads is no matter
        draw(range.first + static_cast<int>(i) % range.count, random, variety, pictures.pixels.data() + i * side * side);
    });
    return {.inputs = std::move(pictures), .targets = std::move(targets)};
}

}

DatasetKind drawnDigitsKind()
{
    const Schema schema{
        {.name = "samples",
         .label = "Pictures",
         .help = "How many are drawn to learn from; a sixth as many more are kept as test.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{6000},
         .minimum = 100,
         .maximum = 200000,
         .logarithmic = true,
         .common = true},
        {.name = "variety",
         .label = "Variety",
         .help = "How much the hands differ: 0 prints, 1 writes, 2 scrawls.",
         .type = ParameterType::real,
         .defaultValue = 1.0,
         .minimum = 0,
         .maximum = 3,
         .common = true},
        {.name = "digits",
         .label = "Digits",
         .help = "Which are drawn: half of them to learn first, the other half to go on with.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"all"},
         .choices = {{"all", "0 to 9", ""}, {"low", "0 to 4", ""}, {"high", "5 to 9", ""}}},
        {.name = "seed",
         .label = "Data seed",
         .help = "Another number draws other pictures.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{1},
         .minimum = 0,
         .maximum = 1e15},
    };
    return {.id = "drawn-digits",
            .label = "Drawn digits",
            .help = "Handwritten-looking digits of 28x28 pixels, drawn stroke by stroke.",
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) -> Result<Dataset> {
                const std::int64_t count = integerOf(schema, parameters, "samples");
                const auto seed = static_cast<std::uint64_t>(integerOf(schema, parameters, "seed"));
                const double variety = realOf(schema, parameters, "variety");
                const std::string digits = textOf(schema, parameters, "digits");
                Dataset dataset{.name = digits == "low" ? "Drawn digits 0 to 4" : digits == "high" ? "Drawn digits 5 to 9" : "Drawn digits"};
                dataset.train = drawAll(count, derivedSeed(seed, "train"), variety, digitRange(digits), control);
                dataset.test = drawAll(std::max<std::int64_t>(count / 6, 20), derivedSeed(seed, "test"), variety, digitRange(digits), control);
                return {std::move(dataset), {}};
            }};
}

}
