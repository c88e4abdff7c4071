// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/significance.h"
#include "ui/summary/chart_frame.h"
#include "ui/summary/column_text.h"

#include <QCoreApplication>
#include <QPainter>

#include <cmath>

namespace descent {

namespace {

struct ScatterChart {
    Q_DECLARE_TR_FUNCTIONS(ScatterChart)
};

/// The levels of a column of words with their colours, a line at the top. Returns what is left below.
QRectF takeLegend(QPainter& painter, const QRectF& area, const std::vector<std::string>& names, const ColorTokens& colors)
{
    const QFontMetricsF metrics{painter.font()};
    const double line = metrics.height(), most = 140;
    double at = area.left();
    for (std::size_t i = 0; i < names.size(); ++i) {
        const QString name = metrics.elidedText(QString::fromStdString(names[i]), Qt::ElideMiddle, most);
        const double width = 14 + metrics.horizontalAdvance(name);
        if (at + width + 60 > area.right() && i + 1 < names.size()) {
            painter.setPen(colors.muted);
            painter.drawText(QRectF{at, area.top(), 80, line}, Qt::AlignLeft | Qt::AlignVCenter, ScatterChart::tr("+%1 more").arg(names.size() - i));
            break;
        }
        painter.setPen(Qt::NoPen);
        painter.setBrush(levelColor(colors, i));
        painter.drawEllipse(QPointF{at + 5, area.top() + line / 2}, 4, 4);
        painter.setPen(colors.muted);
        painter.drawText(QRectF{at + 14, area.top(), width, line}, Qt::AlignLeft | Qt::AlignVCenter, name);
        at += width + 14;
    }
    return area.adjusted(0, line + 6, 0, 0);
}

/// How far the points lie on a rising or falling line of ranks.
QString correlationWords(const FigureColumn& x, const FigureColumn& y)
{
    std::vector<double> a, b;
    for (std::size_t run = 0; x.isNumber && y.isNumber && run < x.numbers.size(); ++run)
        if (!std::isnan(x.numbers[run]) && !std::isnan(y.numbers[run])) {
            a.push_back(x.numbers[run]);
            b.push_back(y.numbers[run]);
        }
    const double correlation = rankCorrelation(a, b);
    constexpr std::size_t fewest = 5;
    return a.size() < fewest || std::isnan(correlation) ? QString{} : ScatterChart::tr("rank correlation %1 over %2 runs").arg(correlation, 0, 'f', 2).arg(a.size());
}

}

ChartMarks paintScatter(QPainter& painter, const QRectF& area, const ChartInput& input)
{
    const FigureTable& table = *input.table;
    const FigureColumn &x = *table.find(input.spec.x), &y = *table.find(input.spec.y);
    const FigureColumn* by = table.find(input.spec.color);
    const FigureAxis across = axisOf(x, input.spec.logX, 0.05), up = axisOf(y, input.spec.logY, 0.07);
    std::size_t leftOut = 0;
    for (std::size_t run = 0; run < table.runs.size(); ++run)
        leftOut += std::isnan(placeOn(across, x, run)) || std::isnan(placeOn(up, y, run));
    QStringList said{correlationWords(x, y), missingWords(leftOut)};
    said.removeAll(QString{});
    QRectF body = takeFoot(painter, area, said.join(QStringLiteral(" · ")), input.colors);
    ColumnLevels levels;
    FigureAxis scale;
    if (by && by->isNumber) {
        scale = axisOf(*by, by->isLogarithmic);
        body = takeGradient(painter, body, columnLabel(table, by->name), columnValue(*by, scale.low), columnValue(*by, scale.high), input.colors);
    } else if (by) {
        levels = levelsOf(*by);
        body = takeLegend(painter, body, levels.names, input.colors);
    }
    const QRectF plot = paintFrame(painter, body, {across, x, columnLabel(table, x.name)}, {up, y, columnLabel(table, y.name)}, input.colors);
    const double radius = table.runs.size() > 300 ? 3 : 4.5;
    const double alpha = table.runs.size() > 300 ? 0.65 : 0.85;
    ChartMarks marks;
    for (const bool passing : {false, true}) // what is brushed away lies below
        for (std::size_t run = 0; run < table.runs.size(); ++run) {
            const double right = placeOn(across, x, run), high = placeOn(up, y, run);
            if (input.passes(run) != passing || std::isnan(right) || std::isnan(high))
                continue;
            const QPointF at = placeIn(plot, right, high);
            const bool hasLevel = !levels.of.empty() && levels.of[run] != ColumnLevels::none;
            const double share = by && by->isNumber ? placeOn(scale, *by, run) : NAN;
            const QColor color = !by ? runColor(input.colors, table.runs[run])
                : hasLevel           ? levelColor(input.colors, levels.of[run])
                : std::isnan(share)  ? input.colors.muted
                                     : gradientColor(input.colors, share);
            painter.setPen(QPen{faint(input.colors.surface, passing ? 1 : 0.2), 0.8});
            painter.setBrush(faint(passing ? color : input.colors.muted, passing ? alpha : 0.18));
            painter.drawEllipse(at, radius, radius);
            marks.push_back({.runs = {run}, .shape = {at}, .kind = ChartMark::Kind::point, .group = {}});
        }
    return marks;
}

}
