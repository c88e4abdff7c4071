// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/mlflow_run.h"

#include "engine/core/interchange/foreign_values.h"

#include <array>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace descent {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::string_view source = "mlflow:", theirs = "mlflow.", ours = "descent.", imported = "hparams.";
constexpr std::string_view noteTag = "mlflow.note.content", nameTag = "mlflow.runName", uuidTag = "descent.uuid";

struct Status {
    std::string_view theirs;
    RunStatus ours;
};
constexpr std::array statuses{Status{"FINISHED", RunStatus::completed}, Status{"FAILED", RunStatus::failed}, Status{"KILLED", RunStatus::stopped},
                              Status{"KILLED", RunStatus::interrupted}, Status{"RUNNING", RunStatus::running}, Status{"SCHEDULED", RunStatus::queued}};

std::int64_t msOf(WallTime time)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

void flatten(const Json& json, const std::string& path, std::map<std::string, std::string>& into)
{
    if (json.is_object()) {
        for (const auto& [key, value] : json.items())
            flatten(value, path.empty() ? key : path + '.' + key, into);
        return;
    }
    std::string_view name{path};
    if (name.starts_with(imported))
        name.remove_prefix(imported.size()); // it came under this name
    const std::string value = json.is_boolean()  ? textOf(json.get<bool>())
                              : json.is_number() ? textOf(json.get<double>())
                              : json.is_string() ? json.get<std::string>()
                                                 : json.dump(-1, ' ', false, Json::error_handler_t::replace);
    into.emplace(mlflowName(name), value);
}

}

ForeignRun runOf(const MlflowRun& mlflow)
{
    ForeignRun run{.name = asUtf8(mlflow.name), .experiment = asUtf8(mlflow.experiment)};
    run.evenEmpty = true;
    for (const auto& [name, value] : mlflow.params)
        run.settings[asUtf8(name)] = settingOf(value);
    for (const auto& [name, value] : mlflow.tags) {
        if (name == noteTag)
            run.note = asUtf8(value);
        else if (name == nameTag)
            run.name = asUtf8(value);
        else if (name.starts_with(theirs) || name.starts_with(ours))
            run.environment[asUtf8(name.starts_with(ours) ? std::string_view{name}.substr(ours.size()) : name)] = asUtf8(value);
        else
            run.tags.push_back(asUtf8(value.empty() ? name : name + '=' + value));
    }
    if (run.name.empty())
        run.name = mlflow.id.substr(0, 8);
    const auto seconds = [](std::optional<std::int64_t> ms) { return ms ? std::optional{static_cast<double>(*ms) / 1000} : std::nullopt; };
    run.began = seconds(mlflow.startedMs);
    for (const Status& status : statuses)
        if (status.theirs == mlflow.status && status.ours != RunStatus::running && status.ours != RunStatus::queued && !run.status)
            run.status = status.ours;
    if (run.status)
        run.ended = seconds(mlflow.endedMs);
    return run;
}

std::string mlflowSource(const std::string& id)
{
    return std::string{source} + id;
}

double secondsSince(std::optional<std::int64_t> startedMs, std::int64_t timestampMs)
{
    return startedMs ? (static_cast<double>(timestampMs) - static_cast<double>(*startedMs)) / 1000 : std::nan("");
}

bool isOurs(RunStore& store, const MlflowRun& mlflow)
{
    const auto uuid = mlflow.tags.find(std::string{uuidTag});
    return uuid != mlflow.tags.end() && store.runOfUuid(uuid->second);
}

MlflowRun mlflowRunOf(const RunDetails& details)
{
    const RunSummary& summary = details.summary;
    MlflowRun run{.experiment = summary.experiment, .name = summary.name};
    const auto from = details.environment.find(importedFrom);
    run.id = from != details.environment.end() && from->second.starts_with(source) ? from->second.substr(source.size()) : details.uuid;
    for (const Status& status : statuses)
        if (status.ours == summary.status)
            run.status = status.theirs;
    run.startedMs = msOf(summary.createdAt);
    if (summary.endedAt)
        run.endedMs = msOf(*summary.endedAt);
    Json recipe = Json::parse(details.recipeJson, nullptr, false);
    if (recipe.is_object()) {
        recipe.erase("name"); // it is the run's
        flatten(recipe, {}, run.params);
    }
    for (const auto& [name, value] : details.environment)
        if (name != importedFrom)
            run.tags[mlflowName(name.starts_with(theirs) ? name : std::string{ours} + name)] = value;
    run.tags[std::string{uuidTag}] = details.uuid;
    for (const std::string& tag : summary.tags) {
        const std::size_t equals = tag.find('=');
        run.tags.emplace(mlflowName(tag.substr(0, equals)), equals == tag.npos ? std::string{} : tag.substr(equals + 1));
    }
    run.tags[std::string{nameTag}] = summary.name;
    if (!summary.note.empty())
        run.tags[std::string{noteTag}] = summary.note;
    return run;
}

void eachMlflowSeries(RunStore& store, const RunDetails& details, const std::function<void(const std::string& name, std::vector<MlflowMetric> values)>& take)
{
    const double began = static_cast<double>(msOf(details.summary.createdAt));
    std::set<std::string> taken;
    const auto unused = [&](std::string name) {
        while (!taken.insert(name).second)
            name += '_';
        return name;
    };
    for (const std::string& series : details.series) {
        std::vector<MlflowMetric> values;
        for (const SeriesPoint& point : store.points(details.summary.id, series))
            values.push_back({.timestampMs = static_cast<std::int64_t>(std::llround(began + point.seconds * 1000)), .step = point.step, .value = point.value});
        take(unused(mlflowName(series)), std::move(values));
    }
    for (const auto& [metric, value] : details.summary.test)
        take(unused(mlflowName("test/" + metric)), {{.timestampMs = msOf(details.summary.endedAt.value_or(details.summary.createdAt)), .step = details.summary.step, .value = value}});
}

}
