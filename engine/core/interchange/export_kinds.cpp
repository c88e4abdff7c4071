// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/export_kinds.h"

#include "engine/core/base/files.h"
#include "engine/core/interchange/archive.h"
#include "engine/core/interchange/csv_runs.h"
#include "engine/core/interchange/exported_runs.h"
#include "engine/core/interchange/mlflow_files.h"
#include "engine/core/interchange/mlflow_sqlite.h"
#include "engine/core/interchange/run_json.h"
#include "engine/core/interchange/tensorboard.h"

#include <array>

namespace descent {

namespace fs = std::filesystem;

namespace {

/// `write(run, path)` for each run, whose path is "12 name" in the folder.
template <typename Write>
std::vector<fs::path> eachRun(RunStore& store, std::span<const RunId> runs, const fs::path& folder, const std::stop_token& stop, const std::function<void(double)>& progress,
                              Write write)
{
    makeFolder(folder);
    std::vector<fs::path> written;
    eachExportedRun(store, runs, stop, progress, [&](const RunDetails& run) {
        written.push_back(write(run.summary.id, folder / fileNameFor(fmt::format("{} {}", run.summary.id, run.summary.name))));
    });
    return written;
}

}

std::vector<fs::path> exportRuns(RunStore& store, std::span<const RunId> runs, const ExportTarget& target, const std::stop_token& stop, const std::function<void(double)>& progress)
{
    if (!(target.kind == ExportKind::csv && target.columns) && target.kind != ExportKind::tensorboard && target.to.has_parent_path())
        makeFolder(target.to.parent_path());
    switch (target.kind) {
    case ExportKind::tensorboard:
        return eachRun(store, runs, target.to, stop, progress, [&](RunId run, const fs::path& folder) { return exportToTensorBoard(store, run, folder); });
    case ExportKind::mlflow:
        if (target.to.extension() == ".db")
            exportToMlflowSqlite(store, runs, target.to, stop, progress);
        else
            exportToMlflowFiles(store, runs, target.to, stop, progress);
        break;
    case ExportKind::csv:
        if (target.columns)
            return eachRun(store, runs, target.to, stop, progress, [&](RunId run, fs::path file) {
                file += ".csv";
                exportToCsv(store, std::array{run}, CsvForm::stepARow, file, stop);
                return file;
            });
        exportToCsv(store, runs, CsvForm::valueARow, target.to, stop, progress);
        break;
    case ExportKind::json: exportToJson(store, runs, target.to, stop, progress); break;
    case ExportKind::archive: exportArchive(store, runs, target.to, {.files = target.files}, stop, progress); break;
    }
    return {target.to};
}

std::string fileNameFor(const std::string& name)
{
    std::string safe;
    for (const char c : name)
        safe += static_cast<unsigned char>(c) < 0x20 || c == '/' || c == '\\' || c == ':' ? '_' : c;
    const bool isDots = safe.find_first_not_of('.') == std::string::npos;
    return safe.empty() || isDots ? "run" : safe.substr(0, 200);
}

}
