// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/smoothing.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace descent {

namespace {

constexpr double tiny = 1e-17; // 1 less this is 1

}

DebiasedAverage::DebiasedAverage(double weight) : m_weight{std::isfinite(weight) ? std::clamp(weight, 0.0, 1.0) : 0.0} {}

double DebiasedAverage::add(double value)
{
    if (!std::isfinite(value) || m_weight == 0)
        return value;
    if (std::exchange(m_isEmpty, false))
        m_first = value;
    m_isConstant = m_isConstant && value == m_first;
    m_last = m_weight * m_last + (1 - m_weight) * value;
    if (m_weightToN > tiny)
        m_weightToN *= m_weight;
    if (m_isConstant)
        return value;
    return m_weightToN <= tiny || m_weight == 1 ? m_last : m_last / (1 - m_weightToN);
}

std::vector<double> smoothed(const std::vector<double>& values, double weight)
{
    DebiasedAverage average{weight};
    std::vector<double> result;
    result.reserve(values.size());
    for (const double value : values)
        result.push_back(average.add(value));
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
