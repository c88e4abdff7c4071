// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/seed_verdict.h"

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

/// Four significant digits.
std::string written(double value)
{
    return fmt::format("{:.4g}", value);
}

std::vector<double> valuesOf(const SeedGroup& group)
{
    std::vector<double> values;
    for (const SeedGroup::Run& run : group.runs)
        values.push_back(run.value);
    return values;
}

/// Values of the seeds that both have, when these are all that one of them has; a seed twice pairs with nothing.
struct Pairs {
    std::vector<double> first, second;
    std::vector<std::int64_t> seeds;
};
std::optional<Pairs> pairsOf(const SeedGroup& first, const SeedGroup& second)
{
    const auto hasTwice = [](const SeedGroup& group) {
        return std::adjacent_find(group.runs.begin(), group.runs.end(), [](const auto& a, const auto& b) { return a.seed == b.seed; }) != group.runs.end();
    };
    if (hasTwice(first) || hasTwice(second))
        return std::nullopt;
    Pairs pairs;
    for (const SeedGroup::Run& one : first.runs) {
        const auto other = std::find_if(second.runs.begin(), second.runs.end(), [&](const SeedGroup::Run& run) { return run.seed == one.seed; });
        if (other == second.runs.end())
            continue;
        pairs.first.push_back(one.value);
        pairs.second.push_back(other->value);
        pairs.seeds.push_back(one.seed);
    }
    const bool isWhole = pairs.seeds.size() == std::min(first.runs.size(), second.runs.size());
    return isWhole && pairs.seeds.size() >= 2 ? std::optional{std::move(pairs)} : std::nullopt;
}

}

SeedVerdict verdictOf(const SeedGroup& first, const SeedGroup& second, const std::string& firstName, const std::string& secondName,
                      const std::string& metric, bool higherIsBetter, double confidence)
{
    if (first.runs.empty() || second.runs.empty())
        return {.sentence = text("nothing can be said of %1 and %2: one of them has no %3", firstName, secondName, metric), .warning = {}, .difference = {}};
    if (first.runs.size() < 2 || second.runs.size() < 2)
        return {.sentence = text("whether %1 or %2 is better cannot be told from one run: another seed may fall the other way", firstName, secondName),
                .warning = text("train both with three seeds or more"),
                .difference = {}};
    const std::optional<Pairs> pairs = pairsOf(first, second);
    const MeanDifference difference = pairs ? pairedDifference(pairs->first, pairs->second, confidence) : welchDifference(valuesOf(first), valuesOf(second), confidence);
    const std::string percent = written(confidence * 100), p = difference.pValue < 0.001 ? "< 0.001" : "= " + written(difference.pValue);
    const std::string interval = written(difference.low) + " … " + written(difference.high);
    const bool secondWins = (difference.difference > 0) == higherIsBetter;
    SeedVerdict verdict{.difference = difference};
    if (!difference.isSignificant(confidence))
        verdict.sentence = pairs ? text("no difference in %1 between %2 and %3 that chance would not make: %4 (%5 % interval %6), paired over %7 seeds, p %8", metric,
                                        firstName, secondName, written(difference.difference), percent, interval, pairs->seeds.size(), p)
                                 : text("no difference in %1 between %2 and %3 that chance would not make: %4 (%5 % interval %6), %7 seeds, p %8", metric, firstName,
                                        secondName, written(difference.difference), percent, interval, fmt::format("{} + {}", first.runs.size(), second.runs.size()), p);
    else
        verdict.sentence = pairs ? text("%1 is better than %2 in %3 by %4 (%5 % interval of the difference %6), paired over %7 seeds, p %8", secondWins ? secondName : firstName,
                                        secondWins ? firstName : secondName, metric, written(std::abs(difference.difference)), percent, interval, pairs->seeds.size(), p)
                                 : text("%1 is better than %2 in %3 by %4 (%5 % interval of the difference %6), %7 seeds, p %8", secondWins ? secondName : firstName,
                                        secondWins ? firstName : secondName, metric, written(std::abs(difference.difference)), percent, interval,
                                        fmt::format("{} + {}", first.runs.size(), second.runs.size()), p);
    if (difference.deciding) {
        const std::size_t at = *difference.deciding;
        const std::int64_t seed = pairs ? pairs->seeds[at] : at < first.runs.size() ? first.runs[at].seed : second.runs[at - first.runs.size()].seed;
        verdict.warning = text("one seed decides: without seed %1 it could not be told", seed);
    } else if (!difference.isSignificant(confidence) && std::min(first.runs.size(), second.runs.size()) < 5) {
        verdict.warning = text("few seeds: a difference may be there that so few cannot show");
    }
    return verdict;
}

}
