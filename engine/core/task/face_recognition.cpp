// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/face_recognition.h"

#include "engine/core/data/split_by_person.h"
#include "engine/core/task/task.h"

#include <algorithm>

namespace descent {

namespace {

const Schema& schema()
{
    static const Schema settings{
        {.name = "loss",
         .label = "Loss",
         .help = "How pictures of one person are brought together.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"arcface"},
         .common = true,
         .choices = {{"arcface", "ArcFace", "Each person a direction; an angle is added that must be made good. arXiv:1801.07698"},
                     {"triplet", "Triplets", "The hardest of each batch: the farthest of the same, the nearest other. arXiv:1703.07737"}}},
        {.name = "margin",
         .label = "Margin",
         .help = "The angle, in radians, or between triplets the distance by which others must be farther.",
         .type = ParameterType::real,
         .defaultValue = 0.2,
         .minimum = 0,
         .maximum = 1,
         .common = true},
        {.name = "scale",
         .label = "Scale",
         .help = "What cosines are multiplied by before the softmax; more for more people.",
         .type = ParameterType::real,
         .defaultValue = 16.0,
         .minimum = 1,
         .maximum = 128,
         .appliesWhen = {"loss", {std::string{"arcface"}}}},
        {.name = "picturesOfEach",
         .label = "Pictures of each",
         .help = "Of every person in a batch.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{4},
         .minimum = 2,
         .maximum = 64,
         .appliesWhen = {"loss", {std::string{"triplet"}}}},
    };
    return settings;
}

NetworkBrief briefFor(const PictureArray& pictures, std::int64_t learnt, const PreparationSettings& settings)
{
    NetworkBrief brief = numbersFrom(preparedShape(pictures, settings.preprocessing), 0);
    brief.output = NetworkBrief::Output::identities;
    // Triplets compare embeddings with each other: no directions are learnt.
    brief.outputs = textOf(schema(), settings.task, "loss") == "triplet" ? 0 : learnt;
    return brief;
}

Result<NetworkBrief> brief(const Dataset& dataset, const PreparationSettings& settings)
{
    std::vector<bool> occurs(dataset.train.targets.classNames.size());
    for (const std::int64_t label : dataset.train.targets.classes)
        occurs[static_cast<std::size_t>(label)] = true;
    const std::int64_t people = std::count(occurs.begin(), occurs.end(), true);
    return {briefFor(std::get<PictureArray>(dataset.train.inputs), classesLearnt(people, settings.split), settings), {}};
}

Result<PreparedData> prepare(std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings, const LoadControl&)
{
    Result<Split> split = splitByClass(*dataset, settings.split, settings.seed);
    if (!split)
        return {std::nullopt, std::move(split.problems)};
    PreparedData data;
    data.dataset = std::move(dataset);
    data.split = std::move(*split.value);
    const auto& pictures = std::get<PictureArray>(data.dataset->train.inputs);
    const Targets& targets = data.dataset->train.targets;

    auto faces = std::make_shared<FacePreparation>();
    std::vector<std::int64_t> personOf(targets.classNames.size(), -1);
    for (const auto* rows : {&data.split.train, &data.split.validation, &data.split.test}) {
        for (const std::int64_t row : *rows) {
            const std::int64_t label = targets.classes[static_cast<std::size_t>(row)];
            if (std::int64_t& person = personOf[static_cast<std::size_t>(label)]; person < 0) {
                person = static_cast<std::int64_t>(faces->classOfPerson.size());
                faces->classOfPerson.push_back(label);
            }
        }
        if (rows == &data.split.train)
            faces->learnt = static_cast<std::int64_t>(faces->classOfPerson.size());
    }
    std::vector<std::int64_t> people;
    for (const std::int64_t label : targets.classes)
        people.push_back(personOf[static_cast<std::size_t>(label)]);

    data.pictures = preparePictures(pictures, data.split.train, settings.preprocessing);
    data.train.inputs = {{.values = &pictures, .shape = {pictures.channels, pictures.height, pictures.width}}};
    data.train.targets = sampleArray(std::move(people), {});
    data.brief = briefFor(pictures, faces->learnt, settings);
    data.task = std::move(faces);
    return {std::move(data), {}};
}

}

TaskKind faceRecognitionTask()
{
    return {.id = "face-recognition",
            .label = "Face recognition",
            .help = "Whether two pictures show the same person, also of people never seen before: who is kept back is never learnt from.",
            .primaryMetric = "verification-accuracy",
            .fits = [](const Dataset& dataset) { return dataset.hasPictures() && dataset.train.targets.areClasses(); },
            .schema = schema(),
            .brief = brief,
            .prepare = prepare};
}

}
