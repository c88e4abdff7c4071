// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/series_chart.h"

#include "ui/plot/curve_plot.h"
#include "ui/theme/theme.h"

#include <QDateTime>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr qint64 hour = 3600, day = 24 * hour;

/// Least and greatest value of all lines; 0 to 1 where there is none.
std::pair<double, double> rangeOf(const SeriesChart& chart)
{
    double low = INFINITY, high = -INFINITY;
    for (const SeriesLine& line : chart.lines)
        for (const float value : line.values)
            if (std::isfinite(value)) {
                low = std::min<double>(low, value);
                high = std::max<double>(high, value);
            }
    if (low > high)
        return {0, 1};
    const double margin = high > low ? 0.06 * (high - low) : std::max(1.0, std::abs(high)) * 0.1;
    return {low - margin, high + margin};
}

/// The first time not before `time` that is a whole number of `step`, in calendar terms.
struct TickStep {
    int months = 0;     // whole months, from January on; or
    qint64 seconds = 0; // whole seconds, from midnight or Monday on
    const char* format = "";
};

TickStep stepFor(qint64 span, int wanted)
{
    const double each = static_cast<double>(span) / std::max(1, wanted);
    for (const qint64 seconds : {60LL, 300LL, 900LL, hour, 3 * hour, 6 * hour, 12 * hour})
        if (each <= static_cast<double>(seconds))
            return {0, seconds, span <= day ? "HH:mm" : "d MMM HH:mm"};
    for (const qint64 days : {1, 2, 7, 14})
        if (each <= static_cast<double>(days * day))
            return {0, days * day, "d MMM"};
    for (const int months : {1, 2, 3, 6})
        if (each <= months * 30.4 * day)
            return {months, 0, span <= 300 * day ? "d MMM" : "MMM yyyy"};
    for (const int years : {1, 2, 5, 10, 20, 50, 100})
        if (each <= years * 365.0 * day)
            return {12 * years, 0, "yyyy"};
    return {12 * 500, 0, "yyyy"};
}

}

std::vector<TimeTick> timeTicks(std::int64_t first, std::int64_t last, int wanted)
{
    std::vector<TimeTick> ticks;
    if (last <= first)
        return ticks;
    const TickStep step = stepFor(last - first, wanted);
    const QLocale locale;
    constexpr std::size_t most = 40;
    const auto add = [&](const QDateTime& time) {
        ticks.push_back({static_cast<double>(time.toSecsSinceEpoch() - first) / static_cast<double>(last - first),
                         locale.toString(time, QLatin1String{step.format})});
    };
    if (step.seconds > 0) {
        constexpr qint64 firstMonday = 4 * day;
        const qint64 from = step.seconds > day ? firstMonday : 0;
        const qint64 whole = static_cast<qint64>(std::ceil(static_cast<double>(first - from) / static_cast<double>(step.seconds)));
        for (qint64 at = from + whole * step.seconds; at <= last && ticks.size() < most; at += step.seconds)
            add(QDateTime::fromSecsSinceEpoch(at, Qt::UTC));
        return ticks;
    }
    const QDate begin = QDateTime::fromSecsSinceEpoch(first, Qt::UTC).date();
    const int months = begin.year() * 12 + begin.month() - 1;
    for (int at = (months + step.months - 1) / step.months * step.months; ticks.size() < most; at += step.months) {
        const QDateTime time{QDate{at / 12, at % 12 + 1, 1}, QTime{0, 0}, Qt::UTC};
        if (!time.isValid() || time.toSecsSinceEpoch() > last)
            break;
        if (time.toSecsSinceEpoch() >= first)
            add(time);
    }
    return ticks;
}

void paintSeriesChart(QPainter& painter, const QRectF& area, const SeriesChart& chart)
{
    const ColorTokens& colors = Theme::instance().colors();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::caption));
    const QFontMetricsF metrics{painter.font()};
    const double line = metrics.height() + 2;
    const auto [low, high] = rangeOf(chart);
    const QString top = shortNumber(high), bottom = shortNumber(low);
    const double gutter = std::max(metrics.horizontalAdvance(top), metrics.horizontalAdvance(bottom)) + 6;
    const QRectF plot{area.left() + gutter, area.top() + line, area.width() - gutter, area.height() - 2 * line};
    if (plot.width() < 20 || plot.height() < 20 || chart.steps < 2) {
        painter.restore();
        return;
    }
    painter.setPen(colors.text);
    painter.drawText(QRectF{plot.left(), area.top(), plot.width(), line}, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(chart.title, Qt::ElideMiddle, plot.width()));
    painter.setPen(colors.muted);
    painter.drawText(QRectF{area.left(), plot.top() - 2, gutter - 6, line}, Qt::AlignRight | Qt::AlignTop, top);
    painter.drawText(QRectF{area.left(), plot.bottom() - line + 2, gutter - 6, line}, Qt::AlignRight | Qt::AlignBottom, bottom);

    const auto xOf = [&](double step) { return plot.left() + step / static_cast<double>(chart.steps - 1) * plot.width(); };
    const auto yOf = [&, lowest = low, highest = high](double value) { return plot.bottom() - (value - lowest) / (highest - lowest) * plot.height(); };

    const bool timed = chart.seconds.size() == static_cast<std::size_t>(chart.steps);
    std::vector<TimeTick> ticks = timed ? timeTicks(chart.seconds.front(), chart.seconds.back(), std::max(2, static_cast<int>(plot.width() / 90)))
                                        : std::vector<TimeTick>{};
    if (!timed)
        ticks = {{0, QLocale{}.toString(static_cast<qlonglong>(chart.firstStep))}, {1, QLocale{}.toString(static_cast<qlonglong>(chart.firstStep + chart.steps - 1))}};
    double labelled = -INFINITY;
    for (const TimeTick& tick : ticks) {
        const double x = plot.left() + tick.at * plot.width(), width = metrics.horizontalAdvance(tick.label);
        painter.setPen(QPen{colors.grid, 1});
        painter.drawLine(QPointF{x, plot.top()}, QPointF{x, plot.bottom()});
        const double from = std::clamp(x - width / 2, area.left(), area.right() - width);
        if (from < labelled + 10)
            continue;
        painter.setPen(colors.muted);
        painter.drawText(QRectF{from, plot.bottom() + 1, width + 2, line}, Qt::AlignLeft | Qt::AlignVCenter, tick.label);
        labelled = from + width;
    }
    painter.setPen(QPen{colors.border, 1});
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    if (chart.now > 0 && chart.now < chart.steps) {
        const double x = xOf(static_cast<double>(chart.now) - 0.5);
        painter.fillRect(QRectF{QPointF{x, plot.top()}, plot.bottomRight()}, colors.accentSoft);
        painter.setPen(QPen{colors.border, 1, Qt::DashLine});
        painter.drawLine(QPointF{x, plot.top()}, QPointF{x, plot.bottom()});
    }
    painter.setClipRect(plot.adjusted(0, -1, 0, 1));
    painter.setBrush(Qt::NoBrush);
    for (const SeriesLine& one : chart.lines) {
        QPainterPath path;
        bool down = false;
        for (std::size_t i = 0; i < one.values.size(); ++i) {
            const QPointF at{xOf(static_cast<double>(one.begin) + static_cast<double>(i)), yOf(one.values[i])};
            if (!std::isfinite(one.values[i]))
                down = false;
            else if (std::exchange(down, true))
                path.lineTo(at);
            else
                path.moveTo(at);
        }
        painter.setPen(QPen{one.color, one.width, one.style, Qt::RoundCap, Qt::RoundJoin});
        painter.drawPath(path);
    }
    painter.restore();
}

}
