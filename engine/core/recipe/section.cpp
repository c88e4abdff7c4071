// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/section.h"

#include "engine/core/recipe/catalog.h"
#include "engine/core/recipe/start.h"

namespace descent {

std::vector<RecipeSection> sectionsOf(Recipe& recipe)
{
    RecipeSection dataset{.name = "dataset", .kind = &recipe.dataset.kind, .parameters = &recipe.dataset.parameters};
    if (const DatasetKind* kind = findDatasetKind(recipe.dataset.kind))
        dataset.schema = &kind->schema;
    for (const DatasetKind& kind : datasetKinds())
        dataset.knownKinds.push_back(kind.id);

    RecipeSection architecture{
        .name = "architecture", .kind = &recipe.architecture.kind, .parameters = &recipe.architecture.parameters};
    if (const Architecture* kind = findArchitecture(recipe.architecture.kind))
        architecture.schema = &kind->schema;
    for (const Architecture& kind : architectures())
        architecture.knownKinds.push_back(kind.id);

    RecipeSection task{.name = "task", .kind = &recipe.task.kind, .parameters = &recipe.task.parameters, .knownKinds = {automaticTask}};
    if (const TaskKind* kind = findTaskKind(recipe.task.kind))
        task.schema = &kind->schema;
    else if (recipe.task.kind == automaticTask)
        task.schema = &allTaskSettings();
    for (const TaskKind& kind : taskKinds())
        task.knownKinds.push_back(kind.id);

    return {
        std::move(dataset),
        std::move(task),
        {.name = "split", .parameters = &recipe.split, .schema = &splitSchema()},
        {.name = "preprocessing", .parameters = &recipe.preprocessing, .schema = &preprocessingSchema()},
        std::move(architecture),
        {.name = "start", .parameters = &recipe.start, .schema = &startSchema()},
        {.name = "training", .parameters = &recipe.training, .schema = &trainingSchema()},
    };
}

}
