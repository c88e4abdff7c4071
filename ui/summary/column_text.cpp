// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/column_text.h"

#include "ui/plot/curve_plot.h"
#include "ui/plot/metric_text.h"
#include "ui/theme/translated.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

using Role = FigureColumn::Role;

struct ColumnText {
    Q_DECLARE_TR_FUNCTIONS(ColumnText)
};

/// "accuracy" of "best.accuracy/validation"; of another program's "gradients/layer 1" all of it.
std::string shownMetric(const std::string& name)
{
    return name.starts_with("best.") || name.starts_with("last.") || name.starts_with("test.") ? metricOf(name) : name;
}

QString figureLabel(const std::string& name)
{
    const QString metric = metricLabel(shownMetric(name));
    const std::size_t slash = name.find('/');
    const QString part = slash == std::string::npos ? QString{} : QString::fromStdString(name.substr(slash + 1));
    if (name.starts_with("test."))
        return ColumnText::tr("Test: %1").arg(metric);
    if (name.starts_with("best."))
        return part.isEmpty() ? ColumnText::tr("Best: %1").arg(metric) : ColumnText::tr("Best %2: %1").arg(metric, part);
    if (name.starts_with("last."))
        return part.isEmpty() ? ColumnText::tr("Last: %1").arg(metric) : ColumnText::tr("Last %2: %1").arg(metric, part);
    return metric;
}

QString factLabel(const std::string& name)
{
    if (name == "duration")
        return ColumnText::tr("Duration");
    if (name == "parameters")
        return ColumnText::tr("Parameters");
    if (name == "epoch")
        return ColumnText::tr("Epoch");
    if (name == "step")
        return ColumnText::tr("Step");
    if (name == "experiment")
        return ColumnText::tr("Experiment");
    if (name == "dataset")
        return ColumnText::tr("Dataset");
    if (name == "architecture")
        return ColumnText::tr("Architecture");
    if (name == "task")
        return ColumnText::tr("Task");
    return ColumnText::tr("Status");
}

QString settingLabel(const FigureColumn& column)
{
    if (column.name == "seed")
        return ColumnText::tr("Seed");
    if (column.name == "device")
        return ColumnText::tr("Device");
    if (column.name.ends_with(".kind"))
        return column.name == "dataset.kind" ? ColumnText::tr("Dataset") : column.name == "task.kind" ? ColumnText::tr("Task") : ColumnText::tr("Architecture");
    return column.label.empty() ? QString::fromStdString(column.name) : translated(column.label);
}

}

QString columnLabel(const FigureColumn& column)
{
    switch (column.role) {
    case Role::metric: return figureLabel(column.name);
    case Role::cost:
    case Role::word: return factLabel(column.name);
    case Role::setting: return settingLabel(column);
    }
    return {};
}

QString columnLabel(const FigureTable& table, const std::string& name)
{
    const FigureColumn* column = table.find(name);
    if (!column)
        return QString::fromStdString(name);
    const QString label = columnLabel(*column);
    const bool isShared = std::any_of(table.columns.begin(), table.columns.end(), [&](const FigureColumn& other) {
        return &other != column && other.role == Role::setting && other.differs && columnLabel(other) == label;
    });
    return column->role == Role::setting && isShared ? QStringLiteral("%1 (%2)").arg(label, QString::fromStdString(name)) : label;
}

QString columnValue(const FigureColumn& column, double value)
{
    if (std::isnan(value))
        return QStringLiteral("–");
    if (column.name == "duration")
        return value == 0 ? QStringLiteral("0") : shortDuration(value);
    if (column.role == Role::setting)
        return QString::fromStdString(shortFigure(value));
    return column.role == Role::metric ? metricValue(shownMetric(column.name), value) : shortNumber(value);
}

QString columnValueOf(const FigureColumn& column, std::size_t run)
{
    if (column.isNumber)
        return columnValue(column, column.numbers[run]);
    return column.texts[run].empty() ? QStringLiteral("–") : QString::fromStdString(column.texts[run]);
}


ReportWords tableWords(const FigureTable& table)
{
    return {.run = ColumnText::tr("Run").toStdString(),
            .recipe = ColumnText::tr("Recipe").toStdString(),
            .runs = ColumnText::tr("Runs").toStdString(),
            .label = [&](const FigureColumn& column) { return columnLabel(table, column.name).toStdString(); },
            .value = [](const FigureColumn& column, double value) { return columnValue(column, value).toStdString(); }};
}

}
