// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/figure_groups.h"
#include "ui/summary/chart_frame.h"
#include "ui/summary/column_text.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

struct BarChart {
    Q_DECLARE_TR_FUNCTIONS(BarChart)
};

std::vector<FigureGroup> barsOf(const ChartInput& input, const FigureColumn& figure)
{
    if (input.spec.perRecipe)
        return groupsByRecipe(*input.table, figure);
    std::vector<FigureGroup> bars;
    for (std::size_t run = 0; run < figure.numbers.size(); ++run)
        if (const double value = figure.numbers[run]; !std::isnan(value))
            bars.push_back({.name = input.table->runs[run].name, .runs = {run}, .mean = {.count = 1, .mean = value, .deviation = NAN, .low = NAN, .high = NAN}});
    std::stable_sort(bars.begin(), bars.end(),
                     [&](const FigureGroup& a, const FigureGroup& b) { return figure.higherIsBetter ? a.mean.mean > b.mean.mean : a.mean.mean < b.mean.mean; });
    return bars;
}

/// Over all bars and their intervals; from zero where that is wished for.
FigureAxis axisOver(const std::vector<FigureGroup>& bars, bool fromZero)
{
    FigureColumn ends{.isNumber = true};
    for (const FigureGroup& bar : bars)
        for (const double value : {bar.mean.mean, bar.mean.low, bar.mean.high})
            if (!std::isnan(value))
                ends.numbers.push_back(value);
    if (fromZero)
        ends.numbers.push_back(0);
    FigureAxis axis = axisOf(ends, false, 0.06);
    const auto [low, high] = std::minmax_element(ends.numbers.begin(), ends.numbers.end());
    if (fromZero && *low == 0 && *high > 0)
        axis.low = 0;
    return axis;
}

QString valueWords(const FigureGroup& bar, const FigureColumn& figure)
{
    const QString mean = columnValue(figure, bar.mean.mean);
    return bar.mean.count > 1 ? QStringLiteral("%1 ± %2").arg(mean, columnValue(figure, (bar.mean.high - bar.mean.low) / 2)) : mean;
}

}

ChartMarks paintBars(QPainter& painter, const QRectF& area, const ChartInput& input)
{
    constexpr double leastRow = 17, thickness = 16;
    const FigureColumn& figure = *input.table->find(input.spec.y);
    const std::vector<FigureGroup> bars = barsOf(input, figure);
    const FigureAxis axis = axisOver(bars, input.spec.fromZero);
    const bool hasSeeds = std::any_of(bars.begin(), bars.end(), [](const FigureGroup& bar) { return bar.mean.count > 1; });
    std::vector<QString> names, values;
    std::size_t drawn = 0;
    for (const FigureGroup& bar : bars) {
        names.push_back(bar.mean.count > 1 ? BarChart::tr("%1 (n %2)").arg(QString::fromStdString(bar.name)).arg(bar.mean.count) : QString::fromStdString(bar.name));
        values.push_back(valueWords(bar, figure));
        drawn += bar.runs.size();
    }
    QStringList said{BarChart::tr("the best first")};
    if (hasSeeds)
        said << BarChart::tr("whiskers: 95 % interval of the mean over seeds");
    if (const QString missing = missingWords(input.table->runs.size() - drawn); !missing.isEmpty())
        said << missing;
    // What does not fit is only known once the lanes are laid out, which the foot must not change: its line is always there.
    const QRectF body = area.adjusted(0, 0, 0, -QFontMetricsF{painter.font()}.height() - 4);
    const Lanes lanes = paintLanes(painter, body, names, values, {axis, figure, columnLabel(*input.table, input.spec.y)}, leastRow, input.colors);
    if (lanes.shown < bars.size())
        said.prepend(BarChart::tr("+%1 more, worse than these").arg(bars.size() - lanes.shown));
    takeFoot(painter, area, said.join(QStringLiteral(" · ")), input.colors);

    ChartMarks marks;
    for (std::size_t i = 0; i < lanes.shown; ++i) {
        const FigureGroup& bar = bars[i];
        const bool passes = std::any_of(bar.runs.begin(), bar.runs.end(), [&](std::size_t run) { return input.passes(run); });
        const FigureTable::Run& first = input.table->runs[bar.runs.front()];
        const QColor color = faint(input.spec.perRecipe ? levelColor(input.colors, first.recipe) : runColor(input.colors, first), passes ? 1 : 0.18);
        const double place = placeOn(axis, bar.mean.mean), zero = std::clamp(placeOn(axis, 0), 0.0, 1.0);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        if (input.spec.fromZero) {
            painter.drawRoundedRect(lanes.between(i, zero, place, thickness), 2, 2);
        } else {
            const double radius = std::clamp(lanes.each * 0.28, 1.2, 5.0);
            painter.setBrush(faint(color, passes ? 0.28 : 0.1));
            painter.drawRect(lanes.between(i, 0, place, 2));
            painter.setBrush(color);
            painter.drawEllipse(lanes.at(i, 0.5, place), radius, radius);
        }
        if (bar.mean.count > 1 && lanes.each > 4) {
            painter.setPen(QPen{input.spec.fromZero ? input.colors.text : color, 1.5});
            const double low = placeOn(axis, bar.mean.low), high = placeOn(axis, bar.mean.high);
            painter.drawLine(lanes.at(i, 0.5, low), lanes.at(i, 0.5, high));
            for (const double end : {low, high})
                painter.drawLine(lanes.at(i, 0.34, end), lanes.at(i, 0.66, end));
        }
        if (i == 0 && lanes.rows && bars.size() > 1) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(input.colors.success);
            painter.drawRoundedRect(QRectF{lanes.lane(i).left() - 4, lanes.lane(i).top() + 2, 3, lanes.each - 4}, 1.5, 1.5);
        }
        ChartMark mark{.runs = bar.runs, .shape = QPolygonF{lanes.lane(i)}};
        if (input.spec.perRecipe)
            mark.group = QStringLiteral("%1: %2").arg(names[i], values[i]);
        marks.push_back(std::move(mark));
    }
    if (!lanes.named && !bars.empty()) {
        painter.setPen(input.colors.success);
        const QFontMetricsF metrics{painter.font()};
        painter.drawText(QRectF{lanes.plot.left() + 8, lanes.plot.bottom() + 5, lanes.plot.width() - 8, metrics.height()}, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(BarChart::tr("best: %1, %2").arg(names.front(), values.front()), Qt::ElideMiddle, lanes.plot.width() - 8));
    }
    return marks;
}

}
