// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/bytes.h"
#include "engine/core/data/dataset.h"
#include "engine/core/data/street_scene.h"

#include <algorithm>

namespace descent {

namespace {

constexpr std::int64_t maximumPixelBytes = std::int64_t{6} << 30;

Samples drawAll(std::int64_t count, std::uint64_t seed, const StreetOptions& options, const LoadControl& control)
{
    PictureArray pictures{.count = count, .channels = 3, .height = options.height, .width = options.width};
    const auto bytes = static_cast<std::size_t>(pictures.pictureBytes());
    pictures.pixels.resize(static_cast<std::size_t>(count) * bytes);
    Targets targets{.classNames = streetClasses(), .boxes = std::vector<std::vector<Box>>(static_cast<std::size_t>(count))};
    inParallel(static_cast<std::size_t>(count), control.stop, control.progress, [&](std::size_t i) {
        Random random{derivedSeed(seed + i * 0x9e3779b97f4a7c15u, "street")}; // of the picture's own: threads do not matter
        targets.boxes[i] = drawStreet(options, random, pictures.pixels.data() + i * bytes);
    });
    return {.inputs = std::move(pictures), .targets = std::move(targets)};
}

}

DatasetKind drawnStreetKind()
{
    const Schema schema{
        {.name = "samples",
         .label = "Pictures",
         .help = "How many are drawn to learn from; a quarter as many more are kept as test.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{600},
         .minimum = 20,
         .maximum = 100000,
         .logarithmic = true,
         .common = true},
        {.name = "width",
         .label = "Width",
         .help = "Of a picture; it is two thirds as high.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{192},
         .minimum = 64,
         .maximum = 1280,
         .common = true,
         .unit = "px"},
        {.name = "density",
         .label = "Traffic",
         .help = "How much stands on the street: 0 nothing, 1 a town, 3 a jam.",
         .type = ParameterType::real,
         .defaultValue = 1.0,
         .minimum = 0,
         .maximum = 4,
         .common = true},
        {.name = "variety",
         .label = "Variety",
         .help = "How much light, fog and noise differ: 0 is always a clear noon.",
         .type = ParameterType::real,
         .defaultValue = 1.0,
         .minimum = 0,
         .maximum = 2},
        {.name = "seed",
         .label = "Data seed",
         .help = "Another number draws other pictures.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{1},
         .minimum = 0,
         .maximum = 1e15},
    };
    return {.id = "drawn-street",
            .label = "Drawn street",
            .help = "Streets seen from a car, drawn in perspective, with a box around each car, truck, person, sign and light.",
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) -> Result<Dataset> {
                const std::int64_t count = integerOf(schema, parameters, "samples");
                const auto seed = static_cast<std::uint64_t>(integerOf(schema, parameters, "seed"));
                StreetOptions options{.width = integerOf(schema, parameters, "width"),
                                      .density = realOf(schema, parameters, "density"),
                                      .variety = realOf(schema, parameters, "variety")};
                options.height = options.width * 2 / 3;
                const std::int64_t bytes = 3 * options.width * options.height;
                if (count + count / 4 > maximumPixelBytes / bytes)
                    return {std::nullopt,
                            {{"dataset.samples", text("these pictures take more than %1 GB in memory", maximumPixelBytes >> 30),
                              text("draw at most %1, or smaller ones", maximumPixelBytes / bytes * 4 / 5)}}};
                Dataset dataset{.name = "Drawn street"};
                dataset.train = drawAll(count, derivedSeed(seed, "train"), options, control);
                dataset.test = drawAll(std::max<std::int64_t>(count / 4, 10), derivedSeed(seed, "test"), options, control);
                if (std::all_of(dataset.train.targets.boxes.begin(), dataset.train.targets.boxes.end(),
                                [](const std::vector<Box>& boxes) { return boxes.empty(); }))
                    return {std::nullopt, {{"dataset.density", text("the streets are empty"), text("choose more traffic")}}};
                return {std::move(dataset), {}};
            }};
}

}
