// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/standing.h"

#include "engine/core/summary/figure_groups.h"

#include <algorithm>

namespace descent {

namespace {

SeedGroup seedGroup(const FigureTable& table, const FigureColumn& figure, const FigureGroup& group)
{
    SeedGroup seeds;
    for (const std::size_t run : group.runs)
        seeds.runs.push_back({table.runs[run].seed, figure.numbers[run]});
    std::stable_sort(seeds.runs.begin(), seeds.runs.end(), [](const SeedGroup::Run& a, const SeedGroup::Run& b) { return a.seed < b.seed; });
    return seeds;
}

}

std::optional<Standing> standingOf(const FigureTable& table, const FigureColumn& figure)
{
    std::vector<FigureGroup> groups = groupsByRecipe(table, figure);
    const auto repeated = static_cast<std::size_t>(std::count_if(groups.begin(), groups.end(), [](const FigureGroup& group) { return group.runs.size() > 1; }));
    const bool isPicked = groups.size() > 2;
    if (groups.size() < 2 || repeated < (isPicked ? 2U : 1U))
        return std::nullopt;
    if (isPicked)
        std::erase_if(groups, [](const FigureGroup& group) { return group.runs.size() < 2; });
    else // as they were given, not by their figures
        std::sort(groups.begin(), groups.end(), [](const FigureGroup& a, const FigureGroup& b) { return a.runs.front() < b.runs.front(); });
    Standing standing{.first = groups[0].name, .second = groups[1].name};
    standing.verdict = verdictOf(seedGroup(table, figure, groups[0]), seedGroup(table, figure, groups[1]), groups[0].name, groups[1].name, figure.name, figure.higherIsBetter);
    if (standing.verdict.warning)
        standing.warnings.push_back(*standing.verdict.warning);
    if (isPicked)
        standing.warnings.push_back(text("these are the best two of %1 recipes, picked by this very figure: chance picked along, and p is too small", groups.size()));
    return standing;
}

}
