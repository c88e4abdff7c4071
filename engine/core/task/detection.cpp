// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/cleaned_split.h"
#include "engine/core/task/detection.h"

#include <algorithm>
#include <utility>

namespace descent {

namespace {

const Schema& schema()
{
    static const Schema parameters{
        {.name = "zoom",
         .label = "Zoom at random",
         .help = "Training pictures are seen larger or smaller by up to this share; 0 is off.",
         .type = ParameterType::real,
         .defaultValue = 0.25,
         .minimum = 0,
         .maximum = 1,
         .common = true},
        {.name = "turnOver",
         .label = "Upside down",
         .help = "Half of the training pictures are seen upside down: for cells, parts and maps, not for streets.",
         .type = ParameterType::boolean,
         .defaultValue = false,
         .common = true},
        {.name = "light",
         .label = "Light at random",
         .help = "Brightness and contrast of training pictures change by up to this share; 0 is off.",
         .type = ParameterType::real,
         .defaultValue = 0.1,
         .minimum = 0,
         .maximum = 1},
    };
    return parameters;
}

const PictureArray& picturesOf(const Dataset& dataset)
{
    return std::get<PictureArray>(dataset.train.inputs);
}

Result<NetworkBrief> brief(const Dataset& dataset, const PreparationSettings& settings)
{
    const PictureArray& pictures = picturesOf(dataset);
    if (validate(preprocessingSchema(), settings.preprocessing, "").empty()
        && integerOf(preprocessingSchema(), settings.preprocessing, "resize") > 0)
        return {std::nullopt,
                {{"preprocessing.resize", text("pictures with boxes keep their shape, a square would bend them"),
                  text("leave it at 0, and choose the size at which they are read (dataset.size, dataset.width)")}}};
    return {NetworkBrief{.inputs = {numericInput({pictures.channels, pictures.height, pictures.width})},
                         .output = NetworkBrief::Output::boxes,
                         .outputs = static_cast<std::int64_t>(dataset.train.targets.classNames.size())},
            {}};
}

/// [count, most, boxColumns]
SampleArray boxArray(const Targets& targets)
{
    std::size_t most = 1;
    for (const auto& boxes : targets.boxes)
        most = std::max(most, boxes.size());
    const Box unused{.classIndex = -1};
    std::vector<float> values;
    values.reserve(targets.boxes.size() * most * static_cast<std::size_t>(boxColumns));
    for (const auto& boxes : targets.boxes)
        for (std::size_t i = 0; i < most; ++i) {
            const Box& box = i < boxes.size() ? boxes[i] : unused;
            values.insert(values.end(), {box.left, box.top, box.right, box.bottom, static_cast<float>(box.classIndex),
                                         box.ignored ? 1.0F : 0.0F});
        }
    return sampleArray(std::move(values), {static_cast<std::int64_t>(most), boxColumns});
}

PreparedPart partOf(const Samples& samples)
{
    const auto& pictures = std::get<PictureArray>(samples.inputs);
    return {.inputs = {{.values = &pictures, .shape = {pictures.channels, pictures.height, pictures.width}}},
            .targets = boxArray(samples.targets)};
}

Result<PreparedData> prepare(std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings, const LoadControl& control)
{
    Result<NetworkBrief> wanted = brief(*dataset, settings);
    if (!wanted)
        return {std::nullopt, std::move(wanted.problems)};
    Result<CleanedSplit> cleaned = cleanAndSplit(*dataset, settings, control);
    if (!cleaned)
        return {std::nullopt, std::move(cleaned.problems)};
    PreparedData data{.dataset = std::move(dataset), .split = std::move(cleaned->split), .brief = std::move(*wanted.value)};
    data.pictures = preparePictures(picturesOf(*data.dataset), data.split.train, settings.preprocessing);
    auto task = std::make_shared<DetectionPreparation>();
    task->flip = std::exchange(data.pictures.flip, false); // the program moves pictures and boxes together
    task->shift = std::exchange(data.pictures.cropPadding, 0);
    task->turnOver = booleanOf(schema(), settings.task, "turnOver");
    task->zoom = realOf(schema(), settings.task, "zoom");
    task->light = realOf(schema(), settings.task, "light");
    data.task = std::move(task);
    data.train = partOf(data.dataset->train);
    if (data.split.ownTest)
        data.test = partOf(*data.dataset->test);
    return {std::move(data), std::move(cleaned.problems)};
}

}

TaskKind detectionTask()
{
    return {.id = "detection",
            .label = "Object detection",
            .help = "What stands on a picture, and where: a box and a class for each object.",
            .primaryMetric = "map50",
            .fits = [](const Dataset& dataset) { return dataset.hasPictures() && dataset.train.targets.areBoxes(); },
            .cleans = true,
            .schema = schema(),
            .brief = brief,
            .prepare = prepare};
}

}
