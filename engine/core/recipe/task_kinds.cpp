// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/catalog.h"

#include <algorithm>

namespace descent {

const std::vector<TaskKind>& taskKinds()
{
    static const std::vector<TaskKind> kinds{
        {"image-classification", "Image classification", "Which class a picture shows.", "accuracy", true},
        {"tabular-classification", "Tabular classification", "Which class a row of a table belongs to.", "accuracy", true},
        {"regression", "Regression", "A number for each sample.", "mae", false},
    };
    return kinds;
}

const TaskKind* findTaskKind(std::string_view id)
{
    const auto& kinds = taskKinds();
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const TaskKind& kind) { return kind.id == id; });
    return found == kinds.end() ? nullptr : &*found;
}

Result<TaskKind> resolveTask(const Recipe& recipe, const Dataset& dataset)
{
    const char* fitting = !dataset.train.targets.areClasses() ? "regression"
        : dataset.hasPictures()                               ? "image-classification"
                                                              : "tabular-classification";
    if (recipe.task != "auto" && recipe.task != fitting)
        return {std::nullopt,
                {{"task", text("\"%1\" does not fit this data", recipe.task), text("\"%1\" does, or choose \"auto\"", fitting)}}};
    return {*findTaskKind(fitting), {}};
}

}
