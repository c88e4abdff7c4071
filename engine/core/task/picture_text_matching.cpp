// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/pictures_and_more.h"
#include "engine/core/task/task.h"

#include <map>

namespace descent {

namespace {

const Schema& schema()
{
    static const Schema settings{
        {.name = "prompt",
         .label = "Class in words",
         .help = "How a class is put into words, {} being its name: a picture is of the class whose words are nearest.",
         .type = ParameterType::text,
         .defaultValue = std::string{"a picture of a {}"},
         .common = true},
        {.name = "temperature",
         .label = "Temperature",
         .help = "What cosines are divided by before the softmax; small values look at the hardest others alone.",
         .type = ParameterType::real,
         .defaultValue = 0.07,
         .minimum = 0.005,
         .maximum = 1,
         .logarithmic = true},
    };
    return settings;
}

const std::vector<std::string>& captionsOf(const Samples& samples)
{
    return std::get<PicturesAndMore>(samples.inputs).captions->texts;
}

/// [count, 2]: the caption's number and the class, -1 without one. Equal captions have equal numbers: a picture is matched as
/// well by another's caption of the same words.
SampleArray targetsOf(const Samples& samples, std::map<std::string, std::int64_t>& numberOf)
{
    const std::vector<std::string>& captions = captionsOf(samples);
    std::vector<std::int64_t> values;
    values.reserve(2 * captions.size());
    for (std::size_t i = 0; i < captions.size(); ++i) {
        values.push_back(numberOf.try_emplace(captions[i], static_cast<std::int64_t>(numberOf.size())).first->second);
        values.push_back(samples.targets.areClasses() ? samples.targets.classes[i] : -1);
    }
    return sampleArray(std::move(values), {2});
}

Result<PreparedData> prepare(std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings, const LoadControl&)
{
    Result<Split> split = splitDataset(*dataset, settings.split, settings.seed);
    if (!split)
        return {std::nullopt, std::move(split.problems)};
    PreparedData data;
    data.dataset = std::move(dataset);
    data.split = std::move(*split.value);
    if (Problems problems = keepPicturesTogether(data.split, std::get<PicturesAndMore>(data.dataset->train.inputs).pictures);
        !problems.empty())
        return {std::nullopt, std::move(problems)};
    data.brief.output = NetworkBrief::Output::matches;
    auto captions = std::make_shared<CaptionPreparation>();
    prepareInputs(data, settings, false, *captions);

    std::map<std::string, std::int64_t> numberOf;
    data.train.targets = targetsOf(data.dataset->train, numberOf);
    if (data.split.ownTest)
        data.test.targets = targetsOf(*data.dataset->test, numberOf);

    const Targets& targets = data.dataset->train.targets;
    if (targets.areClasses()) {
        std::vector<std::string> words;
        for (const std::string& name : targets.classNames)
            words.push_back(classInWords(textOf(schema(), settings.task, "prompt"), name));
        const SampleArray ids = captionIds(*captions, words);
        const auto& values = *std::get<SampleArray::Ids>(ids.values);
        for (auto at = values.begin(); at != values.end(); at += captions->longest)
            captions->prompts.emplace_back(at, at + captions->longest);
        captions->seen.resize(targets.classNames.size());
        for (const std::int64_t row : data.split.train)
            captions->seen[static_cast<std::size_t>(targets.classes[static_cast<std::size_t>(row)])] = true;
    }
    data.task = std::move(captions);
    return {std::move(data), {}};
}

}

TaskKind pictureTextMatchingTask()
{
    return {.id = "picture-text-matching",
            .label = "Picture and text matching",
            .help = "Which caption belongs to which picture; and so which class a picture shows, also one never seen, by its words alone.",
            .primaryMetric = "recall-1",
            .fits =
                [](const Dataset& dataset) {
                    const auto* inputs = std::get_if<PicturesAndMore>(&dataset.train.inputs);
                    return inputs && inputs->captions;
                },
            .schema = schema(),
            .brief =
                [](const Dataset& dataset, const PreparationSettings& settings) {
                    return Result<NetworkBrief>{NetworkBrief{.inputs = inputsOf(dataset, settings, false),
                                                             .output = NetworkBrief::Output::matches},
                                                {}};
                },
            .prepare = prepare};
}

}
