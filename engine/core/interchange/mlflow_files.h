// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/interchange/intake.h"
#include "engine/core/interchange/line_file.h"
#include "engine/core/interchange/mlflow_run.h"

#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace descent {

/// The runs of MLflow's file store (mlruns/EXPERIMENT/RUN/…), wherever they lie below a folder, which may also be a single experiment or
/// run. Deleted runs and experiments are left where they are.
class MlflowFilesImport : public RunImport {
public:
    /// experiment: that all runs go to; empty: each to that of its own
    MlflowFilesImport(std::filesystem::path folder, std::string experiment, Intake::Mode mode = Intake::Mode::take);

private:
    struct Metric {
        std::string series;
        LineFile file;
        bool isBroken = false;
    };
    void read(Intake& intake, const std::stop_token& stop) override;
    RunStatus statusAtEnd() const override { return RunStatus::interrupted; } // it says "RUNNING", and nobody looks any more
    void readRun(Intake& intake, const std::filesystem::path& folder, const std::stop_token& stop);
    std::string experimentAt(const std::filesystem::path& folder);

    const std::filesystem::path m_folder;
    const std::string m_experiment;
    std::map<std::string, std::filesystem::path> m_folders; // of runs, by id
    std::map<std::filesystem::path, std::string> m_experiments;
    std::map<std::filesystem::path, Metric> m_metrics;
};

/// Writes runs to `folder` as such a store, which it may be already: a run that is there is written anew. Releases of MLflow from 2026 on
/// open it when MLFLOW_ALLOW_FILE_STORE is "true". Throws StoreError, DescentError; Cancelled leaves the runs before.
void exportToMlflowFiles(RunStore& store, std::span<const RunId> runs, const std::filesystem::path& folder, const std::stop_token& stop = {},
                         const std::function<void(double)>& progress = {});

}
