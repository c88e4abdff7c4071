// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/box_summary.h"
#include "engine/core/summary/figure_groups.h"
#include "ui/summary/chart_frame.h"
#include "ui/summary/column_text.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

struct BoxChart {
    Q_DECLARE_TR_FUNCTIONS(BoxChart)
};

/// Where a point stands across its lane: the same each time, spread so that equal figures are seen to be several.
double spread(std::size_t index)
{
    return 0.5 + 0.22 * std::sin(static_cast<double>(index) * 2.4);
}

void paintBox(QPainter& painter, const Lanes& lanes, std::size_t lane, const FigureAxis& axis, const BoxSummary& box, const QColor& color)
{
    constexpr double thickness = 18;
    const auto at = [&](double value, double across = 0.5) { return lanes.at(lane, across, placeOn(axis, value)); };
    painter.setPen(QPen{color, 1.4});
    painter.drawLine(at(box.whiskerLow), at(box.lower));
    painter.drawLine(at(box.upper), at(box.whiskerHigh));
    for (const double end : {box.whiskerLow, box.whiskerHigh})
        painter.drawLine(at(end, 0.36), at(end, 0.64));
    const QRectF body = lanes.between(lane, placeOn(axis, box.lower), placeOn(axis, box.upper), thickness);
    painter.setBrush(faint(color, 0.16));
    painter.drawRoundedRect(body, 2, 2);
    painter.setPen(QPen{color, 2.4});
    const QPointF median = at(box.median);
    if (lanes.rows)
        painter.drawLine(QPointF{median.x(), body.top()}, QPointF{median.x(), body.bottom()});
    else
        painter.drawLine(QPointF{body.left(), median.y()}, QPointF{body.right(), median.y()});
}

}

ChartMarks paintBoxes(QPainter& painter, const QRectF& area, const ChartInput& input)
{
    constexpr double leastRow = 24;
    const FigureColumn& figure = *input.table->find(input.spec.y);
    const FigureColumn* by = input.table->find(input.spec.x);
    const std::vector<FigureGroup> groups = by ? groupsByColumn(*by, figure) : groupsByRecipe(*input.table, figure);
    const FigureAxis axis = axisOf(figure, input.spec.logY, 0.06);
    std::vector<QString> names;
    std::size_t drawn = 0;
    for (const FigureGroup& group : groups) {
        names.push_back(BoxChart::tr("%1 (n %2)").arg(QString::fromStdString(group.name)).arg(group.runs.size()));
        drawn += group.runs.size();
    }
    QStringList said{BoxChart::tr("box: quartiles, whiskers: up to 1.5 times its height")};
    if (const QString missing = missingWords(input.table->runs.size() - drawn); !missing.isEmpty())
        said << missing;
    const QRectF body = area.adjusted(0, 0, 0, -QFontMetricsF{painter.font()}.height() - 4);
    const Lanes lanes = paintLanes(painter, body, names, {}, {axis, figure, columnLabel(*input.table, input.spec.y)}, leastRow, input.colors);
    if (lanes.shown < groups.size())
        said.prepend(BoxChart::tr("+%1 more").arg(groups.size() - lanes.shown));
    takeFoot(painter, area, said.join(QStringLiteral(" · ")), input.colors);

    ChartMarks marks;
    for (std::size_t i = 0; i < lanes.shown; ++i) {
        const FigureGroup& group = groups[i];
        const bool passes = std::any_of(group.runs.begin(), group.runs.end(), [&](std::size_t run) { return input.passes(run); });
        const QColor color = by ? levelColor(input.colors, i) : levelColor(input.colors, input.table->runs[group.runs.front()].recipe);
        std::vector<double> values;
        for (const std::size_t run : group.runs)
            values.push_back(figure.numbers[run]);
        const BoxSummary box = boxSummary(values);
        if (box.count > 2) // of two a box would say more than is known
            paintBox(painter, lanes, i, axis, box, faint(color, passes ? 1 : 0.2));
        marks.push_back({.runs = group.runs,
                         .shape = QPolygonF{lanes.lane(i)},
                         .group = BoxChart::tr("%1: median %2, quartiles %3 to %4")
                                      .arg(names[i], columnValue(figure, box.median), columnValue(figure, box.lower), columnValue(figure, box.upper))});
        const double radius = std::clamp(lanes.each * 0.12, 1.0, 3.0);
        for (std::size_t k = 0; k < group.runs.size(); ++k) {
            const QPointF at = lanes.at(i, spread(k), placeOn(axis, values[k]));
            painter.setPen(QPen{input.colors.surface, 0.8});
            painter.setBrush(faint(color, input.passes(group.runs[k]) ? 0.9 : 0.15));
            painter.drawEllipse(at, radius, radius);
            marks.push_back({.runs = {group.runs[k]}, .shape = {at}, .kind = ChartMark::Kind::point, .group = {}});
        }
    }
    return marks;
}

}
