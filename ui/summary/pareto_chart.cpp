// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/pareto_front.h"
#include "ui/summary/chart_frame.h"
#include "ui/summary/column_text.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

struct ParetoChart {
    Q_DECLARE_TR_FUNCTIONS(ParetoChart)
};

/// Names beside the points of the front, those that would cover another left to the pointer.
void paintNames(QPainter& painter, const QRectF& plot, const std::vector<std::pair<QPointF, QString>>& points, const ColorTokens& colors)
{
    constexpr double most = 170;
    const QFontMetricsF metrics{painter.font()};
    std::vector<QRectF> taken;
    for (const auto& [at, name] : points)
        taken.emplace_back(at.x() - 5, at.y() - 5, 10, 10);
    for (const auto& [at, name] : points) {
        const QString text = metrics.elidedText(name, Qt::ElideMiddle, most);
        const double width = metrics.horizontalAdvance(text) + 2, line = metrics.height();
        const QRectF places[]{{at.x() + 8, at.y() - line - 1, width, line}, {at.x() - width - 8, at.y() - line - 1, width, line},
                              {at.x() + 8, at.y() + 2, width, line}, {at.x() - width - 8, at.y() + 2, width, line}};
        const auto* const place = std::find_if(std::begin(places), std::end(places), [&](const QRectF& one) {
            return plot.adjusted(-4, -line, 4, 0).contains(one) && std::none_of(taken.begin(), taken.end(), [&](const QRectF& other) { return other.intersects(one); });
        });
        if (place == std::end(places))
            continue;
        painter.setPen(colors.text);
        painter.drawText(*place, Qt::AlignLeft | Qt::AlignVCenter, text);
        taken.push_back(*place);
    }
}

}

ChartMarks paintPareto(QPainter& painter, const QRectF& area, const ChartInput& input)
{
    const FigureTable& table = *input.table;
    const FigureColumn &x = *table.find(input.spec.x), &y = *table.find(input.spec.y);
    const FigureAxis across = axisOf(x, input.spec.logX, 0.06), up = axisOf(y, input.spec.logY, 0.1);
    const std::vector<std::size_t> front = paretoFront(x.numbers, y.numbers, x.higherIsBetter, y.higherIsBetter);
    std::size_t leftOut = 0;
    for (std::size_t run = 0; run < table.runs.size(); ++run)
        leftOut += std::isnan(placeOn(across, x, run)) || std::isnan(placeOn(up, y, run));
    QStringList said{ParetoChart::tr("%1 of %2 runs on the front: none is better in one without being worse in the other").arg(front.size()).arg(table.runs.size() - leftOut),
                     missingWords(leftOut)};
    said.removeAll(QString{});
    const QRectF body = takeFoot(painter, area, said.join(QStringLiteral(" · ")), input.colors);
    const auto labelled = [&](const FigureColumn& column) {
        const QString label = columnLabel(table, column.name);
        return column.higherIsBetter ? ParetoChart::tr("%1, higher is better").arg(label) : ParetoChart::tr("%1, lower is better").arg(label);
    };
    const QRectF plot = paintFrame(painter, body, {across, x, labelled(x)}, {up, y, labelled(y)}, input.colors);
    const auto at = [&](std::size_t run) { return placeIn(plot, placeOn(across, x, run), placeOn(up, y, run)); };

    QPolygonF steps; // what is known to be reachable: no line between two runs
    for (const std::size_t run : front) {
        if (!steps.isEmpty())
            steps << QPointF{at(run).x(), steps.last().y()};
        steps << at(run);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen{input.colors.accent, 1.6});
    painter.drawPolyline(steps);
    ChartMarks marks;
    std::vector<std::pair<QPointF, QString>> names;
    std::vector<bool> inFront(table.runs.size());
    for (const std::size_t run : front)
        inFront[run] = true;
    for (const bool isFront : {false, true}) // the front on top
        for (std::size_t run = 0; run < table.runs.size(); ++run) {
            const QPointF point = at(run);
            if (inFront[run] != isFront || std::isnan(point.x()) || std::isnan(point.y()))
                continue;
            const double radius = isFront ? 5 : table.runs.size() > 300 ? 2.5 : 3.5;
            painter.setPen(QPen{input.colors.surface, 0.8});
            const bool passes = input.passes(run);
            painter.setBrush(isFront ? faint(runColor(input.colors, table.runs[run]), passes ? 1 : 0.25) : faint(input.colors.muted, passes ? 0.4 : 0.12));
            painter.drawEllipse(point, radius, radius);
            marks.push_back({.runs = {run}, .shape = {point}, .kind = ChartMark::Kind::point, .group = {}});
        }
    for (const std::size_t run : front)
        names.emplace_back(at(run), QString::fromStdString(table.runs[run].name));
    paintNames(painter, plot, names, input.colors);
    return marks;
}

}
