// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/run/rate_finder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace descent {

namespace {

constexpr std::int64_t fewest = 10, most = 100'000; // steps

/// The straight line through the losses of some points over the logarithm of the rate, by least squares.
struct Line {
    double slope = 0;
    double error = 0; ///< standard error of the slope: how far noise from batch to batch may have turned it
};

/// Of the points [begin, end), three at least.
Line lineThrough(const std::vector<RateCurve::Point>& points, std::size_t begin, std::size_t end)
{
    const auto count = static_cast<double>(end - begin);
    double meanRate = 0, meanLoss = 0, together = 0, squares = 0, residuals = 0;
    for (std::size_t i = begin; i < end; ++i) {
        meanRate += std::log(points[i].rate) / count;
        meanLoss += points[i].loss / count;
    }
    for (std::size_t i = begin; i < end; ++i) {
        const double rate = std::log(points[i].rate) - meanRate;
        together += rate * (points[i].loss - meanLoss);
        squares += rate * rate;
    }
    const double slope = together / squares;
    for (std::size_t i = begin; i < end; ++i) {
        const double residual = points[i].loss - meanLoss - slope * (std::log(points[i].rate) - meanRate);
        residuals += residual * residual;
    }
    return {.slope = slope, .error = std::sqrt(residuals / (count - 2) / squares)};
}

}

std::optional<RateSuggestion> suggestedRates(const RateCurve& curve)
{
    constexpr double clear = 5.5; // standard errors: with 4, one curve of pure noise in fifty would suggest a rate, with this one in two thousand
    const auto& points = curve.points;
    if (points.size() < static_cast<std::size_t>(fewest))
        return std::nullopt;
    const std::size_t half = std::max<std::size_t>(2, points.size() / 10);
    const auto lower = [](const RateCurve::Point& a, const RateCurve::Point& b) { return a.smoothed < b.smoothed; };
    // The first average is of a few losses only.
    const auto lowest = std::min_element(points.begin() + static_cast<std::ptrdiff_t>(half), points.end(), lower);
    const auto minimum = static_cast<std::size_t>(lowest - points.begin());
    double steepest = -1e-6 * std::abs(points.front().loss); // less is rounding
    std::size_t at = 0;
    for (std::size_t i = half; i <= minimum && i + half < points.size(); ++i) // beyond the minimum a loss that jumps about falls too
        if (const Line line = lineThrough(points, i - half, i + half + 1); line.slope < steepest && line.slope < -clear * line.error) {
            steepest = line.slope;
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

const Schema& rateFinderSchema()
{
    const RateFinderOptions defaults;
    static const Schema schema{
        {.name = "lowest",
         .label = "From",
         .help = "The first learning rate: one at which nothing is learnt yet.",
         .type = ParameterType::real,
         .defaultValue = defaults.lowest,
         .minimum = 0,
         .maximum = 100,
         .aboveMinimum = true,
         .logarithmic = true,
         .common = true},
        {.name = "highest",
         .label = "To",
         .help = "The last, if the loss does not diverge before.",
         .type = ParameterType::real,
         .defaultValue = defaults.highest,
         .minimum = 0,
         .maximum = 1000,
         .aboveMinimum = true,
         .logarithmic = true,
         .common = true},
        {.name = "steps",
         .label = "Steps",
         .help = "From the first to the last. More make a smoother curve.",
         .type = ParameterType::integer,
         .defaultValue = defaults.steps,
         .minimum = static_cast<double>(fewest),
         .maximum = static_cast<double>(most),
         .common = true}};
    return schema;
}

RateFinderOptions rateFinderOptions(const Parameters& values)
{
    const Schema& schema = rateFinderSchema();
    return {.lowest = realOf(schema, values, "lowest"), .highest = realOf(schema, values, "highest"), .steps = integerOf(schema, values, "steps")};
}

Problems validate(const RateFinderOptions& options)
{
    Problems problems;
    if (!(options.lowest > 0 && options.lowest < options.highest && std::isfinite(options.highest)))
        problems.push_back({"lowest", text("the rate cannot rise from %1 to %2", options.lowest, options.highest), text("begin above 0 and below the end")});
    if (options.steps < fewest || options.steps > most)
        problems.push_back({"steps", text("%1 steps are asked for", options.steps), text("take %1 to %2", fewest, most)});
    return problems;
}

RateCurve findRate(const RateFinderOptions& options, const std::function<double(double rate)>& learn, const RateFinderControl& control)
{
    if (const Problems problems = validate(options); !problems.empty())
        throw std::invalid_argument{english(problems.front())};
    RateCurve curve;
    double best = std::numeric_limits<double>::infinity();
    for (std::int64_t step = 0; step < options.steps && !curve.diverged && !control.stop.stop_requested(); ++step) {
        const double share = static_cast<double>(step) / static_cast<double>(options.steps - 1);
        const double rate = options.lowest * std::pow(options.highest / options.lowest, share);
        const double loss = learn(rate);
        if (!std::isfinite(loss)) {
            curve.diverged = true;
            break;
        }
        addPoint(curve, rate, loss, options.smoothing);
        if (control.tell)
            control.tell(curve.points.back());
        best = std::min(best, curve.points.back().smoothed);
        curve.diverged = curve.points.back().smoothed > options.tooMuch * best;
    }
    return curve;
}

}
