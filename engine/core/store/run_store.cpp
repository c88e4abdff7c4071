// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_store.h"

#include "engine/core/base/problem.h"
#include "engine/core/store/experiments.h"
#include "engine/core/store/process_owner.h"
#include "engine/core/store/run_writer.h"
#include "engine/core/store/store_database.h"

#include <algorithm>

namespace descent {

namespace fs = std::filesystem;

namespace {

StoreError noSuchRun(RunId run)
{
    return StoreError{text("there is no run %1 in the history", run)};
}

}

RunStore::RunStore(const fs::path& folder) : m_folder{folder}, m_database{std::make_unique<StoreDatabase>(folder)}
{
    markInterrupted();
}

RunStore::~RunStore() = default;

bool RunStore::isReadOnly() const
{
    return m_database->readOnly();
}

void RunStore::markInterrupted()
{
    if (isReadOnly())
        return;
    const std::vector<RunId> orphans = m_database->read([](SQLite::Database& db) {
        std::vector<RunId> runs;
        SQLite::Statement running{db, "SELECT id, owner_pid, owner_start, owner_boot FROM run WHERE status = 'running'"};
        while (running.executeStep())
            if (!isAlive({running.getColumn(1).getInt64(), running.getColumn(2).getInt64(), running.getColumn(3).getString()}))
                runs.push_back(running.getColumn(0).getInt64());
        return runs;
    });
    if (orphans.empty())
        return;
    m_database->write([&](SQLite::Database& db) {
        for (const RunId run : orphans)
            execute(db, "UPDATE run SET status = 'interrupted', ended_at = updated_at WHERE id = ?1 AND status = 'running'", run);
    });
}

RunId RunStore::createRun(const NewRun& run)
{
    return m_database->write([&](SQLite::Database& db) {
        const std::int64_t now = run.createdAt ? toMs(*run.createdAt) : nowMs();
        const ProcessOwner owner = thisProcess();
        const std::int64_t experiment = experimentNamed(db, run.experiment, now);
        execute(db,
                "INSERT INTO run (experiment, name, status, dataset_name, dataset_kind, architecture, task, primary_metric, "
                "higher_is_better, parameter_count, created_at, updated_at, owner_pid, owner_start, owner_boot, start_name, "
                "start_sha256) VALUES (?1, ?2, 'running', ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
                "?10, ?10, ?11, ?12, ?13, ?14, ?15)",
                experiment, run.name, run.datasetName, run.datasetKind, run.architecture, run.task, run.primaryMetric,
                run.higherIsBetter ? 1 : 0, run.parameterCount, now, owner.pid, owner.startTicks, owner.bootId,
                run.startName, run.startSha256);
        const RunId id = db.getLastInsertRowid();
        if (run.parent)
            execute(db, "UPDATE run SET parent_run = ?2 WHERE id = ?1", id, *run.parent);
        execute(db, "INSERT INTO recipe (run, json) VALUES (?1, ?2)", id, run.recipeJson);
        for (const auto& [name, value] : run.environment)
            execute(db, "INSERT INTO environment (run, name, value) VALUES (?1, ?2, ?3)", id, name, value);
        std::error_code error;
        fs::create_directories(runFolder(id), error); // before the commit: a run without a folder could keep nothing
        if (error)
            throw StoreError{text("the folder %1 cannot be made: %2", runFolder(id).string(), error.message())};
        return id;
    });
}

void RunStore::reopenRun(RunId run, const std::string& recipeJson, const RunPlace& place)
{
    m_database->write([&](SQLite::Database& db) {
        const ProcessOwner owner = thisProcess();
        execute(db,
                "UPDATE run SET status = 'running', ended_at = NULL, reason = '', hint = '', owner_pid = ?2, owner_start = ?3, "
                "owner_boot = ?4 WHERE id = ?1 AND status <> 'running'",
                run, owner.pid, owner.startTicks, owner.bootId);
        if (db.getChanges() == 0)
            throw StoreError{text("run %1 is not there, or is under way", run)};
        execute(db, "UPDATE recipe SET json = ?2 WHERE run = ?1", run, recipeJson);
        RunWriter writer{db, run};
        writer.rewind(place);
    });
}

fs::path RunStore::runFolder(RunId run) const
{
    return m_folder / "runs" / std::to_string(run);
}

void RunStore::record(RunId run, std::span<const RunEvent> events)
{
    const bool ends =
        std::any_of(events.begin(), events.end(), [](const RunEvent& event) { return std::holds_alternative<RunEnded>(event); });
    m_database->write(
        [&](SQLite::Database& db) {
            RunWriter writer{db, run};
            writer.write(events);
            writer.finish();
        },
        ends ? StoreDatabase::Durability::powerLoss : StoreDatabase::Durability::kill);
}

void RunStore::rename(RunId run, const std::string& name)
{
    m_database->write([&](SQLite::Database& db) {
        execute(db, "UPDATE run SET name = ?2 WHERE id = ?1", run, name);
        if (db.getChanges() == 0)
            throw noSuchRun(run);
    });
}

void RunStore::setNote(RunId run, const std::string& note)
{
    m_database->write([&](SQLite::Database& db) {
        execute(db, "UPDATE run SET note = ?2 WHERE id = ?1", run, note);
        if (db.getChanges() == 0)
            throw noSuchRun(run);
    });
}

void RunStore::setTags(RunId run, const std::vector<std::string>& tags)
{
    m_database->write([&](SQLite::Database& db) {
        SQLite::Statement exists{db, "SELECT 1 FROM run WHERE id = ?1"};
        SQLite::bind(exists, run);
        if (!exists.executeStep())
            throw noSuchRun(run);
        execute(db, "DELETE FROM tag WHERE run = ?1", run);
        for (const std::string& tag : tags)
            execute(db, "INSERT INTO tag (run, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING", run, tag);
    });
}

void RunStore::changeEach(std::span<const RunId> runs, const std::function<void(SQLite::Database&, RunId)>& change)
{
    m_database->write([&](SQLite::Database& db) {
        for (const RunId run : runs)
            change(db, run);
    });
}

void RunStore::addTag(std::span<const RunId> runs, const std::string& tag)
{
    changeEach(runs, [&](SQLite::Database& db, RunId run) {
        execute(db, "INSERT INTO tag (run, name) SELECT id, ?2 FROM run WHERE id = ?1 ON CONFLICT DO NOTHING", run, tag);
    });
}

void RunStore::removeTag(std::span<const RunId> runs, const std::string& tag)
{
    changeEach(runs, [&](SQLite::Database& db, RunId run) { execute(db, "DELETE FROM tag WHERE run = ?1 AND name = ?2", run, tag); });
}

void RunStore::setStarred(std::span<const RunId> runs, bool starred)
{
    changeEach(runs, [&](SQLite::Database& db, RunId run) { execute(db, "UPDATE run SET starred = ?2 WHERE id = ?1", run, starred ? 1 : 0); });
}

void RunStore::setArchived(std::span<const RunId> runs, bool archived)
{
    changeEach(runs, [&](SQLite::Database& db, RunId run) {
        execute(db, "UPDATE run SET archived_at = CASE WHEN ?2 THEN coalesce(archived_at, ?3) END WHERE id = ?1", run, archived ? 1 : 0, nowMs());
    });
}

void RunStore::setColor(std::span<const RunId> runs, const std::string& color)
{
    changeEach(runs, [&](SQLite::Database& db, RunId run) { execute(db, "UPDATE run SET color = ?2 WHERE id = ?1", run, color); });
}

void RunStore::moveToExperiment(std::span<const RunId> runs, const std::string& experiment)
{
    m_database->write([&](SQLite::Database& db) {
        const RunId id = experimentNamed(db, experiment, nowMs());
        for (const RunId run : runs)
            execute(db, "UPDATE run SET experiment = ?2 WHERE id = ?1", run, id);
        forgetEmptyExperiments(db);
    });
}

void RunStore::renameExperiment(const std::string& from, const std::string& to)
{
    if (to.starts_with(from + '/'))
        throw StoreError{text("\"%1\" cannot become \"%2\", which lies below it", from, to)};
    if (from == to)
        return;
    m_database->write([&](SQLite::Database& db) {
        std::vector<std::pair<std::int64_t, std::string>> all;
        SQLite::Statement each{db, "SELECT id, name FROM experiment WHERE name = ?1 OR substr(name, 1, length(?1) + 1) = ?1 || '/'"};
        SQLite::bind(each, from);
        while (each.executeStep())
            all.emplace_back(each.getColumn(0).getInt64(), to + each.getColumn(1).getString().substr(from.size()));
        for (const auto& [id, name] : all)
            execute(db, "UPDATE run SET experiment = ?2 WHERE experiment = ?1", id, experimentNamed(db, name, nowMs()));
        forgetEmptyExperiments(db);
    });
}

void RunStore::moveToTrash(std::span<const RunId> runs)
{
    changeEach(runs, [](SQLite::Database& db, RunId run) {
        execute(db, "UPDATE run SET trashed_at = ?2 WHERE id = ?1 AND trashed_at IS NULL", run, nowMs());
    });
}

void RunStore::restoreFromTrash(std::span<const RunId> runs)
{
    changeEach(runs, [](SQLite::Database& db, RunId run) { execute(db, "UPDATE run SET trashed_at = NULL WHERE id = ?1", run); });
}

std::map<RunId, std::vector<RunDetails::Checkpoint>> RunStore::checkpoints()
{
    return m_database->read([](SQLite::Database& db) {
        std::map<RunId, std::vector<RunDetails::Checkpoint>> all;
        SQLite::Statement row{db, "SELECT run, path, step, best, sha256 FROM checkpoint ORDER BY run, step, path"};
        while (row.executeStep())
            all[row.getColumn(0).getInt64()].push_back(
                {row.getColumn(1).getString(), row.getColumn(2).getInt64(), row.getColumn(3).getInt() != 0, row.getColumn(4).getString()});
        return all;
    });
}

std::set<RunId> RunStore::awaitedRuns()
{
    return m_database->read([](SQLite::Database& db) {
        std::set<RunId> runs;
        SQLite::Statement row{db, "SELECT run FROM queue_entry WHERE run IS NOT NULL AND removed_at IS NULL AND state IN ('waiting', 'running')"};
        while (row.executeStep())
            runs.insert(row.getColumn(0).getInt64());
        return runs;
    });
}

void RunStore::forgetCheckpoint(RunId run, const std::string& path)
{
    m_database->write([&](SQLite::Database& db) { execute(db, "DELETE FROM checkpoint WHERE run = ?1 AND path = ?2", run, path); });
}

std::map<std::string, std::string> RunStore::views()
{
    return m_database->read([](SQLite::Database& db) {
        std::map<std::string, std::string> views;
        SQLite::Statement row{db, "SELECT name, json FROM run_view"};
        while (row.executeStep())
            views[row.getColumn(0).getString()] = row.getColumn(1).getString();
        return views;
    });
}

void RunStore::saveView(const std::string& name, const std::string& json)
{
    m_database->write([&](SQLite::Database& db) {
        execute(db, "INSERT INTO run_view (name, json) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET json = excluded.json", name, json);
    });
}

void RunStore::removeView(const std::string& name)
{
    m_database->write([&](SQLite::Database& db) { execute(db, "DELETE FROM run_view WHERE name = ?1", name); });
}

void RunStore::emptyTrash()
{
    m_database->write([&](SQLite::Database& db) {
        std::vector<RunId> gone;
        SQLite::Statement query{db, "SELECT id FROM run WHERE trashed_at IS NOT NULL AND status <> 'running'"};
        while (query.executeStep())
            gone.push_back(query.getColumn(0).getInt64());
        for (const RunId run : gone) {
            // Folders first: a kill in between leaves a run that is still in the trash, never files that nobody names.
            std::error_code error;
            fs::remove_all(runFolder(run), error);
            if (error)
                throw StoreError{text("the folder %1 cannot be removed: %2", runFolder(run).string(), error.message())};
            execute(db, "DELETE FROM run WHERE id = ?1", run);
        }
    });
}

std::int64_t RunStore::changeCounter()
{
    // data_version counts the commits of others, the total of changes our own.
    return m_database->read(
        [](SQLite::Database& db) { return db.execAndGet("PRAGMA data_version").getInt64() + db.getTotalChanges(); });
}

}
