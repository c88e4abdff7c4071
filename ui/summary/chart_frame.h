// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/figure_axis.h"
#include "ui/summary/summary_chart.h"

#include <QFontMetricsF>

namespace descent {

// What the charts share: axes with their ticks, colours, and the line that says what is not shown.

/// As a person chose it, else by its number: the same everywhere.
QColor runColor(const ColorTokens& colors, const FigureTable::Run& run);
QColor levelColor(const ColorTokens& colors, std::size_t level);
/// From low (0) to high (1), told apart by colour-blind eyes and in grey, readable on the surface: viridis without its end that fades there.
QColor gradientColor(const ColorTokens& colors, double share);
QColor faint(QColor color, double alpha);
QColor readableOn(const QColor& ground); ///< black or white

/// The foot of a chart: a sentence at its left, muted. Returns what is left of the area above.
QRectF takeFoot(QPainter& painter, const QRectF& area, const QString& words, const ColorTokens& colors);
/// "4 runs without Accuracy", "+12 more"; empty for 0.
QString missingWords(std::size_t count);

/// Two axes with their names, ticks and grid. Returns the rectangle that they span.
struct PlotAxis {
    const FigureAxis& axis;
    const FigureColumn& column;
    QString label;
};
QRectF paintFrame(QPainter& painter, const QRectF& area, const PlotAxis& x, const PlotAxis& y, const ColorTokens& colors);
QPointF placeIn(const QRectF& plot, double x, double y); ///< both from 0 to 1, upwards

/// A gradient with its two ends named, along the right edge. Returns what is left of the area.
QRectF takeGradient(QPainter& painter, const QRectF& area, const QString& title, const QString& low, const QString& high, const ColorTokens& colors);

/// Things side by side, each with a figure: as labelled rows where they fit, else as narrow columns; of more than fit only the first.
struct Lanes {
    bool rows = true;
    bool named = true;         ///< columns only where they are wide enough
    std::size_t shown = 0;
    QRectF plot;
    double each = 0;           ///< height of a row, width of a column
    QRectF lane(std::size_t index) const;
    QPointF at(std::size_t index, double across, double place) const; ///< across its lane and along the figure, both 0 to 1
    QRectF between(std::size_t index, double from, double to, double thickness) const;
};
/// names: elided in their middle; only drawn in rows. values: written behind each row; may be empty.
Lanes paintLanes(QPainter& painter, const QRectF& area, const std::vector<QString>& names, const std::vector<QString>& values, const PlotAxis& figure,
                 double leastRow, const ColorTokens& colors);

/// Round values for a person: of durations whole minutes or hours.
std::vector<AxisTick> chartTicks(const FigureAxis& axis, const FigureColumn& column, int wanted);
QString tickText(const FigureAxis& axis, const FigureColumn& column, const AxisTick& tick);

}
