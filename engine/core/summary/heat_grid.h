// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/figure_table.h"

#include <vector>

namespace descent {

/// Runs put into the fields that two columns span, with the mean of a figure in each.
struct HeatGrid {
    std::vector<std::string> across, up; ///< the levels: left to right, from the foot upwards
    struct Cell {
        std::vector<std::size_t> runs;   ///< that have the figure
        double mean = 0;                 ///< NaN where there is none
    };
    std::vector<Cell> cells;             ///< row by row from the foot
    double low = 0, high = 0;            ///< of the means; NaN where there is none at all
    std::size_t leftOut = 0;             ///< runs without a place or a figure
    const Cell& at(std::size_t column, std::size_t row) const { return cells[row * across.size() + column]; }
};
/// More distinct numbers than sixteen are put into ranges. figure: of numbers.
HeatGrid heatGrid(const FigureColumn& across, const FigureColumn& up, const FigureColumn& figure);

}
