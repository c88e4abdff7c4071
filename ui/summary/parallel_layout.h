// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/figure_axis.h"
#include "ui/summary/summary_chart.h"

namespace descent {

/// Where the axes of parallel coordinates stand: for painting them and for taking hold of them.
struct ParallelLayout {
    struct Axis {
        const FigureColumn* column = nullptr; ///< of the table
        FigureAxis axis;
        bool flipped = false;
        double x = 0;
        QRectF title;                         ///< to drag the axis by, to flip it by a double click
    };
    std::vector<Axis> axes;
    double top = 0, bottom = 0;
    double missing = 0;                       ///< the height at which runs without a value cross an axis
    double yAt(std::size_t axis, double place) const;
    double placeAt(std::size_t axis, double y) const;
    double yOf(std::size_t axis, std::size_t run) const;
    int axisNear(const QPointF& point, double most) const; ///< -1: none
};
ParallelLayout layoutParallel(const QRectF& area, const ChartInput& input);
void paintBrushes(QPainter& painter, const ParallelLayout& layout, const ChartInput& input);

/// By run, whether it lies within every brush of the chart; empty where there is none. One without a value there does not.
std::vector<bool> withinBrushes(const ChartInput& input);

}
