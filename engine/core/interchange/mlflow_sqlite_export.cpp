// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/interchange/exported_runs.h"
#include "engine/core/interchange/mlflow_sqlite.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <tuple>

namespace descent {

namespace fs = std::filesystem;

namespace {

// As MLflow's own migrations make them up to that revision; but status has no CHECK, which a later one would put there without KILLED.
constexpr const char* schema[]{
    "CREATE TABLE experiments (experiment_id INTEGER NOT NULL, name VARCHAR(256) NOT NULL, artifact_location VARCHAR(256), lifecycle_stage VARCHAR(32), "
    "CONSTRAINT experiment_pk PRIMARY KEY (experiment_id), CONSTRAINT experiments_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')), UNIQUE (name))",
    "CREATE TABLE runs (run_uuid VARCHAR(32) NOT NULL, name VARCHAR(250), source_type VARCHAR(20), source_name VARCHAR(500), entry_point_name VARCHAR(50), "
    "user_id VARCHAR(256), status VARCHAR(20), start_time BIGINT, end_time BIGINT, source_version VARCHAR(50), lifecycle_stage VARCHAR(20), "
    "artifact_uri VARCHAR(200), experiment_id INTEGER, CONSTRAINT run_pk PRIMARY KEY (run_uuid), "
    "CONSTRAINT source_type CHECK (source_type IN ('NOTEBOOK', 'JOB', 'LOCAL', 'UNKNOWN', 'PROJECT')), "
    "CONSTRAINT runs_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')), FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id))",
    "CREATE TABLE params (\"key\" VARCHAR(250) NOT NULL, value VARCHAR(250) NOT NULL, run_uuid VARCHAR(32) NOT NULL, "
    "CONSTRAINT param_pk PRIMARY KEY (\"key\", run_uuid), FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid))",
    "CREATE TABLE metrics (\"key\" VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT NOT NULL, run_uuid VARCHAR(32) NOT NULL, "
    "step BIGINT DEFAULT '0' NOT NULL, is_nan BOOLEAN DEFAULT '0' NOT NULL, "
    "CONSTRAINT metric_pk PRIMARY KEY (\"key\", timestamp, step, run_uuid, value, is_nan), FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid))",
    "CREATE TABLE experiment_tags (\"key\" VARCHAR(250) NOT NULL, value VARCHAR(5000), experiment_id INTEGER NOT NULL, "
    "CONSTRAINT experiment_tag_pk PRIMARY KEY (\"key\", experiment_id), FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id))",
    "CREATE TABLE tags (\"key\" VARCHAR(250) NOT NULL, value VARCHAR(5000), run_uuid VARCHAR(32) NOT NULL, "
    "CONSTRAINT tag_pk PRIMARY KEY (\"key\", run_uuid), FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid))",
    "CREATE TABLE latest_metrics (\"key\" VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT, step BIGINT NOT NULL, is_nan BOOLEAN NOT NULL, "
    "run_uuid VARCHAR(32) NOT NULL, CONSTRAINT latest_metric_pk PRIMARY KEY (\"key\", run_uuid), FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid))",
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
    "INSERT INTO alembic_version VALUES ('89d4b8295536')",
    "INSERT INTO experiments VALUES (0, 'Default', NULL, 'active')",
};

template <typename... Values>
void execute(SQLite::Database& database, const char* sql, const Values&... values)
{
    SQLite::Statement statement{database, sql};
    SQLite::bind(statement, values...);
    statement.exec();
}

/// As MLflow itself keeps what SQL has no value for.
std::pair<double, int> stored(double value)
{
    constexpr double most = std::numeric_limits<double>::max();
    return std::isnan(value) ? std::pair{0.0, 1} : std::pair{std::clamp(value, -most, most), 0};
}

void writeRun(RunStore& store, const RunDetails& details, SQLite::Database& database, const std::string& artifacts)
{
    const MlflowRun run = mlflowRunOf(details);
    execute(database, "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage) "
                      "VALUES ((SELECT max(experiment_id) + 1 FROM experiments), ?1, NULL, 'active') ON CONFLICT (name) DO NOTHING", run.experiment);
    execute(database, "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, source_version, lifecycle_stage, "
                      "artifact_uri, experiment_id) VALUES (?1, ?2, 'LOCAL', '', '', '', ?3, ?4, '', 'active', ?5, (SELECT experiment_id FROM experiments WHERE name = ?6))",
            run.id, run.name, run.status, *run.startedMs, artifacts + run.id + "/artifacts", run.experiment);
    if (run.endedMs)
        execute(database, "UPDATE runs SET end_time = ?2 WHERE run_uuid = ?1", run.id, *run.endedMs);
    for (const auto& [name, value] : run.params)
        execute(database, "INSERT INTO params VALUES (?1, ?2, ?3)", name, value, run.id);
    for (const auto& [name, value] : run.tags)
        execute(database, "INSERT INTO tags VALUES (?1, ?2, ?3)", name, value, run.id);
    SQLite::Statement insert{database, "INSERT INTO metrics VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING"};
    eachMlflowSeries(store, details, [&](const std::string& name, const std::vector<MlflowMetric>& values) {
        for (const MlflowMetric& metric : values) {
            const auto [value, isNan] = stored(metric.value);
            // The same value twice at one step and time is one row there: the second is told a millisecond later.
            for (std::int64_t time = metric.timestampMs;; ++time) {
                insert.reset();
                SQLite::bind(insert, name, value, time, run.id, metric.step, isNan);
                if (insert.exec() == 1)
                    break;
            }
        }
        if (const auto latest = std::ranges::max_element(values, {}, [](const MlflowMetric& metric) { return std::pair{metric.step, metric.timestampMs}; }); latest != values.end()) {
            const auto [value, isNan] = stored(latest->value);
            execute(database, "INSERT INTO latest_metrics VALUES (?1, ?2, ?3, ?4, ?5, ?6)", name, value, latest->timestampMs, latest->step, isNan, run.id);
        }
    });
}

}

void exportToMlflowSqlite(RunStore& store, std::span<const RunId> runs, const fs::path& file, const std::stop_token& stop, const std::function<void(double)>& progress)
{
    std::error_code error;
    if (fs::exists(file, error))
        throw DescentError{text("%1 is there already: choose another name, or move it away", file.string())};
    const fs::path temporary = file.string() + ".part";
    fs::remove(temporary, error);
    try {
        {
            SQLite::Database database{temporary.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
            SQLite::Transaction transaction{database};
            for (const char* statement : schema)
                database.exec(statement);
            const std::string artifacts = (fs::absolute(file).parent_path() / "mlartifacts" / "").string();
            eachExportedRun(store, runs, stop, progress, [&](const RunDetails& run) { writeRun(store, run, database, artifacts); });
            transaction.commit();
        }
        replaceFile(temporary, file);
    } catch (const SQLite::Exception& failure) {
        fs::remove(temporary, error);
        throw DescentError{text("%1 cannot be written: %2", file.string(), failure.what())};
    } catch (...) {
        fs::remove(temporary, error);
        throw;
    }
}

}
