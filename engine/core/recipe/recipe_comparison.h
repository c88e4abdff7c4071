// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/recipe/recipe.h"

#include <string>
#include <vector>

namespace descent {

/// One setting of several recipes side by side; empty where it does not apply to one.
struct RecipeComparisonRow {
    std::string path;                 ///< "training.learningRate"
    std::vector<std::string> values;  ///< one a recipe
    bool differs = false;
};

/// Every setting that applies to any of them, in the order of the first recipe that has it.
std::vector<RecipeComparisonRow> compareRecipes(const std::vector<Recipe>& recipes);

}
