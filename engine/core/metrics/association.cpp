// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/association.h"

#include "engine/core/metrics/significance.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>

namespace descent {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t mostForAllOrders = 8; // 40,320 of them: a few milliseconds

/// How many of all orders of `ranks` are as far out as the one that is there. far: grows with what is looked for.
double shareOfOrders(std::vector<double> ranks, const std::function<double(const std::vector<double>&)>& far)
{
    const double seen = far(ranks) * (1 - 1e-12) - 1e-12; // equal but for rounding counts as equal
    std::vector<std::size_t> order(ranks.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<double> shuffled(ranks.size());
    double all = 0, beyond = 0;
    do {
        for (std::size_t i = 0; i < order.size(); ++i)
            shuffled[i] = ranks[order[i]];
        ++all;
        beyond += far(shuffled) >= seen;
    } while (std::next_permutation(order.begin(), order.end()));
    return beyond / all;
}

std::vector<double> centredRanks(std::span<const double> values)
{
    std::vector<double> ranks = meanRanks(values);
    for (double& rank : ranks)
        rank -= static_cast<double>(values.size() - 1) / 2;
    return ranks;
}

}

Association rankAssociation(std::span<const double> first, std::span<const double> second)
{
    const double correlation = rankCorrelation(first, second);
    if (std::isnan(correlation))
        return {.strength = nan, .direction = nan, .pValue = nan};
    Association found{.strength = std::abs(correlation), .direction = correlation};
    const std::size_t count = first.size();
    if (count <= mostForAllOrders) {
        const std::vector<double> ranks = centredRanks(first);
        found.pValue = shareOfOrders(centredRanks(second), [&](const std::vector<double>& others) {
            return std::abs(std::inner_product(ranks.begin(), ranks.end(), others.begin(), 0.0));
        });
        return found;
    }
    const double freedom = static_cast<double>(count - 2), left = 1 - correlation * correlation;
    found.pValue = left <= 0 ? 0 : 2 * boost::math::cdf(boost::math::complement(boost::math::students_t{freedom}, std::abs(correlation) * std::sqrt(freedom / left)));
    return found;
}

Association groupAssociation(std::span<const std::size_t> groups, std::span<const double> values)
{
    if (groups.size() != values.size())
        throw std::invalid_argument{"groups and values of unlike numbers"};
    const std::vector<double> ranks = centredRanks(values);
    std::map<std::size_t, std::pair<double, double>> sums; // sum of ranks, count
    const auto between = [&](const std::vector<double>& of) {
        for (auto& [group, sum] : sums)
            sum = {0, 0};
        for (std::size_t i = 0; i < of.size(); ++i) {
            auto& [sum, count] = sums[groups[i]];
            sum += of[i];
            ++count;
        }
        double squares = 0;
        for (const auto& [group, sum] : sums)
            squares += sum.first * sum.first / sum.second;
        return squares;
    };
    const double squares = between(ranks);
    const double whole = std::inner_product(ranks.begin(), ranks.end(), ranks.begin(), 0.0); // ties make it smaller: their correction
    const auto n = static_cast<double>(values.size()), k = static_cast<double>(sums.size());
    if (k < 2 || k >= n || whole <= 0)
        return {.strength = nan, .direction = 0, .pValue = nan};
    const double statistic = (n - 1) * squares / whole;
    Association found{.strength = std::sqrt(std::clamp((statistic - k + 1) / (n - k), 0.0, 1.0))};
    found.pValue = values.size() <= mostForAllOrders ? shareOfOrders(ranks, between)
                                                     : boost::math::cdf(boost::math::complement(boost::math::chi_squared{k - 1}, statistic));
    return found;
}

std::vector<double> holmAdjusted(std::span<const double> pValues)
{
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < pValues.size(); ++i)
        if (!std::isnan(pValues[i]))
            order.push_back(i);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return pValues[a] < pValues[b]; });
    std::vector<double> adjusted(pValues.size(), nan);
    double highest = 0;
    for (std::size_t at = 0; at < order.size(); ++at) {
        highest = std::max(highest, std::min(1.0, static_cast<double>(order.size() - at) * pValues[order[at]]));
        adjusted[order[at]] = highest;
    }
    return adjusted;
}

}
