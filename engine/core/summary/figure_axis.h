// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/figure_table.h"

namespace descent {

/// Where the values of a column stand along a line from 0 to 1.
struct FigureAxis {
    enum class Scale { linear, logarithmic, levels } scale = Scale::linear;
    double low = 0, high = 1; ///< at 0 and at 1; of levels -0.5 and their number less 0.5
    ColumnLevels levels;      ///< of words alone
};

/// logarithmic: wished for; only where all numbers are above 0. margin: room on both sides, as a part of what the values span.
FigureAxis axisOf(const FigureColumn& column, bool logarithmic, double margin = 0);
/// NaN where the run has no value, or one that a logarithm has none of.
double placeOn(const FigureAxis& axis, const FigureColumn& column, std::size_t run);
double placeOn(const FigureAxis& axis, double value);
double valueAt(const FigureAxis& axis, double place); ///< the other way; of levels their index

struct AxisTick {
    double place = 0, value = 0; ///< of levels their index
};
/// About `wanted` round values within the axis, ascending: 1, 2 and 5 times powers of ten; of levels each, thinned evenly.
std::vector<AxisTick> ticksOf(const FigureAxis& axis, int wanted);

}
