// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/significance.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace descent {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void check(std::span<const double> values, std::size_t least, double confidence)
{
    if (values.size() < least)
        throw std::invalid_argument{"too few values"};
    if (!std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }))
        throw std::invalid_argument{"a value that is no finite number"};
    if (!(confidence > 0 && confidence < 1))
        throw std::invalid_argument{"a confidence outside 0 to 1"};
}

double meanOf(std::span<const double> values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Of the sample: divided by one less than their number.
double varianceOf(std::span<const double> values)
{
    const double mean = meanOf(values);
    double sum = 0;
    for (const double value : values)
        sum += (value - mean) * (value - mean);
    return sum / static_cast<double>(values.size() - 1);
}

/// How many standard errors the interval reaches to either side.
double reach(double freedom, double confidence)
{
    return boost::math::quantile(boost::math::students_t{freedom}, 0.5 + confidence / 2);
}

/// A difference with its standard error. Without any spread it is certain, or there is none.
MeanDifference tested(MeanDifference::Test test, double difference, double error, double freedom, double confidence)
{
    MeanDifference result{.test = test, .difference = difference, .low = difference, .high = difference, .pValue = difference == 0 ? 1.0 : 0.0, .freedom = freedom};
    if (error > 0) {
        const double distance = reach(freedom, confidence) * error;
        result.low = difference - distance;
        result.high = difference + distance;
        result.pValue = 2 * boost::math::cdf(boost::math::complement(boost::math::students_t{freedom}, std::abs(difference / error)));
    }
    return result;
}

MeanDifference pairedOnce(std::span<const double> differences, double confidence)
{
    const auto count = static_cast<double>(differences.size());
    return tested(MeanDifference::Test::paired, meanOf(differences), std::sqrt(varianceOf(differences) / count), count - 1, confidence);
}

MeanDifference welchOnce(std::span<const double> first, std::span<const double> second, double confidence)
{
    const auto n = static_cast<double>(first.size()), m = static_cast<double>(second.size());
    const double a = varianceOf(first) / n, b = varianceOf(second) / m;
    const double freedom = a + b > 0 ? (a + b) * (a + b) / (a * a / (n - 1) + b * b / (m - 1)) : n + m - 2;
    return tested(MeanDifference::Test::welch, meanOf(second) - meanOf(first), std::sqrt(a + b), freedom, confidence);
}

/// Leaves one value out after the other.
std::optional<std::size_t> decidingOf(const MeanDifference& whole, std::size_t count, double confidence,
                                      const std::function<std::optional<MeanDifference>(std::size_t)>& without)
{
    if (!whole.isSignificant(confidence))
        return std::nullopt;
    std::optional<std::size_t> deciding;
    double highest = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::optional<MeanDifference> left = without(i);
        if (!left)
            continue;
        const bool turns = !left->isSignificant(confidence) || (left->difference > 0) != (whole.difference > 0);
        if (turns && left->pValue > highest) {
            deciding = i;
            highest = left->pValue;
        }
    }
    return deciding;
}

std::vector<double> without(std::span<const double> values, std::size_t one)
{
    std::vector<double> left{values.begin(), values.end()};
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(one));
    return left;
}

}

MeanInterval meanInterval(std::span<const double> values, double confidence)
{
    check(values, 1, confidence);
    MeanInterval interval{.count = static_cast<std::int64_t>(values.size()), .mean = meanOf(values), .deviation = nan, .low = nan, .high = nan};
    if (values.size() > 1) {
        const auto count = static_cast<double>(values.size());
        interval.deviation = std::sqrt(varianceOf(values));
        const double distance = reach(count - 1, confidence) * interval.deviation / std::sqrt(count);
        interval.low = interval.mean - distance;
        interval.high = interval.mean + distance;
    }
    return interval;
}

MeanDifference pairedDifference(std::span<const double> first, std::span<const double> second, double confidence)
{
    check(first, 2, confidence);
    check(second, 2, confidence);
    if (first.size() != second.size())
        throw std::invalid_argument{"pairs of unlike numbers"};
    std::vector<double> differences;
    for (std::size_t i = 0; i < first.size(); ++i)
        differences.push_back(second[i] - first[i]);
    MeanDifference result = pairedOnce(differences, confidence);
    result.deciding = decidingOf(result, differences.size(), confidence, [&](std::size_t one) -> std::optional<MeanDifference> {
        if (differences.size() < 3)
            return std::nullopt;
        return pairedOnce(without(differences, one), confidence);
    });
    return result;
}

MeanDifference welchDifference(std::span<const double> first, std::span<const double> second, double confidence)
{
    check(first, 2, confidence);
    check(second, 2, confidence);
    MeanDifference result = welchOnce(first, second, confidence);
    result.deciding = decidingOf(result, first.size() + second.size(), confidence, [&](std::size_t one) -> std::optional<MeanDifference> {
        const bool inFirst = one < first.size();
        if ((inFirst ? first : second).size() < 3)
            return std::nullopt;
        return inFirst ? welchOnce(without(first, one), second, confidence) : welchOnce(first, without(second, one - first.size()), confidence);
    });
    return result;
}

std::vector<double> meanRanks(std::span<const double> values)
{
    if (std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); }))
        throw std::invalid_argument{"a rank of no number"};
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());
    for (std::size_t at = 0; at < order.size();) {
        std::size_t end = at + 1;
        while (end < order.size() && values[order[end]] == values[order[at]])
            ++end;
        for (std::size_t i = at; i < end; ++i)
            ranks[order[i]] = static_cast<double>(at + end - 1) / 2;
        at = end;
    }
    return ranks;
}

double rankCorrelation(std::span<const double> first, std::span<const double> second)
{
    if (first.size() != second.size())
        throw std::invalid_argument{"ranks of unlike numbers"};
    const std::vector<double> a = meanRanks(first), b = meanRanks(second);
    if (first.size() < 3)
        return nan;
    const double middle = static_cast<double>(first.size() - 1) / 2;
    double together = 0, ofA = 0, ofB = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        together += (a[i] - middle) * (b[i] - middle);
        ofA += (a[i] - middle) * (a[i] - middle);
        ofB += (b[i] - middle) * (b[i] - middle);
    }
    return ofA > 0 && ofB > 0 ? together / std::sqrt(ofA * ofB) : nan;
}

}
