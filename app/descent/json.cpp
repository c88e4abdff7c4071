// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/json.h"

#include "app/descent/advice_output.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>

namespace descent {

Json jsonValue(const ParameterValue& value)
{
    if (const double* real = std::get_if<double>(&value))
        return jsonNumber(*real);
    return std::visit([](const auto& v) { return Json(v); }, value);
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
