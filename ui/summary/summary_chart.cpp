// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/summary_chart.h"

#include "engine/core/data/csv.h"
#include "engine/core/summary/figure_groups.h"
#include "engine/core/summary/heat_grid.h"
#include "ui/summary/column_text.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

struct SummaryChart {
    Q_DECLARE_TR_FUNCTIONS(SummaryChart)
};

/// The columns that a chart shows, in the order in which a person reads them.
std::vector<std::string> columnsOf(const ChartSpec& spec)
{
    std::vector<std::string> names = spec.kind == ChartKind::parallel ? spec.axes : std::vector<std::string>{spec.x, spec.y, spec.color};
    std::erase_if(names, [](const std::string& name) { return name.empty(); });
    return names;
}

/// Those of them that only numbers can serve.
std::vector<std::string> numbersOf(const ChartSpec& spec)
{
    switch (spec.kind) {
    case ChartKind::bars:
    case ChartKind::boxes: return {spec.y};
    case ChartKind::heat: return {spec.color};
    case ChartKind::pareto: return {spec.x, spec.y};
    default: return {};
    }
}

QString cell(double value)
{
    return std::isnan(value) ? QString{} : QString::number(value, 'g', 17);
}

QString cell(const std::string& text)
{
    return QString::fromStdString(csvCell(text));
}

QString line(const QStringList& cells)
{
    return cells.join(QLatin1Char(',')) + QStringLiteral("\r\n");
}

QString gridCsv(const ChartInput& input)
{
    const FigureTable& table = *input.table;
    const HeatGrid grid = heatGrid(*table.find(input.spec.x), *table.find(input.spec.y), *table.find(input.spec.color));
    QString csv = line({cell(input.spec.x), cell(input.spec.y), cell("mean " + input.spec.color), QStringLiteral("runs")});
    for (std::size_t row = 0; row < grid.up.size(); ++row)
        for (std::size_t column = 0; column < grid.across.size(); ++column)
            csv += line({cell(grid.across[column]), cell(grid.up[row]), cell(grid.at(column, row).mean), QString::number(grid.at(column, row).runs.size())});
    return csv;
}

QString groupCsv(const ChartInput& input)
{
    const FigureColumn& figure = *input.table->find(input.spec.y);
    const std::string& name = input.spec.y;
    QString csv = line({QStringLiteral("recipe"), cell("mean " + name), QStringLiteral("low"), QStringLiteral("high"), QStringLiteral("runs")});
    for (const FigureGroup& group : groupsByRecipe(*input.table, figure))
        csv += line({cell(group.name), cell(group.mean.mean), cell(group.mean.low), cell(group.mean.high), QString::number(group.mean.count)});
    return csv;
}

}

QString chartObstacle(const ChartInput& input)
{
    const FigureTable& table = *input.table;
    if (table.runs.empty())
        return SummaryChart::tr("Choose runs in the table: their figures are drawn here.");
    const std::vector<std::string> names = columnsOf(input.spec);
    std::vector<std::string> needed = input.spec.kind == ChartKind::parallel ? names : std::vector<std::string>{input.spec.y};
    if (input.spec.kind == ChartKind::scatter || input.spec.kind == ChartKind::pareto || input.spec.kind == ChartKind::heat)
        needed.push_back(input.spec.x);
    if (input.spec.kind == ChartKind::heat)
        needed.push_back(input.spec.color);
    if (needed.empty())
        return SummaryChart::tr("Choose the axes of this chart.");
    std::vector<std::string> missing;
    for (const std::string& name : needed)
        if (!table.find(name))
            missing.push_back(name);
    if (input.spec.kind == ChartKind::parallel ? missing.size() == needed.size() : !missing.empty())
        return missing.front().empty() ? SummaryChart::tr("Choose what this chart shows.")
                                       : SummaryChart::tr("None of these runs has %1. Choose another figure.").arg(QString::fromStdString(missing.front()));
    for (const std::string& name : numbersOf(input.spec))
        if (!table.find(name)->isNumber)
            return SummaryChart::tr("%1 is no number. Choose another figure.").arg(columnLabel(table, name));
    return {};
}

ChartMarks paintChart(QPainter& painter, const QRectF& area, const ChartInput& input)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::caption));
    ChartMarks marks;
    if (const QString obstacle = chartObstacle(input); !obstacle.isEmpty()) {
        painter.setPen(input.colors.muted);
        painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap, obstacle);
    } else {
        switch (input.spec.kind) {
        case ChartKind::bars: marks = paintBars(painter, area, input); break;
        case ChartKind::scatter: marks = paintScatter(painter, area, input); break;
        case ChartKind::parallel: marks = paintParallel(painter, area, input); break;
        case ChartKind::heat: marks = paintHeat(painter, area, input); break;
        case ChartKind::boxes: marks = paintBoxes(painter, area, input); break;
        case ChartKind::pareto: marks = paintPareto(painter, area, input); break;
        }
    }
    painter.restore();
    return marks;
}

QString wordsOn(const ChartMark& mark, const ChartInput& input)
{
    constexpr std::size_t mostNamed = 8;
    const FigureTable& table = *input.table;
    QStringList lines;
    if (!mark.group.isEmpty()) {
        lines << mark.group;
        for (std::size_t i = 0; i < std::min(mark.runs.size(), mostNamed); ++i) {
            const FigureTable::Run& run = table.runs[mark.runs[i]];
            lines << QStringLiteral("%1 #%2").arg(QString::fromStdString(run.name)).arg(run.id);
        }
        if (mark.runs.size() > mostNamed)
            lines << SummaryChart::tr("+%1 more").arg(mark.runs.size() - mostNamed);
        return lines.join(QLatin1Char('\n'));
    }
    lines << QString::fromStdString(table.runs[mark.runs.front()].name);
    for (const std::string& name : columnsOf(input.spec))
        if (const FigureColumn* column = table.find(name))
            lines << QStringLiteral("%1: %2").arg(columnLabel(table, name), columnValueOf(*column, mark.runs.front()));
    return lines.join(QLatin1Char('\n'));
}

QByteArray chartCsv(const ChartInput& input)
{
    if (!chartObstacle(input).isEmpty())
        return {};
    if (input.spec.kind == ChartKind::heat)
        return gridCsv(input).toUtf8();
    if (input.spec.kind == ChartKind::bars && input.spec.perRecipe)
        return groupCsv(input).toUtf8();
    const FigureTable& table = *input.table;
    QStringList heading{QStringLiteral("run"), QStringLiteral("name")};
    std::vector<const FigureColumn*> columns;
    for (const std::string& name : columnsOf(input.spec))
        if (const FigureColumn* column = table.find(name)) {
            columns.push_back(column);
            heading << cell(name);
        }
    if (input.hasBrush())
        heading << QStringLiteral("brushed");
    QString csv = line(heading);
    for (std::size_t run = 0; run < table.runs.size(); ++run) {
        QStringList cells{QString::number(table.runs[run].id), cell(table.runs[run].name)};
        for (const FigureColumn* column : columns)
            cells << (column->texts.empty() ? cell(column->numbers[run]) : cell(column->texts[run]));
        if (input.hasBrush())
            cells << (input.passes(run) ? QStringLiteral("1") : QStringLiteral("0"));
        csv += line(cells);
    }
    return csv.toUtf8();
}

}
