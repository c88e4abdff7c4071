// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/recipe/recipe.h"

#include <vector>

namespace descent {

/// One part of a recipe with what describes it: lets reading, writing, validating and comparing walk a recipe without
/// naming its parts one by one.
struct RecipeSection {
    std::string name;            ///< "dataset", "task", "split", "preprocessing", "architecture", "start", "training"
    std::string* kind = nullptr; ///< of dataset, task and architecture; null elsewhere
    Parameters* parameters = nullptr;
    const Schema* schema = nullptr;      ///< null while the kind is unknown
    std::vector<std::string> knownKinds; ///< where there is a kind
};

/// The seven sections of `recipe`, pointing into it.
std::vector<RecipeSection> sectionsOf(Recipe& recipe);

}
