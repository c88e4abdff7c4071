// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/curve_axis.h"
#include "engine/core/history/group_band.h"
#include "engine/core/store/run_store.h"
#include "ui/plot/chart_scale.h"
#include "ui/theme/theme.h"

#include <QFont>
#include <QImage>
#include <QRectF>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

class QPainter;

namespace descent {

// A chart as a value, and how it is painted: on any thread, on any paint device.

/// One curve, thinned for the columns of a picture. A value that is not finite is a gap, marked where it begins.
struct ChartCurve {
    qint64 id = 0; ///< of its run or group; several curves may share it
    QString name;
    QColor color;
    CurveAxis axis;                  ///< where the points stand along x
    std::vector<SeriesPoint> raw;    ///< drawn faintly where there is a smooth one
    std::vector<SeriesPoint> smooth;
    std::vector<BandPoint> band;     ///< of a group, whose mean is `raw`
    bool isMinor = false;            ///< of training, beside validation: thinner
    bool isDashed = false;
    bool hasDots = false;            ///< few, important values: one an epoch

    const std::vector<SeriesPoint>& shown() const { return smooth.empty() ? raw : smooth; }
    double xOf(const SeriesPoint& point) const { return axis.at(point.step, point.seconds); }
};

/// A short text at a place along x.
struct ChartNote {
    double x = 0;
    QString text;
    QColor color;
    bool operator==(const ChartNote&) const = default;
};

/// The best value of all that is shown.
struct ChartBest {
    double x = 0, y = 0;
    QString text;
    QColor color;
};

/// The theme as it was when the picture was ordered.
struct ChartLook {
    ColorTokens colors;
    QFont caption, heading;
    static ChartLook ofTheme(); ///< the window's thread only
};

struct ChartContent {
    QString title, xLabel;
    std::shared_ptr<const std::vector<ChartCurve>> curves; ///< never null
    ChartScale x, y;
    AxisNumbers numbers = AxisNumbers::plain; ///< along x
    qint64 highlighted = -1;                  ///< that id on top and bold, the others fainter
    std::vector<ChartNote> notes;
    std::vector<QPointF> gaps;                ///< x and y of the last value before each
    std::optional<ChartBest> best;
    ChartLook look;
};

/// Where values of these curves stop being numbers, as ChartContent has it. At most so many as can be seen beside each other.
std::vector<QPointF> gapsOf(const std::vector<ChartCurve>& curves);

/// Where curves are drawn in a chart of this size: beside it stand the numbers of the axes.
QRectF chartArea(const QSizeF& size);

void paintAxes(QPainter& painter, const QSizeF& size, const ChartContent& content);
/// The curves alone, on nothing. pixels: of chartArea() on the display; ratio: how many of them lines of width 1 are wide.
QImage drawCurves(const ChartContent& content, const QSize& pixels, double ratio);
/// What belongs to single points: where values stop being numbers, dots, the best value, notes.
void paintMarks(QPainter& painter, const QSizeF& size, const ChartContent& content);
/// Title, names, axes and curves: what is exported. ratio: how many pixels a unit of the image has that the curves are; 0: they are lines.
void paintChart(QPainter& painter, const QSizeF& size, const ChartContent& content, double ratio);

}
