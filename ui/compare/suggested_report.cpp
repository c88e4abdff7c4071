// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/suggested_report.h"

#include "ui/compare/curve_wishes.h"

#include <QCoreApplication>

#include <algorithm>

namespace descent {

ReportOrder suggestedReport(RunStore& store, const std::vector<RunId>& runs, const std::string& figure, const Directions& directions)
{
    std::vector<RunDetails> details;
    std::vector<RunSummary> summaries;
    for (const RunId run : runs)
        if (auto one = store.run(run)) {
            summaries.push_back(one->summary);
            details.push_back(std::move(*one));
        }
    FigureTable figures = figureTable(details, directions);
    if (figures.find(figure))
        figures.primary = figure; // tables too begin with the best of it
    const auto table = std::make_shared<const FigureTable>(std::move(figures));
    const std::vector<ComparedRun> compared = comparedRuns(runs, RunSet{std::move(summaries)});
    ReportOrder order{.choice = {.title = QCoreApplication::translate("SuggestedReport", "Comparison of %1 runs").arg(compared.size())},
                      .summary = summaryOf(table, figure),
                      .runNotes = {},
                      .charts = {},
                      .wishes = wishesFor({}, compared, {}),
                      .look = {},
                      .fonts = ChartLook::ofTheme()};
    RunExtents extents;
    std::vector<std::string> primaries;
    for (const ComparedRun& run : compared) {
        extents[run.summary.id] = store.extents(run.summary.id);
        primaries.push_back(run.summary.primaryMetric);
        if (!run.summary.note.empty())
            order.runNotes.emplace_back(run.name, QString::fromStdString(run.summary.note));
    }
    std::vector<std::string> metrics = metricsOf(extents, primaries);
    metrics.resize(std::min(metrics.size(), reportCurvesAtFirst));
    for (std::string& metric : metrics)
        order.charts.emplace_back(ReportCurves{.metric = std::move(metric), .y = {}});
    for (const ChartSpec& spec : suggestedBoard(*table, order.summary.explanation, order.summary.figure))
        if (ChartInput input{.table = table, .spec = spec, .passing = {}, .brushes = {}, .colors = order.fonts.colors}; chartObstacle(input).isEmpty())
            order.charts.emplace_back(std::move(input));
    return order;
}

}
