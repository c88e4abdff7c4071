// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRectF>
#include <QString>

#include <cstdint>
#include <vector>

class QPainter;

namespace descent {

/// One line over steps of time. Values that are not finite are gaps.
struct SeriesLine {
    std::int64_t begin = 0;    ///< step of the first value
    std::vector<float> values; ///< one a step
    QColor color;
    double width = 1.4;
    Qt::PenStyle style = Qt::SolidLine;
};

/// A small chart of a series: lines, a title in its left upper corner, times or steps along its foot.
struct SeriesChart {
    QString title;
    std::vector<SeriesLine> lines; ///< the last on top
    std::int64_t steps = 0;        ///< from left to right
    std::int64_t firstStep = 0;    ///< what the leftmost is called where there are no times
    std::vector<std::int64_t> seconds; ///< since 1970, UTC, one a step; empty: not known
    std::int64_t now = -1;         ///< a line before this step: what lies right of it was not known; negative: none
};

void paintSeriesChart(QPainter& painter, const QRectF& area, const SeriesChart& chart);

/// Places and words for times along an axis from `first` to `last`, about `wanted` of them: "14:00", "3 Jul", "Jul 2017", "1955".
struct TimeTick {
    double at = 0; ///< 0 left to 1 right
    QString label;
};
std::vector<TimeTick> timeTicks(std::int64_t first, std::int64_t last, int wanted);

}
