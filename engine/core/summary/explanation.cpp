// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/explanation.h"

#include "engine/core/metrics/significance.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace descent {

namespace {

constexpr std::size_t fewestRuns = 5;
constexpr double level = 0.05;

std::string writtenP(double p)
{
    return p < 0.001 ? "< 0.001" : fmt::format("= {:.2g}", p);
}

/// A column as far as the runs with the figure have it.
struct Slice {
    std::vector<std::size_t> levels;  // all runs; one that has no value makes a level of its own
    std::vector<std::string> names;   // of the levels
    std::vector<double> numbers;      // of the runs that have one
    std::vector<double> figures;      // of all runs
    std::vector<double> numberFigures; // of those with a number
    std::size_t levelCount = 0;
    std::size_t numberCount = 0;      // distinct
};

Slice sliceOf(const FigureColumn& column, const FigureColumn& figure, const std::vector<std::size_t>& runs)
{
    const ColumnLevels all = levelsOf(column);
    Slice slice;
    std::map<std::size_t, std::size_t> place; // of the levels that are left, in the order in which they come
    for (const std::size_t run : runs) {
        const auto [found, isNew] = place.try_emplace(all.of[run], place.size());
        if (isNew)
            slice.names.push_back(all.of[run] == ColumnLevels::none ? "–" : all.names[all.of[run]]);
        slice.levels.push_back(found->second);
        slice.figures.push_back(figure.numbers[run]);
        if (column.isNumber && !std::isnan(column.numbers[run])) {
            slice.numbers.push_back(column.numbers[run]);
            slice.numberFigures.push_back(figure.numbers[run]);
        }
    }
    slice.levelCount = place.size();
    slice.numberCount = place.size() - (place.contains(ColumnLevels::none) ? 1 : 0);
    return slice;
}

std::string bestLevelOf(const Slice& slice, bool higherIsBetter)
{
    const std::vector<double> ranks = meanRanks(slice.figures);
    std::vector<double> sums(slice.levelCount), counts(slice.levelCount);
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        sums[slice.levels[i]] += ranks[i];
        ++counts[slice.levels[i]];
    }
    std::size_t best = 0;
    for (std::size_t one = 1; one < slice.levelCount; ++one)
        if ((sums[one] / counts[one] > sums[best] / counts[best]) == higherIsBetter)
            best = one;
    return slice.names[best];
}

/// A seed's number counts nothing.
bool isOrdered(const FigureColumn& column, const Slice& slice)
{
    return column.isNumber && slice.numberCount > 1 && column.name != "seed";
}

SettingHint hintOf(const FigureColumn& column, const Slice& slice, bool higherIsBetter)
{
    SettingHint hint{.setting = column.name, .runs = slice.levels.size()};
    const Association groups = groupAssociation(slice.levels, slice.figures);
    const bool ordered = isOrdered(column, slice);
    if (ordered) {
        hint.association = rankAssociation(slice.numbers, slice.numberFigures);
        hint.runs = slice.numbers.size();
    }
    // What rises to a peak and falls again, as a learning rate's figure does, has no rank correlation to speak of.
    const bool looksTwice = ordered && slice.levelCount > 2 && slice.levelCount * 2 <= slice.levels.size() && !std::isnan(groups.pValue);
    if (!ordered || (looksTwice && !(hint.association.pValue <= groups.pValue))) {
        hint.measure = SettingHint::Measure::kruskalWallis;
        hint.association = groups;
        hint.runs = slice.levels.size();
        hint.bestLevel = bestLevelOf(slice, higherIsBetter);
    }
    if (looksTwice)
        hint.association.pValue = std::min(1.0, 2 * hint.association.pValue);
    return hint;
}

Text sentenceOf(const SettingHint& hint, const std::string& figure, std::size_t looked)
{
    const std::string p = writtenP(hint.association.pValue), strength = fmt::format("{:.2f}", hint.association.strength);
    const bool isSure = hint.association.pValue < level;
    if (std::isnan(hint.association.pValue))
        return text("%1 has another value in every run, so that nothing can be told of it", hint.setting);
    if (hint.measure == SettingHint::Measure::kruskalWallis)
        return isSure ? text("%1 goes with %2: best at %3; strength %4 over %5 runs (Kruskal-Wallis, p %6 corrected; settings looked at: %7)", hint.setting, figure,
                             hint.bestLevel, strength, hint.runs, p, looked)
                      : text("%1 shows nothing in %2 that chance would not: best at %3; strength %4 over %5 runs (Kruskal-Wallis, p %6 corrected; settings looked at: %7)",
                             hint.setting, figure, hint.bestLevel, strength, hint.runs, p, looked);
    const std::string correlation = fmt::format("{:+.2f}", hint.association.direction);
    if (!isSure)
        return text("%1 shows nothing in %2 that chance would not: rank correlation %3 over %4 runs (Spearman, p %5 corrected; settings looked at: %6)", hint.setting, figure,
                    correlation, hint.runs, p, looked);
    return hint.association.direction > 0
        ? text("%2 rises with %1: rank correlation %3 over %4 runs (Spearman, p %5 corrected; settings looked at: %6)", hint.setting, figure, correlation, hint.runs, p, looked)
        : text("%2 falls with %1: rank correlation %3 over %4 runs (Spearman, p %5 corrected; settings looked at: %6)", hint.setting, figure, correlation, hint.runs, p, looked);
}

/// What two settings have in common that cannot be told apart. Where every run has a value of its own, that is the order of their
/// numbers, upwards or downwards; for else all such settings would be one.
std::pair<std::string, std::vector<std::size_t>> splitOf(const FigureColumn& column, const Slice& slice)
{
    if (slice.levelCount < slice.levels.size())
        return {"", slice.levels};
    if (!isOrdered(column, slice))
        return {column.name, {}};
    std::vector<std::size_t> order;
    const std::vector<double> ranks = meanRanks(slice.numbers);
    const bool isFalling = ranks.front() > ranks.back();
    for (const double rank : ranks)
        order.push_back(static_cast<std::size_t>(isFalling ? static_cast<double>(ranks.size() - 1) - rank : rank));
    return {"order", order};
}

/// The settings that differ, those that split the runs alike as one.
std::vector<SettingHint> lookedAt(const FigureTable& table, const FigureColumn& figure, const std::vector<std::size_t>& runs)
{
    std::vector<SettingHint> hints;
    std::map<std::pair<std::string, std::vector<std::size_t>>, std::size_t> hintOfSplit;
    for (const FigureColumn& column : table.columns) {
        if (column.role != FigureColumn::Role::setting || !column.differs)
            continue;
        const Slice slice = sliceOf(column, figure, runs);
        if (slice.levelCount < 2)
            continue;
        const auto [found, isNew] = hintOfSplit.try_emplace(splitOf(column, slice), hints.size());
        if (isNew)
            hints.push_back(hintOf(column, slice, figure.higherIsBetter));
        else
            hints[found->second].together.push_back(column.name);
    }
    return hints;
}

}

Explanation explain(const FigureTable& table, const FigureColumn& figure)
{
    std::vector<std::size_t> runs;
    for (std::size_t run = 0; run < figure.numbers.size(); ++run)
        if (!std::isnan(figure.numbers[run]))
            runs.push_back(run);
    if (runs.size() < fewestRuns)
        return {.hints = {}, .sentence = text("which difference explains %1 cannot be told from fewer than %2 runs", figure.name, fewestRuns), .limits = {}};
    if (std::all_of(runs.begin(), runs.end(), [&](std::size_t run) { return figure.numbers[run] == figure.numbers[runs.front()]; }))
        return {.hints = {}, .sentence = text("%1 is the same in all %2 runs: there is nothing to explain", figure.name, runs.size()), .limits = {}};

    Explanation found{.hints = lookedAt(table, figure, runs), .sentence = {}, .limits = {}};
    if (found.hints.empty())
        return {.hints = {}, .sentence = text("the recipes of these %1 runs are equal: chance alone makes %2 differ", runs.size(), figure.name), .limits = {}};
    std::vector<double> pValues;
    for (const SettingHint& hint : found.hints)
        pValues.push_back(hint.association.pValue);
    const auto looked = static_cast<std::size_t>(std::count_if(pValues.begin(), pValues.end(), [](double p) { return !std::isnan(p); }));
    const std::vector<double> adjusted = holmAdjusted(pValues);
    for (std::size_t i = 0; i < found.hints.size(); ++i) {
        found.hints[i].association.pValue = adjusted[i];
        found.hints[i].sentence = sentenceOf(found.hints[i], figure.name, looked);
    }
    const auto strength = [](const SettingHint& hint) { return std::isnan(hint.association.pValue) ? -1 : hint.association.strength; };
    std::stable_sort(found.hints.begin(), found.hints.end(), [&](const SettingHint& a, const SettingHint& b) {
        const bool isSureA = a.association.pValue < level, isSureB = b.association.pValue < level;
        return isSureA != isSureB ? isSureA : strength(a) > strength(b);
    });
    const SettingHint& first = found.hints.front();
    const bool isSure = first.association.pValue < level;
    found.sentence = isSure || looked == 1 ? first.sentence : text("none of the %2 settings explains %1 beyond chance, over %3 runs", figure.name, looked, runs.size());
    if (!first.together.empty())
        found.limits = text("%1 changes together with %2: which of them it is cannot be told from these runs", first.setting,
                            fmt::format("{}", fmt::join(first.together, ", ")));
    else if (isSure)
        found.limits = text("a hint, no proof: over %1 runs, and what no recipe says may have changed along", runs.size());
    return found;
}

}
