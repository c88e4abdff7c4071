// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/season.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace descent {

namespace {

constexpr std::int64_t longestSeason = 1000, stepsLookedAt = 8192, columnsLookedAt = 8;

/// Mean distance of the present values that lie `lag` apart; NaN where there are none.
double distanceAt(const std::vector<float>& values, std::int64_t lag)
{
    double sum = 0;
    std::int64_t pairs = 0;
    for (std::size_t i = static_cast<std::size_t>(lag); i < values.size(); ++i) {
        const float distance = std::abs(values[i] - values[i - static_cast<std::size_t>(lag)]);
        if (std::isfinite(distance)) {
            sum += distance;
            ++pairs;
        }
    }
    return pairs > 0 ? sum / static_cast<double>(pairs) : NAN;
}

}

std::int64_t findSeason(const Series& series, std::int64_t end)
{
    const std::int64_t begin = std::max<std::int64_t>(0, end - stepsLookedAt), columns = series.columns();
    const std::int64_t lags = std::min(longestSeason, (end - begin) / 3);
    std::vector<double> distance(static_cast<std::size_t>(std::max<std::int64_t>(lags, 0)) + 1);
    const std::int64_t every = std::max<std::int64_t>(1, columns / columnsLookedAt);
    for (std::int64_t column = 0; column < columns; column += every) {
        std::vector<float> values;
        for (std::int64_t step = begin; step < end; ++step)
            values.push_back(series.values[static_cast<std::size_t>(step * columns + column)]);
        std::vector<double> own(distance.size());
        double scale = 0;
        for (std::int64_t lag = 1; lag <= lags; ++lag)
            scale += own[static_cast<std::size_t>(lag)] = distanceAt(values, lag);
        if (!std::isfinite(scale) || scale <= 0) // constant, or too gappy to tell
            continue;
        for (std::size_t lag = 1; lag < own.size(); ++lag)
            distance[lag] += own[lag] / scale;
    }

    std::vector<double> depth(distance.size(), 1); // against the widest at a shorter lag
    double widest = 0;
    for (std::size_t lag = 1; lag < distance.size(); ++lag) {
        if (widest > 0)
            depth[lag] = distance[lag] / widest;
        widest = std::max(widest, distance[lag]);
    }
    const auto isDip = [&](std::size_t lag) { return lag >= 2 && lag + 1 < depth.size() && distance[lag] < distance[lag - 1] && distance[lag] <= distance[lag + 1]; };
    double deepest = 1;
    for (std::size_t lag = 2; lag < depth.size(); ++lag)
        if (isDip(lag))
            deepest = std::min(deepest, depth[lag]);
    constexpr double clear = 0.75, nearlyAsDeep = 1.15;
    for (std::size_t lag = 2; lag < depth.size() && deepest <= clear; ++lag)
        if (isDip(lag) && depth[lag] <= std::min(clear, deepest * nearlyAsDeep)) {
            // Noise puts small dips on the slopes of a long season: the deepest place near the first is its bottom.
            const auto from = depth.begin() + static_cast<std::ptrdiff_t>(lag), to = depth.begin() + static_cast<std::ptrdiff_t>(std::min(depth.size(), lag + lag / 6 + 1));
            return std::min_element(from, to) - depth.begin();
        }
    return 0;
}

}
