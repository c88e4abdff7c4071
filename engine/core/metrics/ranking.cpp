// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/ranking.h"

#include "engine/core/metrics/promises.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>
#include <stdexcept>
#include <utility>

namespace descent {

namespace {

using Step = RankedScores::Step;

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

double share(std::int64_t part, std::int64_t whole)
{
    return whole == 0 ? undefined : static_cast<double>(part) / static_cast<double>(whole);
}

bool hasBothClasses(const RankedScores& ranked)
{
    return ranked.positives > 0 && ranked.negatives > 0;
}

RocPoint rocPointAt(const RankedScores& ranked, const Step& step)
{
    return {share(step.falsePositives, ranked.negatives), share(step.truePositives, ranked.positives), step.threshold};
}

double precisionAt(const Step& step)
{
    const std::int64_t accepted = step.truePositives + step.falsePositives;
    return accepted == 0 ? 1.0 : share(step.truePositives, accepted);
}

double f1At(const RankedScores& ranked, const Step& step)
{
    // 2 tp + fp + fn, put as accepted + positives
    return share(2 * step.truePositives, step.truePositives + step.falsePositives + ranked.positives);
}

double accuracyAt(const RankedScores& ranked, const Step& step)
{
    return share(step.truePositives + ranked.negatives - step.falsePositives, ranked.count());
}

/// What is accepted at or above any threshold, also one between two scores.
const Step& stepAt(const RankedScores& ranked, double threshold)
{
    if (std::isnan(threshold))
        throw std::invalid_argument{"the threshold is NaN"};
    const auto below = std::ranges::partition_point(ranked.steps, [&](const Step& step) { return step.threshold >= threshold; });
    return *std::prev(below); // the first step is at +infinity, so at or above every threshold
}

/// The first, so the highest, threshold at which `figure` of its step is largest.
template <typename Figure>
ThresholdChoice highest(const RankedScores& ranked, Figure figure)
{
    ThresholdChoice best{ranked.steps.front().threshold, figure(ranked.steps.front())};
    for (const Step& step : ranked.steps)
        if (const double candidate = figure(step); candidate > best.figure)
            best = {step.threshold, candidate};
    return best;
}

}

RankedScores::RankedScores(std::span<const float> scores, std::span<const std::uint8_t> isPositive)
{
    requireSameLength(scores.size(), isPositive.size(), "positives");
    constexpr float largest = std::numeric_limits<float>::max();
    requireWithin(scores, -largest, largest, "scores"); // an infinite score would be taken for the threshold that accepts nothing
    std::vector<std::pair<float, bool>> samples(scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i)
        samples[i] = {scores[i], isPositive[i] != 0};
    std::ranges::sort(samples, std::ranges::greater{}, &std::pair<float, bool>::first);

    steps.push_back({std::numeric_limits<double>::infinity(), 0, 0});
    for (std::size_t i = 0; i < samples.size(); ++i) {
        ++(samples[i].second ? positives : negatives);
        if (i + 1 == samples.size() || samples[i + 1].first != samples[i].first) // equal scores are accepted together
            steps.push_back({samples[i].first, positives, negatives});
    }
}

std::vector<RocPoint> rocCurve(const RankedScores& ranked)
{
    std::vector<RocPoint> curve;
    curve.reserve(ranked.steps.size());
    for (const Step& step : ranked.steps)
        curve.push_back(rocPointAt(ranked, step));
    return curve;
}

double rocAuc(const RankedScores& ranked)
{
    if (!hasBothClasses(ranked))
        return undefined;
    double doubledArea = 0; // in pairs of a positive and a negative: whole numbers, exact up to 2^53
    for (std::size_t i = 1; i < ranked.steps.size(); ++i) {
        const Step &from = ranked.steps[i - 1], &to = ranked.steps[i];
        doubledArea += static_cast<double>((to.falsePositives - from.falsePositives) * (to.truePositives + from.truePositives));
    }
    return doubledArea / 2 / (static_cast<double>(ranked.positives) * static_cast<double>(ranked.negatives));
}

std::vector<double> oneVersusRestAuc(std::span<const float> scores, std::span<const std::int64_t> truth, std::int64_t classes)
{
    requireScoresOfClasses(scores, truth, classes);
    std::vector<float> column(truth.size());
    std::vector<std::uint8_t> positives(truth.size());
    std::vector<double> areas;
    for (std::int64_t id = 0; id < classes; ++id) {
        for (std::size_t i = 0; i < truth.size(); ++i) {
            column[i] = scores[i * static_cast<std::size_t>(classes) + static_cast<std::size_t>(id)];
            positives[i] = truth[i] == id ? 1 : 0;
        }
        areas.push_back(rocAuc({column, positives}));
    }
    return areas;
}

double macroOneVersusRestAuc(std::span<const float> scores, std::span<const std::int64_t> truth, std::int64_t classes)
{
    double total = 0;
    std::int64_t defined = 0;
    for (const double area : oneVersusRestAuc(scores, truth, classes))
        if (!std::isnan(area)) {
            total += area;
            ++defined;
        }
    return defined == 0 ? undefined : total / static_cast<double>(defined);
}

std::vector<PrecisionRecallPoint> precisionRecallCurve(const RankedScores& ranked)
{
    std::vector<PrecisionRecallPoint> curve;
    curve.reserve(ranked.steps.size());
    for (const Step& step : std::views::reverse(ranked.steps))
        curve.push_back({precisionAt(step), share(step.truePositives, ranked.positives), step.threshold});
    return curve;
}

double averagePrecision(const RankedScores& ranked)
{
    if (!hasBothClasses(ranked))
        return undefined;
    double sum = 0;
    for (std::size_t i = 1; i < ranked.steps.size(); ++i)
        sum +=
            static_cast<double>(ranked.steps[i].truePositives - ranked.steps[i - 1].truePositives) * precisionAt(ranked.steps[i]);
    return sum / static_cast<double>(ranked.positives);
}

double f1At(const RankedScores& ranked, double threshold)
{
    const Step& step = stepAt(ranked, threshold);
    return ranked.positives == 0 ? undefined : f1At(ranked, step);
}

ThresholdChoice bestF1(const RankedScores& ranked)
{
    if (ranked.positives == 0)
        return {undefined, undefined};
    return highest(ranked, [&](const Step& step) { return f1At(ranked, step); });
}

ThresholdChoice thresholdOfLeastCost(const RankedScores& ranked, double falsePositiveCost, double falseNegativeCost)
{
    for (const double cost : {falsePositiveCost, falseNegativeCost})
        if (!(cost >= 0) || std::isinf(cost))
            throw std::invalid_argument{fmt::format("a mistake that costs {}", cost)};
    if (ranked.count() == 0)
        return {undefined, undefined};
    const ThresholdChoice cheapest = highest(ranked, [&](const Step& step) {
        return -(falsePositiveCost * static_cast<double>(step.falsePositives)
                 + falseNegativeCost * static_cast<double>(ranked.positives - step.truePositives));
    });
    return {cheapest.threshold, -cheapest.figure / static_cast<double>(ranked.count())};
}

RocPoint trueAcceptRateAt(const RankedScores& ranked, double falseAcceptRate)
{
    if (!(falseAcceptRate >= 0 && falseAcceptRate <= 1))
        throw std::invalid_argument{fmt::format("a false accept rate of {}", falseAcceptRate)};
    if (!hasBothClasses(ranked))
        return {undefined, undefined, undefined};
    // Both rates only rise along the steps: the last that keeps to the rate, back to where its true positives are all in.
    const auto beyond = std::ranges::partition_point(
        ranked.steps, [&](const Step& step) { return share(step.falsePositives, ranked.negatives) <= falseAcceptRate; });
    const std::int64_t truePositives = std::prev(beyond)->truePositives;
    return rocPointAt(ranked, *std::ranges::lower_bound(ranked.steps, truePositives, {}, &Step::truePositives));
}

ThresholdChoice equalErrorRate(const RankedScores& ranked)
{
    if (!hasBothClasses(ranked))
        return {undefined, undefined};
    // False accepts less false rejects: -1 at the first step, 1 at the last, and never falling.
    const auto excess = [](const RocPoint& point) { return point.falsePositiveRate - (1 - point.truePositiveRate); };
    const auto crossed =
        std::ranges::partition_point(ranked.steps, [&](const Step& step) { return excess(rocPointAt(ranked, step)) < 0; });
    const RocPoint before = rocPointAt(ranked, *std::prev(crossed)), after = rocPointAt(ranked, *crossed);
    const double along = -excess(before) / (excess(after) - excess(before));
    return {along < 0.5 ? before.threshold : after.threshold,
            std::lerp(before.falsePositiveRate, after.falsePositiveRate, along)};
}

double accuracyAt(const RankedScores& ranked, double threshold)
{
    return accuracyAt(ranked, stepAt(ranked, threshold));
}

ThresholdChoice bestAccuracy(const RankedScores& ranked)
{
    if (ranked.count() == 0)
        return {undefined, undefined};
    return highest(ranked, [&](const Step& step) { return accuracyAt(ranked, step); });
}

}
