// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/chart_frame.h"

#include "ui/summary/column_text.h"

#include <QCoreApplication>
#include <QLinearGradient>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace descent {

namespace {

struct ChartFrame {
    Q_DECLARE_TR_FUNCTIONS(ChartFrame)
};

constexpr double gap = 6;

double widest(const QFontMetricsF& metrics, const std::vector<QString>& texts)
{
    double width = 0;
    for (const QString& text : texts)
        width = std::max(width, metrics.horizontalAdvance(text));
    return width;
}

/// Ticks along the foot of a plot, each where the last one leaves room.
void paintFootTicks(QPainter& painter, const QRectF& plot, double right, const PlotAxis& x, const ColorTokens& colors)
{
    const QFontMetricsF metrics{painter.font()};
    const double line = metrics.height();
    const bool isLevels = x.axis.scale == FigureAxis::Scale::levels;
    const double each = plot.width() / static_cast<double>(std::max<std::size_t>(1, x.axis.levels.names.size()));
    const double room = isLevels ? std::max(48.0, each - 8) : plot.width();
    double free = -INFINITY;
    for (const AxisTick& tick : chartTicks(x.axis, x.column, static_cast<int>(plot.width() / 52))) {
        const double at = plot.left() + tick.place * plot.width();
        if (!isLevels) {
            painter.setPen(QPen{colors.grid, 1});
            painter.drawLine(QPointF{at, plot.top()}, QPointF{at, plot.bottom()});
        }
        const QString text = metrics.elidedText(tickText(x.axis, x.column, tick), Qt::ElideMiddle, room);
        const double width = metrics.horizontalAdvance(text), from = std::clamp(at - width / 2, plot.left() - 20, std::max(plot.left() - 20, right - width));
        if (from < free + 10)
            continue;
        painter.setPen(colors.muted);
        painter.drawText(QRectF{from, plot.bottom() + 4, width + 2, line}, Qt::AlignLeft | Qt::AlignVCenter, text);
        free = from + width;
    }
}

}

QColor runColor(const ColorTokens& colors, const FigureTable::Run& run)
{
    const QColor chosen{QString::fromStdString(run.color)};
    return chosen.isValid() ? chosen : levelColor(colors, static_cast<std::size_t>(std::max<RunId>(run.id, 1) - 1));
}

QColor levelColor(const ColorTokens& colors, std::size_t level)
{
    return colors.series[static_cast<qsizetype>(level % static_cast<std::size_t>(colors.series.size()))];
}

QColor gradientColor(const ColorTokens& colors, double share)
{
    static const std::array<QColor, 5> onLight{"#440154", "#3b528b", "#21918c", "#3fa65a", "#8fb418"}, onDark{"#5a5fc0", "#3b86b5", "#22a884", "#7ad151", "#fde725"};
    const auto& stops = colors.surface.lightness() < 128 ? onDark : onLight;
    const double place = std::clamp(std::isnan(share) ? 0 : share, 0.0, 1.0) * (stops.size() - 1);
    const auto below = std::min<std::size_t>(static_cast<std::size_t>(place), stops.size() - 2);
    const double part = place - static_cast<double>(below);
    const auto mix = [&](int a, int b) { return static_cast<int>(std::lround(a + part * (b - a))); };
    const QColor &a = stops[below], &b = stops[below + 1];
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

QColor faint(QColor color, double alpha)
{
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

QColor readableOn(const QColor& ground)
{
    return 0.299 * ground.redF() + 0.587 * ground.greenF() + 0.114 * ground.blueF() > 0.55 ? QColor{Qt::black} : QColor{Qt::white};
}

QRectF takeFoot(QPainter& painter, const QRectF& area, const QString& words, const ColorTokens& colors)
{
    if (words.isEmpty())
        return area;
    const QFontMetricsF metrics{painter.font()};
    const double line = metrics.height();
    painter.setPen(colors.muted);
    painter.drawText(QRectF{area.left(), area.bottom() - line, area.width(), line}, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(words, Qt::ElideRight, area.width()));
    return area.adjusted(0, 0, 0, -line - 4);
}

QString missingWords(std::size_t count)
{
    if (count == 0)
        return {};
    return count == 1 ? ChartFrame::tr("1 run without these figures is left out") : ChartFrame::tr("%1 runs without these figures are left out").arg(count);
}

std::vector<AxisTick> chartTicks(const FigureAxis& axis, const FigureColumn& column, int wanted)
{
    constexpr double minute = 60, hour = 3600;
    constexpr int most = 9; // of round numbers
    const int count = std::max(2, axis.scale == FigureAxis::Scale::levels ? 2 * wanted : std::min(most, wanted)); // of words each should be there
    if (column.name != "duration" || axis.scale != FigureAxis::Scale::linear || axis.high - axis.low < 2 * minute)
        return ticksOf(axis, count);
    // Round numbers of minutes or hours, not of hundreds of seconds.
    const double unit = axis.high - axis.low < 3 * hour ? minute : hour;
    std::vector<AxisTick> ticks = ticksOf(FigureAxis{.low = axis.low / unit, .high = axis.high / unit, .levels = {}}, count);
    for (AxisTick& tick : ticks)
        tick.value *= unit;
    return ticks;
}

QString tickText(const FigureAxis& axis, const FigureColumn& column, const AxisTick& tick)
{
    if (axis.scale == FigureAxis::Scale::levels)
        return QString::fromStdString(axis.levels.names.at(static_cast<std::size_t>(tick.value)));
    QString text = columnValue(column, tick.value);
    // "90 %" rather than "90.00 %": a tick is round.
    if (text.endsWith(QStringLiteral(" %")) && text.contains(QLatin1Char('.'))) {
        text.chop(2);
        while (text.endsWith(QLatin1Char('0')))
            text.chop(1);
        if (text.endsWith(QLatin1Char('.')))
            text.chop(1);
        text += QStringLiteral(" %");
    }
    return text;
}

QPointF placeIn(const QRectF& plot, double x, double y)
{
    return {plot.left() + x * plot.width(), plot.bottom() - y * plot.height()};
}

QRectF paintFrame(QPainter& painter, const QRectF& area, const PlotAxis& x, const PlotAxis& y, const ColorTokens& colors)
{
    const QFontMetricsF metrics{painter.font()};
    const double line = metrics.height();
    const std::vector<AxisTick> ticks = chartTicks(y.axis, y.column, static_cast<int>(area.height() / 44));
    std::vector<QString> texts;
    for (const AxisTick& tick : ticks)
        texts.push_back(metrics.elidedText(tickText(y.axis, y.column, tick), Qt::ElideMiddle, area.width() * 0.25));
    const double gutter = widest(metrics, texts) + gap;
    const QRectF plot{area.left() + gutter, area.top() + line + gap, area.width() - gutter - 2, area.height() - 3 * line - gap - 6};
    painter.setPen(colors.muted);
    painter.drawText(QRectF{area.left(), area.top(), area.width(), line}, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(y.label, Qt::ElideMiddle, area.width()));
    painter.drawText(QRectF{plot.left(), area.bottom() - line, plot.width(), line}, Qt::AlignCenter, metrics.elidedText(x.label, Qt::ElideMiddle, plot.width()));
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        const double at = plot.bottom() - ticks[i].place * plot.height();
        painter.setPen(QPen{colors.grid, 1});
        painter.drawLine(QPointF{plot.left(), at}, QPointF{plot.right(), at});
        painter.setPen(colors.muted);
        painter.drawText(QRectF{area.left(), at - line / 2, gutter - gap, line}, Qt::AlignRight | Qt::AlignVCenter, texts[i]);
    }
    paintFootTicks(painter, plot, area.right(), x, colors);
    painter.setPen(QPen{colors.border, 1});
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    painter.drawLine(plot.topLeft(), plot.bottomLeft());
    return plot;
}

QRectF takeGradient(QPainter& painter, const QRectF& area, const QString& title, const QString& low, const QString& high, const ColorTokens& colors)
{
    constexpr double thickness = 10;
    const QFontMetricsF metrics{painter.font()};
    const double line = metrics.height();
    const double width = std::max({metrics.horizontalAdvance(low), metrics.horizontalAdvance(high), thickness});
    const double height = std::min(area.height() - 3 * line, 140.0);
    const QRectF bar{area.right() - thickness, area.top() + 2 * line + 2, thickness, height};
    if (height < 20)
        return area;
    QLinearGradient gradient{bar.bottomLeft(), bar.topLeft()};
    for (int i = 0; i <= 8; ++i)
        gradient.setColorAt(i / 8.0, gradientColor(colors, i / 8.0));
    painter.setPen(Qt::NoPen);
    painter.setBrush(gradient);
    painter.drawRoundedRect(bar, 3, 3);
    painter.setPen(colors.muted);
    painter.drawText(QRectF{area.right() - area.width() / 2, area.top(), area.width() / 2, line}, Qt::AlignRight | Qt::AlignVCenter,
                     metrics.elidedText(title, Qt::ElideMiddle, area.width() / 2));
    painter.drawText(QRectF{area.right() - width, bar.top() - line - 1, width, line}, Qt::AlignRight | Qt::AlignVCenter, high);
    painter.drawText(QRectF{area.right() - width, bar.bottom() + 1, width, line}, Qt::AlignRight | Qt::AlignVCenter, low);
    return area.adjusted(0, 0, -width - 14, 0);
}

QRectF Lanes::lane(std::size_t index) const
{
    const double at = static_cast<double>(index) * each;
    return rows ? QRectF{plot.left(), plot.top() + at, plot.width(), each} : QRectF{plot.left() + at, plot.top(), each, plot.height()};
}

QPointF Lanes::at(std::size_t index, double across, double place) const
{
    const QRectF own = lane(index);
    if (rows)
        return {own.left() + place * own.width(), own.top() + across * own.height()};
    return QPointF{own.left() + across * own.width(), own.bottom() - place * own.height()};
}

QRectF Lanes::between(std::size_t index, double from, double to, double thickness) const
{
    const double half = std::min(thickness, each * 0.8) / 2 / each;
    return QRectF{at(index, 0.5 - half, from), at(index, 0.5 + half, to)}.normalized();
}

Lanes paintLanes(QPainter& painter, const QRectF& area, const std::vector<QString>& names, const std::vector<QString>& values, const PlotAxis& figure, double leastRow,
                 const ColorTokens& colors)
{
    constexpr double mostRow = 52, leastColumn = 3, mostColumn = 110;
    const QFontMetricsF metrics{painter.font()};
    const double line = metrics.height();
    Lanes lanes;
    const double height = area.height() - 2 * line - 8;
    const auto count = static_cast<double>(std::max<std::size_t>(1, names.size()));
    lanes.rows = count * leastRow <= height;
    if (!lanes.rows) {
        const FigureAxis none{.scale = FigureAxis::Scale::levels, .low = -0.5, .high = 0.5, .levels = {}};
        const FigureColumn nothing{};
        lanes.plot = paintFrame(painter, area, {none, nothing, {}}, figure, colors);
        lanes.each = std::clamp(lanes.plot.width() / count, leastColumn, mostColumn);
        lanes.shown = std::min(names.size(), static_cast<std::size_t>(lanes.plot.width() / lanes.each));
        lanes.named = lanes.each > 40 && widest(metrics, names) + 6 <= lanes.each; // cut, all would read alike; measuring hundreds takes long
        painter.setPen(colors.text);
        for (std::size_t i = 0; lanes.named && i < lanes.shown; ++i)
            painter.drawText(QRectF{lanes.lane(i).left() + 3, lanes.plot.bottom() + 4, lanes.each - 6, line}, Qt::AlignCenter, names[i]);
        return lanes;
    }
    lanes.shown = names.size();
    lanes.each = std::min(mostRow, height / count);
    const double left = std::min(widest(metrics, names), area.width() * 0.36) + 10, right = values.empty() ? 8 : widest(metrics, values) + 10;
    lanes.plot = {area.left() + left, area.top(), std::max(20.0, area.width() - left - right), lanes.each * count};
    paintFootTicks(painter, lanes.plot, area.right(), figure, colors);
    painter.setPen(colors.muted);
    painter.drawText(QRectF{lanes.plot.left(), lanes.plot.bottom() + line + 6, lanes.plot.width(), line}, Qt::AlignCenter,
                     metrics.elidedText(figure.label, Qt::ElideMiddle, lanes.plot.width()));
    for (std::size_t i = 0; i < names.size(); ++i) {
        const QRectF lane = lanes.lane(i);
        painter.setPen(colors.text);
        painter.drawText(QRectF{area.left(), lane.top(), left - 10, lane.height()}, Qt::AlignRight | Qt::AlignVCenter,
                         metrics.elidedText(names[i], Qt::ElideMiddle, left - 10));
        if (!values.empty())
            painter.drawText(QRectF{lane.right() + 8, lane.top(), right, lane.height()}, Qt::AlignLeft | Qt::AlignVCenter, values[i]);
    }
    painter.setPen(QPen{colors.border, 1});
    painter.drawLine(lanes.plot.topLeft(), lanes.plot.bottomLeft());
    return lanes;
}

}
