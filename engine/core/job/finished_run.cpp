// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/finished_run.h"

#include "engine/core/job/training_job.h"

namespace descent {

Result<std::unique_ptr<FinishedRun>> FinishedRun::open(const std::filesystem::path& storeFolder, RunId run, Backend& backend,
                                                       const LoadControl& control)
{
    RunStore store{storeFolder};
    const std::optional<RunDetails> details = store.run(run);
    if (!details)
        return {std::nullopt, {{"run", text("there is no run %1", run), {}}}};
    Result<Recipe> recipe = recipeFromJson(details->recipeJson);
    if (!recipe)
        return {std::nullopt, std::move(recipe.problems)};
    Result<PreparedTraining> prepared = prepareTraining(*recipe, backend, control);
    if (!prepared)
        return {std::nullopt, std::move(prepared.problems)};
    std::unique_ptr<FinishedRun> finished{new FinishedRun{
        {prepared->recipe, prepared->task, prepared->data, prepared->network, store.runFolder(run), run}}};
    Result<std::unique_ptr<Model>> model = backend.open(finished->m_request);
    if (!model)
        return {std::nullopt, std::move(model.problems)};
    finished->m_model = std::move(*model.value);
    return {std::move(finished), {}};
}

}
