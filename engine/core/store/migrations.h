// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace SQLite {
class Database;
}

namespace descent {

/// The schema this program writes: PRAGMA user_version of an up-to-date database.
int currentStoreVersion();

/// Brings the database to currentStoreVersion(), one transaction a version: a kill leaves the old version or the new one.
/// Several programs may do this at once; the later ones find it done. Throws SQLite::Exception.
void migrate(SQLite::Database& database);

}
