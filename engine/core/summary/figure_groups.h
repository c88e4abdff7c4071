// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/metrics/significance.h"
#include "engine/core/summary/figure_table.h"

namespace descent {

/// Runs that stand together in a chart, and their mean with its interval.
struct FigureGroup {
    std::string name;
    std::vector<std::size_t> runs; ///< that have the figure
    MeanInterval mean;
};
/// By recipe, each with its seeds; those without the figure are left out. Best mean first.
std::vector<FigureGroup> groupsByRecipe(const FigureTable& table, const FigureColumn& figure, double confidence = 0.95);
/// By the levels of a column, in their order; more distinct numbers than twelve are put into ranges.
std::vector<FigureGroup> groupsByColumn(const FigureColumn& column, const FigureColumn& figure, double confidence = 0.95);

}
