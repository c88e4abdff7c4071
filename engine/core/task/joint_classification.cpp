// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/pictures_and_more.h"
#include "engine/core/task/task.h"

namespace descent {

namespace {

std::int64_t classesOf(const Dataset& dataset)
{
    return static_cast<std::int64_t>(dataset.train.targets.classNames.size());
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
    data.brief.outputs = classesOf(*data.dataset);
    auto captions = std::make_shared<CaptionPreparation>();
    prepareInputs(data, settings, true, *captions);
    data.train.targets = sampleArray(data.dataset->train.targets.classes, {});
    if (data.split.ownTest)
        data.test.targets = sampleArray(data.dataset->test->targets.classes, {});
    data.task = std::move(captions);
    return {std::move(data), {}};
}

}

TaskKind jointClassificationTask()
{
    return {.id = "joint-classification",
            .label = "Classification by picture and more",
            .help = "Which class a picture belongs to, together with the numbers or the words beside it.",
            .primaryMetric = "accuracy",
            .fits =
                [](const Dataset& dataset) {
                    const auto* inputs = std::get_if<PicturesAndMore>(&dataset.train.inputs);
                    return inputs && (inputs->table || inputs->captions) && dataset.train.targets.areClasses();
                },
            .smoothsLabels = true,
            .brief =
                [](const Dataset& dataset, const PreparationSettings& settings) {
                    return Result<NetworkBrief>{
                        NetworkBrief{.inputs = inputsOf(dataset, settings, true), .outputs = classesOf(dataset)}, {}};
                },
            .prepare = prepare};
}

}
