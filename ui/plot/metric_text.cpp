// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/metric_text.h"

#include "engine/core/task/task.h"
#include "ui/plot/curve_plot.h"
#include "ui/theme/translated.h"

#include <QCoreApplication>

#include <cmath>

namespace descent {

QString metricLabel(const std::string& metric)
{
    if (const MetricKind* kind = findMetricKind(metric))
        return translated(kind->label);
    if (metric == "learning-rate")
        return QCoreApplication::translate("MetricText", "Learning rate");
    if (metric == "samples-per-second")
        return QCoreApplication::translate("MetricText", "Samples a second");
    if (metric == "gradient-norm")
        return QCoreApplication::translate("MetricText", "Length of the gradients");
    if (metric == "weight-norm")
        return QCoreApplication::translate("MetricText", "Length of the weights");
    if (metric == "update-ratio")
        return QCoreApplication::translate("MetricText", "Step / weights");
    if (metric == "dead-units")
        return QCoreApplication::translate("MetricText", "Dead units");
    if (metric == "input-wait")
        return QCoreApplication::translate("MetricText", "Waiting for data");
    return QString::fromStdString(metric);
}

QString metricValue(const std::string& metric, double value)
{
    if (std::isnan(value))
        return {};
    const MetricKind* kind = findMetricKind(metric);
    return kind && kind->isShare ? QStringLiteral("%1 %").arg(value * 100, 0, 'f', 2) : shortNumber(value);
}

}
