// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/resume.h"

#include "engine/core/data/data_mark.h"
#include "engine/core/recipe/catalog.h"
#include "engine/core/recipe/schedule.h"

#include <algorithm>

namespace descent {

namespace {

constexpr const char* where = "run"; // of problems

Result<PreparedTraining> refused(Text message, Text hint)
{
    return {std::nullopt, {{where, std::move(message), std::move(hint)}}};
}

}

Result<PreparedTraining> prepareResume(const std::filesystem::path& storeFolder, RunId run, std::optional<std::int64_t> epochs,
                                       const Backend& backend, const LoadControl& control)
{
    RunStore store{storeFolder}; // marks a run whose process is gone
    const std::optional<RunDetails> details = store.run(run);
    if (!details)
        return refused(text("there is no run %1", run), text("see: descent runs"));
    if (details->summary.status == RunStatus::running)
        return refused(text("run %1 is under way", run), text("stop it first, or wait for its end"));
    Result<ResumePoint> point = newestCheckpoint(store.runFolder(run));
    if (!point)
        return {std::nullopt, std::move(point.problems)};
    Result<Recipe> recipe = recipeFromJson(details->recipeJson);
    if (!recipe)
        return {std::nullopt, std::move(recipe.problems)};
    if (epochs)
        recipe->training.insert_or_assign("epochs", *epochs);
    const std::int64_t wanted = integerOf(trainingSchema(), recipe->training, "epochs");
    TrainingState& state = point->state;
    // One that was killed between its last checkpoint and its end still has to be judged on the test part.
    if (state.judgedEpoch >= wanted && (details->summary.status == RunStatus::completed || state.judgedEpoch > wanted))
        return refused(text("run %1 has done its %2 epochs", run, state.judgedEpoch),
                       text("say how many it is to do in all, as in --epochs %1", state.judgedEpoch + std::max<std::int64_t>(1, wanted)));
    const std::int64_t patience = integerOf(trainingSchema(), recipe->training, "earlyStopping");
    if (patience > 0 && state.epochsWithoutBest >= patience)
        state.epochsWithoutBest = 0; // it had lost patience; a person has not

    Result<PreparedTraining> training = prepareTraining(*recipe, backend, control);
    Problems warnings = std::move(point.problems);
    warnings.insert(warnings.end(), training.problems.begin(), training.problems.end());
    training.problems = std::move(warnings);
    if (!training)
        return training;
    if (dataMark(*training->data) != state.data)
        return refused(text("the data of run %1 is not what it was when it began", run),
                       text("put it back as it was, or branch off: descent branch %1", run));
    training->resume = Resume{.run = run, .point = std::move(*point.value)};
    if (epochs && followsLength(scheduleOf(recipe->training, 1).kind))
        training.problems.push_back({"training.schedule", text("the schedule is that of %1 epochs from here on: the learning rate may jump", wanted), {}});
    return training;
}

}
