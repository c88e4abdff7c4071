// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/interchange/exported_runs.h"
#include "engine/core/interchange/mlflow_files.h"
#include "engine/core/interchange/mlflow_meta.h"

#include <algorithm>
#include <array>
#include <set>

namespace descent {

namespace fs = std::filesystem;

namespace {

/// In a file store a name is a path, and no file can lie where a folder does: of "loss" and "loss/train" the first becomes "loss_".
class Paths {
public:
    void expect(const std::string& name)
    {
        for (std::size_t slash = name.find('/'); slash != name.npos; slash = name.find('/', slash + 1))
            m_folders.insert(name.substr(0, slash));
    }
    std::string pathFor(std::string name)
    {
        while (m_folders.contains(name) || !m_taken.insert(name).second)
            name += '_';
        return name;
    }

private:
    std::set<std::string> m_folders, m_taken;
};

void writeTexts(const fs::path& folder, const std::map<std::string, std::string>& texts)
{
    makeFolder(folder);
    Paths paths;
    for (const auto& [name, value] : texts)
        paths.expect(name);
    for (const auto& [name, value] : texts) {
        const fs::path file = folder / paths.pathFor(name);
        makeFolder(file.parent_path());
        writeFileAtomically(file, value);
    }
}

void writeExperiment(const fs::path& folder, const std::string& id, const std::string& name, std::int64_t createdMs)
{
    if (fs::exists(folder / "meta.yaml"))
        return;
    makeFolder(folder);
    writeFileAtomically(folder / "meta.yaml", mlflowMeta({{"artifact_location", "file://" + folder.string()}, {"experiment_id", id}, {"lifecycle_stage", "active"}, {"name", name}},
                                                         {{"creation_time", createdMs}, {"last_update_time", createdMs}}));
}

/// Its folder in the store: the experiment of that name, made if it is not there. MLflow keeps "0" for "Default".
fs::path experimentFolder(const fs::path& store, const std::string& name, std::int64_t createdMs)
{
    std::set<std::string> ids;
    for (const auto& entry : fs::directory_iterator{store})
        if (fs::exists(entry.path() / "meta.yaml")) {
            ids.insert(entry.path().filename().string());
            const auto meta = readMlflowMeta(readFile(entry.path() / "meta.yaml", 1 << 20));
            if (const auto found = meta.find("name"); found != meta.end() && found->second == name)
                return entry.path();
        }
    std::int64_t id = 1;
    while (ids.contains(std::to_string(id)))
        ++id;
    const std::string chosen = name == "Default" ? "0" : std::to_string(id);
    writeExperiment(store / chosen, chosen, name, createdMs);
    return store / chosen;
}

int statusNumber(const std::string& status)
{
    static constexpr std::array names{"RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"};
    return static_cast<int>(std::ranges::find(names, status) - names.begin()) + 1;
}

void writeRun(RunStore& store, const RunDetails& details, const fs::path& root)
{
    const MlflowRun run = mlflowRunOf(details);
    const fs::path experiment = experimentFolder(root, run.experiment, *run.startedMs), folder = experiment / run.id;
    std::error_code error;
    fs::remove_all(folder, error);
    makeFolder(folder / "artifacts");
    writeTexts(folder / "params", run.params);
    writeTexts(folder / "tags", run.tags);
    makeFolder(folder / "metrics");
    Paths paths;
    for (const std::string& series : details.series)
        paths.expect(mlflowName(series));
    if (!details.summary.test.empty())
        paths.expect("test/x"); // as each figure of it is called
    eachMlflowSeries(store, details, [&](const std::string& name, const std::vector<MlflowMetric>& values) {
        const fs::path path = folder / "metrics" / paths.pathFor(name);
        makeFolder(path.parent_path());
        AtomicFile file{path};
        std::string lines;
        for (const MlflowMetric& value : values) {
            lines += mlflowMetricLine(value);
            if (lines.size() > 1 << 20) {
                file.write(std::as_bytes(std::span{lines}));
                lines.clear();
            }
        }
        file.write(std::as_bytes(std::span{lines}));
        file.commit();
    });
    std::map<std::string, std::int64_t> numbers{{"start_time", *run.startedMs}, {"status", statusNumber(run.status)}, {"source_type", 4 /* local */}};
    if (run.endedMs)
        numbers["end_time"] = *run.endedMs;
    std::string meta = mlflowMeta({{"artifact_uri", "file://" + (folder / "artifacts").string()},
                                   {"entry_point_name", ""}, {"experiment_id", experiment.filename().string()}, {"lifecycle_stage", "active"},
                                   {"run_id", run.id}, {"run_name", run.name}, {"source_name", ""}, {"source_version", ""}, {"user_id", ""}},
                                  numbers);
    meta += "tags: []\n";
    if (!run.endedMs)
        meta += "end_time: null\n";
    writeFileAtomically(folder / "meta.yaml", meta); // last: a run is there with all that belongs to it
}

}

void exportToMlflowFiles(RunStore& store, std::span<const RunId> runs, const fs::path& folder, const std::stop_token& stop, const std::function<void(double)>& progress)
{
    const fs::path root = fs::absolute(folder).lexically_normal();
    makeFolder(root);
    writeExperiment(root / "0", "0", "Default", 0);
    eachExportedRun(store, runs, stop, progress, [&](const RunDetails& run) { writeRun(store, run, root); });
}

}
