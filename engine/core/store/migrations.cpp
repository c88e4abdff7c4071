// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/migrations.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <fmt/format.h>

namespace descent {

namespace {

// Times are milliseconds since 1970 in UTC. A REAL that is NULL is NaN: SQLite has no other way to keep one.
const std::vector<Migration>& allMigrations()
{
    static const std::vector<Migration> all{
        // 1: runs, their curves and what belongs to them
        {{
            "PRAGMA application_id = 0x44534354", // "DSCT", so that file(1) and we can tell what it is
            R"(CREATE TABLE experiment (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                created_at INTEGER NOT NULL
            ) STRICT)",
            // AUTOINCREMENT: the id names the run's folder, so one that was deleted must not come back.
            R"(CREATE TABLE run (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                experiment INTEGER NOT NULL REFERENCES experiment (id),
                name TEXT NOT NULL,
                status TEXT NOT NULL,
                dataset_name TEXT NOT NULL,
                dataset_kind TEXT NOT NULL,
                architecture TEXT NOT NULL,
                task TEXT NOT NULL,
                primary_metric TEXT NOT NULL,
                higher_is_better INTEGER NOT NULL,
                parameter_count INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                ended_at INTEGER,
                trashed_at INTEGER,
                seconds REAL NOT NULL DEFAULT 0,
                epoch INTEGER NOT NULL DEFAULT 0,
                step INTEGER NOT NULL DEFAULT 0,
                note TEXT NOT NULL DEFAULT '',
                reason TEXT NOT NULL DEFAULT '',
                hint TEXT NOT NULL DEFAULT '',
                owner_pid INTEGER NOT NULL,
                owner_start INTEGER NOT NULL,
                owner_boot TEXT NOT NULL,
                thumbnail BLOB NOT NULL DEFAULT x'',
                thumbnail_stride INTEGER NOT NULL DEFAULT 1,
                thumbnail_sum REAL NOT NULL DEFAULT 0,
                thumbnail_count INTEGER NOT NULL DEFAULT 0
            ) STRICT)",
            "CREATE INDEX run_by_experiment ON run (experiment)",
            "CREATE INDEX run_running ON run (id) WHERE status = 'running'", // looked through at every opening
            // Apart from the run's row, so that listing the history does not read recipes.
            "CREATE TABLE recipe (run INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE, json TEXT NOT NULL) STRICT",
            R"(CREATE TABLE environment (
                run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (run, name)
            ) STRICT, WITHOUT ROWID)",
            R"(CREATE TABLE series (
                id INTEGER PRIMARY KEY,
                run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                last_step INTEGER,
                points INTEGER NOT NULL DEFAULT 0,
                UNIQUE (run, name)
            ) STRICT)",
            // Clustered on (series, step). `nth` tells apart values logged at one step again, as after a resume.
            R"(CREATE TABLE point (
                series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
                step INTEGER NOT NULL,
                nth INTEGER NOT NULL,
                value REAL,
                seconds REAL NOT NULL,
                PRIMARY KEY (series, step, nth)
            ) STRICT, WITHOUT ROWID)",
            // The figures a table of runs shows: part is 'last', 'best' or 'test'.
            R"(CREATE TABLE summary (
                run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                part TEXT NOT NULL,
                name TEXT NOT NULL,
                value REAL,
                PRIMARY KEY (run, part, name)
            ) STRICT, WITHOUT ROWID)",
            R"(CREATE TABLE checkpoint (
                run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                path TEXT NOT NULL,
                step INTEGER NOT NULL,
                best INTEGER NOT NULL,
                sha256 TEXT NOT NULL,
                written_at INTEGER NOT NULL,
                PRIMARY KEY (run, path)
            ) STRICT, WITHOUT ROWID)",
            R"(CREATE TABLE tag (
                run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                PRIMARY KEY (run, name)
            ) STRICT, WITHOUT ROWID)",
            R"(CREATE TABLE message (
                id INTEGER PRIMARY KEY,
                run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                severity TEXT NOT NULL,
                text TEXT NOT NULL,
                created_at INTEGER NOT NULL
            ) STRICT)",
            "CREATE INDEX message_by_run ON message (run)",
        }},
        // 2: where a run's first weights came from
        {{
            // No reference: a run that was deleted for good is still where its descendants came from, and its number is not
            // given again.
            "ALTER TABLE run ADD COLUMN parent_run INTEGER",
            "ALTER TABLE run ADD COLUMN start_name TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE run ADD COLUMN start_sha256 TEXT NOT NULL DEFAULT ''",
        }},
        // 3: recipes that wait to be trained
        {{
            // `run` has no reference: a run that is deleted for good takes nothing from the queue.
            R"(CREATE TABLE queue_entry (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                position INTEGER NOT NULL,
                name TEXT NOT NULL,
                experiment TEXT NOT NULL,
                tags TEXT NOT NULL,
                settings TEXT NOT NULL,
                batch TEXT NOT NULL,
                recipe TEXT NOT NULL,
                state TEXT NOT NULL DEFAULT 'waiting',
                starts INTEGER NOT NULL DEFAULT 0,
                run INTEGER,
                place TEXT NOT NULL DEFAULT '',
                reason TEXT NOT NULL DEFAULT '',
                hint TEXT NOT NULL DEFAULT '',
                added_at INTEGER NOT NULL,
                started_at INTEGER,
                ended_at INTEGER,
                removed_at INTEGER,
                owner_pid INTEGER NOT NULL DEFAULT 0,
                owner_start INTEGER NOT NULL DEFAULT 0,
                owner_boot TEXT NOT NULL DEFAULT ''
            ) STRICT)",
            "CREATE INDEX queue_entry_in_order ON queue_entry (position)",
            // One row. `revision` grows with every change of the queue, so that looking for news costs one number.
            R"(CREATE TABLE queue (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                revision INTEGER NOT NULL DEFAULT 0,
                paused INTEGER NOT NULL DEFAULT 0,
                pause_reason TEXT NOT NULL DEFAULT '',
                at_once INTEGER NOT NULL DEFAULT 1,
                threads INTEGER NOT NULL DEFAULT 0,
                memory INTEGER NOT NULL DEFAULT 0
            ) STRICT)",
            "INSERT INTO queue (id) VALUES (1)",
        }},
        // 4: points in chunks (see point_chunk.h); `point` keeps those that do not fill one yet
        {{
            R"(CREATE TABLE chunk_points (
                id INTEGER PRIMARY KEY,
                blocks BLOB NOT NULL,
                points BLOB NOT NULL
            ) STRICT)",
            // What a picture from afar reads: beside each other by series. low and high are NULL where no value is finite.
            R"(CREATE TABLE chunk (
                series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
                first_step INTEGER NOT NULL,
                id INTEGER NOT NULL,
                last_step INTEGER NOT NULL,
                stride INTEGER NOT NULL,
                count INTEGER NOT NULL,
                first_seconds REAL NOT NULL,
                last_seconds REAL NOT NULL,
                first REAL,
                last REAL,
                low REAL,
                high REAL,
                low_at INTEGER NOT NULL,
                high_at INTEGER NOT NULL,
                plain INTEGER NOT NULL,
                PRIMARY KEY (series, first_step, id)
            ) STRICT, WITHOUT ROWID)",
            "CREATE TRIGGER chunk_deleted AFTER DELETE ON chunk BEGIN DELETE FROM chunk_points WHERE id = old.id; END",
            "ALTER TABLE series ADD COLUMN chunked INTEGER NOT NULL DEFAULT 0", // of `points`, those in chunks
        }},
        // 5: what has changed since, and what a person says of a run
        {{
            // A run keeps it wherever it is copied to, so that it is not taken in twice.
            "ALTER TABLE run ADD COLUMN uuid TEXT NOT NULL DEFAULT ''",
            "UPDATE run SET uuid = lower(hex(randomblob(16)))",
            "CREATE UNIQUE INDEX run_by_uuid ON run (uuid) WHERE uuid <> ''",
            "CREATE TRIGGER run_named AFTER INSERT ON run WHEN new.uuid = '' "
            "BEGIN UPDATE run SET uuid = lower(hex(randomblob(16))) WHERE id = new.id; END",
            "ALTER TABLE run ADD COLUMN starred INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE run ADD COLUMN archived_at INTEGER",
            "ALTER TABLE run ADD COLUMN color TEXT NOT NULL DEFAULT ''",
            // The newest change of each run; of one that is deleted for good too. AUTOINCREMENT: a number never comes again, or a
            // reader that has seen it would miss the change. By triggers, so that it holds whichever program writes.
            "CREATE TABLE run_change (revision INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL UNIQUE) STRICT",
            "INSERT INTO run_change (run) SELECT id FROM run ORDER BY id",
            "CREATE TRIGGER run_inserted AFTER INSERT ON run BEGIN INSERT OR REPLACE INTO run_change (run) VALUES (new.id); END",
            "CREATE TRIGGER run_updated AFTER UPDATE ON run BEGIN INSERT OR REPLACE INTO run_change (run) VALUES (new.id); END",
            "CREATE TRIGGER run_deleted AFTER DELETE ON run BEGIN INSERT OR REPLACE INTO run_change (run) VALUES (old.id); END",
            "CREATE TRIGGER tag_inserted AFTER INSERT ON tag BEGIN INSERT OR REPLACE INTO run_change (run) VALUES (new.run); END",
            "CREATE TRIGGER tag_deleted AFTER DELETE ON tag BEGIN INSERT OR REPLACE INTO run_change (run) VALUES (old.run); END",
            "CREATE TRIGGER experiment_renamed AFTER UPDATE OF name ON experiment "
            "BEGIN INSERT OR REPLACE INTO run_change (run) SELECT id FROM run WHERE experiment = new.id; END",
            // Series whose rows would fill a chunk (4,096): another program has written them.
            "CREATE INDEX series_loose ON series (id) WHERE points - chunked >= 4096",
            "CREATE TABLE run_view (name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT",
        }},
    };
    return all;
}

}

std::span<const Migration> migrations()
{
    return allMigrations();
}

int schemaVersionOf(SQLite::Database& database)
{
    return database.execAndGet("PRAGMA user_version").getInt();
}

void migrate(SQLite::Database& database, std::span<const Migration> steps)
{
    const int newest = static_cast<int>(steps.size());
    while (schemaVersionOf(database) < newest) {
        SQLite::Transaction transaction{database, SQLite::TransactionBehavior::IMMEDIATE};
        const int version = schemaVersionOf(database); // again: another program may have been faster
        if (version >= newest)
            return;
        for (const char* statement : steps[static_cast<std::size_t>(version)].statements)
            database.exec(statement);
        database.exec(fmt::format("PRAGMA user_version = {}", version + 1));
        transaction.commit();
    }
}

}
