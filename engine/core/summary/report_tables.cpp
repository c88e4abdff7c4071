// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/report_tables.h"

#include <algorithm>
#include <cmath>
#include <numeric>

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

struct Spread {
    std::size_t count = 0;
    double mean = NAN, deviation = NAN;
};

Spread spreadOf(const FigureTable& table, const FigureColumn& figure, std::size_t recipe)
{
    Spread spread;
    double sum = 0, squares = 0;
    const auto each = [&](auto&& take) {
        for (std::size_t run = 0; run < table.runs.size(); ++run)
            if (table.runs[run].recipe == recipe && !std::isnan(figure.numbers[run]))
                take(figure.numbers[run]);
    };
    each([&](double value) { ++spread.count, sum += value; });
    if (spread.count == 0)
        return spread;
    spread.mean = sum / static_cast<double>(spread.count);
    each([&](double value) { squares += (value - spread.mean) * (value - spread.mean); });
    if (spread.count > 1)
        spread.deviation = std::sqrt(squares / static_cast<double>(spread.count - 1));
    return spread;
}

/// Recipes without the figure last.
std::vector<std::size_t> recipesByPrimary(const FigureTable& table)
{
    std::vector<std::size_t> order(table.recipes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const FigureColumn* figure = table.find(table.primary);
    if (!figure)
        return order;
    std::vector<double> means;
    for (const std::size_t recipe : order)
        means.push_back(spreadOf(table, *figure, recipe).mean);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (std::isnan(means[a]) || std::isnan(means[b]))
            return !std::isnan(means[a]) && std::isnan(means[b]);
        return figure->higherIsBetter ? means[a] > means[b] : means[a] < means[b];
    });
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
    const std::vector<std::size_t> order = recipesByPrimary(table);
    for (const std::size_t recipe : order) {
        const auto runs = std::count_if(table.runs.begin(), table.runs.end(), [&](const FigureTable::Run& run) { return run.recipe == recipe; });
        results.rows.push_back({table.recipes[recipe], std::to_string(runs)});
    }
    for (const std::string& name : columns) {
        const FigureColumn* column = table.find(name);
        if (!column || !column->isNumber || (column->role != Role::metric && column->role != Role::cost))
            continue;
        double best = NAN;
        std::vector<double> means;
        for (std::size_t row = 0; row < order.size(); ++row) {
            const Spread spread = spreadOf(table, *column, order[row]);
            means.push_back(spread.mean);
            best = column->higherIsBetter ? std::fmax(best, spread.mean) : std::fmin(best, spread.mean);
            results.rows[row].push_back(std::isnan(spread.mean) ? std::string{}
                                            : spread.count > 1  ? words.value(*column, spread.mean) + " ± " + words.value(*column, spread.deviation)
                                                                : words.value(*column, spread.mean));
        }
        for (std::size_t row = 0; row < means.size(); ++row)
            if (column->isJudged && column->differs && means[row] == best)
                results.best.emplace_back(row, results.heading.size());
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
