// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/row_reader.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <limits>

namespace descent {

RowReader::RowReader(SQLite::Database& database, const std::string& sql) : m_database{database}
{
    if (const int result = sqlite3_prepare_v2(database.getHandle(), sql.data(), static_cast<int>(sql.size()), &m_statement, nullptr); result != SQLITE_OK)
        throw SQLite::Exception{database.getHandle(), result};
}

RowReader::~RowReader()
{
    sqlite3_finalize(m_statement);
}

bool RowReader::next()
{
    const int result = sqlite3_step(m_statement);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        throw SQLite::Exception{m_database.getHandle(), result};
    return result == SQLITE_ROW;
}

std::int64_t RowReader::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

double RowReader::real(int column) const
{
    return isNull(column) ? std::numeric_limits<double>::quiet_NaN() : sqlite3_column_double(m_statement, column);
}

std::string_view RowReader::text(int column) const
{
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
    return text ? std::string_view{text, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))} : std::string_view{};
}

bool RowReader::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

}
