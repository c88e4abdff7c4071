// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace descent {

/// Quantile by the seventh definition of Hyndman and Fan, as R, NumPy and TensorBoard take it: linear between neighbours.
/// sorted: ascending. share in [0, 1]. Throws std::invalid_argument without a value.
double quantile(std::span<const double> sorted, double share);

/// A sample as Tukey draws it ("Exploratory Data Analysis", 1977).
struct BoxSummary {
    std::int64_t count = 0;
    double lower = 0, median = 0, upper = 0;   ///< quartiles
    double whiskerLow = 0, whiskerHigh = 0;    ///< the outermost values within 1.5 times the box's height of it
    std::vector<double> outliers;              ///< beyond them, ascending
};
/// Throws std::invalid_argument: no value, or one that is not finite.
BoxSummary boxSummary(std::vector<double> values);

}
