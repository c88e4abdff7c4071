// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/heat_grid.h"
#include "ui/summary/chart_frame.h"
#include "ui/summary/column_text.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

struct HeatChart {
    Q_DECLARE_TR_FUNCTIONS(HeatChart)
};

/// The levels of the grid as an axis: its ticks stand in the middle of their fields.
FigureAxis axisOfLevels(const std::vector<std::string>& names)
{
    return {.scale = FigureAxis::Scale::levels, .low = -0.5, .high = static_cast<double>(names.size()) - 0.5, .levels = {.names = names, .of = {}}};
}

}

ChartMarks paintHeat(QPainter& painter, const QRectF& area, const ChartInput& input)
{
    const FigureTable& table = *input.table;
    const FigureColumn &x = *table.find(input.spec.x), &y = *table.find(input.spec.y), &figure = *table.find(input.spec.color);
    const HeatGrid grid = heatGrid(x, y, figure);
    QStringList said{HeatChart::tr("mean of the runs in each field, the best framed"), missingWords(grid.leftOut)};
    said.removeAll(QString{});
    QRectF body = takeFoot(painter, area, said.join(QStringLiteral(" · ")), input.colors);
    body = takeGradient(painter, body, columnLabel(table, figure.name), columnValue(figure, grid.low), columnValue(figure, grid.high), input.colors);
    const FigureAxis across = axisOfLevels(grid.across), up = axisOfLevels(grid.up);
    const QRectF plot = paintFrame(painter, body, {across, x, columnLabel(table, x.name)}, {up, y, columnLabel(table, y.name)}, input.colors);
    const double width = plot.width() / static_cast<double>(grid.across.size()), height = plot.height() / static_cast<double>(grid.up.size());
    const QFontMetricsF metrics{painter.font()};
    const double best = figure.higherIsBetter ? grid.high : grid.low;
    ChartMarks marks;
    QRectF framed;
    for (std::size_t row = 0; row < grid.up.size(); ++row)
        for (std::size_t column = 0; column < grid.across.size(); ++column) {
            const HeatGrid::Cell& cell = grid.at(column, row);
            const QPointF corner{plot.left() + static_cast<double>(column) * width, plot.bottom() - static_cast<double>(row + 1) * height};
            const QRectF field = QRectF{corner, QSizeF{width, height}}.adjusted(1, 1, -1, -1);
            painter.fillRect(field, input.colors.surface); // over the lines of the frame
            if (cell.runs.empty()) {
                painter.fillRect(field, faint(input.colors.grid, 0.6));
                continue;
            }
            const bool passes = std::any_of(cell.runs.begin(), cell.runs.end(), [&](std::size_t run) { return input.passes(run); });
            const QColor color = gradientColor(input.colors, grid.high > grid.low ? (cell.mean - grid.low) / (grid.high - grid.low) : 0.5);
            painter.fillRect(field, faint(color, passes ? 1 : 0.2));
            if (cell.mean == best)
                framed = field;
            const QString value = columnValue(figure, cell.mean);
            if (metrics.horizontalAdvance(value) + 8 <= field.width() && metrics.height() <= field.height()) {
                painter.setPen(passes ? readableOn(color) : input.colors.muted);
                painter.drawText(field, Qt::AlignCenter, value);
            }
            marks.push_back({.runs = cell.runs,
                             .shape = QPolygonF{field},
                             .group = HeatChart::tr("%1 %2, %3 %4: %5 (n %6)")
                                          .arg(columnLabel(table, x.name), QString::fromStdString(grid.across[column]), columnLabel(table, y.name),
                                               QString::fromStdString(grid.up[row]), value)
                                          .arg(cell.runs.size())});
        }
    if (!framed.isNull() && grid.low < grid.high) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen{input.colors.text, 2});
        painter.drawRect(framed);
    }
    return marks;
}

}
