// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/recipe/recipe.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// One setting that a recipe of a grid differs by: {"training.learningRate", "0.01"}.
struct GridSetting {
    std::string path, value;
    bool operator==(const GridSetting&) const = default;
};

/// "learningRate 0.01, seed 2": for a name. Of a setting only its own name is kept, without its section.
std::string summaryOf(const std::vector<GridSetting>& settings);

/// The values one setting is to take, as setByPath reads them.
struct GridAxis {
    std::string path;
    std::vector<std::string> values;
    bool operator==(const GridAxis&) const = default;
};

/// Every combination of the axes' values, each with `seeds` seeds: the recipe's own and those that follow it.
struct Grid {
    std::vector<GridAxis> axes;
    std::int64_t seeds = 1;
    bool operator==(const Grid&) const = default;
};

inline constexpr std::size_t largestGrid = 1000; ///< recipes; a longer list is a slip of the hand

/// The schema of a setting of `recipe`, also one that does not apply at present; null where there is none. Kinds, the seed and
/// what is decided of columns have no schema.
const ParameterSchema* parameterAt(const Recipe& recipe, std::string_view path);

/// What a person typed for a setting of `recipe`, as values that setByPath takes:
///   0.1, 0.01         a list; a text may hold commas, so its values are parted by ';'
///   0.0001..0.1/4     4 values from the first to the last; evenly by factors where the setting is logarithmic, else by steps
///   log 1..100/3      by factors; linear 0..1/5: by steps
///   1..5              every whole number
///   all               every choice
/// What is named twice is taken once. Problems name `path`: no such setting, a value that it cannot take.
Result<GridAxis> gridAxis(const Recipe& recipe, std::string_view path, std::string_view typed);

/// A recipe of a grid, and what it differs by.
struct GridRecipe {
    Recipe recipe; ///< named after its grid's recipe and its settings
    std::vector<GridSetting> settings;
};

/// Every recipe of `grid`, the last axis changing fastest and seeds faster still. Where a setting does not apply (momentum
/// without SGD), recipes that come out equal are made once.
/// Problems, a few of them at once: a setting named twice or that never applies, combinations that are no valid recipe (each
/// named), more than largestGrid.
Result<std::vector<GridRecipe>> gridRecipes(const Recipe& recipe, const Grid& grid);

}
