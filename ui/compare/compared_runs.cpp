// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compared_runs.h"

#include "ui/history/run_text.h"

#include <QPainter>
#include <QPixmap>
#include <QPixmapCache>

#include <cmath>
#include <unordered_map>

namespace descent {

std::vector<ComparedRun> comparedRuns(const std::vector<RunId>& chosen, const RunSet& all)
{
    std::unordered_map<std::string, int> named;
    for (const RunId run : chosen)
        if (const RunSummary* summary = all.find(run))
            ++named[summary->name];
    std::vector<ComparedRun> runs;
    for (const RunId run : chosen)
        if (const RunSummary* summary = all.find(run)) {
            const QString name = QString::fromStdString(summary->name);
            runs.push_back({*summary, named[summary->name] > 1 ? QStringLiteral("%1 #%2").arg(name).arg(run) : name, colorOf(*summary)});
        }
    return runs;
}

QIcon swatch(const QColor& color, bool isFilled)
{
    // Kept: a list of a thousand runs asks for a dozen colours.
    const QString key = QStringLiteral("swatch %1 %2").arg(color.name(QColor::HexArgb)).arg(isFilled);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return QIcon{pixmap};
    pixmap = QPixmap{24, 24};
    pixmap.fill(Qt::transparent);
    QPainter painter{&pixmap};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen{color, 2.5});
    if (isFilled)
        painter.setBrush(color);
    painter.drawEllipse(5, 5, 14, 14);
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return QIcon{pixmap};
}

int bestIndex(const std::vector<double>& values, bool higherIsBetter)
{
    int best = -1;
    bool differ = false;
    for (int i = 0; i < static_cast<int>(values.size()); ++i) {
        const double value = values[static_cast<std::size_t>(i)];
        if (!std::isfinite(value))
            continue;
        if (best >= 0 && value != values[static_cast<std::size_t>(best)])
            differ = true;
        if (best < 0 || (higherIsBetter ? value > values[static_cast<std::size_t>(best)] : value < values[static_cast<std::size_t>(best)]))
            best = i;
    }
    return differ ? best : -1;
}

}
