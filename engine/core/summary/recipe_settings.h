// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/figure_table.h"

namespace descent {

/// The settings of all recipes as columns, and which runs share one but for the seed. A part of figureTable().
struct RecipeSettings {
    std::vector<FigureColumn> columns; ///< in the order of the first recipe that has each; `differs` is left to the table
    std::vector<std::int64_t> seeds;   ///< one a run; 0 where it has none
    std::vector<std::size_t> recipes;  ///< one a run, counted from 0 in their order
    std::size_t recipeCount = 0;
};
RecipeSettings recipeSettings(const std::vector<RunDetails>& runs);

}
