// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/explanation.h"
#include "engine/core/summary/figure_table.h"

#include <QJsonObject>
#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace descent {

enum class ChartKind { bars, scatter, parallel, heat, boxes, pareto };
inline constexpr ChartKind chartKinds[]{ChartKind::bars, ChartKind::scatter, ChartKind::parallel, ChartKind::heat, ChartKind::boxes, ChartKind::pareto};

/// One chart as a person arranged it: columns of a FigureTable by their names. What a kind does not use stays empty.
struct ChartSpec {
    ChartKind kind = ChartKind::bars;
    std::string x;                    ///< scatter, Pareto, heat map: across; boxes: by what, "" by recipe
    std::string y;                    ///< bars, boxes: the figure; scatter, Pareto, heat map: upwards
    std::string color;                ///< scatter: "" by run; heat map: the figure
    std::vector<std::string> axes;    ///< parallel coordinates, left to right; the last one colours the lines
    std::vector<std::string> flipped; ///< those of them that point downwards
    bool logX = false, logY = false;
    bool perRecipe = true;            ///< bars: seeds of one recipe as their mean with its interval
    bool fromZero = false;            ///< bars: as long as their figure; else dots over the range of the figures
    bool operator==(const ChartSpec&) const = default;
};

QString chartKindLabel(ChartKind kind);
QString chartTitle(const ChartSpec& spec, const FigureTable& table); ///< "Accuracy over Learning rate"

QJsonObject toJson(const ChartSpec& spec);
std::optional<ChartSpec> chartFromJson(const QJsonObject& json); ///< none: of no kind that is known

/// A chart of that kind with the columns that suit a selection best. figure: what is asked about.
ChartSpec suggestedChart(ChartKind kind, const FigureTable& table, const Explanation& explanation, const std::string& figure);
/// What a board shows unasked: bars, the setting that explains most, accuracy against its price, parallel coordinates, and of grids a map.
std::vector<ChartSpec> suggestedBoard(const FigureTable& table, const Explanation& explanation, const std::string& figure);

}
