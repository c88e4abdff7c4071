// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace SQLite {
class Database;
}

namespace descent {

/// Rows of a statement that has nothing to bind, for millions of them: SQLiteCpp counts references at each column that it is asked for, a
/// fifth of listing 100,000 runs. Columns are counted from 0; texts hold until the next row. Throws SQLite::Exception.
class RowReader {
public:
    RowReader(SQLite::Database& database, const std::string& sql);
    ~RowReader();
    RowReader(const RowReader&) = delete;

    bool next();
    std::int64_t integer(int column) const;
    double real(int column) const; ///< NULL is NaN
    std::string_view text(int column) const;
    bool isNull(int column) const;

private:
    SQLite::Database& m_database;
    sqlite3_stmt* m_statement = nullptr;
};

}
