// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/bytes.h"
#include "engine/core/data/dataset.h"
#include "engine/core/data/drawn_scene.h"

#include <algorithm>

namespace descent {

namespace {

constexpr std::int64_t maximumPixelBytes = std::int64_t{2} << 30;
constexpr std::size_t shapes = sceneShapes.size(), colours = sceneColours.size();

/// Combinations of a colour and a shape that are never shown to learn from, each colour and shape among the others: whether
/// a network knows them by their words alone is asked of the test part. One a colour, in order of the diagonal.
bool isKeptUnseen(std::size_t colour, std::size_t shape, std::int64_t unseen)
{
    return static_cast<std::int64_t>(colour) < unseen && shape == (colour * 2 + 1) % shapes;
}

struct Wanted {
    bool questions = false;
    std::int64_t side = 40, unseen = 0;
    double variety = 1;
    bool test = false;
};

Samples drawAll(std::int64_t count, std::uint64_t seed, const Wanted& wanted, const LoadControl& control)
{
    PicturesAndMore all{.pictures = {.count = count, .channels = 3, .height = wanted.side, .width = wanted.side}};
    PictureArray& pictures = all.pictures;
    pictures.pixels.resize(static_cast<std::size_t>(count * pictures.pictureBytes()));
    std::vector<std::string> captions(static_cast<std::size_t>(count));
    Targets targets{.name = wanted.questions ? "answer" : "big thing"};
    if (wanted.questions) {
        targets.classNames.assign(sceneColours.begin(), sceneColours.end());
        targets.classNames.insert(targets.classNames.end(), sceneShapes.begin(), sceneShapes.end());
    } else {
        for (const char* colour : sceneColours)
            for (const char* shape : sceneShapes)
                targets.classNames.push_back(fmt::format("{} {}", colour, shape));
    }
    targets.classes.resize(static_cast<std::size_t>(count));
    inParallel(static_cast<std::size_t>(count), control.stop, control.progress, [&](std::size_t i) {
        Random random{derivedSeed(seed + i * 0x9e3779b97f4a7c15u, "scene")}; // of the picture's own: threads may come in any order
        DrawnScene scene;
        if (wanted.questions) {
            scene = threeThings(random);
            const SceneQuestion question = askAbout(scene, random);
            captions[i] = question.text;
            targets.classes[i] = std::find(targets.classNames.begin(), targets.classNames.end(), question.answer) - targets.classNames.begin();
        } else {
            std::size_t colour = 0, shape = 0;
            do {
                colour = random.below(colours);
                shape = random.below(shapes);
            } while (!wanted.test && isKeptUnseen(colour, shape, wanted.unseen));
            scene = bigAndSmall(shape, colour, random);
            captions[i] = describe(scene, random);
            targets.classes[i] = static_cast<std::int64_t>(colour * shapes + shape);
        }
        const Picture picture = drawScene(scene, wanted.side, wanted.variety, random);
        std::copy(picture.pixels.begin(), picture.pixels.end(),
                  pictures.pixels.begin() + static_cast<std::ptrdiff_t>(i) * pictures.pictureBytes());
    });
    all.captions = Texts{std::move(captions)};
    return {.inputs = std::move(all), .targets = std::move(targets)};
}

Result<Dataset> load(const Schema& schema, const Parameters& parameters, const LoadControl& control)
{
    const std::int64_t count = integerOf(schema, parameters, "samples");
    const auto seed = static_cast<std::uint64_t>(integerOf(schema, parameters, "seed"));
    Wanted wanted{.questions = textOf(schema, parameters, "captions") == "questions",
                  .side = integerOf(schema, parameters, "size"),
                  .unseen = integerOf(schema, parameters, "unseen"),
                  .variety = realOf(schema, parameters, "variety")};
    const std::int64_t bytes = count * 3 * wanted.side * wanted.side;
    if (bytes > maximumPixelBytes)
        return {std::nullopt,
                {{"dataset.samples", text("these pictures take %1 GB in memory", bytes >> 30),
                  text("choose fewer pictures or a smaller size")}}};
    Dataset dataset{.name = "Drawn captions"};
    dataset.train = drawAll(count, derivedSeed(seed, "train"), wanted, control);
    wanted.test = true;
    dataset.test = drawAll(std::max<std::int64_t>(count / 6, 20), derivedSeed(seed, "test"), wanted, control);
    return {std::move(dataset), {}};
}

}

DatasetKind drawnCaptionsKind()
{
    const Schema schema{
        {.name = "captions",
         .label = "Captions",
         .help = "What stands beside each picture.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"descriptions"},
         .common = true,
         .choices = {{"descriptions", "Descriptions", "What the picture shows; the class is its big thing."},
                     {"questions", "Questions", "What colour or shape a thing has; the class is the answer."}}},
        {.name = "samples",
         .label = "Pictures",
         .help = "How many are drawn to learn from; a sixth as many more are kept as test.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{6000},
         .minimum = 100,
         .maximum = 200000,
         .logarithmic = true,
         .common = true},
        {.name = "size",
         .label = "Size",
         .help = "Side of a picture.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{32},
         .minimum = 24,
         .maximum = 160,
         .unit = "px"},
        {.name = "variety",
         .label = "Variety",
         .help = "How much light, ground and tints differ.",
         .type = ParameterType::real,
         .defaultValue = 1.0,
         .minimum = 0,
         .maximum = 2,
         .common = true},
        {.name = "unseen",
         .label = "Unseen classes",
         .help = "Combinations of colour and shape that only the test pictures show.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{3},
         .minimum = 0,
         .maximum = static_cast<double>(colours),
         .common = true,
         .appliesWhen = {"captions", {std::string{"descriptions"}}}},
        {.name = "seed",
         .label = "Data seed",
         .help = "Another number draws other pictures.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{1},
         .minimum = 0,
         .maximum = 1e15},
    };
    return {.id = "drawn-captions",
            .label = "Drawn captions",
            .help = "Pictures of simple things, each with a sentence about it.",
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) { return load(schema, parameters, control); }};
}

}
