// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/season.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

namespace descent {

namespace {

constexpr std::size_t stepsLookedAt = 50'000;

/// Each unknown value is the known one before it, or the first known one; empty when none is known.
std::vector<double> filled(std::span<const float> series)
{
    const auto known = std::ranges::find_if(series, [](float value) { return std::isfinite(value); });
    if (known == series.end())
        return {};
    double last = *known;
    std::vector<double> values;
    for (const float value : series)
        values.push_back(last = std::isfinite(value) ? value : last);
    return values;
}

double meanSquare(const std::vector<double>& values)
{
    double sum = 0;
    for (const double value : values)
        sum += value * value;
    return sum / static_cast<double>(values.size());
}

/// What is left of `values` when the straight line of least squares is taken off.
std::vector<double> withoutTrend(const std::vector<double>& values)
{
    const auto count = static_cast<double>(values.size());
    double mean = 0, slope = 0;
    for (const double value : values)
        mean += value / count;
    for (std::size_t i = 0; i < values.size(); ++i)
        slope += (static_cast<double>(i) - (count - 1) / 2) * (values[i] - mean);
    slope /= count * (count * count - 1) / 12; // sum of squared distances of 0 ... count - 1 from their mean
    std::vector<double> rest(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        rest[i] = values[i] - mean - slope * (static_cast<double>(i) - (count - 1) / 2);
    return rest;
}

/// From each value to the next, less the mean of these steps.
std::vector<double> stepsOf(const std::vector<double>& values)
{
    const double mean = (values.back() - values.front()) / static_cast<double>(values.size() - 1);
    std::vector<double> steps;
    for (std::size_t i = 1; i < values.size(); ++i)
        steps.push_back(values[i] - values[i - 1] - mean);
    return steps;
}

/// Of lags 0 ... longest; mean over the pairs, so that far lags are not smaller for having fewer.
std::vector<double> autocorrelation(const std::vector<double>& values, std::size_t longest)
{
    std::vector<double> result;
    const double variance = meanSquare(values);
    for (std::size_t lag = 0; lag <= longest; ++lag) {
        double sum = 0;
        for (std::size_t i = lag; i < values.size(); ++i)
            sum += values[i] * values[i - lag];
        result.push_back(sum / static_cast<double>(values.size() - lag) / variance);
    }
    return result;
}

struct Season {
    std::size_t length = 1;
    double likeness = 0; ///< autocorrelation after one season or two, the lower
};

/// The first of the clearest seasons of `values`, which have mean 0; length 1 when none is at least `least` alike.
Season clearestSeason(const std::vector<double>& values, std::size_t longest, double least)
{
    least = std::max(least, 4 / std::sqrt(static_cast<double>(values.size()))); // noise stays below, at all lags
    const std::vector<double> likeness = autocorrelation(values, 2 * longest + 1);
    std::vector<Season> seasons;
    double valley = likeness[1];
    for (std::size_t lag = 2; lag <= longest; ++lag) {
        const bool isPeak = likeness[lag] > likeness[lag - 1] && likeness[lag] >= likeness[lag + 1];
        const double again = std::max({likeness[2 * lag - 1], likeness[2 * lag], likeness[2 * lag + 1]});
        if (const double lower = std::min(likeness[lag], again); isPeak && lower > least && valley <= lower / 2)
            seasons.push_back({lag, lower});
        valley = std::min(valley, likeness[lag]);
    }
    if (seasons.empty())
        return {};
    const double top = std::ranges::max(seasons, {}, &Season::likeness).likeness;
    // Twice the season is as good a peak: the first will do. Noise tears a broad peak into several: the highest near it.
    const auto first = std::ranges::find_if(seasons, [&](const Season& season) { return season.likeness >= 0.8 * top; });
    const auto end =
        std::find_if(first, seasons.end(), [&](const Season& season) { return season.length * 4 >= first->length * 5; });
    return *std::ranges::max_element(first, end, {}, &Season::likeness);
}

}

std::int64_t seasonLength(std::span<const float> training, std::int64_t longest)
{
    if (longest < 0)
        throw std::invalid_argument{fmt::format("seasons of at most {} steps", longest)};
    const std::vector<double> values = filled(training.last(std::min(training.size(), stepsLookedAt)));
    if (values.size() < 8 || longest < 2)
        return 1;
    // Two values aside, since stepsOf has one less and the autocorrelation goes to twice the lag and one more.
    const std::size_t most = std::min(static_cast<std::size_t>(longest), (values.size() - 2) / 3);
    const double rounding = 1e-13 * meanSquare(values); // what floats of a straight line leave has patterns of its own
    Season best;
    for (const auto& [series, least] : {std::pair{stepsOf(values), 0.08}, std::pair{withoutTrend(values), 0.3}})
        if (meanSquare(series) > rounding)
            if (const Season season = clearestSeason(series, most, least); season.likeness > best.likeness)
                best = season;
    return static_cast<std::int64_t>(best.length);
}

}
