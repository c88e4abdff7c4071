// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/chart_content.h"

#include "ui/plot/metric_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace descent {

namespace {

struct ChartContentText {
    Q_DECLARE_TR_FUNCTIONS(ChartContent)
};

}

ChartContent contentOf(const ChartFilling& filling, const CompareLook& look)
{
    const QString labels[] = {ChartContentText::tr("step"), ChartContentText::tr("epoch"), ChartContentText::tr("time since the start"), ChartContentText::tr("time of day")};
    const AxisNumbers numbers[] = {AxisNumbers::plain, AxisNumbers::plain, AxisNumbers::seconds, AxisNumbers::wall};
    const auto along = static_cast<std::size_t>(look.along);
    ChartContent content;
    content.title = metricLabel(filling.metric);
    content.xLabel = labels[along];
    content.curves = filling.curves;
    content.x = filling.x;
    content.y = filling.y;
    content.numbers = numbers[along];
    content.notes = notesOf(look, filling.metric, *filling.curves);
    content.gaps = filling.gaps;
    content.best = filling.best;
    return content;
}

std::vector<ChartNote> notesOf(const CompareLook& look, const std::string& metric, const std::vector<ChartCurve>& curves)
{
    std::vector<ChartNote> notes;
    for (const CurveNote& note : look.notes) {
        const auto curve = std::ranges::find(curves, note.run, &ChartCurve::id);
        if (look.groupBy.empty() && note.metric.toStdString() == metric && curve != curves.end())
            notes.push_back({curve->axis.at(note.step, note.seconds), note.text, curve->color});
    }
    return notes;
}

ChartContent recolored(ChartContent content, const ColorTokens& from, const ColorTokens& to)
{
    const auto change = [&](QColor& color) {
        if (const auto place = from.series.indexOf(color); place >= 0)
            color = to.series[place];
    };
    std::vector<ChartCurve> curves = *content.curves;
    for (ChartCurve& curve : curves)
        change(curve.color);
    for (ChartNote& note : content.notes)
        change(note.color);
    if (content.best)
        change(content.best->color);
    content.curves = std::make_shared<const std::vector<ChartCurve>>(std::move(curves));
    content.look.colors = to;
    return content;
}

}
