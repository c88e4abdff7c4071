// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/curve_plot.h"

#include <QLocale>

#include <cmath>

namespace descent {

QString shortNumber(double value)
{
    if (!std::isfinite(value))
        return std::isnan(value) ? QStringLiteral("NaN") : value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    const double size = std::abs(value);
    if (size != 0 && (size < 1e-3 || size >= 1e7))
        return QString::number(value, 'e', 2);
    if (size >= 1000)
        return QLocale{QLocale::English}.toString(value, 'f', size >= 1e5 || std::trunc(value) == value ? 0 : 1);
    if (std::trunc(value) == value)
        return QString::number(value, 'f', 0);
    QString text = QString::number(value, 'f', size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 ? 4 : 5);
    while (text.endsWith(QLatin1Char('0')))
        text.chop(1);
    return text;
}

QString shortDuration(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0)
        return QStringLiteral("–");
    if (seconds > 0 && seconds < 0.1)
        return QStringLiteral("%1 ms").arg(seconds * 1000, 0, 'f', seconds < 0.01 ? 1 : 0);
    if (seconds < 10)
        return QStringLiteral("%1 s").arg(seconds, 0, 'f', 1);
    const auto whole = static_cast<qint64>(std::lround(seconds));
    const qint64 hours = whole / 3600, minutes = whole / 60 % 60, rest = whole % 60;
    if (hours > 0)
        return QStringLiteral("%1:%2:%3").arg(hours).arg(minutes, 2, 10, QLatin1Char('0')).arg(rest, 2, 10, QLatin1Char('0'));
    return QStringLiteral("%1:%2").arg(minutes).arg(rest, 2, 10, QLatin1Char('0'));
}

}
