// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/training_cases.h"

#include "engine/core/base/random.h"

#include <algorithm>
#include <stdexcept>

using namespace descent;
using namespace std::string_literals;

namespace {

void giveClasses(Targets& targets, std::int64_t samples, std::int64_t classes, Random& random)
{
    for (std::int64_t i = 0; i < classes; ++i)
        targets.classNames.push_back("class " + std::to_string(i));
    for (std::int64_t i = 0; i < samples; ++i)
        targets.classes.push_back(static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(classes))));
}

Dataset points(std::int64_t samples)
{
    Random random{1};
    Table table{.count = samples, .columns = {{.name = "x"}, {.name = "y"}}};
    for (Column& column : table.columns)
        for (std::int64_t i = 0; i < samples; ++i)
            column.numbers.push_back(static_cast<float>(random.normal()));
    Dataset dataset{.name = "points", .train = {.inputs = std::move(table)}};
    giveClasses(dataset.train.targets, samples, 2, random);
    return dataset;
}

Dataset pictures(std::int64_t samples, std::int64_t channels, std::int64_t side)
{
    Random random{1};
    PictureArray array{.count = samples, .channels = channels, .height = side, .width = side};
    array.pixels.resize(static_cast<std::size_t>(samples * array.pictureBytes()));
    for (std::uint8_t& pixel : array.pixels)
        pixel = static_cast<std::uint8_t>(random.below(256));
    Dataset dataset{.name = "pictures", .train = {.inputs = std::move(array)}};
    giveClasses(dataset.train.targets, samples, 10, random);
    return dataset;
}

Dataset greyPictures(std::int64_t samples)
{
    return pictures(samples, 1, 28);
}

Dataset colourPictures(std::int64_t samples)
{
    return pictures(samples, 3, 32);
}

/// Of three letters, out of two thousand.
std::string word(Random& random)
{
    const auto number = static_cast<int>(random.below(2000));
    return {static_cast<char>('a' + number % 26), static_cast<char>('a' + number / 26 % 26), static_cast<char>('a' + number / 676)};
}

std::vector<std::string> sentences(std::int64_t samples, int words, Random& random)
{
    std::vector<std::string> texts;
    for (std::int64_t i = 0; i < samples; ++i) {
        std::string text;
        for (int k = 0; k < words; ++k)
            text.append(k > 0 ? " " : "").append(word(random));
        texts.push_back(std::move(text));
    }
    return texts;
}

Dataset reviews(std::int64_t samples)
{
    Random random{1};
    Dataset dataset{.name = "reviews", .train = {.inputs = Texts{sentences(samples, 48, random)}}};
    giveClasses(dataset.train.targets, samples, 2, random);
    return dataset;
}

Dataset translations(std::int64_t samples)
{
    Random random{1};
    Dataset dataset{.name = "translations", .train = {.inputs = Texts{sentences(samples, 20, random)}}};
    dataset.train.targets.texts = sentences(samples, 20, random);
    return dataset;
}

/// However many windows are drawn from it.
Dataset letters(std::int64_t)
{
    Random random{1};
    Corpus corpus;
    for (int i = 0; i < 200'000; ++i)
        corpus.text += static_cast<char>('0' + random.below(65));
    return {.name = "letters", .train = {.inputs = std::move(corpus)}};
}

Dataset streets(std::int64_t samples)
{
    Result<Dataset> drawn =
        findDatasetKind("drawn-street")->load({{"samples", std::max<std::int64_t>(20, samples)}, {"width", std::int64_t{160}}}, {});
    drawn.value->test.reset(); // nothing is judged on it
    return std::move(*drawn.value);
}

}

const std::vector<TrainingCase>& trainingCases()
{
    static const std::vector<TrainingCase> cases{
        {"tiny-mlp", {"mlp", {}}, {"auto", {}}, "sgd", points, {{32, 6000}, {256, 3000}}},
        {"mnist-cnn", {"small-cnn", {}}, {"auto", {}}, "sgd", greyPictures, {{32, 200}, {128, 60}}},
        {"resnet18-32", {"resnet18", {}}, {"auto", {}}, "sgd", colourPictures, {{16, 6}, {64, 2}}},
        {"mobilenet-v2-32", {"mobilenet-v2", {}}, {"auto", {}}, "sgd", colourPictures, {{16, 8}, {64, 3}}},
        {"lstm", {"lstm", {}}, {"text-classification", {}}, "adamw", reviews, {{16, 50}, {64, 20}}},
        {"gpt-4x128", {"gpt", {}}, {"language-modelling", {{"context", std::int64_t{64}}}}, "adamw", letters, {{12, 40}, {48, 12}}},
        {"translation-transformer",
         {"transformer", {}},
         {"translation", {{"tokenizer", "word"s}}},
         "adamw",
         translations,
         {{16, 12}, {64, 4}}},
        {"detector",
         {"detector", {{"width", 0.25}, {"stride", "4"s}, {"pyramid", std::int64_t{32}}}},
         {"detection", {{"zoom", 0.0}, {"light", 0.0}}},
         "adamw",
         streets,
         {{4, 30}, {16, 10}}},
    };
    return cases;
}

TrainingRequest trainingRequest(std::string_view name, std::int64_t batch, std::int64_t steps,
                                const std::vector<std::pair<std::string, std::string>>& settings, const std::filesystem::path& folder)
{
    const auto& cases = trainingCases();
    const auto found = std::find_if(cases.begin(), cases.end(), [&](const TrainingCase& one) { return one.name == name; });
    if (found == cases.end())
        throw std::invalid_argument{fmt::format("there is no case \"{}\"", name)};
    const bool sgd = std::string_view{found->optimizer} == "sgd";
    Recipe recipe{.name = found->name,
                  .task = found->task,
                  .split = {{"validation", 0.05}, {"test", 0.0}},
                  .architecture = found->architecture,
                  .training = {{"epochs", std::int64_t{1}},
                               {"batchSize", batch},
                               {"optimizer", found->optimizer},
                               {"learningRate", sgd ? 0.01 : 0.001},
                               {"weightDecay", sgd ? 0.0 : 0.01}}};
    if (recipe.task.kind == "language-modelling")
        recipe.task.parameters["windowsPerEpoch"] = batch * steps;
    for (const auto& [path, value] : settings)
        if (const Problems problems = setByPath(recipe, path, value); !problems.empty())
            throw std::invalid_argument{english(problems.front())};
    // A twentieth is kept back to be judged, and a class or two may give a sample more.
    auto dataset = std::make_shared<const Dataset>(found->make(batch * steps * 20 / 19 + 20));
    const auto valueOf = [&](auto result) {
        if (!result)
            throw std::invalid_argument{fmt::format("{}: {}", name, english(result.problems.front()))};
        return std::move(*result.value);
    };
    const TaskKind task = valueOf(resolveTask(recipe, *dataset));
    auto data = std::make_shared<const PreparedData>(valueOf(task.prepare(dataset, preparationOf(recipe), {})));
    NetworkSpec network = valueOf(buildNetwork(recipe, data->brief));
    return {.recipe = recipe, .task = task, .data = data, .network = std::move(network), .folder = folder, .run = 1};
}
