// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/chart_scale.h"

#include "ui/plot/curve_plot.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace descent {

namespace {

constexpr double day = 86400;

/// A round step with about `wanted` of them in `length`.
double roundStep(double length, int wanted, AxisNumbers numbers)
{
    const double least = 0.8 * length / std::max(1, wanted); // rather a few more than half as many
    if (numbers != AxisNumbers::plain && least >= 1) {
        static constexpr std::array<double, 22> steps{1,    2,    5,     10,    15,    30,    60,      120,     300,     600,      900,
                                                      1800, 3600, 7200,  10800, 21600, 43200, day,     2 * day, 7 * day, 30 * day, 365 * day};
        const auto* const found = std::ranges::lower_bound(steps, least);
        if (found != steps.end())
            return *found;
    }
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= least)
            return factor * power;
    return 10 * power;
}

QString wallLabel(double value, double step, bool isFirstOfDay)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(std::round(value * 1000)));
    const QLocale locale;
    if (step >= day)
        return locale.toString(time.date(), QStringLiteral("d MMM"));
    QString clock = time.toString(step < 60 ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"));
    if (step < 1) {
        constexpr int milliDigits = 3;
        const int digits = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 1, milliDigits);
        clock += time.toString(QStringLiteral(".zzz")).chopped(milliDigits - digits);
    }
    return isFirstOfDay ? locale.toString(time.date(), QStringLiteral("d MMM ")) + clock : clock;
}

/// A number with as many digits as tell it from its neighbours.
QString plainLabel(double value, double step)
{
    if (std::abs(value) < step * 1e-6)
        return QStringLiteral("0");
    if (std::abs(value) >= 1e7 || step < 1e-4) {
        const int power = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
        const int digits = std::clamp(power - static_cast<int>(std::floor(std::log10(step) + 1e-9)), 0, 4);
        return QStringLiteral("%1e%2").arg(value / std::pow(10.0, power), 0, 'f', digits).arg(power);
    }
    const int digits = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 8);
    return QLocale{QLocale::English}.toString(value, 'f', digits);
}

QString secondsLabel(double value, double step)
{
    return step < 1 ? QStringLiteral("%1 s").arg(plainLabel(value, step)) : shortDuration(value);
}

std::vector<ChartTick> linearTicks(const ChartScale& scale, AxisNumbers numbers, int wanted)
{
    const double step = roundStep(scale.to - scale.from, wanted, numbers);
    // Days and hours begin where they do here.
    const double offset = numbers == AxisNumbers::wall ? QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(scale.from * 1000)).offsetFromUtc() : 0;
    std::vector<ChartTick> ticks;
    QDate before;
    const double first = std::ceil((scale.from + offset) / step - 1e-9);
    for (double i = first; i * step - offset <= scale.to + 1e-9 * (scale.to - scale.from) && i < first + 100; ++i) {
        const double value = i * step - offset;
        if (numbers == AxisNumbers::wall) {
            const QDate date = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(value * 1000)).date();
            ticks.push_back({value, wallLabel(value, step, date != before)});
            before = date;
        } else {
            ticks.push_back({value, numbers == AxisNumbers::seconds ? secondsLabel(value, step) : plainLabel(value, step)});
        }
    }
    return ticks;
}

}

double ChartScale::share(double value) const
{
    if (!isLog)
        return (value - from) / (to - from);
    return value > 0 ? std::log(value / from) / std::log(to / from) : std::numeric_limits<double>::quiet_NaN();
}

double ChartScale::value(double share) const
{
    return isLog ? from * std::pow(to / from, share) : from + (to - from) * share;
}

ChartScale zoomed(const ChartScale& scale, double factor, double share)
{
    return {scale.value(share - share * factor), scale.value(share + (1 - share) * factor), scale.isLog};
}

ChartScale pushed(const ChartScale& scale, double share)
{
    return {scale.value(share), scale.value(1 + share), scale.isLog};
}

std::vector<ChartTick> chartTicks(const ChartScale& scale, AxisNumbers numbers, int wanted)
{
    if (!(scale.from < scale.to) || !std::isfinite(scale.to - scale.from))
        return {};
    const double decades = scale.isLog ? std::log10(scale.to / scale.from) : 0;
    if (decades < 1.5)
        return linearTicks(scale, numbers, wanted);
    std::vector<ChartTick> ticks;
    const double every = std::max(1.0, std::ceil(decades / std::max(1, wanted)));
    for (double power = std::ceil(std::log10(scale.from) - 1e-9); power <= std::log10(scale.to) + 1e-9; ++power)
        if (std::fmod(power, every) == 0) {
            const double value = std::pow(10.0, power);
            ticks.push_back({value, numbers == AxisNumbers::seconds ? secondsLabel(value, value) : power < -3 || power > 6 ? QStringLiteral("1e%1").arg(power) : shortNumber(value)});
        }
    return ticks;
}

QString axisValue(double value, AxisNumbers numbers)
{
    switch (numbers) {
    case AxisNumbers::plain: return shortNumber(value);
    case AxisNumbers::seconds: return shortDuration(value);
    case AxisNumbers::wall: return QLocale{}.toString(QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(value * 1000)), QStringLiteral("d MMM HH:mm:ss"));
    }
    return {};
}

}
