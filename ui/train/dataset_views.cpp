// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/dataset_views.h"

#include "ui/plot/surface_plot.h"
#include "ui/train/data_views.h"
#include "ui/train/text_pair_list.h"

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
                return report.hasPictures();
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
    return {planeView(), sampleView(), classView(), columnView(), textPairView()};
}

}
