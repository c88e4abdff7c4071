// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/dataset_views.h"

#include "ui/plot/surface_plot.h"
#include "ui/views/box_views.h"
#include "ui/views/captioned_sheet.h"
#include "ui/views/data_views.h"
#include "ui/views/series_view.h"

#include <memory>
#include "ui/views/text_pair_list.h"
#include "ui/views/text_sheet.h"

namespace descent {

namespace {

DatasetView planeView()
{
    auto* plane = new SurfacePlot;
    plane->setMinimumHeight(180);
    plane->setMaximumHeight(240);
    return {plane, [plane](const DatasetReport& report) {
                plane->setPoints(report.pointsX, report.pointsY, report.pointClasses);
                return !report.pointsX.empty();
            }};
}

DatasetView sampleView()
{
    auto* sheet = new SampleSheet;
    return {sheet, [sheet](const DatasetReport& report) {
                const bool shown = report.inputs == DatasetReport::Inputs::pictures && report.measures.empty();
                sheet->setSamples(shown ? report : DatasetReport{});
                return shown;
            }};
}

DatasetView boxView()
{
    auto* sheet = new BoxSheet;
    return {sheet, [sheet](const DatasetReport& report) {
                sheet->setSamples(report);
                return !report.measures.empty();
            }};
}

DatasetView captionedView()
{
    auto* sheet = new CaptionedSheet;
    return {sheet, [sheet](const DatasetReport& report) {
                sheet->setSamples(report);
                return !sheet->isEmpty();
            }};
}

DatasetView classView()
{
    auto* bars = new ClassBars;
    return {bars, [bars](const DatasetReport& report) {
                bars->setCounts(report);
                return !report.classNames.empty();
            }};
}

DatasetView columnView()
{
    auto* list = new ColumnList;
    return {list, [list](const DatasetReport& report) {
                const auto& shown = report.measures.empty() ? report.columns : report.measures;
                const bool visible = report.pointsX.empty() && !shown.empty() && report.inputs != DatasetReport::Inputs::series;
                list->setColumns(visible ? shown : std::vector<DatasetReport::ColumnView>{}, report.trainCount);
                return visible;
            }};
}

/// Shades what is kept back as soon as both the series and the split are known.
DatasetView seriesView()
{
    auto* view = new SeriesView;
    const auto steps = std::make_shared<std::int64_t>(0);
    const auto recipe = std::make_shared<Recipe>();
    const auto shade = [view, steps, recipe] {
        const bool valid = validate(splitSchema(), recipe->split, "").empty() && validate(forecastingSchema(), recipe->task.parameters, "").empty();
        view->setParts(valid && *steps > 0 ? splitSeries(*steps, recipe->split, recipe->task.parameters).value : std::nullopt);
    };
    return {view,
            [view, steps, shade](const DatasetReport& report) {
                const bool shown = report.inputs == DatasetReport::Inputs::series && !report.columns.empty();
                *steps = shown ? report.trainCount : 0;
                view->setReport(shown ? report : DatasetReport{});
                shade();
                return shown;
            },
            [recipe, shade](const Recipe& shown) {
                *recipe = shown;
                shade();
            }};
}

DatasetView codeView()
{
    auto* bars = new CodeBars;
    return {bars, [bars](const DatasetReport& report) {
                bars->setCodes(report);
                return !report.codes.empty();
            }};
}

DatasetView textView()
{
    auto* sheet = new TextSheet;
    return {sheet, [sheet](const DatasetReport& report) {
                const bool pairs = report.classNames.empty() && !report.samples.empty() && !report.samples.front().target.empty();
                return sheet->setSamples(report) && !pairs; // those have a list of their own
            }};
}

DatasetView textPairView()
{
    auto* list = new TextPairList;
    return {list, [list](const DatasetReport& report) {
                list->setPairs(report);
                return list->hasPairs();
            }};
}

}

std::vector<DatasetView> makeDatasetViews()
{
    return {planeView(), sampleView(), classView(), columnView(), seriesView(), codeView(), textView(), textPairView(),
            captionedView(), boxView()};
}

}
