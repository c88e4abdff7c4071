// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/run_text.h"

#include "ui/plot/metric_text.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace descent {

QColor colorOf(const RunSummary& run)
{
    const QColor chosen{QString::fromStdString(run.color)};
    return !run.color.empty() && chosen.isValid() ? chosen : Theme::instance().seriesColor(run.id - 1);
}

QString statusLabel(RunStatus status)
{
    switch (status) {
    case RunStatus::queued: return QCoreApplication::translate("RunText", "Queued");
    case RunStatus::running: return QCoreApplication::translate("RunText", "Running");
    case RunStatus::completed: return QCoreApplication::translate("RunText", "Completed");
    case RunStatus::stopped: return QCoreApplication::translate("RunText", "Stopped");
    case RunStatus::failed: return QCoreApplication::translate("RunText", "Failed");
    case RunStatus::interrupted: return QCoreApplication::translate("RunText", "Interrupted");
    }
    return {};
}

QString relativeTime(WallTime time)
{
    const QDateTime then = QDateTime::fromMSecsSinceEpoch(std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
    const QDateTime now = QDateTime::currentDateTime();
    const qint64 seconds = then.secsTo(now);
    if (seconds < 60)
        return QCoreApplication::translate("RunText", "just now");
    if (seconds < 3600)
        return QCoreApplication::translate("RunText", "%1 min ago").arg(seconds / 60);
    if (seconds < 24 * 3600)
        return QCoreApplication::translate("RunText", "%1 h ago").arg(seconds / 3600);
    if (then.date().daysTo(now.date()) == 1)
        return QCoreApplication::translate("RunText", "yesterday");
    return QLocale{}.toString(then.date(), QLocale::ShortFormat);
}

QString headlineOf(const RunSummary& run)
{
    auto found = run.test.find(run.primaryMetric);
    if (found == run.test.end()) {
        found = run.best.find(run.primaryMetric + "/validation");
        if (found == run.best.end())
            return {};
    }
    return metricLabel(run.primaryMetric) + QLatin1Char(' ') + metricValue(run.primaryMetric, found->second);
}

QString nameAndNumber(const RunSummary& run)
{
    return QStringLiteral("%1 #%2").arg(QString::fromStdString(run.name)).arg(run.id);
}

}
