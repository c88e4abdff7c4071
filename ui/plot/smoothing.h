// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace descent {

/// Debiased exponential moving average, as TensorBoard draws it (line_chart_v2/data_transformer.ts), of the raw values: it is
/// applied before any thinning, so the same data smooths the same at every zoom.
/// weight  0 (as they are) to 1. Values that are not finite pass through and change nothing; a constant series stays as it is.
std::vector<double> smoothed(const std::vector<double>& values, double weight);

/// The range of `values` between their 5 % and 95 % quantiles (R-7, as numpy's default), for axes that one spike should not
/// flatten; `outside` counts what lies beyond it. Two values or fewer, and all that is not finite, are left out of account.
struct CentralRange {
    double low = 0, high = 1;
    std::size_t outside = 0;
};
CentralRange centralRange(std::vector<double> values);

}
