// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/tensorboard.h"

#include "engine/core/base/problem.h"
#include "engine/core/interchange/exported_runs.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

namespace descent {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

double secondsOf(WallTime time)
{
    return std::chrono::duration<double>(time.time_since_epoch()).count();
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

TensorBoardImport::TensorBoardImport(fs::path folder, std::string experiment, Intake::Mode mode)
    : RunImport{mode}, m_folder{fs::weakly_canonical(std::move(folder))}, m_experiment{std::move(experiment)}
{
}

void TensorBoardImport::read(Intake& intake, const std::stop_token& stop)
{
    constexpr int succeeded = 1, failed = 2;
    const auto folders = eventFiles(m_folder);
    std::size_t done = 0;
    for (const auto& [folder, files] : folders) {
        Intake::Run& run = intake.run("tensorboard:" + folder.string());
        const fs::path relative = folder.lexically_relative(m_folder);
        run.about.name = relative == "." ? m_folder.filename().string() : relative.string();
        run.about.experiment = m_experiment;
        for (const fs::path& file : files) {
            if (stop.stop_requested())
                return;
            EventFileReader& reader = m_files.try_emplace(file, file).first->second;
            const EventFileReader::Progress progress = reader.read([&](EventFileItem item) {
                if (auto* given = std::get_if<EventHyperparameters>(&item)) {
                    run.about.settings.merge(given->values);
                    if (given->status)
                        run.about.status = *given->status == failed      ? std::optional{RunStatus::failed}
                                           : *given->status == succeeded ? std::optional{RunStatus::completed}
                                                                         : std::nullopt;
                    return;
                }
                auto& scalar = std::get<EventScalar>(item);
                if (!run.about.began)
                    run.about.began = reader.began().value_or(scalar.wallTime);
                intake.add(run, {.series = std::move(scalar.tag), .step = scalar.step, .value = scalar.value, .wallTime = scalar.wallTime});
            });
            for (std::int64_t i = 0; i < progress.damaged; ++i)
                intake.leaveOut({file.string(), text("records were left out, since their checksums are wrong"), {}});
            if (progress.isBroken && m_broken.insert(file).second)
                intake.leaveOut({file.string(), text("it is damaged: what stands behind that place was left out"), {}});
        }
        intake.flush(run);
        intake.showProgress(static_cast<double>(++done) / static_cast<double>(folders.size()));
    }
}

fs::path exportToTensorBoard(RunStore& store, RunId run, const fs::path& folder)
{
    const RunDetails details = exportedRun(store, run);
    const double began = secondsOf(details.summary.createdAt);
    EventFileWriter writer{folder, began};
    EventHyperparameters hyperparameters;
    flatten(Json::parse(details.recipeJson, nullptr, false), {}, hyperparameters);
    writer.add(hyperparameters, began);
    for (const std::string& series : details.series)
        for (const SeriesPoint& point : store.points(run, series))
            writer.add({.tag = series, .step = point.step, .value = point.value, .wallTime = began + point.seconds});
    if (details.summary.endedAt)
        writer.add(EventHyperparameters{.values = {}, .status = details.summary.status == RunStatus::failed ? 2 : 1}, secondsOf(*details.summary.endedAt));
    writer.finish();
    return writer.file();
}

}
