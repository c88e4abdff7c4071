// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/mlflow_files.h"

#include "engine/core/base/files.h"
#include "engine/core/interchange/foreign_values.h"
#include "engine/core/interchange/mlflow_meta.h"

#include <algorithm>
#include <array>
#include <utility>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t largestText = 1 << 20;
constexpr char metaFile[] = "meta.yaml";

std::map<std::string, std::string> metaIn(const fs::path& folder)
{
    return readMlflowMeta(readFile(folder / metaFile, largestText));
}

std::string entry(const std::map<std::string, std::string>& meta, const char* name)
{
    const auto found = meta.find(name);
    return found == meta.end() ? std::string{} : found->second;
}

/// An experiment may have tags too, but it has a name there. What cannot be read is told when its turn comes.
bool isRun(const fs::path& folder)
{
    std::error_code ignored;
    const bool hasParts = std::ranges::any_of(std::array{"metrics", "params", "tags"}, [&](const char* part) { return fs::is_directory(folder / part, ignored); });
    if (!hasParts || !fs::is_regular_file(folder / metaFile, ignored))
        return false;
    try {
        return !metaIn(folder).contains("name");
    } catch (const DescentError&) {
        return true;
    }
}

/// Folders with a meta.yaml that speaks of a run, `folder` among them.
std::vector<fs::path> runFolders(const fs::path& folder, const std::stop_token& stop)
{
    std::error_code error;
    fs::recursive_directory_iterator entry{folder, fs::directory_options::skip_permission_denied, error};
    if (error)
        throw DescentError{text("the folder %1 cannot be read: %2", folder.string(), error.message())};
    if (isRun(folder))
        return {folder};
    std::vector<fs::path> folders;
    // What lies inside a run or a model is no further run, and what was deleted lies in .trash.
    for (; entry != fs::recursive_directory_iterator{} && !stop.stop_requested(); entry.increment(error)) {
        if (error)
            throw DescentError{text("the folder %1 cannot be read: %2", folder.string(), error.message())};
        if (!entry->is_directory(error))
            continue;
        const std::string name = entry->path().filename().string();
        if (name == ".trash" || name == "artifacts" || name == "models" || name == "traces") {
            entry.disable_recursion_pending();
        } else if (isRun(entry->path())) {
            folders.push_back(entry->path());
            entry.disable_recursion_pending();
        }
    }
    std::ranges::sort(folders);
    return folders;
}

/// Files below `folder` by their path from there, which is the name of what they hold.
std::map<std::string, fs::path> filesBelow(const fs::path& folder)
{
    std::map<std::string, fs::path> files;
    std::error_code error;
    for (fs::recursive_directory_iterator entry{folder, error}; !error && entry != fs::recursive_directory_iterator{}; entry.increment(error))
        if (std::error_code ignored; entry->is_regular_file(ignored))
            files[entry->path().lexically_relative(folder).generic_string()] = entry->path();
    return files; // a folder that is not there has none
}

std::string statusOf(const std::string& number)
{
    static constexpr const char* names[]{"RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"};
    const auto at = foreignStep(number);
    return at && *at >= 1 && *at <= 5 ? names[*at - 1] : number; // old stores have the number, others the name
}

}

MlflowFilesImport::MlflowFilesImport(fs::path folder, std::string experiment, Intake::Mode mode)
    : RunImport{mode}, m_folder{fs::weakly_canonical(std::move(folder))}, m_experiment{std::move(experiment)}
{
}

std::string MlflowFilesImport::experimentAt(const fs::path& folder)
{
    const auto [known, isNew] = m_experiments.try_emplace(folder);
    if (isNew) {
        try {
            known->second = entry(metaIn(folder), "name");
        } catch (const DescentError&) { // a run that lies alone
        }
        if (known->second.empty())
            known->second = "MLflow";
    }
    return known->second;
}

void MlflowFilesImport::readRun(Intake& intake, const fs::path& folder, const std::stop_token& stop)
{
    const std::map<std::string, std::string> meta = metaIn(folder);
    MlflowRun run{.id = entry(meta, "run_id"), .name = entry(meta, "run_name"), .status = statusOf(entry(meta, "status"))};
    if (run.id.empty())
        run.id = entry(meta, "run_uuid");
    if (run.id.empty()) {
        intake.leaveOut({(folder / metaFile).string(), text("it says no run_id"), {}});
        return;
    }
    if (entry(meta, "lifecycle_stage") == "deleted")
        return;
    if (const auto [known, isNew] = m_folders.try_emplace(run.id, folder); known->second != folder) {
        intake.leaveOut({folder.string(), text("the same run lies in %1 as well", known->second.string()), {}});
        return;
    }
    run.experiment = m_experiment.empty() ? experimentAt(folder.parent_path()) : m_experiment;
    run.startedMs = foreignStep(entry(meta, "start_time"));
    run.endedMs = foreignStep(entry(meta, "end_time"));
    for (const auto& [kind, values] : {std::pair{"params", &run.params}, std::pair{"tags", &run.tags}})
        for (const auto& [name, file] : filesBelow(folder / kind))
            (*values)[name] = readFile(file, largestText);
    if (isOurs(intake.store(), run))
        return intake.passOver();
    Intake::Run& ours = intake.run(mlflowSource(run.id));
    ours.about = runOf(run);
    for (const auto& [name, path] : filesBelow(folder / "metrics")) {
        Metric& metric = m_metrics.try_emplace(path, Metric{.series = asUtf8(name), .file = LineFile{path}}).first->second;
        const bool isWhole = metric.file.read(
            [&](const LineFile::Line& line) {
                if (const auto value = readMlflowMetric(line.text))
                    intake.add(ours, {.series = metric.series, .step = value->step, .value = value->value, .wallTime = static_cast<double>(value->timestampMs) / 1000,
                                      .seconds = secondsSince(run.startedMs, value->timestampMs)});
                else if (!line.text.empty())
                    intake.leaveOut({path.string() + ':' + std::to_string(line.number), text("it is no line of time, value and step"), {}});
            },
            [](double) {}, stop);
        if (!isWhole && !std::exchange(metric.isBroken, true))
            intake.leaveOut({path.string(), text("it has become shorter since it was read: what it holds now was left out"), {}});
    }
    intake.flush(ours);
}

void MlflowFilesImport::read(Intake& intake, const std::stop_token& stop)
{
    const std::vector<fs::path> folders = runFolders(m_folder, stop);
    std::size_t done = 0;
    for (const fs::path& folder : folders) {
        if (stop.stop_requested())
            return;
        try {
            readRun(intake, folder, stop);
        } catch (const StoreError&) {
            throw;
        } catch (const DescentError& error) { // of this run; the others may be sound. One that is being made is looked at again.
            intake.leaveOut({folder.string(), error.message(), {}});
        }
        intake.showProgress(static_cast<double>(++done) / static_cast<double>(folders.size()));
    }
}

}
