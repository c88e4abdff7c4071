// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/advice_output.h"

#include "app/descent/terminal.h"
#include "app/descent/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

Json jsonHistogram(const LayerReport::Histogram& histogram)
{
    return {{"low", jsonNumber(histogram.low)}, {"high", jsonNumber(histogram.high)}, {"counts", histogram.counts}};
}

std::string short_(double value)
{
    return std::isnan(value) ? "" : fmt::format("{:.3g}", value);
}

}

std::vector<Advice> adviceFor(RunStore& store, const RunDetails& run)
{
    const Result<Recipe> recipe = recipeFromJson(run.recipeJson);
    if (!recipe)
        return {};
    struct Point {
        std::int64_t step;
        std::string series;
        double value;
    };
    std::vector<Point> points; // of all series, as they were told: by step, losses of training before those of validation
    for (const char* series : {"loss/train", "loss/validation", "update-ratio", "dead-units", "input-wait"})
        for (const SeriesPoint& point : store.points(run.summary.id, series))
            points.push_back({point.step, series, point.value});
    std::stable_sort(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.step < b.step; });
    CurveSummary curves;
    for (const Point& point : points)
        curves.add(point.series, point.step, point.value);
    return adviceFor(curves, *recipe);
}

void printAdvice(const std::vector<Advice>& advice)
{
    for (const Advice& one : advice) {
        fmt::print("advice {}: {}\n", english(one.finding), english(one.evidence));
        for (const Proposal& proposal : one.proposals)
            fmt::print("       {}: --set {}={}\n", english(proposal.words), proposal.path, proposal.value);
        if (!one.hint.empty())
            fmt::print("       {}\n", english(one.hint));
    }
}

Json toJson(const std::vector<Advice>& advice)
{
    Json all = Json::array();
    for (const Advice& one : advice) {
        Json proposals = Json::array();
        for (const Proposal& proposal : one.proposals)
            proposals.push_back({{"words", english(proposal.words)}, {"path", proposal.path}, {"value", proposal.value}});
        all.push_back({{"id", one.id}, {"finding", english(one.finding)}, {"evidence", english(one.evidence)}, {"proposals", std::move(proposals)}, {"hint", english(one.hint)}});
    }
    return all;
}

void printLayers(const LayerReport& report)
{
    TextTable table{{"LAYER", "WEIGHTS", "LENGTH", "GRADIENT", "STEP/WEIGHTS", "DEAD"}};
    for (const LayerReport::Row& row : report.rows)
        table.add({row.name, row.parameters > 0 ? formatCount(row.parameters) : "", row.parameters > 0 ? short_(row.weightNorm) : "",
                   row.parameters > 0 ? short_(row.gradientNorm) : "", short_(row.updateRatio),
                   std::isnan(row.deadShare) ? "" : fmt::format("{:.0f}%", row.deadShare * 100)});
    table.print(terminalOf(stdout));
}

Json toJson(const LayerReport& report)
{
    Json layers = Json::array();
    for (const LayerReport::Row& row : report.rows)
        layers.push_back({{"name", row.name},
                          {"parameters", row.parameters},
                          {"weightNorm", jsonNumber(row.weightNorm)},
                          {"gradientNorm", jsonNumber(row.gradientNorm)},
                          {"updateRatio", jsonNumber(row.updateRatio)},
                          {"deadShare", jsonNumber(row.deadShare)},
                          {"weights", jsonHistogram(row.weights)},
                          {"gradients", jsonHistogram(row.gradients)},
                          {"activations", jsonHistogram(row.activations)}});
    return {{"event", "layers"}, {"step", report.step}, {"layers", std::move(layers)}};
}

}
