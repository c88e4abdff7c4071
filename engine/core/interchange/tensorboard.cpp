// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/tensorboard.h"

#include "engine/core/base/problem.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

namespace descent {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t pointsAtOnce = 200'000;
constexpr double latestTime = 1e11; // seconds since 1970: the year 5138. What lies behind it is no time.

double secondsOf(WallTime time)
{
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

WallTime wallTimeOf(double seconds)
{
    return WallTime{std::chrono::milliseconds{std::llround(std::clamp(seconds, 0.0, latestTime) * 1000)}};
}

/// Event files below `folder`, by the folder they lie in.
std::map<fs::path, std::set<fs::path>> eventFiles(const fs::path& folder)
{
    std::error_code error;
    fs::recursive_directory_iterator entry{folder, fs::directory_options::skip_permission_denied, error};
    if (error)
        throw DescentError{text("the folder %1 cannot be read: %2", folder.string(), error.message())};
    std::map<fs::path, std::set<fs::path>> files;
    for (; entry != fs::recursive_directory_iterator{}; entry.increment(error)) {
        if (error)
            throw DescentError{text("the folder %1 cannot be read: %2", folder.string(), error.message())};
        if (entry->is_regular_file(error) && entry->path().filename().string().find("tfevents") != std::string::npos)
            files[entry->path().parent_path()].insert(entry->path());
    }
    return files;
}

Json jsonOf(const EventHyperparameters& hyperparameters)
{
    Json json = Json::object();
    for (const auto& [name, value] : hyperparameters.values)
        std::visit([&, key = name](const auto& one) { json[key] = one; }, value);
    return json;
}

/// Numbers, flags and texts of a recipe by their dotted path.
void flatten(const Json& json, const std::string& path, EventHyperparameters& into)
{
    if (json.is_object()) {
        for (const auto& [key, value] : json.items())
            flatten(value, path.empty() ? key : path + '.' + key, into);
        return;
    }
    if (json.is_boolean())
        into.values[path] = json.get<bool>();
    else if (json.is_number())
        into.values[path] = json.get<double>();
    else if (json.is_string())
        into.values[path] = json.get<std::string>();
}

}

struct TensorBoardImport::Source {
    std::string name, from; // "run/of/three", its folder
    std::optional<RunId> run;
    bool isUnderWay = false; // it was made by this import and has not ended
    std::map<fs::path, EventFileReader> files;
    std::map<std::string, std::int64_t> known; // points that are in the history already, by series
    std::optional<double> began;               // wall time of its first value
    EventHyperparameters hyperparameters;
    std::vector<EventScalar> fresh;
};

TensorBoardImport::TensorBoardImport(fs::path folder, std::string experiment)
    : m_folder{fs::weakly_canonical(std::move(folder))}, m_experiment{std::move(experiment)}
{
}

TensorBoardImport::~TensorBoardImport() = default;

TensorBoardImport::Source& TensorBoardImport::sourceAt(RunStore& store, const fs::path& folder)
{
    std::unique_ptr<Source>& at = m_sources[folder];
    if (at)
        return *at;
    at = std::make_unique<Source>();
    Source& source = *at;
    const fs::path relative = folder.lexically_relative(m_folder);
    source.name = relative == "." ? m_folder.filename().string() : relative.string();
    source.from = "tensorboard:" + folder.string();
    if (const std::optional<ImportedRun> before = store.importedRun(source.from)) {
        source.run = before->run;
        source.known = before->points;
        source.began = secondsOf(before->createdAt);
    }
    return source;
}

TensorBoardImport::Report TensorBoardImport::update(RunStore& store, const std::stop_token& stop)
{
    Report report;
    for (const auto& [folder, files] : eventFiles(m_folder)) {
        Source& source = sourceAt(store, folder);
        const bool wasNew = !source.run;
        for (const fs::path& file : files) {
            if (stop.stop_requested())
                return report;
            EventFileReader& reader = source.files.try_emplace(file, file).first->second;
            const EventFileReader::Progress progress = reader.read([&](EventFileItem item) {
                if (auto* given = std::get_if<EventHyperparameters>(&item)) {
                    source.hyperparameters.values.merge(given->values);
                    if (given->status)
                        source.hyperparameters.status = given->status;
                    return;
                }
                auto& scalar = std::get<EventScalar>(item);
                if (!source.began)
                    source.began = reader.began().value_or(scalar.wallTime);
                if (std::int64_t& known = source.known[scalar.tag]; known > 0)
                    --known;
                else
                    source.fresh.push_back(std::move(scalar));
                if (source.fresh.size() >= pointsAtOnce)
                    write(store, source, report);
            });
            report.damaged += progress.damaged;
            if (progress.isBroken)
                report.broken.push_back(file);
        }
        write(store, source, report);
        report.runs += source.run.has_value();
        report.newRuns += wasNew && source.run;
    }
    return report;
}

void TensorBoardImport::write(RunStore& store, Source& source, Report& report)
{
    if (source.fresh.empty())
        return;
    if (!source.run) {
        const auto has = [&](const char* word) {
            return std::any_of(source.fresh.begin(), source.fresh.end(), [&](const EventScalar& scalar) { return scalar.tag.find(word) != std::string::npos; });
        };
        source.run = store.createRun({.experiment = m_experiment,
                                      .name = source.name,
                                      .recipeJson = Json{{"name", source.name}, {"hparams", jsonOf(source.hyperparameters)}}.dump(2, ' ', false, Json::error_handler_t::replace),
                                      .primaryMetric = has("acc") ? "accuracy" : "loss",
                                      .higherIsBetter = has("acc"),
                                      .environment = {{importedFrom, source.from}},
                                      .createdAt = wallTimeOf(*source.began)});
        source.isUnderWay = true;
    }
    MetricsLogged logged;
    logged.points.reserve(source.fresh.size());
    for (EventScalar& scalar : source.fresh) {
        const double seconds = scalar.wallTime - *source.began;
        logged.points.push_back({std::move(scalar.tag), scalar.step, scalar.value, std::isfinite(seconds) ? seconds : 0});
    }
    report.points += static_cast<std::int64_t>(logged.points.size());
    source.fresh.clear();
    std::vector<RunEvent> events;
    events.emplace_back(std::move(logged));
    store.record(*source.run, events);
}

void TensorBoardImport::finish(RunStore& store)
{
    constexpr int failed = 2;
    for (auto& [folder, source] : m_sources)
        if (std::exchange(source->isUnderWay, false))
            store.record(*source->run, std::vector<RunEvent>{RunEnded{.status = source->hyperparameters.status == failed ? RunStatus::failed : RunStatus::completed}});
}

fs::path exportToTensorBoard(RunStore& store, RunId run, const fs::path& folder)
{
    const std::optional<RunDetails> details = store.run(run);
    if (!details)
        throw StoreError{text("there is no run %1", run)};
    const double began = secondsOf(details->summary.createdAt);
    EventFileWriter writer{folder, began};
    EventHyperparameters hyperparameters;
    flatten(Json::parse(details->recipeJson, nullptr, false), {}, hyperparameters);
    writer.add(hyperparameters, began);
    for (const std::string& series : details->series)
        for (const SeriesPoint& point : store.points(run, series))
            writer.add({.tag = series, .step = point.step, .value = point.value, .wallTime = began + point.seconds});
    if (details->summary.endedAt)
        writer.add(EventHyperparameters{.values = {}, .status = details->summary.status == RunStatus::failed ? 2 : 1}, secondsOf(*details->summary.endedAt));
    writer.finish();
    return writer.file();
}

std::string folderNameFor(const std::string& name)
{
    std::string safe;
    for (const char c : name)
        safe += static_cast<unsigned char>(c) < 0x20 || c == '/' || c == '\\' || c == ':' ? '_' : c;
    const bool isDots = safe.find_first_not_of('.') == std::string::npos;
    return safe.empty() || isDots ? "run" : safe.substr(0, 200);
}

}
