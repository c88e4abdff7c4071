// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/figure_groups.h"

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

std::vector<FigureGroup> grouped(std::vector<std::string> names, const std::vector<std::size_t>& of, const FigureColumn& figure, double confidence)
{
    std::vector<FigureGroup> groups;
    for (std::string& name : names)
        groups.push_back({.name = std::move(name), .runs = {}, .mean = {}});
    for (std::size_t run = 0; run < of.size(); ++run)
        if (of[run] != ColumnLevels::none && !std::isnan(figure.numbers[run]))
            groups[of[run]].runs.push_back(run);
    std::erase_if(groups, [](const FigureGroup& group) { return group.runs.empty(); });
    std::vector<double> values;
    for (FigureGroup& group : groups) {
        values.clear();
        for (const std::size_t run : group.runs)
            values.push_back(figure.numbers[run]);
        group.mean = meanInterval(values, confidence);
    }
    return groups;
}

}

std::vector<FigureGroup> groupsByRecipe(const FigureTable& table, const FigureColumn& figure, double confidence)
{
    std::vector<std::size_t> of;
    for (const FigureTable::Run& run : table.runs)
        of.push_back(run.recipe);
    std::vector<FigureGroup> groups = grouped(table.recipes, of, figure, confidence);
    std::stable_sort(groups.begin(), groups.end(), [&](const FigureGroup& a, const FigureGroup& b) {
        return figure.higherIsBetter ? a.mean.mean > b.mean.mean : a.mean.mean < b.mean.mean;
    });
    return groups;
}

std::vector<FigureGroup> groupsByColumn(const FigureColumn& column, const FigureColumn& figure, double confidence)
{
    constexpr std::size_t mostNumbers = 12;
    const ColumnLevels levels = levelsOf(column, mostNumbers);
    return grouped(levels.names, levels.of, figure, confidence);
}

}
