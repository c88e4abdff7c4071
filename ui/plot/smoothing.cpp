// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/smoothing.h"

#include <algorithm>
#include <cmath>

namespace descent {

std::vector<double> smoothed(const std::vector<double>& values, double weight)
{
    weight = std::isfinite(weight) ? std::clamp(weight, 0.0, 1.0) : 0.0;
    const bool constant = std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
    if (weight == 0 || constant)
        return values;
    std::vector<double> result;
    result.reserve(values.size());
    double last = 0, weightToN = 1;
    for (const double value : values) {
        if (!std::isfinite(value)) {
            result.push_back(value);
            continue;
        }
        last = weight * last + (1 - weight) * value;
        weightToN *= weight;
        result.push_back(last / (weight == 1 ? 1 : 1 - weightToN));
    }
    return result;
}

CentralRange centralRange(std::vector<double> values)
{
    std::erase_if(values, [](double value) { return !std::isfinite(value); });
    if (values.empty())
        return {};
    std::sort(values.begin(), values.end());
    if (values.size() <= 2)
        return {values.front(), values.back(), 0};
    const auto quantile = [&](double p) {
        const double h = static_cast<double>(values.size() - 1) * p;
        const auto below = static_cast<std::size_t>(h);
        const std::size_t above = std::min(below + 1, values.size() - 1);
        return values[below] + (h - static_cast<double>(below)) * (values[above] - values[below]);
    };
    const double low = quantile(0.05), high = quantile(0.95);
    const auto first = std::lower_bound(values.begin(), values.end(), low), last = std::upper_bound(values.begin(), values.end(), high);
    if (first >= last)
        return {values.front(), values.back(), 0};
    return {*first, *(last - 1), static_cast<std::size_t>((first - values.begin()) + (values.end() - last))};
}

}
