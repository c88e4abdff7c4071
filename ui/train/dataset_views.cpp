// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/dataset_views.h"

#include "ui/plot/surface_plot.h"
#include "ui/train/box_views.h"
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
                const bool shown = report.hasPictures() && report.measures.empty();
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
                const bool visible = report.pointsX.empty() && !shown.empty();
                list->setColumns(visible ? shown : std::vector<DatasetReport::ColumnView>{}, report.trainCount);
                return visible;
            }};
}

}

std::vector<DatasetView> makeDatasetViews()
{
    return {planeView(), sampleView(), boxView(), classView(), columnView()};
}

}
