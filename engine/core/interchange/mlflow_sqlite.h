// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/interchange/intake.h"
#include "engine/core/interchange/mlflow_run.h"

#include <filesystem>
#include <set>
#include <span>
#include <string>

namespace descent {

/// The runs of MLflow's database in a file (mlflow.db), which MLflow may be writing to meanwhile: it is only read, some rows at a time, so
/// that no writer waits for long. Deleted runs and experiments stay where they are.
class MlflowSqliteImport : public RunImport {
public:
    /// experiment: that all runs go to; empty: each to that of its own
    MlflowSqliteImport(std::filesystem::path file, std::string experiment, Intake::Mode mode = Intake::Mode::take);

private:
    struct Database;
    void read(Intake& intake, const std::stop_token& stop) override;
    RunStatus statusAtEnd() const override { return RunStatus::interrupted; } // it says "RUNNING", and nobody looks any more
    void readRuns(Database& database, Intake& intake);
    void readMetrics(Database& database, Intake& intake, const std::stop_token& stop);

    const std::filesystem::path m_file;
    const std::string m_experiment;
    std::map<std::string, Intake::Run*> m_runs; // by id
    std::map<std::string, std::optional<std::int64_t>> m_started;
    std::int64_t m_lastRow = 0;                 // of the metrics that were read
};

/// Writes runs to `file` as such a database, which must not be there yet. It has MLflow's schema of 2019 (revision 89d4b8295536), which any
/// later release brings to its own when it opens the file first. Throws StoreError, DescentError, Cancelled; then there is no file.
void exportToMlflowSqlite(RunStore& store, std::span<const RunId> runs, const std::filesystem::path& file, const std::stop_token& stop = {},
                          const std::function<void(double)>& progress = {});

/// The first bytes of a SQLite file, and the tables of an MLflow store in it.
bool isMlflowDatabase(const std::filesystem::path& file);

}
