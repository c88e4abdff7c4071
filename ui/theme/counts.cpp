// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/counts.h"

namespace descent {

QString shortCount(std::int64_t count)
{
    const double value = static_cast<double>(count);
    if (count >= 1'000'000'000)
        return QStringLiteral("%1 G").arg(value / 1e9, 0, 'f', 2);
    if (count >= 1'000'000)
        return QStringLiteral("%1 M").arg(value / 1e6, 0, 'f', value < 1e7 ? 2 : 1);
    if (count >= 10'000)
        return QStringLiteral("%1 k").arg(value / 1e3, 0, 'f', 1);
    return QString::number(count);
}

}
