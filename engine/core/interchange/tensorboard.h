// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/interchange/event_file.h"
#include "engine/core/store/run_store.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace descent {

/// Takes the runs of a folder of TensorBoard into the history: each folder below it that holds event files is a run, named by its path,
/// tags are its series, what the hparams plug-in was told is its recipe's "hparams". Taken again, or followed while it grows, only what
/// is new is added: a run remembers where it came from.
class TensorBoardImport {
public:
    TensorBoardImport(std::filesystem::path folder, std::string experiment);
    ~TensorBoardImport();

    struct Report {
        std::int64_t runs = 0, newRuns = 0, points = 0;
        std::int64_t damaged = 0;                   ///< records that were left out: their checksum is wrong
        std::vector<std::filesystem::path> broken;  ///< files that cannot be read on from some place
    };
    /// All that came since the last time. Throws StoreError, DescentError when the folder is not there; returns early when stopped.
    Report update(RunStore& store, const std::stop_token& stop = {});
    /// Nobody follows the runs any more: those that did not say how they ended are completed.
    void finish(RunStore& store);

private:
    struct Source;
    Source& sourceAt(RunStore& store, const std::filesystem::path& folder);
    void write(RunStore& store, Source& source, Report& report);

    const std::filesystem::path m_folder;
    const std::string m_experiment;
    std::map<std::filesystem::path, std::unique_ptr<Source>> m_sources;
};

/// Writes the curves and settings of a run as an event file in `folder`, which tensorboard opens. Returns the file. Throws StoreError,
/// DescentError.
std::filesystem::path exportToTensorBoard(RunStore& store, RunId run, const std::filesystem::path& folder);

/// `name` as a folder may be called.
std::string folderNameFor(const std::string& name);

}
