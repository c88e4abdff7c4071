// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/box_summary.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace descent {

double quantile(std::span<const double> sorted, double share)
{
    if (sorted.empty())
        throw std::invalid_argument{"a quantile of no value"};
    const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

BoxSummary boxSummary(std::vector<double> values)
{
    if (values.empty() || !std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }))
        throw std::invalid_argument{"a box of no value, or of one that is no finite number"};
    std::sort(values.begin(), values.end());
    BoxSummary box{.count = static_cast<std::int64_t>(values.size()),
                   .lower = quantile(values, 0.25),
                   .median = quantile(values, 0.5),
                   .upper = quantile(values, 0.75)};
    const double reach = 1.5 * (box.upper - box.lower);
    box.whiskerLow = *std::find_if(values.begin(), values.end(), [&](double value) { return value >= box.lower - reach; });
    box.whiskerHigh = *std::find_if(values.rbegin(), values.rend(), [&](double value) { return value <= box.upper + reach; });
    for (const double value : values)
        if (value < box.whiskerLow || value > box.whiskerHigh)
            box.outliers.push_back(value);
    return box;
}

}
