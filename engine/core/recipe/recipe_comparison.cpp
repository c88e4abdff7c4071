// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/recipe_comparison.h"

#include <algorithm>
#include <unordered_map>

namespace descent {

std::vector<RecipeComparisonRow> compareRecipes(const std::vector<Recipe>& recipes)
{
    std::vector<RecipeComparisonRow> rows;
    std::unordered_map<std::string, std::size_t> rowOf;
    for (std::size_t i = 0; i < recipes.size(); ++i)
        for (const RecipeEntry& entry : flattened(recipes[i])) {
            const auto [found, isNew] = rowOf.try_emplace(entry.path, rows.size());
            if (isNew)
                rows.push_back({entry.path, std::vector<std::string>(recipes.size())});
            rows[found->second].values[i] = entry.value;
        }
    for (RecipeComparisonRow& row : rows)
        row.differs = std::any_of(row.values.begin(), row.values.end(), [&](const std::string& value) { return value != row.values.front(); });
    return rows;
}

}
