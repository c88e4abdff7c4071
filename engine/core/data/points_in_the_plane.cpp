// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/dataset.h"

#include <array>
#include <cmath>
#include <numbers>

namespace descent {

// The two-dimensional toys: tables of columns x and y with a class, drawn by procedure. Moons, circles and blobs are
// distributed as scikit-learn's generators of these names.

namespace {

using std::numbers::pi;

struct Point {
    double x, y;
};

ParameterSchema samplesParameter()
{
    return {.name = "samples",
            .label = "Samples",
            .help = "How many points are drawn, shared evenly among the classes.",
            .type = ParameterType::integer,
            .defaultValue = std::int64_t{1000},
            .minimum = 10,
            .maximum = 1e6,
            .logarithmic = true,
            .common = true};
}

ParameterSchema noiseParameter(double defaultValue, const char* help = "Standard deviation of what is added to each coordinate.")
{
    return {.name = "noise",
            .label = "Noise",
            .help = help,
            .type = ParameterType::real,
            .defaultValue = defaultValue,
            .minimum = 0,
            .maximum = 10,
            .common = true};
}

ParameterSchema seedParameter()
{
    return {.name = "seed",
            .label = "Data seed",
            .help = "Another number draws other points of the same shape.",
            .type = ParameterType::integer,
            .defaultValue = std::int64_t{1},
            .minimum = 0,
            .maximum = 1e15};
}

/// `place(random, class, fraction)` gives the point of a class before noise; `fraction` runs evenly over [0, 1).
template <typename Place>
Dataset draw(const char* name, const Schema& schema, const Parameters& parameters, std::int64_t classes, double noise,
             Place place)
{
    const std::int64_t samples = integerOf(schema, parameters, "samples");
    Random random{static_cast<std::uint64_t>(integerOf(schema, parameters, "seed"))};
    Table table;
    table.count = samples;
    table.columns = {{.name = "x"}, {.name = "y"}};
    Dataset dataset{.name = name};
    for (std::int64_t i = 0; i < samples; ++i) {
        const std::int64_t label = i % classes;
        const double fraction = static_cast<double>(i / classes) / static_cast<double>((samples + classes - 1) / classes);
        const Point point = place(random, label, fraction);
        table.columns[0].numbers.push_back(static_cast<float>(point.x + noise * random.normal()));
        table.columns[1].numbers.push_back(static_cast<float>(point.y + noise * random.normal()));
        dataset.train.targets.classes.push_back(label);
    }
    for (std::int64_t label = 0; label < classes; ++label)
        dataset.train.targets.classNames.push_back(std::string(1, static_cast<char>('A' + label)));
    dataset.train.inputs = std::move(table);
    return dataset;
}

}

DatasetKind spiralsKind()
{
    const Schema schema{samplesParameter(),
                        noiseParameter(0.15),
                        {.name = "classes",
                         .label = "Arms",
                         .help = "Spiral arms, one a class.",
                         .type = ParameterType::integer,
                         .defaultValue = std::int64_t{2},
                         .minimum = 2,
                         .maximum = 8,
                         .common = true},
                        {.name = "turns",
                         .label = "Turns",
                         .help = "How often each arm winds around the middle.",
                         .type = ParameterType::real,
                         .defaultValue = 1.5,
                         .minimum = 0.25,
                         .maximum = 5},
                        seedParameter()};
    return {.id = "spirals",
            .label = "Spirals",
            .help = "Arms that wind around each other: no straight line parts them.",
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl&) -> Result<Dataset> {
                const double turns = realOf(schema, parameters, "turns");
                const std::int64_t arms = integerOf(schema, parameters, "classes");
                // The noise is told for a spiral of radius 5, so that one number suits all the toys.
                return {draw("Spirals", schema, parameters, arms, realOf(schema, parameters, "noise"),
                             [&](Random&, std::int64_t arm, double t) {
                                 const double radius = 0.4 + 4.6 * std::sqrt(t);
                                 const double angle =
                                     2 * pi * (turns * std::sqrt(t) + static_cast<double>(arm) / static_cast<double>(arms));
                                 return Point{radius * std::cos(angle), radius * std::sin(angle)};
                             }),
                        {}};
            }};
}

DatasetKind moonsKind()
{
    const Schema schema{samplesParameter(), noiseParameter(0.15), seedParameter()};
    return {.id = "moons",
            .label = "Moons",
            .help = "Two half circles that reach into each other.",
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl&) -> Result<Dataset> {
                return {draw("Moons", schema, parameters, 2, realOf(schema, parameters, "noise"),
                             [](Random&, std::int64_t label, double t) {
                                 return label == 0 ? Point{std::cos(pi * t), std::sin(pi * t)}
                                                   : Point{1 - std::cos(pi * t), 0.5 - std::sin(pi * t)};
                             }),
                        {}};
            }};
}

DatasetKind circlesKind()
{
    const Schema schema{samplesParameter(),
                        noiseParameter(0.08),
                        {.name = "factor",
                         .label = "Inner radius",
                         .help = "Radius of the inner circle; the outer one has 1.",
                         .type = ParameterType::real,
                         .defaultValue = 0.5,
                         .minimum = 0.01,
                         .maximum = 0.99},
                        seedParameter()};
    return {.id = "circles",
            .label = "Circles",
            .help = "A circle inside another one.",
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl&) -> Result<Dataset> {
                const double factor = realOf(schema, parameters, "factor");
                return {draw("Circles", schema, parameters, 2, realOf(schema, parameters, "noise"),
                             [factor](Random&, std::int64_t label, double t) {
                                 const double radius = label == 0 ? 1 : factor;
                                 return Point{radius * std::cos(2 * pi * t), radius * std::sin(2 * pi * t)};
                             }),
                        {}};
            }};
}

DatasetKind blobsKind()
{
    const Schema schema{samplesParameter(),
                        noiseParameter(0.8, "Standard deviation of each cloud."),
                        {.name = "classes",
                         .label = "Clouds",
                         .help = "How many clouds, one a class.",
                         .type = ParameterType::integer,
                         .defaultValue = std::int64_t{3},
                         .minimum = 2,
                         .maximum = 8,
                         .common = true},
                        seedParameter()};
    return {.id = "blobs",
            .label = "Blobs",
            .help = "Round clouds of points: the easiest of the toys.",
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl&) -> Result<Dataset> {
                const std::int64_t classes = integerOf(schema, parameters, "classes");
                return {draw("Blobs", schema, parameters, classes, realOf(schema, parameters, "noise"),
                             [classes](Random&, std::int64_t label, double) {
                                 const double angle = 2 * pi * static_cast<double>(label) / static_cast<double>(classes) + 0.5;
                                 return Point{3 * std::cos(angle), 3 * std::sin(angle)};
                             }),
                        {}};
            }};
}

DatasetKind xorKind()
{
    const Schema schema{samplesParameter(), noiseParameter(0.1), seedParameter()};
    return {.id = "xor",
            .label = "XOR",
            .help = "Four quarters, opposite ones of one class: what a single neuron cannot learn.",
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl&) -> Result<Dataset> {
                return {draw("XOR", schema, parameters, 2, realOf(schema, parameters, "noise"),
                             [](Random& random, std::int64_t label, double) {
                                 // A gap along the axes, so that without noise no point lies on the border.
                                 const double x = random.uniform(0.15, 2), y = random.uniform(0.15, 2);
                                 const double side = random.below(2) == 0 ? 1 : -1;
                                 return Point{side * x, (label == 0 ? side : -side) * y};
                             }),
                        {}};
            }};
}

}
