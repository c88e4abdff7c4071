// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/bytes.h"
#include "engine/core/data/dataset.h"
#include "engine/core/data/drawn_face.h"

#include <algorithm>

namespace descent {

namespace {

constexpr std::int64_t maximumPixelBytes = std::int64_t{2} << 30;

Result<Dataset> drawPeople(const Schema& schema, const Parameters& parameters, const LoadControl& control)
{
    const std::int64_t people = integerOf(schema, parameters, "people"), each = integerOf(schema, parameters, "picturesEach"),
                       side = integerOf(schema, parameters, "size");
    const double difficulty = realOf(schema, parameters, "difficulty");
    const auto seed = static_cast<std::uint64_t>(integerOf(schema, parameters, "seed"));
    PictureArray pictures{.count = people * each, .channels = 3, .height = side, .width = side};
    if (pictures.count * pictures.pictureBytes() > maximumPixelBytes)
        return {std::nullopt,
                {{"dataset.people", text("these pictures take %1 GB in memory", (pictures.count * pictures.pictureBytes()) >> 30),
                  text("choose fewer people, fewer pictures or a smaller size")}}};
    pictures.pixels.resize(static_cast<std::size_t>(pictures.count * pictures.pictureBytes()));

    std::vector<DrawnPerson> who;
    Targets targets{.name = "person"};
    for (std::int64_t i = 0; i < people; ++i) {
        Random random{derivedSeed(seed + static_cast<std::uint64_t>(i) * 0x9e3779b97f4a7c15u, "person")};
        who.push_back(randomPerson(random));
        targets.classNames.push_back(fmt::format("Person {:03}", i + 1));
        targets.classes.insert(targets.classes.end(), static_cast<std::size_t>(each), i);
    }
    inParallel(static_cast<std::size_t>(pictures.count), control.stop, control.progress, [&](std::size_t i) {
        // A stream of the picture's own: the order of threads is no matter.
        Random random{derivedSeed(seed + i * 0x9e3779b97f4a7c15u, "view")};
        const FaceView view = randomView(random, difficulty);
        const Picture picture = drawFace(who[i / static_cast<std::size_t>(each)], view, side, random);
        std::copy(picture.pixels.begin(), picture.pixels.end(),
                  pictures.pixels.begin() + static_cast<std::ptrdiff_t>(i) * pictures.pictureBytes());
    });
    Dataset dataset{.name = "Drawn faces"};
    dataset.train = {.inputs = std::move(pictures), .targets = std::move(targets)};
    return {std::move(dataset), {}};
}

}

DatasetKind drawnFacesKind()
{
    const Schema schema{
        {.name = "people",
         .label = "People",
         .help = "How many different faces there are.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{200},
         .minimum = 4,
         .maximum = 20000,
         .logarithmic = true,
         .common = true},
        {.name = "picturesEach",
         .label = "Pictures of each",
         .help = "Taken of every person: turned, lit and looking differently each time.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{20},
         .minimum = 2,
         .maximum = 500,
         .logarithmic = true,
         .common = true},
        {.name = "size",
         .label = "Size",
         .help = "Side of a picture.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{48},
         .minimum = 24,
         .maximum = 160,
         .common = true,
         .unit = "px"},
        {.name = "difficulty",
         .label = "Difficulty",
         .help = "How much pictures of one person differ: 0 passport pictures, 1 snapshots, 2 pictures taken by chance.",
         .type = ParameterType::real,
         .defaultValue = 1.0,
         .minimum = 0,
         .maximum = 2,
         .common = true},
        {.name = "seed",
         .label = "Data seed",
         .help = "Another number draws other people.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{1},
         .minimum = 0,
         .maximum = 1e15},
    };
    return {.id = "drawn-faces",
            .label = "Drawn faces",
            .help = "People who do not exist, each drawn many times: turned, lit, smiling, half hidden.",
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) {
                return drawPeople(schema, parameters, control);
            }};
}

}
