// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/run_json.h"

#include "engine/core/base/files.h"
#include "engine/core/interchange/exported_runs.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>

namespace descent {

namespace fs = std::filesystem;

Json jsonNumber(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "Infinity" : "-Infinity";
    return value;
}

Json jsonFigures(const Figures& figures)
{
    Json object = Json::object();
    for (const auto& [name, value] : figures)
        object[name] = name == "epoch" ? Json(static_cast<std::int64_t>(value)) : jsonNumber(value);
    return object;
}

Json jsonTime(WallTime time)
{
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(ms / 1000)), ms % 1000);
}

Json toJson(const RunSummary& run)
{
    Json json;
    json["id"] = run.id;
    json["name"] = run.name;
    json["experiment"] = run.experiment;
    json["status"] = toString(run.status);
    json["dataset"] = {{"name", run.datasetName}, {"kind", run.datasetKind}};
    json["architecture"] = run.architecture;
    json["task"] = run.task;
    json["parameters"] = run.parameterCount;
    json["parent"] = run.parent ? Json(*run.parent) : Json(nullptr);
    json["start"] = run.startName.empty() ? Json(nullptr) : Json{{"name", run.startName}, {"sha256", run.startSha256}};
    json["created"] = jsonTime(run.createdAt);
    json["ended"] = run.endedAt ? jsonTime(*run.endedAt) : Json(nullptr);
    json["seconds"] = jsonNumber(run.seconds);
    json["epoch"] = run.epoch;
    json["step"] = run.step;
    json["primaryMetric"] = {{"name", run.primaryMetric}, {"higherIsBetter", run.higherIsBetter}};
    json["last"] = jsonFigures(run.last);
    json["best"] = jsonFigures(run.best);
    json["test"] = jsonFigures(run.test);
    json["tags"] = run.tags;
    json["starred"] = run.starred;
    json["archived"] = run.archived;
    json["color"] = run.color;
    json["note"] = run.note;
    json["reason"] = english(run.reason);
    json["hint"] = english(run.hint);
    return json;
}

Json toJson(const RunDetails& run)
{
    Json json = toJson(run.summary);
    json["series"] = run.series;
    json["checkpoints"] = Json::array();
    for (const auto& checkpoint : run.checkpoints)
        json["checkpoints"].push_back(
            {{"path", checkpoint.path}, {"step", checkpoint.step}, {"best", checkpoint.best}, {"sha256", checkpoint.sha256}});
    json["messages"] = Json::array();
    for (const Message& message : run.messages)
        json["messages"].push_back({{"severity", message.severity == Message::Severity::warning ? "warning" : "information"},
                                    {"text", english(message.text)}});
    json["environment"] = run.environment;
    Json recipe = Json::parse(run.recipeJson, nullptr, false);
    json["recipe"] = recipe.is_discarded() ? Json(run.recipeJson) : std::move(recipe);
    return json;
}

namespace {

/// {"step": […], "value": […], "seconds": […]}
Json jsonPoints(const std::vector<SeriesPoint>& points)
{
    Json steps = Json::array(), values = Json::array(), seconds = Json::array();
    for (const SeriesPoint& point : points) {
        steps.push_back(point.step);
        values.push_back(jsonNumber(point.value));
        seconds.push_back(jsonNumber(point.seconds));
    }
    return {{"step", std::move(steps)}, {"value", std::move(values)}, {"seconds", std::move(seconds)}};
}

}

void exportToJson(RunStore& store, std::span<const RunId> runs, const fs::path& file, const std::stop_token& stop, const std::function<void(double)>& progress)
{
    AtomicFile out{file};
    const auto write = [&](const std::string& text) { out.write(std::as_bytes(std::span{text})); };
    const auto dumped = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
    write("[");
    std::size_t done = 0;
    for (const RunId run : runs) {
        const RunDetails details = exportedRun(store, run);
        std::string begin = dumped(toJson(details));
        begin.pop_back(); // "points" follows, a series at a time: a run may have more of them than should lie in memory
        write(fmt::format("{}\n{},\"points\":{{", done == 0 ? "" : ",", begin));
        bool isFirst = true;
        for (const std::string& series : details.series) {
            if (stop.stop_requested())
                throw Cancelled{};
            write(fmt::format("{}{}:{}", isFirst ? "" : ",", dumped(series), dumped(jsonPoints(store.points(run, series)))));
            isFirst = false;
        }
        write("}}");
        ++done;
        if (progress)
            progress(static_cast<double>(done) / static_cast<double>(runs.size()));
    }
    write("\n]\n");
    out.commit();
}

}
