// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace SQLite {
class Database;
}

namespace descent {

/// The statements that bring a database from one schema version to the next.
struct Migration {
    std::vector<const char*> statements;
};

/// All migrations from an empty file on: migrations()[n] leads to version n + 1. Once released, one is never edited.
std::span<const Migration> migrations();

int schemaVersionOf(SQLite::Database& database);

/// Brings `database` to version `steps.size()`, each step and its version number in one transaction, so that a kill leaves
/// one version or the next. Programs that do so at once take turns. Does nothing to a database that is as new or newer.
void migrate(SQLite::Database& database, std::span<const Migration> steps = migrations());

}
