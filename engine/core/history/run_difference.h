// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/recipe/recipe_comparison.h"
#include "engine/core/store/run_store.h"

#include <optional>
#include <string>
#include <vector>

namespace descent {

/// What became of a figure from one run to another.
struct FigureChange {
    std::string field; ///< as in a query: "test.accuracy", "best.loss/validation"
    double before = 0, after = 0;
    std::optional<bool> better; ///< none: equal, or nothing is known of the figure's direction
};

/// What one run has that another has not.
struct RunDifference {
    RunId before = 0, after = 0;
    std::vector<RecipeComparisonRow> settings; ///< those that differ; values: before, after
    std::vector<FigureChange> figures;         ///< those that both have, of the test, then of the best epoch
};

/// Recipes that cannot be read (of another program, or a newer one) differ in nothing.
RunDifference differenceOf(const RunDetails& before, const RunDetails& after);

}
