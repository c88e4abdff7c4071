// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that another program trained.
#include "engine/core/store/run_store.h"
#include "engine/core/store/store_database.h"

namespace descent {

std::unordered_map<std::string, ImportedRun> RunStore::importedRuns()
{
    return m_database->read([](SQLite::Database& db) {
        std::unordered_map<std::string, ImportedRun> runs;
        SQLite::Statement row{db,
                              "SELECT environment.value, run.id, run.created_at FROM environment JOIN run ON run.id = environment.run "
                              "WHERE environment.name = ?1 AND trashed_at IS NULL"};
        SQLite::bind(row, importedFrom);
        while (row.executeStep())
            runs[row.getColumn(0).getString()] = {.run = row.getColumn(1).getInt64(), .createdAt = wallTime(row.getColumn(2).getInt64())};
        return runs;
    });
}

std::map<std::string, std::int64_t> RunStore::pointCounts(RunId run)
{
    return m_database->read([run](SQLite::Database& db) {
        std::map<std::string, std::int64_t> counts;
        SQLite::Statement series{db, "SELECT name, points FROM series WHERE run = ?1"};
        SQLite::bind(series, run);
        while (series.executeStep())
            counts[series.getColumn(0).getString()] = series.getColumn(1).getInt64();
        return counts;
    });
}

std::optional<RunId> RunStore::runOfUuid(const std::string& uuid)
{
    return m_database->read([&](SQLite::Database& db) -> std::optional<RunId> {
        SQLite::Statement row{db, "SELECT id FROM run WHERE uuid = ?1 AND uuid <> ''"};
        SQLite::bind(row, uuid);
        return row.executeStep() ? std::optional{row.getColumn(0).getInt64()} : std::nullopt;
    });
}

void RunStore::setImportedState(RunId run, const ImportedState& state)
{
    // Only what differs is written: a store that is imported again has thousands of runs that have not changed.
    m_database->write([&](SQLite::Database& db) {
        int changed = execute(db, "UPDATE recipe SET json = ?2 WHERE run = ?1 AND json <> ?2", run, state.recipeJson);
        for (const auto& [name, value] : state.environment)
            changed += execute(db,
                    "INSERT INTO environment (run, name, value) SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM run WHERE id = ?1) "
                    "ON CONFLICT (run, name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
                    run, name, value);
        if (state.status)
            changed += execute(db, "UPDATE run SET status = ?2, ended_at = ?3 WHERE id = ?1 AND (status <> ?2 OR ended_at IS NOT ?3)", run,
                    toString(*state.status), toMs(state.endedAt.value_or(wallTime(nowMs()))));
        if (changed > 0)
            execute(db, "UPDATE run SET updated_at = ?2 WHERE id = ?1", run, nowMs());
    });
}

}
