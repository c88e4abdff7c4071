// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/run_text.h"

#include "ui/plot/metric_text.h"

namespace descent {

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
