// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/summary/chart_spec.h"
#include "ui/theme/theme.h"

#include <QColor>
#include <QPolygonF>
#include <QRectF>

#include <map>
#include <memory>
#include <utility>

class QPainter;

namespace descent {

/// All that a chart is drawn from: values, so that any thread may paint it, for the window and for a file alike.
struct ChartInput {
    std::shared_ptr<const FigureTable> table; ///< never null
    ChartSpec spec;
    std::vector<bool> passing; ///< by run: fits all brushes of the board; empty: all do. The others are drawn faintly
    std::map<std::string, std::pair<double, double>> brushes; ///< parallel coordinates: by column, from and to along its axis, in 0 to 1
    ColorTokens colors;
    bool isPrinted = false;    ///< for a file: nothing in it can be taken hold of
    bool passes(std::size_t run) const { return passing.empty() || passing[run]; }
    bool hasBrush() const { return !passing.empty(); }
};

/// Something in a picture that stands for runs: what a pointer may meet.
struct ChartMark {
    std::vector<std::size_t> runs; ///< indices into the table
    QPolygonF shape;               ///< its outline; of a line its course; of a point the point alone
    enum class Kind { area, line, point } kind = Kind::area;
    QString group;                 ///< where it stands for several: what they are called, with their figure
};
using ChartMarks = std::vector<ChartMark>;

/// Why a chart shows nothing, and what to do; empty where it shows something.
QString chartObstacle(const ChartInput& input);

/// Paints the chart into `area`. A chart that leaves runs out, for lack of room or of a value, says how many.
ChartMarks paintChart(QPainter& painter, const QRectF& area, const ChartInput& input);

// One kind each; called by paintChart() where there is no obstacle.
ChartMarks paintBars(QPainter& painter, const QRectF& area, const ChartInput& input);
ChartMarks paintBoxes(QPainter& painter, const QRectF& area, const ChartInput& input);
ChartMarks paintScatter(QPainter& painter, const QRectF& area, const ChartInput& input);
ChartMarks paintPareto(QPainter& painter, const QRectF& area, const ChartInput& input);
ChartMarks paintHeat(QPainter& painter, const QRectF& area, const ChartInput& input);
ChartMarks paintParallel(QPainter& painter, const QRectF& area, const ChartInput& input);

/// What the pointer is told of a mark: a line of its name, then what the chart shows of it.
QString wordsOn(const ChartMark& mark, const ChartInput& input);

/// What is shown, as CSV (RFC 4180): a run a line with the columns of the chart; of bars and boxes by recipe also the group; of a heat map
/// the grid.
QByteArray chartCsv(const ChartInput& input);

}
