// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/report_tables.h"

#include "engine/core/summary/figure_groups.h"

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

using Role = FigureColumn::Role;

double bestOf(const FigureColumn& column)
{
    double best = NAN;
    for (const double value : column.numbers)
        best = column.higherIsBetter ? std::fmax(best, value) : std::fmin(best, value);
    return best;
}

/// By the primary figure, the best first; recipes without it last.
std::vector<std::size_t> recipesInOrder(const FigureTable& table)
{
    std::vector<std::size_t> order;
    if (const FigureColumn* figure = table.find(table.primary); figure && figure->isNumber)
        for (const FigureGroup& group : groupsByRecipe(table, *figure))
            order.push_back(table.runs[group.runs.front()].recipe);
    for (std::size_t recipe = 0; recipe < table.recipes.size(); ++recipe)
        if (std::ranges::find(order, recipe) == order.end())
            order.push_back(recipe);
    return order;
}

}

ReportTable reportTable(const FigureTable& table, const std::vector<std::string>& columns, const ReportWords& words)
{
    ReportTable report{.heading = {words.run}, .rows = {}, .best = {}};
    for (const FigureTable::Run& run : table.runs)
        report.rows.push_back({run.name});
    for (const std::string& name : columns) {
        const FigureColumn* column = table.find(name);
        if (!column)
            continue;
        const bool isJudged = column->isNumber && column->differs && column->isJudged;
        const double best = isJudged ? bestOf(*column) : NAN;
        for (std::size_t run = 0; run < table.runs.size(); ++run) {
            const double number = column->isNumber ? column->numbers[run] : NAN;
            if (number == best)
                report.best.emplace_back(run, report.heading.size());
            report.rows[run].push_back(!column->texts.empty() ? column->texts[run] : std::isnan(number) ? std::string{} : words.value(*column, number));
        }
        report.heading.push_back(words.label(*column));
    }
    return report;
}

bool hasRepeats(const FigureTable& table)
{
    return table.recipes.size() < table.runs.size();
}

ReportTable resultsTable(const FigureTable& table, const std::vector<std::string>& columns, const ReportWords& words)
{
    ReportTable results{.heading = {words.recipe, words.runs}, .rows = {}, .best = {}};
    const std::vector<std::size_t> order = recipesInOrder(table);
    std::vector<std::size_t> rowOf(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
        rowOf[order[row]] = row;
        const auto runs = std::ranges::count(table.runs, order[row], &FigureTable::Run::recipe);
        results.rows.push_back({table.recipes[order[row]], std::to_string(runs)});
    }
    for (const std::string& name : columns) {
        const FigureColumn* column = table.find(name);
        if (!column || !column->isNumber || (column->role != Role::metric && column->role != Role::cost))
            continue;
        const std::vector<FigureGroup> groups = groupsByRecipe(table, *column); // the best mean first
        for (std::vector<std::string>& row : results.rows)
            row.emplace_back();
        for (const FigureGroup& group : groups) {
            const std::size_t row = rowOf[table.runs[group.runs.front()].recipe];
            const std::string mean = words.value(*column, group.mean.mean);
            results.rows[row].back() = group.mean.count > 1 ? mean + " ± " + words.value(*column, group.mean.deviation) : mean;
            if (column->isJudged && column->differs && group.mean.mean == groups.front().mean.mean)
                results.best.emplace_back(row, results.heading.size());
        }
        results.heading.push_back(words.label(*column));
    }
    return results;
}

std::vector<std::string> figureColumns(const FigureTable& table)
{
    std::vector<std::string> names;
    for (const FigureColumn& column : table.columns)
        if ((column.role == Role::metric && column.name.find_first_of("./") == std::string::npos) || column.name == "duration" || column.name == "parameters")
            names.push_back(column.name);
    std::stable_partition(names.begin(), names.end(), [&](const std::string& name) { return name == table.primary; });
    return names;
}

std::vector<std::string> differingSettings(const FigureTable& table)
{
    std::vector<std::string> names;
    for (const FigureColumn& column : table.columns)
        if (column.role == Role::setting && column.differs)
            names.push_back(column.name);
    return names;
}

}
