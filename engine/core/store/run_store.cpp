// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_store.h"

#include "engine/core/base/problem.h"
#include "engine/core/store/migrations.h"
#include "engine/core/store/process_owner.h"
#include "engine/core/store/run_writer.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr int busyTimeoutMs = 20'000;

std::int64_t nowMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

WallTime wallTime(std::int64_t ms)
{
    return WallTime{std::chrono::milliseconds{ms}};
}

double realOrNaN(const SQLite::Column& column)
{
    return column.isNull() ? std::numeric_limits<double>::quiet_NaN() : column.getDouble();
}

/// Runs `action`, turning what SQLite throws into words and the file it was about.
template <typename Action>
auto guarded(const fs::path& file, Action action)
{
    try {
        return action();
    } catch (const SQLite::Exception& error) {
        const bool full = error.getErrorCode() == 13, corrupt = error.getErrorCode() == 11 || error.getErrorCode() == 26;
        if (full)
            throw StoreError{text("the disk is full: %1 could not be written", file.string())};
        if (corrupt)
            throw StoreError{text("%1 is damaged or no database of Descent (%2)", file.string(), error.what())};
        throw StoreError{text("the run database %1 failed: %2", file.string(), error.what())};
    }
}

/// The columns of `run` in the order that summaryFrom reads them.
constexpr const char* selectRuns = R"sql(
SELECT run.id, experiment.name, run.name, status, dataset_name, dataset_kind, architecture, task, primary_metric, higher_is_better,
       parameter_count, created_ms, ended_ms, seconds, epoch, step, reason, hint, note, thumbnail
FROM run JOIN experiment ON experiment.id = run.experiment
)sql";

RunSummary summaryFrom(SQLite::Statement& query)
{
    RunSummary run;
    run.id = query.getColumn(0).getInt64();
    run.experiment = query.getColumn(1).getString();
    run.name = query.getColumn(2).getString();
    run.status = runStatusFromString(query.getColumn(3).getString());
    run.datasetName = query.getColumn(4).getString();
    run.datasetKind = query.getColumn(5).getString();
    run.architecture = query.getColumn(6).getString();
    run.task = query.getColumn(7).getString();
    run.primaryMetric = query.getColumn(8).getString();
    run.higherIsBetter = query.getColumn(9).getInt() != 0;
    run.parameterCount = query.getColumn(10).getInt64();
    run.createdAt = wallTime(query.getColumn(11).getInt64());
    if (!query.getColumn(12).isNull())
        run.endedAt = wallTime(query.getColumn(12).getInt64());
    run.seconds = query.getColumn(13).getDouble();
    run.epoch = query.getColumn(14).getInt64();
    run.step = query.getColumn(15).getInt64();
    run.reason = textFromJson(query.getColumn(16).getString());
    run.hint = textFromJson(query.getColumn(17).getString());
    run.note = query.getColumn(18).getString();
    const SQLite::Column thumbnail = query.getColumn(19);
    run.thumbnail.resize(static_cast<std::size_t>(thumbnail.getBytes()) / sizeof(float));
    if (!run.thumbnail.empty())
        std::memcpy(run.thumbnail.data(), thumbnail.getBlob(), run.thumbnail.size() * sizeof(float));
    return run;
}

void addSummaryValue(RunSummary& run, const std::string& kind, const std::string& name, double value)
{
    auto& values = kind == "last" ? run.last : kind == "best" ? run.best : run.test;
    values[name] = value;
}

}

struct RunStore::Database {
    fs::path file;
    SQLite::Database sqlite;
    bool readOnly = false;
    std::unordered_map<RunId, std::unique_ptr<RunWriter>> writers;

    Database(const fs::path& path, int flags) : file{path}, sqlite{path.string(), flags, busyTimeoutMs} {}
};

RunStore::RunStore(const fs::path& folder) : m_folder{folder}
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw StoreError{text("the folder %1 cannot be made: %2", folder.string(), error.message())};
    const fs::path file = folder / "descent.db";
    guarded(file, [&] {
        m_database = std::make_unique<Database>(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        SQLite::Database& db = m_database->sqlite;
        if (db.execAndGet("PRAGMA user_version").getInt() > currentStoreVersion()) {
            m_database = std::make_unique<Database>(file, SQLite::OPEN_READONLY);
            m_database->readOnly = true;
            return;
        }
        db.exec("PRAGMA journal_mode = WAL");
        db.exec("PRAGMA synchronous = NORMAL"); // a kill of the program loses nothing; a power cut at most the last commits
        db.exec("PRAGMA foreign_keys = ON");
        migrate(db);
        markInterrupted();
    });
}

RunStore::~RunStore() = default;

bool RunStore::isReadOnly() const
{
    return m_database->readOnly;
}

void RunStore::markInterrupted()
{
    SQLite::Database& db = m_database->sqlite;
    std::vector<RunId> orphans;
    SQLite::Statement running{db, "SELECT id, owner FROM run WHERE status = 'running'"};
    while (running.executeStep())
        if (!isAlive(running.getColumn(1).getString()))
            orphans.push_back(running.getColumn(0).getInt64());
    running.reset();
    if (orphans.empty())
        return;
    SQLite::Transaction transaction{db, SQLite::TransactionBehavior::IMMEDIATE};
    for (const RunId run : orphans) {
        SQLite::Statement update{db,
                                 "UPDATE run SET status = 'interrupted', ended_ms = created_ms + CAST(seconds * 1000 AS INTEGER) "
                                 "WHERE id = ?1 AND status = 'running'"};
        SQLite::bind(update, run);
        update.exec();
    }
    transaction.commit();
}

RunId RunStore::createRun(const NewRun& run)
{
    return guarded(m_database->file, [&] {
        SQLite::Database& db = m_database->sqlite;
        SQLite::Transaction transaction{db, SQLite::TransactionBehavior::IMMEDIATE};
        SQLite::Statement experiment{db, "INSERT INTO experiment (name) VALUES (?1) ON CONFLICT (name) DO NOTHING"};
        SQLite::bind(experiment, run.experiment);
        experiment.exec();
        SQLite::Statement insert{db, R"sql(
INSERT INTO run (experiment, name, status, recipe, dataset_name, dataset_kind, architecture, task, primary_metric, higher_is_better,
                 parameter_count, created_ms, owner)
VALUES ((SELECT id FROM experiment WHERE name = ?1), ?2, 'running', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12))sql"};
        SQLite::bind(insert, run.experiment, run.name, run.recipeJson, run.datasetName, run.datasetKind, run.architecture,
                     run.task, run.primaryMetric, run.higherIsBetter ? 1 : 0, run.parameterCount, nowMs(), thisProcess());
        insert.exec();
        const RunId id = db.getLastInsertRowid();
        for (const auto& [name, value] : run.environment) {
            SQLite::Statement environment{db, "INSERT INTO environment (run, name, value) VALUES (?1, ?2, ?3)"};
            SQLite::bind(environment, id, name, value);
            environment.exec();
        }
        std::error_code error;
        fs::create_directories(runFolder(id), error);
        if (error)
            throw StoreError{text("the folder %1 cannot be made: %2", runFolder(id).string(), error.message())};
        transaction.commit();
        return id;
    });
}

fs::path RunStore::runFolder(RunId run) const
{
    return m_folder / "runs" / std::to_string(run);
}

void RunStore::record(RunId run, std::span<const RunEvent> events)
{
    guarded(m_database->file, [&] {
        auto& writer = m_database->writers[run];
        if (!writer)
            writer = std::make_unique<RunWriter>(m_database->sqlite, run);
        try {
            writer->write(events);
        } catch (...) {
            m_database->writers.erase(run); // what it remembers of the database may not have been committed
            throw;
        }
    });
}

std::vector<RunSummary> RunStore::runs()
{
    return guarded(m_database->file, [&] {
        SQLite::Database& db = m_database->sqlite;
        // One view of the database for all three statements, however many programs write.
        SQLite::Transaction snapshot{db};
        std::vector<RunSummary> runs;
        std::unordered_map<RunId, std::size_t> placeOf;
        SQLite::Statement query{db, std::string{selectRuns} + "WHERE trashed_ms IS NULL ORDER BY run.id DESC"};
        while (query.executeStep()) {
            runs.push_back(summaryFrom(query));
            placeOf[runs.back().id] = runs.size() - 1;
        }
        SQLite::Statement values{db, "SELECT run, kind, name, value FROM summary"};
        while (values.executeStep())
            if (const auto place = placeOf.find(values.getColumn(0).getInt64()); place != placeOf.end())
                addSummaryValue(runs[place->second], values.getColumn(1).getString(), values.getColumn(2).getString(),
                                realOrNaN(values.getColumn(3)));
        SQLite::Statement tags{db, "SELECT run, name FROM tag"};
        while (tags.executeStep())
            if (const auto place = placeOf.find(tags.getColumn(0).getInt64()); place != placeOf.end())
                runs[place->second].tags.push_back(tags.getColumn(1).getString());
        return runs;
    });
}

std::optional<RunDetails> RunStore::run(RunId run)
{
    return guarded(m_database->file, [&]() -> std::optional<RunDetails> {
        SQLite::Database& db = m_database->sqlite;
        SQLite::Transaction snapshot{db};
        SQLite::Statement query{db, std::string{selectRuns} + "WHERE run.id = ?1"};
        SQLite::bind(query, run);
        if (!query.executeStep())
            return std::nullopt;
        RunDetails details{.summary = summaryFrom(query)};
        const auto each = [&](const char* sql, auto&& row) {
            SQLite::Statement statement{db, sql};
            SQLite::bind(statement, run);
            while (statement.executeStep())
                row(statement);
        };
        each("SELECT recipe FROM run WHERE id = ?1", [&](auto& row) { details.recipeJson = row.getColumn(0).getString(); });
        each("SELECT kind, name, value FROM summary WHERE run = ?1", [&](auto& row) {
            addSummaryValue(details.summary, row.getColumn(0).getString(), row.getColumn(1).getString(),
                            realOrNaN(row.getColumn(2)));
        });
        each("SELECT name FROM tag WHERE run = ?1",
             [&](auto& row) { details.summary.tags.push_back(row.getColumn(0).getString()); });
        each("SELECT name, value FROM environment WHERE run = ?1",
             [&](auto& row) { details.environment[row.getColumn(0).getString()] = row.getColumn(1).getString(); });
        each("SELECT path, step, best, sha256 FROM checkpoint WHERE run = ?1 ORDER BY step", [&](auto& row) {
            details.checkpoints.push_back({row.getColumn(0).getString(), row.getColumn(1).getInt64(),
                                           row.getColumn(2).getInt() != 0, row.getColumn(3).getString()});
        });
        each("SELECT name FROM series WHERE run = ?1 ORDER BY name",
             [&](auto& row) { details.series.push_back(row.getColumn(0).getString()); });
        each("SELECT warning, text FROM message WHERE run = ?1 ORDER BY id", [&](auto& row) {
            details.messages.push_back(
                {row.getColumn(0).getInt() != 0 ? Message::Severity::warning : Message::Severity::information,
                 textFromJson(row.getColumn(1).getString())});
        });
        return details;
    });
}

std::vector<SeriesPoint> RunStore::points(RunId run, const std::string& series)
{
    return guarded(m_database->file, [&] {
        // The table is clustered on (series, step): one range scan, already in order.
        SQLite::Statement query{m_database->sqlite,
                                "SELECT step, value, seconds FROM point "
                                "WHERE series = (SELECT id FROM series WHERE run = ?1 AND name = ?2)"};
        SQLite::bind(query, run, series);
        std::vector<SeriesPoint> points;
        while (query.executeStep())
            points.push_back({query.getColumn(0).getInt64(), realOrNaN(query.getColumn(1)), query.getColumn(2).getDouble()});
        return points;
    });
}

std::int64_t RunStore::changeCounter()
{
    return guarded(m_database->file, [&] {
        SQLite::Database& db = m_database->sqlite;
        // data_version counts the commits of others, total_changes our own.
        return db.execAndGet("PRAGMA data_version").getInt64() + db.getTotalChanges();
    });
}

void RunStore::rename(RunId run, const std::string& name)
{
    change("UPDATE run SET name = ?1 WHERE id = ?2", name, run);
}

void RunStore::setNote(RunId run, const std::string& note)
{
    change("UPDATE run SET note = ?1 WHERE id = ?2", note, run);
}

void RunStore::change(const char* sql, const std::string& value, RunId run)
{
    guarded(m_database->file, [&] {
        SQLite::Statement update{m_database->sqlite, sql};
        SQLite::bind(update, value, run);
        update.exec();
    });
}

void RunStore::setTags(RunId run, const std::vector<std::string>& tags)
{
    guarded(m_database->file, [&] {
        SQLite::Database& db = m_database->sqlite;
        SQLite::Transaction transaction{db, SQLite::TransactionBehavior::IMMEDIATE};
        SQLite::Statement clear{db, "DELETE FROM tag WHERE run = ?1"};
        SQLite::bind(clear, run);
        clear.exec();
        for (const std::string& tag : tags) {
            SQLite::Statement insert{db, "INSERT INTO tag (run, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING"};
            SQLite::bind(insert, run, tag);
            insert.exec();
        }
        transaction.commit();
    });
}

void RunStore::setTrashed(std::span<const RunId> runs, bool trashed)
{
    guarded(m_database->file, [&] {
        SQLite::Database& db = m_database->sqlite;
        SQLite::Transaction transaction{db, SQLite::TransactionBehavior::IMMEDIATE};
        for (const RunId run : runs) {
            SQLite::Statement update{
                db, trashed ? "UPDATE run SET trashed_ms = ?1 WHERE id = ?2" : "UPDATE run SET trashed_ms = NULL WHERE id = ?2"};
            if (trashed)
                update.bind(1, nowMs());
            update.bind(2, run);
            update.exec();
        }
        transaction.commit();
    });
}

void RunStore::moveToTrash(std::span<const RunId> runs)
{
    setTrashed(runs, true);
}

void RunStore::restoreFromTrash(std::span<const RunId> runs)
{
    setTrashed(runs, false);
}

void RunStore::emptyTrash()
{
    guarded(m_database->file, [&] {
        SQLite::Database& db = m_database->sqlite;
        std::vector<RunId> gone;
        SQLite::Transaction transaction{db, SQLite::TransactionBehavior::IMMEDIATE};
        SQLite::Statement query{db, "SELECT id FROM run WHERE trashed_ms IS NOT NULL AND status <> 'running'"};
        while (query.executeStep())
            gone.push_back(query.getColumn(0).getInt64());
        query.reset();
        for (const RunId run : gone) {
            SQLite::Statement remove{db, "DELETE FROM run WHERE id = ?1"};
            SQLite::bind(remove, run);
            remove.exec();
        }
        transaction.commit();
        // Folders after the rows: a kill in between leaves files nobody names, never a run without its files.
        for (const RunId run : gone) {
            std::error_code ignored;
            fs::remove_all(runFolder(run), ignored);
        }
    });
}

}
