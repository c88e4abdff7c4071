// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/report_tables.h"

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
