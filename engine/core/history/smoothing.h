// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace descent {

/// Debiased exponential moving average, as TensorBoard draws it (line_chart_v2/data_transformer.ts), a value at a time. It is made of
/// the raw values, before any thinning, so the same data smooths the same at every zoom.
/// Values that are not finite pass through and change nothing; while all values are equal they stay as they are.
class DebiasedAverage {
public:
    explicit DebiasedAverage(double weight = 0); ///< 0 (values as they are) to 1; not finite: 0
    double add(double value);
    bool operator==(const DebiasedAverage&) const = default;

private:
    double m_weight;
    double m_last = 0, m_weightToN = 1;
    double m_first = 0; // of the values
    bool m_isEmpty = true, m_isConstant = true;
};

std::vector<double> smoothed(const std::vector<double>& values, double weight);

/// The range of `values` between their 5 % and 95 % quantiles (R-7, as numpy's default), for axes that one spike should not
/// flatten; `outside` counts what lies beyond it. Two values or fewer, and all that is not finite, are left out of account.
struct CentralRange {
    double low = 0, high = 1;
    std::size_t outside = 0;
};
CentralRange centralRange(std::vector<double> values);

}
