// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/run/rate_curve.h"

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

/// Slope of the straight line through the points [begin, end), smoothed loss over logarithm of the rate, by least squares: noise from
/// batch to batch falls steeply too, but not for long.
double slopeOf(const std::vector<RateCurve::Point>& points, std::size_t begin, std::size_t end)
{
    const auto count = static_cast<double>(end - begin);
    double meanRate = 0, meanLoss = 0, together = 0, squares = 0;
    for (std::size_t i = begin; i < end; ++i) {
        meanRate += std::log(points[i].rate) / count;
        meanLoss += points[i].smoothed / count;
    }
    for (std::size_t i = begin; i < end; ++i) {
        const double rate = std::log(points[i].rate) - meanRate;
        together += rate * (points[i].smoothed - meanLoss);
        squares += rate * rate;
    }
    return together / squares;
}

}

std::optional<RateSuggestion> suggestedRates(const RateCurve& curve)
{
    constexpr std::size_t fewest = 10;
    const auto& points = curve.points;
    if (points.size() < fewest)
        return std::nullopt;
    // The first tenth is left out: there the average is of a few losses only.
    const std::size_t half = std::max<std::size_t>(2, points.size() / 16), first = points.size() / 10;
    const auto lower = [](const RateCurve::Point& a, const RateCurve::Point& b) { return a.smoothed < b.smoothed; };
    const auto lowest = std::min_element(points.begin() + static_cast<std::ptrdiff_t>(first), points.end(), lower);
    const auto minimum = static_cast<std::size_t>(lowest - points.begin());
    double steepest = -1e-6 * std::abs(points.front().smoothed); // less is rounding
    std::size_t at = 0;
    for (std::size_t i = first + half; i <= minimum && i + half < points.size(); ++i) // beyond the minimum a loss that jumps about falls too
        if (const double slope = slopeOf(points, i - half, i + half + 1); slope < steepest) {
            steepest = slope;
            at = i;
        }
    if (at == 0)
        return std::nullopt;
    return RateSuggestion{.steepest = points[at].rate, .tenthOfMinimum = lowest->rate / 10};
}

void addPoint(RateCurve& curve, double rate, double loss, double weight)
{
    const auto before = static_cast<double>(curve.points.size());
    const double biased = curve.points.empty() ? 0 : curve.points.back().smoothed * (1 - std::pow(weight, before));
    const double smoothed = (weight * biased + (1 - weight) * loss) / (1 - std::pow(weight, before + 1));
    curve.points.push_back({rate, loss, smoothed});
}

}
