// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace SQLite {
class Database;
}

namespace descent {

// An experiment is its runs, those in the trash among them. Inside transactions of the caller.

/// Its number; made where there is none of that name. createdAt: milliseconds since 1970
std::int64_t experimentNamed(SQLite::Database& database, const std::string& name, std::int64_t createdAt);
void forgetEmptyExperiments(SQLite::Database& database);

}
