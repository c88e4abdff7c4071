// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/run_difference.h"

#include "engine/core/history/run_fields.h"
#include "engine/core/task/task.h"

#include <algorithm>
#include <utility>

namespace descent {

RunDifference differenceOf(const RunDetails& before, const RunDetails& after)
{
    RunDifference difference{.before = before.summary.id, .after = after.summary.id, .settings = {}, .figures = {}};
    const Result<Recipe> first = recipeFromJson(before.recipeJson), second = recipeFromJson(after.recipeJson);
    if (first && second)
        for (RecipeComparisonRow& row : compareRecipes({*first, *second}))
            if (row.differs && row.path != "name")
                difference.settings.push_back(std::move(row));
    for (const auto& [part, of] : {std::pair{"test.", &RunSummary::test}, {"best.", &RunSummary::best}})
        for (const auto& [name, value] : after.summary.*of) {
            const auto earlier = (before.summary.*of).find(name);
            if (earlier == (before.summary.*of).end())
                continue;
            FigureChange change{.field = part + name, .before = earlier->second, .after = value, .better = {}};
            const std::string metric = name.substr(0, name.find('/'));
            if (findMetricKind(metric) && value != earlier->second)
                change.better = (value > earlier->second) == isBetterHigher(metric);
            difference.figures.push_back(std::move(change));
        }
    return difference;
}

}
