// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/metric_direction.h"

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// What all runs have under one name: a figure, or a setting of their recipes.
struct FigureColumn {
    enum class Role {
        metric,  ///< what models are judged by
        cost,    ///< duration, parameters, epoch, step: less is better
        setting, ///< of the recipe, by its dotted path
        word     ///< experiment, dataset, architecture, task, status
    } role = Role::metric;
    std::string name;               ///< as in a RunQuery: "accuracy", "training.learningRate"
    std::string label;              ///< a setting's, by its schema, a translation key; else empty
    bool isNumber = false;
    bool isLogarithmic = false;     ///< by its schema, else because all are above 0 and they span two decades or more
    bool higherIsBetter = true;     ///< of a metric; false of a cost
    bool isJudged = false;          ///< that is known, not guessed: a best one may be marked
    std::vector<double> numbers;    ///< one a run; NaN where there is none; empty where this is no number
    std::vector<std::string> texts; ///< one a run: words, and settings as they are written; "" where there is none; empty of figures
    bool differs = false;           ///< some runs have another value than others, or none
};

/// Runs by columns: what every summary chart is drawn from.
struct FigureTable {
    struct Run {
        RunId id = 0;
        std::string name;        ///< with its number where another has the same
        std::int64_t seed = 0;
        std::size_t recipe = 0;  ///< which of `recipes`
        std::string color;       ///< see RunSummary
    };
    std::vector<Run> runs;
    std::vector<std::string> recipes;  ///< names, each another: runs whose recipes differ by the seed alone share one
    std::vector<FigureColumn> columns; ///< metrics, costs, settings, words; settings that differ first
    std::string primary;               ///< the metric that most of them are judged by; "" where there is none

    const FigureColumn* find(std::string_view name) const; ///< null when there is none
};

/// Figures are those of fieldOf(), settings those of the recipes. A recipe that cannot be read gives the settings that its JSON holds;
/// an empty one none.
FigureTable figureTable(const std::vector<RunDetails>& runs, const Directions& directions = {});

/// The distinct values of a column, in order, and which of them each run has.
struct ColumnLevels {
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
    std::vector<std::string> names; ///< numbers ascending, texts by their letters
    std::vector<std::size_t> of;    ///< one a run: index into names, or none
    bool binned = false;            ///< a level is a range of numbers
};
/// mostNumbers: with more distinct numbers than that, they are put into at most ten ranges of equal width (or of equal ratio).
ColumnLevels levelsOf(const FigureColumn& column, std::size_t mostNumbers = std::numeric_limits<std::size_t>::max());

/// Four significant digits, for the names of levels and in sentences.
std::string shortFigure(double value);

}
