// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/migrations.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <iterator>

namespace descent {

namespace {

// One entry a version, in order; never changed once released, only added to.
constexpr const char* versions[] = {
    // 1: the first schema.
    // A value of a point is NULL for NaN, which SQLite cannot hold. `seq` lets a step carry more than one value after a resume.
    // `summary` repeats what the points say (last and best value of each series), so that the table of runs reads no points.
    R"sql(
CREATE TABLE experiment (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    experiment INTEGER NOT NULL REFERENCES experiment(id),
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    recipe TEXT NOT NULL,
    dataset_name TEXT NOT NULL, dataset_kind TEXT NOT NULL, architecture TEXT NOT NULL, task TEXT NOT NULL,
    primary_metric TEXT NOT NULL, higher_is_better INTEGER NOT NULL,
    parameter_count INTEGER NOT NULL,
    created_ms INTEGER NOT NULL, ended_ms INTEGER,
    seconds REAL NOT NULL DEFAULT 0, epoch INTEGER NOT NULL DEFAULT 0, step INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '', hint TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    thumbnail BLOB,
    owner TEXT NOT NULL,
    trashed_ms INTEGER
);
CREATE INDEX run_status ON run(status);
CREATE TABLE environment (run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (run, name)) WITHOUT ROWID;
CREATE TABLE tag (run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, name TEXT NOT NULL, PRIMARY KEY (run, name)) WITHOUT ROWID;
CREATE TABLE series (id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, name TEXT NOT NULL, UNIQUE (run, name));
CREATE TABLE point (series INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE, step INTEGER NOT NULL, seq INTEGER NOT NULL,
    value REAL, seconds REAL NOT NULL, PRIMARY KEY (series, step, seq)) WITHOUT ROWID;
CREATE TABLE summary (run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, kind TEXT NOT NULL, name TEXT NOT NULL, value REAL,
    PRIMARY KEY (run, kind, name)) WITHOUT ROWID;
CREATE TABLE checkpoint (run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, path TEXT NOT NULL, step INTEGER NOT NULL,
    best INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (run, path)) WITHOUT ROWID;
CREATE TABLE message (id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, warning INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX message_run ON message(run);
)sql",
};

int versionOf(SQLite::Database& database)
{
    return database.execAndGet("PRAGMA user_version").getInt();
}

}

int currentStoreVersion()
{
    return static_cast<int>(std::size(versions));
}

void migrate(SQLite::Database& database)
{
    while (versionOf(database) < currentStoreVersion()) {
        SQLite::Transaction transaction{database, SQLite::TransactionBehavior::IMMEDIATE};
        const int version = versionOf(database); // again, now that nobody else can change it
        if (version >= currentStoreVersion())
            return;
        database.exec(versions[version]);
        database.exec(fmt::format("PRAGMA user_version = {}", version + 1));
        transaction.commit();
    }
}

}
