// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/dataset_views.h"

#include "ui/plot/surface_plot.h"
#include "ui/train/captioned_sheet.h"
#include "ui/train/data_views.h"

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
                sheet->setSamples(report);
                return report.inputs == DatasetReport::Inputs::pictures;
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
                const bool shown = report.pointsX.empty() && !report.columns.empty();
                list->setColumns(shown ? report : DatasetReport{});
                return shown;
            }};
}

}

std::vector<DatasetView> makeDatasetViews()
{
    return {planeView(), sampleView(), captionedView(), classView(), columnView()};
}

}
