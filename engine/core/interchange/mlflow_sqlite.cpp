// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/mlflow_sqlite.h"

#include "engine/core/interchange/foreign_values.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>

#include <limits>
#include <utility>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr int patienceMs = 20'000; // as long as MLflow itself waits
constexpr std::int64_t rowsAtOnce = 50'000;

SQLite::Database opened(const fs::path& file)
{
    SQLite::Database database{file.string(), SQLite::OPEN_READONLY, patienceMs};
    database.exec("PRAGMA trusted_schema = OFF"); // the file is a stranger's: nothing in it is to run
    return database;
}

bool hasTables(SQLite::Database& database)
{
    return database.execAndGet("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('experiments', 'runs', 'metrics', 'params', 'tags')").getInt() == 5;
}

DescentError failed(const fs::path& file, const SQLite::Exception& error)
{
    return DescentError{text("%1 cannot be read as a database of MLflow: %2", file.string(), error.what())};
}

std::optional<std::int64_t> whole(const SQLite::Column& column)
{
    return column.isInteger() ? std::optional{column.getInt64()} : std::nullopt;
}

}

struct MlflowSqliteImport::Database {
    explicit Database(const fs::path& file) : connection{opened(file)}
    {
        if (!hasTables(connection))
            throw DescentError{text("%1 is no database of MLflow: it lacks its tables", file.string())};
        try {
            connection.execAndGet("SELECT count(is_nan) FROM metrics WHERE rowid < 1 AND step < 1");
        } catch (const SQLite::Exception&) {
            throw DescentError{text("%1 is of an MLflow before 1.3: let a newer one bring it up to date (mlflow db upgrade)", file.string())};
        }
    }
    SQLite::Database connection;
};

MlflowSqliteImport::MlflowSqliteImport(fs::path file, std::string experiment, Intake::Mode mode)
    : RunImport{mode}, m_file{std::move(file)}, m_experiment{std::move(experiment)}
{
}

void MlflowSqliteImport::readRuns(Database& database, Intake& intake)
{
    std::map<std::string, MlflowRun> runs;
    SQLite::Statement row{database.connection,
                          "SELECT run_uuid, runs.name, experiments.name, status, start_time, end_time FROM runs "
                          "JOIN experiments ON experiments.experiment_id = runs.experiment_id "
                          "WHERE runs.lifecycle_stage <> 'deleted' AND experiments.lifecycle_stage <> 'deleted'"};
    while (row.executeStep()) {
        MlflowRun& run = runs[row.getColumn(0).getString()];
        run.id = row.getColumn(0).getString();
        run.name = row.getColumn(1).getString();
        run.experiment = m_experiment.empty() ? row.getColumn(2).getString() : m_experiment;
        run.status = row.getColumn(3).getString();
        run.startedMs = whole(row.getColumn(4));
        run.endedMs = whole(row.getColumn(5));
    }
    SQLite::Statement params{database.connection, "SELECT run_uuid, key, value FROM params"};
    while (params.executeStep())
        if (const auto run = runs.find(params.getColumn(0).getString()); run != runs.end())
            run->second.params[params.getColumn(1).getString()] = params.getColumn(2).getString();
    SQLite::Statement tags{database.connection, "SELECT run_uuid, key, value FROM tags"};
    while (tags.executeStep())
        if (const auto run = runs.find(tags.getColumn(0).getString()); run != runs.end())
            run->second.tags[tags.getColumn(1).getString()] = tags.getColumn(2).getString();
    for (const auto& [id, run] : runs) {
        if (isOurs(intake.store(), run)) {
            intake.passOver();
            continue;
        }
        Intake::Run& ours = intake.run(mlflowSource(id));
        ours.about = runOf(run);
        m_runs[id] = &ours;
        m_started[id] = run.startedMs;
    }
}

void MlflowSqliteImport::readMetrics(Database& database, Intake& intake, const std::stop_token& stop)
{
    const std::int64_t last = database.connection.execAndGet("SELECT coalesce(max(rowid), 0) FROM metrics").getInt64();
    std::string series; // as UTF-8, of the last key
    std::string key;
    // Rows keep the order in which they were written: MLflow's primary key is another index, so rowid counts on.
    SQLite::Statement row{database.connection,
                          "SELECT rowid, run_uuid, key, value, timestamp, step, is_nan FROM metrics WHERE rowid > ?1 AND rowid <= ?2 ORDER BY rowid LIMIT ?3"};
    while (m_lastRow < last && !stop.stop_requested()) {
        row.reset();
        SQLite::bind(row, m_lastRow, last, rowsAtOnce);
        std::int64_t taken = 0;
        for (; row.executeStep(); ++taken) {
            m_lastRow = row.getColumn(0).getInt64();
            const auto run = m_runs.find(row.getColumn(1).getString());
            if (run == m_runs.end())
                continue; // deleted
            if (std::string_view{row.getColumn(2).getText()} != key || series.empty()) {
                key = row.getColumn(2).getString();
                series = asUtf8(key);
            }
            const bool isNan = row.getColumn(6).getInt() != 0;
            intake.add(*run->second, {.series = series,
                                      .step = row.getColumn(5).getInt64(),
                                      .value = isNan ? std::numeric_limits<double>::quiet_NaN() : row.getColumn(3).getDouble(),
                                      .wallTime = static_cast<double>(row.getColumn(4).getInt64()) / 1000,
                                      .seconds = secondsSince(m_started[run->first], row.getColumn(4).getInt64())});
        }
        row.reset(); // a writer may go on
        if (taken == 0)
            break;
        intake.flush();
        intake.showProgress(static_cast<double>(m_lastRow) / static_cast<double>(last));
    }
}

void MlflowSqliteImport::read(Intake& intake, const std::stop_token& stop)
{
    if (std::error_code error; !fs::is_regular_file(m_file, error))
        throw DescentError{text("there is no file %1", m_file.string())};
    try {
        Database database{m_file};
        readRuns(database, intake);
        readMetrics(database, intake, stop);
    } catch (const SQLite::Exception& error) {
        throw failed(m_file, error);
    }
}

bool isMlflowDatabase(const fs::path& file)
{
    try {
        SQLite::Database database = opened(file);
        return hasTables(database);
    } catch (const SQLite::Exception&) {
        return false;
    }
}

}
