// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/figure_table.h"
#include "engine/core/summary/report.h"

#include <functional>

namespace descent {

/// How a report writes columns and their values; in the language of whoever makes it.
struct ReportWords {
    std::string run = "run";
    std::function<std::string(const FigureColumn&)> label = [](const FigureColumn& column) { return column.name; };
    std::function<std::string(const FigureColumn&, double)> value = [](const FigureColumn&, double number) { return shortFigure(number); };
};

/// A row a run under these columns, the best of each metric and cost marked where they differ. Names that are no column are left out.
ReportTable reportTable(const FigureTable& table, const std::vector<std::string>& columns, const ReportWords& words = {});

/// What a report shows unasked: metrics by their plain names, duration and parameters.
std::vector<std::string> figureColumns(const FigureTable& table);
/// The settings that differ.
std::vector<std::string> differingSettings(const FigureTable& table);

}
