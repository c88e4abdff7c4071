// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/chart_frame.h"
#include "ui/summary/column_text.h"
#include "ui/summary/parallel_layout.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace descent {

namespace {

struct ParallelChart {
    Q_DECLARE_TR_FUNCTIONS(ParallelChart)
};

constexpr double titleHeight = 22;

void paintAxis(QPainter& painter, const ParallelLayout& layout, std::size_t index, double room, const ChartInput& input)
{
    const ColorTokens& colors = input.colors;
    const ParallelLayout::Axis& axis = layout.axes[index];
    const QFontMetricsF metrics{painter.font()};
    const double line = metrics.height();
    painter.setPen(QPen{colors.muted, 1.2});
    painter.drawLine(QPointF{axis.x, layout.top}, QPointF{axis.x, layout.bottom});
    painter.setPen(colors.text);
    const QString arrow = axis.flipped ? QStringLiteral(" ↓") : QString{};
    painter.drawText(axis.title, Qt::AlignCenter, metrics.elidedText(columnLabel(*input.table, axis.column->name) + arrow, Qt::ElideMiddle, axis.title.width()));
    // The last axis has no room at its right.
    const bool isLast = index + 1 == layout.axes.size() && index > 0;
    for (const AxisTick& tick : chartTicks(axis.axis, *axis.column, static_cast<int>((layout.bottom - layout.top) / 34))) {
        const double y = layout.yAt(index, tick.place);
        painter.setPen(QPen{colors.muted, 1});
        painter.drawLine(QPointF{axis.x - 3, y}, QPointF{axis.x + 3, y});
        const QString text = metrics.elidedText(tickText(axis.axis, *axis.column, tick), Qt::ElideMiddle, std::max(30.0, room - 14));
        const double width = metrics.horizontalAdvance(text) + 2;
        const QRectF place{isLast ? axis.x - 7 - width : axis.x + 7, y - line / 2, width, line};
        painter.fillRect(place.adjusted(-1, 1, 1, -1), faint(colors.surface, 0.78));
        painter.setPen(colors.muted);
        painter.drawText(place, Qt::AlignVCenter | (isLast ? Qt::AlignRight : Qt::AlignLeft), text);
    }
}

}

double ParallelLayout::yAt(std::size_t axis, double place) const
{
    return bottom - (axes[axis].flipped ? 1 - place : place) * (bottom - top);
}

double ParallelLayout::placeAt(std::size_t axis, double y) const
{
    const double place = std::clamp((bottom - y) / (bottom - top), 0.0, 1.0);
    return axes[axis].flipped ? 1 - place : place;
}

double ParallelLayout::yOf(std::size_t axis, std::size_t run) const
{
    const double place = placeOn(axes[axis].axis, *axes[axis].column, run);
    return std::isnan(place) ? missing : yAt(axis, place);
}

int ParallelLayout::axisNear(const QPointF& point, double most) const
{
    int nearest = -1;
    for (std::size_t i = 0; i < axes.size(); ++i)
        if (const double distance = std::abs(axes[i].x - point.x()); distance <= most) {
            nearest = static_cast<int>(i);
            most = distance;
        }
    return nearest;
}

ParallelLayout layoutParallel(const QRectF& area, const ChartInput& input)
{
    ParallelLayout layout;
    const std::vector<std::string>& flipped = input.spec.flipped;
    for (const std::string& name : input.spec.axes)
        if (const FigureColumn* column = input.table->find(name)) {
            const bool isFlipped = std::find(flipped.begin(), flipped.end(), name) != flipped.end();
            layout.axes.push_back({column, axisOf(*column, column->isLogarithmic), isFlipped, 0, {}});
        }
    const auto gaps = static_cast<double>(std::max<std::size_t>(1, layout.axes.size() - 1));
    const double margin = std::clamp(area.width() / (2 * (gaps + 1)), 40.0, 80.0), each = (area.width() - 2 * margin) / gaps;
    layout.top = area.top() + titleHeight + 8;
    layout.missing = area.bottom() - 6;
    layout.bottom = layout.missing - 18;
    for (std::size_t i = 0; i < layout.axes.size(); ++i) {
        ParallelLayout::Axis& axis = layout.axes[i];
        axis.x = layout.axes.size() == 1 ? area.center().x() : area.left() + margin + each * static_cast<double>(i);
        const double half = std::min(each * 0.47, margin + 40);
        axis.title = QRectF{QPointF{std::max(area.left(), axis.x - half), area.top()}, QPointF{std::min(area.right(), axis.x + half), area.top() + titleHeight}};
    }
    return layout;
}

void paintBrushes(QPainter& painter, const ParallelLayout& layout, const ChartInput& input)
{
    painter.setPen(QPen{input.colors.accent, 1.4});
    painter.setBrush(faint(input.colors.accent, 0.22));
    for (std::size_t axis = 0; axis < layout.axes.size(); ++axis)
        if (const auto brush = input.brushes.find(layout.axes[axis].column->name); brush != input.brushes.end()) {
            const double x = layout.axes[axis].x, from = layout.yAt(axis, brush->second.first), to = layout.yAt(axis, brush->second.second);
            painter.drawRoundedRect(QRectF{QPointF{x - 7, from}, QPointF{x + 7, to}}.normalized(), 2, 2);
        }
}

std::vector<bool> withinBrushes(const ChartInput& input)
{
    std::vector<bool> within;
    for (const auto& [name, brush] : input.brushes) {
        const FigureColumn* column = input.table->find(name);
        if (!column)
            continue;
        within.resize(input.table->runs.size(), true);
        const FigureAxis axis = axisOf(*column, column->isLogarithmic);
        const auto [from, to] = std::minmax(brush.first, brush.second);
        for (std::size_t run = 0; run < within.size(); ++run) {
            const double place = placeOn(axis, *column, run);
            within[run] = within[run] && place >= from - 1e-9 && place <= to + 1e-9;
        }
    }
    return within;
}

ChartMarks paintParallel(QPainter& painter, const QRectF& area, const ChartInput& input)
{
    constexpr std::size_t mostSmooth = 400; // beyond, smooth edges cost more than they show
    const std::size_t count = input.table->runs.size();
    const ParallelLayout whole = layoutParallel(area, input);
    const FigureColumn& last = *whole.axes.back().column;
    const FigureAxis& scale = whole.axes.back().axis;
    std::size_t passing = 0, gaps = 0;
    for (std::size_t run = 0; run < count; ++run) {
        passing += input.passes(run);
        gaps += std::any_of(whole.axes.begin(), whole.axes.end(), [&](const ParallelLayout::Axis& axis) { return std::isnan(placeOn(axis.axis, *axis.column, run)); });
    }
    QStringList said;
    if (input.hasBrush())
        said << ParallelChart::tr("%1 of %2 runs pass the brushes").arg(passing).arg(count);
    else if (!input.isPrinted)
        said << ParallelChart::tr("drag along an axis to choose runs, its title to move it; double click turns it round");
    said << ParallelChart::tr("coloured by %1").arg(columnLabel(*input.table, last.name));
    if (gaps > 0)
        said << ParallelChart::tr("%1 runs lack a value: they cross that axis at its foot").arg(gaps);
    const QRectF body = takeFoot(painter, area, said.join(QStringLiteral(" · ")), input.colors);
    const ParallelLayout layout = layoutParallel(body, input);

    ChartMarks marks(count);
    for (std::size_t run = 0; run < count; ++run) {
        marks[run] = {.runs = {run}, .shape = {}, .kind = ChartMark::Kind::line, .group = {}};
        for (std::size_t axis = 0; axis < layout.axes.size(); ++axis)
            marks[run].shape << QPointF{layout.axes[axis].x, layout.yOf(axis, run)};
    }
    const bool isSmooth = count <= mostSmooth;
    painter.setRenderHint(QPainter::Antialiasing, isSmooth);
    // The best on top, for many lines lie over each other.
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<double> place(count);
    for (std::size_t run = 0; run < count; ++run)
        place[run] = placeOn(scale, last, run);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const double none = -1, x = std::isnan(place[a]) ? none : place[a], y = std::isnan(place[b]) ? none : place[b];
        return x >= 0 && y >= 0 && !last.higherIsBetter ? x > y : x < y;
    });
    // Lines of one colour at a time, each by itself: a joined polyline is stroked as one path, which takes five times as long.
    const int shades = isSmooth ? 256 : 32;
    QList<QLineF> lines;
    QPen pen;
    const auto draw = [&](const QPen& next) {
        painter.setPen(pen);
        painter.drawLines(std::exchange(lines, {}));
        pen = next;
    };
    for (const bool passes : {false, true})
        for (const std::size_t run : order) {
            if (input.passes(run) != passes)
                continue;
            const QColor color = !passes ? input.colors.grid : std::isnan(place[run]) ? input.colors.muted
                : scale.scale == FigureAxis::Scale::levels    ? levelColor(input.colors, scale.levels.of[run])
                                                              : gradientColor(input.colors, std::round(place[run] * shades) / shades);
            const QPen wanted = isSmooth ? QPen{faint(color, passes ? 0.85 : 1), passes ? 1.4 : 1, Qt::SolidLine, Qt::FlatCap} : QPen{color, 0};
            if (pen != wanted)
                draw(wanted);
            const QPolygonF& course = marks[run].shape;
            for (qsizetype i = 1; i < course.size(); ++i)
                lines << QLineF{course[i - 1], course[i]};
        }
    draw({});
    painter.setRenderHint(QPainter::Antialiasing);
    if (gaps > 0) {
        painter.setPen(QPen{input.colors.border, 1, Qt::DotLine});
        painter.drawLine(QPointF{body.left(), layout.missing}, QPointF{body.right(), layout.missing});
    }
    const double room = layout.axes.size() > 1 ? layout.axes[1].x - layout.axes[0].x : body.width() / 2;
    for (std::size_t axis = 0; axis < layout.axes.size(); ++axis)
        paintAxis(painter, layout, axis, room, input);
    if (input.isPrinted) // in the window they follow the pointer, whatever the picture costs
        paintBrushes(painter, layout, input);
    return marks;
}

}
