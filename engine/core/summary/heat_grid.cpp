// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/heat_grid.h"

#include <cmath>

namespace descent {

HeatGrid heatGrid(const FigureColumn& across, const FigureColumn& up, const FigureColumn& figure)
{
    constexpr std::size_t mostNumbers = 16;
    ColumnLevels columns = levelsOf(across, mostNumbers), rows = levelsOf(up, mostNumbers);
    HeatGrid grid{.cells = std::vector<HeatGrid::Cell>(columns.names.size() * rows.names.size()), .low = NAN, .high = NAN};
    for (std::size_t run = 0; run < figure.numbers.size(); ++run)
        if (columns.of[run] == ColumnLevels::none || rows.of[run] == ColumnLevels::none || std::isnan(figure.numbers[run]))
            ++grid.leftOut;
        else
            grid.cells[rows.of[run] * columns.names.size() + columns.of[run]].runs.push_back(run);
    for (HeatGrid::Cell& cell : grid.cells) {
        double sum = 0;
        for (const std::size_t run : cell.runs)
            sum += figure.numbers[run];
        cell.mean = sum / static_cast<double>(cell.runs.size()); // 0 / 0: NaN
        grid.low = std::fmin(grid.low, cell.mean);
        grid.high = std::fmax(grid.high, cell.mean);
    }
    grid.across = std::move(columns.names);
    grid.up = std::move(rows.names);
    return grid;
}

}
