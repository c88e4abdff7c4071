// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/chart_data.h"

#include "ui/plot/smoothing.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <set>

namespace descent {

namespace {

double place(AlongX x, const SeriesPoint& point, double stepsPerEpoch)
{
    switch (x) {
    case AlongX::step: return static_cast<double>(point.step);
    case AlongX::epoch: return static_cast<double>(point.step) / stepsPerEpoch;
    case AlongX::time: return point.seconds;
    }
    return 0;
}

/// Steps of an epoch, read off the run itself: the first validation figure stands at the end of the first epoch.
double stepsPerEpochOf(const RunCurves& curves)
{
    const auto found = curves.series.find("loss/validation");
    return found == curves.series.end() || found->second.empty() ? 1 : std::max<double>(1, static_cast<double>(found->second.front().step));
}

int rankOf(const std::string& metric, const std::vector<ComparedRun>& runs)
{
    if (metric == "loss")
        return 0;
    return std::any_of(runs.begin(), runs.end(), [&](const ComparedRun& run) { return run.summary.primaryMetric == metric; }) ? 1 : 2;
}

}

std::vector<ChartData> makeCharts(const std::vector<ComparedRun>& runs, const ChartOptions& options)
{
    std::set<std::string> metrics;
    for (const ComparedRun& run : runs)
        if (run.curves)
            for (const auto& [name, points] : run.curves->series)
                metrics.insert(name.substr(0, name.find('/')));
    std::vector<std::string> ordered(metrics.begin(), metrics.end());
    std::stable_sort(ordered.begin(), ordered.end(), [&](const auto& a, const auto& b) { return rankOf(a, runs) < rankOf(b, runs); });

    std::vector<ChartData> charts;
    for (const std::string& metric : ordered) {
        ChartData chart{.metric = metric};
        for (const ComparedRun& run : runs) {
            if (!run.curves)
                continue;
            const double stepsPerEpoch = stepsPerEpochOf(*run.curves);
            for (const char* part : {"/train", "/validation", ""}) {
                const auto found = run.curves->series.find(metric + part);
                const bool training = std::string_view{part} == "/train", validation = std::string_view{part} == "/validation";
                if (found == run.curves->series.end() || (training && !options.showTraining) || (validation && !options.showValidation))
                    continue;
                Curve curve{.name = QString::fromStdString(run.summary.name), .color = run.color, .id = run.summary.id};
                if (training)
                    curve.name += QCoreApplication::translate("ChartData", " (training)");
                curve.dashed = training;
                for (const SeriesPoint& point : found->second) {
                    curve.x.push_back(place(options.x, point, stepsPerEpoch));
                    curve.y.push_back(point.value);
                }
                if (training && options.smoothing > 0)
                    curve.smooth = smoothed(curve.y, options.smoothing);
                curve.dots = validation && curve.x.size() <= 15;
                chart.curves.push_back(std::move(curve));
            }
        }
        if (!chart.curves.empty())
            charts.push_back(std::move(chart));
    }
    return charts;
}

int bestIndex(const std::vector<double>& values, bool higherIsBetter)
{
    int best = -1;
    bool differ = false;
    for (int i = 0; i < static_cast<int>(values.size()); ++i) {
        const double value = values[static_cast<std::size_t>(i)];
        if (!std::isfinite(value))
            continue;
        if (best >= 0 && value != values[static_cast<std::size_t>(best)])
            differ = true;
        if (best < 0 || (higherIsBetter ? value > values[static_cast<std::size_t>(best)] : value < values[static_cast<std::size_t>(best)]))
            best = i;
    }
    return differ ? best : -1;
}

}
