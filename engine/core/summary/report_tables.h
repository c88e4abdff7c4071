// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/figure_table.h"
#include "engine/core/summary/report.h"

#include <functional>

namespace descent {

/// How a report writes columns and their values; in the language of whoever makes it.
struct ReportWords {
    std::string run = "run", recipe = "recipe", runs = "runs";
    std::function<std::string(const FigureColumn&)> label = [](const FigureColumn& column) { return column.name; };
    std::function<std::string(const FigureColumn&, double)> value = [](const FigureColumn&, double number) { return shortFigure(number); };
};

/// A row a run under these columns, the best of each metric and cost marked where they differ. Names that are no column are left out.
ReportTable reportTable(const FigureTable& table, const std::vector<std::string>& columns, const ReportWords& words = {});

/// Whether a recipe was trained with several seeds.
bool hasRepeats(const FigureTable& table);
/// A row a recipe, the one with the best primary figure first: how many runs it has, and under each column the mean over them, with its
/// standard deviation (n - 1) where there are several. The best mean is marked. Columns of words and settings are left out.
ReportTable resultsTable(const FigureTable& table, const std::vector<std::string>& columns, const ReportWords& words = {});

/// What a report shows unasked: metrics by their plain names, duration and parameters.
std::vector<std::string> figureColumns(const FigureTable& table);
/// The settings that differ.
std::vector<std::string> differingSettings(const FigureTable& table);

}
