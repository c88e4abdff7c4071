// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace descent {

/// What runs can be written as.
enum class ExportKind { tensorboard, mlflow, csv, json, archive };

struct ExportTarget {
    ExportKind kind = ExportKind::archive;
    /// tensorboard: a folder, in which each run gets its own. mlflow: a file ending in .db, which must not be there yet, or the folder of a
    /// file store. csv, json, archive: a file; with `columns` a folder, in which each run gets its file.
    std::filesystem::path to;
    bool columns = false; ///< csv: a column a series, else a row a value
    bool files = true;    ///< archive: with checkpoints
};
/// The files or folders that were written. Throws StoreError, DescentError, Cancelled.
std::vector<std::filesystem::path> exportRuns(RunStore& store, std::span<const RunId> runs, const ExportTarget& target, const std::stop_token& stop = {},
                                              const std::function<void(double)>& progress = {});

/// `name` as a file or folder may be called.
std::string fileNameFor(const std::string& name);

}
