// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/json.h"

#include "app/descent/advice_output.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>

namespace descent {

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

Json jsonValue(const ParameterValue& value)
{
    if (const double* real = std::get_if<double>(&value))
        return jsonNumber(*real);
    return std::visit([](const auto& v) { return Json(v); }, value);
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

struct EventWriter {
    RunId run;
    std::optional<Json> operator()(const RunStarted& event) const
    {
        return Json{{"event", "started"},
                    {"run", run},
                    {"device", event.device},
                    {"task", event.task},
                    {"epochs", event.epochs},
                    {"stepsPerEpoch", event.stepsPerEpoch},
                    {"parameters", event.parameterCount},
                    {"samples", {{"train", event.trainCount}, {"validation", event.validationCount}, {"test", event.testCount}}},
                    {"classes", event.classNames}};
    }
    std::optional<Json> operator()(const MetricsLogged& event) const
    {
        Json points = Json::array();
        for (const MetricPoint& point : event.points)
            points.push_back({{"series", point.series},
                              {"step", point.step},
                              {"value", jsonNumber(point.value)},
                              {"seconds", jsonNumber(point.seconds)}});
        return Json{{"event", "metrics"}, {"points", std::move(points)}};
    }
    std::optional<Json> operator()(const EpochFinished& event) const
    {
        return Json{{"event", "epoch"},
                    {"epoch", event.epoch},
                    {"step", event.step},
                    {"metrics", jsonFigures(event.metrics)},
                    {"best", event.best}};
    }
    std::optional<Json> operator()(const CheckpointWritten& event) const
    {
        return Json{
            {"event", "checkpoint"}, {"path", event.path}, {"step", event.step}, {"best", event.best}, {"sha256", event.sha256}};
    }
    std::optional<Json> operator()(const Message& event) const
    {
        return Json{{"event", "message"},
                    {"severity", event.severity == Message::Severity::warning ? "warning" : "information"},
                    {"text", english(event.text)}};
    }
    std::optional<Json> operator()(const RunEnded& event) const
    {
        Json json{{"event", "ended"},
                  {"status", toString(event.status)},
                  {"run", run},
                  {"best", jsonFigures(event.best)},
                  {"test", jsonFigures(event.test)}};
        if (!event.reason.empty())
            json["reason"] = english(event.reason);
        if (!event.hint.empty())
            json["hint"] = english(event.hint);
        return json;
    }
    std::optional<Json> operator()(const Progress&) const { return std::nullopt; }
    std::optional<Json> operator()(const Preview& preview) const
    {
        const auto* layers = std::get_if<LayerReport>(&preview); // only told to somebody who asked
        return layers ? std::optional{toJson(*layers)} : std::nullopt;
    }
};

}

std::optional<Json> toJson(const RunEvent& event, RunId run)
{
    return std::visit(EventWriter{run}, event);
}

Json toJson(const Problem& problem, const char* severity)
{
    return {{"event", "problem"},
            {"severity", severity},
            {"path", problem.path},
            {"message", english(problem.message)},
            {"hint", english(problem.hint)}};
}

std::string dump(const Json& json, int indent)
{
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

void printJson(const Json& json)
{
    fmt::print("{}\n", dump(json, 2));
}

}
