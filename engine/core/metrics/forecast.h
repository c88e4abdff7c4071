// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace descent {

// How far forecasts are from what came, and the forecasts that cost nothing: what a model must beat. Everywhere below:
// actual      [count], what came, in the series' own unit; NaN where it is missing, such steps do not count
// forecast    [count], what was said; a NaN makes the figure NaN where the actual value is known
// Several windows may follow one another. All figures are 0 for a perfect forecast, and NaN where no actual value is known.
// Throws std::invalid_argument when the lengths differ.

double meanSquaredError(std::span<const float> actual, std::span<const float> forecast);
double meanAbsoluteError(std::span<const float> actual, std::span<const float> forecast);

/// 200 |actual - forecast| / (|actual| + |forecast|), the mean of it, in percent from 0 to 200; a step where both are 0 is
/// right. As in the M3 and M4 competitions; "The M4 Competition" (2020), Makridakis and others
double symmetricPercentageError(std::span<const float> actual, std::span<const float> forecast);

/// Mean absolute error of saying again what was `season` steps before, within the training series: the scale of
/// meanAbsoluteScaledError. Pairs with a missing value do not count; NaN when there is none.
/// season      1 or more; 1 is the step before. Throws std::invalid_argument otherwise.
double seasonalNaiveError(std::span<const float> training, std::int64_t season = 1);

/// Mean absolute error over seasonalNaiveError of the training series: below 1 is better than the naive forecast was there,
/// one step (season) ahead. NaN when that is not known or 0: a constant series gives no scale.
/// "Another look at measures of forecast accuracy" (2006), Hyndman and Koehler, section 3
double meanAbsoluteScaledError(std::span<const float> actual, std::span<const float> forecast, std::span<const float> training,
                               std::int64_t season = 1);

/// The last known value of `history`, `horizon` times; NaN when none is known.
std::vector<float> repeatLast(std::span<const float> history, std::int64_t horizon);

/// The last season again and again: each step is the last known value a whole number of seasons before it, NaN when none is.
/// history     oldest first; with less than a season the steps that it does not reach are NaN
/// season      1 or more; 1 is repeatLast
/// Throws std::invalid_argument when the season is below 1 or the horizon negative, as repeatLast does.
std::vector<float> seasonalNaive(std::span<const float> history, std::int64_t season, std::int64_t horizon);

}
