// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/training_job.h"

#include "engine/core/job/find_start.h"
#include "engine/core/recipe/catalog.h"

#include <algorithm>

namespace descent {

namespace {

/// Adds what `result` says to `problems`; false when it has no value, and so the way ends here.
template <typename T>
bool proceed(Result<T>& result, Problems& problems)
{
    problems.insert(problems.end(), result.problems.begin(), result.problems.end());
    return result.value.has_value();
}

}

Result<PreparedTraining> prepareTraining(const Recipe& recipe, const Backend& backend, const LoadControl& control,
                                         std::shared_ptr<const Dataset> dataset, const std::filesystem::path& storeFolder)
{
    if (Problems problems = validate(recipe); !problems.empty())
        return {std::nullopt, std::move(problems)};

    Problems problems;
    Result<DeviceInfo> device = backend.resolveDevice(recipe.device); // before the data: it costs nothing to say no
    if (!proceed(device, problems))
        return {std::nullopt, std::move(problems)};
    if (Problems unfit = validateWithDevice(recipe, device->id); !unfit.empty()) {
        problems.insert(problems.end(), unfit.begin(), unfit.end());
        return {std::nullopt, std::move(problems)};
    }
    const StartOptions options = startOptions(recipe.start);
    std::optional<Start> start;
    if (!storeFolder.empty() && options.from != StartOptions::From::nothing) { // before the data as well
        Result<Start> found = findStart(options, storeFolder);
        if (!proceed(found, problems))
            return {std::nullopt, std::move(problems)};
        start = std::move(*found.value);
        const std::int64_t epochs = integerOf(trainingSchema(), recipe.training, "epochs");
        if (start->point && start->point->state.judgedEpoch >= epochs)
            return {std::nullopt, {{"training.epochs", text("run %1 has done %2 epochs already", options.run, start->point->state.judgedEpoch),
                                    text("a branch goes on to its last epoch: choose more than that")}}};
    }
    if (!dataset) {
        Result<Dataset> loaded = findDatasetKind(recipe.dataset.kind)->load(recipe.dataset.parameters, control);
        if (!proceed(loaded, problems))
            return {std::nullopt, std::move(problems)};
        dataset = std::make_shared<const Dataset>(std::move(*loaded.value));
    }
    Result<TaskKind> task = resolveTask(recipe, *dataset);
    if (!proceed(task, problems))
        return {std::nullopt, std::move(problems)};
    Result<PreparedData> data = task->prepare(std::move(dataset), preparationOf(recipe), control);
    if (!proceed(data, problems))
        return {std::nullopt, std::move(problems)};
    Result<NetworkSpec> network = buildNetwork(recipe, data->brief);
    if (!proceed(network, problems))
        return {std::nullopt, std::move(problems)};
    if (Problems unfit = validateWithData(recipe, *task, *data); !unfit.empty()) {
        problems.insert(problems.end(), unfit.begin(), unfit.end());
        return {std::nullopt, std::move(problems)};
    }
    if (start) {
        if (Problems unfit = checkStart(*start, options, *network, *data, backend); !unfit.empty()) {
            problems.insert(problems.end(), unfit.begin(), unfit.end());
            return {std::nullopt, std::move(problems)};
        }
    }
    return {PreparedTraining{recipe, std::move(*task.value), std::make_shared<const PreparedData>(std::move(*data.value)),
                             std::move(*network.value), std::move(*device.value), std::move(start), {}},
            std::move(problems)};
}

}
