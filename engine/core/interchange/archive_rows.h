// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <string>

namespace SQLite {
class Database;
}

namespace descent {

// Rows of runs between two files that have the tables of a history: the history itself and an archive.

/// All rows of run `fromId` become rows of run `toId`, which must not be there: its points, figures, recipe, labels and messages. Its
/// experiment is the one of that name, made where there is none; its parent is for the caller to find. Columns that only one side has
/// are passed over. Inside transactions of the caller. Throws SQLite::Exception.
void copyRun(SQLite::Database& from, RunId fromId, SQLite::Database& to, RunId toId);

/// SHA-256 of every value of the tables that copyRun() copies, and of "archive_file" and "archive_parent".
std::string digestOfRows(SQLite::Database& database);

}
