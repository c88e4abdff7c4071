// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/archive_rows.h"

#include "engine/core/base/checksum.h"
#include "engine/core/store/experiments.h"
#include "engine/core/store/store_database.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace descent {

namespace {

/// Rows that name the run by "run" and have no number of their own that others name.
constexpr const char* plainTables[]{"recipe", "environment", "summary", "checkpoint", "tag"};
constexpr const char* otherTables[]{"experiment", "run", "series", "point", "chunk", "chunk_points", "message", "archive_file", "archive_parent"};

std::vector<std::string> columnsOf(SQLite::Database& database, const std::string& table)
{
    std::vector<std::string> columns;
    SQLite::Statement row{database, "SELECT name FROM pragma_table_info(?1) ORDER BY cid"};
    SQLite::bind(row, table);
    while (row.executeStep())
        columns.push_back(row.getColumn(0).getString());
    return columns;
}

void bindColumn(SQLite::Statement& to, int place, const SQLite::Column& column)
{
    if (column.isInteger())
        to.bind(place, column.getInt64());
    else if (column.isFloat())
        to.bind(place, column.getDouble());
    else if (column.isText())
        to.bind(place, column.getString());
    else if (column.isBlob())
        to.bind(place, column.getBytes() > 0 ? column.getBlob() : "", column.getBytes());
    else
        to.bind(place);
}

/// Numbers that a column gets in place of its own: one for all rows, or by what it was.
using Renumbered = std::map<std::string, std::variant<std::int64_t, std::map<std::int64_t, std::int64_t>>>;

/// Copies rows of a table one by one. `left`: columns that the table gives by itself.
class RowCopy {
public:
    // The names come from our own schema: both sides have them, and one side is ours.
    RowCopy(SQLite::Database& from, SQLite::Database& to, const std::string& table, const std::string& key, const std::set<std::string>& left = {})
        : m_columns{shared(from, to, table, left)},
          m_select{from, "SELECT " + joined(m_columns) + ", " + columnsOf(to, table).front() + " FROM \"" + table + "\" WHERE \"" + key + "\" = ?1"},
          m_insert{to, "INSERT INTO \"" + table + "\" (" + joined(m_columns) + ") VALUES (" + places(m_columns.size()) + ')'}
    {
    }

    /// Returns how many. `after` is told the first column of each row, which is its number where it has one.
    int copy(std::int64_t key, const Renumbered& numbers, const std::function<void(std::int64_t)>& after = {})
    {
        int rows = 0;
        m_select.reset();
        m_select.bind(1, key);
        while (m_select.executeStep()) {
            m_insert.reset();
            for (std::size_t i = 0; i < m_columns.size(); ++i) {
                const int place = static_cast<int>(i);
                const auto number = numbers.find(m_columns[i]);
                if (number == numbers.end())
                    bindColumn(m_insert, place + 1, m_select.getColumn(place));
                else if (const auto* one = std::get_if<std::int64_t>(&number->second))
                    m_insert.bind(place + 1, *one);
                else
                    m_insert.bind(place + 1, std::get<1>(number->second).at(m_select.getColumn(place).getInt64()));
            }
            m_insert.exec();
            ++rows;
            if (after)
                after(m_select.getColumn(static_cast<int>(m_columns.size())).getInt64());
        }
        return rows;
    }

private:
    static std::vector<std::string> shared(SQLite::Database& from, SQLite::Database& to, const std::string& table, const std::set<std::string>& left)
    {
        const std::vector<std::string> theirs = columnsOf(from, table);
        std::vector<std::string> columns = columnsOf(to, table);
        std::erase_if(columns, [&](const std::string& name) { return left.contains(name) || std::ranges::find(theirs, name) == theirs.end(); });
        return columns;
    }
    static std::string joined(const std::vector<std::string>& columns)
    {
        std::string list;
        for (const std::string& column : columns)
            list += (list.empty() ? "\"" : ", \"") + column + '"';
        return list;
    }
    static std::string places(std::size_t count)
    {
        std::string list = "?";
        for (std::size_t i = 1; i < count; ++i)
            list += ", ?";
        return list;
    }

    std::vector<std::string> m_columns;
    SQLite::Statement m_select, m_insert;
};

std::int64_t experimentIn(SQLite::Database& to, SQLite::Database& from, RunId run)
{
    SQLite::Statement theirs{from, "SELECT experiment.name, experiment.created_at FROM run JOIN experiment ON experiment.id = run.experiment WHERE run.id = ?1"};
    SQLite::bind(theirs, run);
    if (!theirs.executeStep())
        throw StoreError{text("there is no run %1", run)};
    return experimentNamed(to, theirs.getColumn(0).getString(), theirs.getColumn(1).getInt64());
}

}

void copyRun(SQLite::Database& from, RunId fromId, SQLite::Database& to, RunId toId)
{
    RowCopy{from, to, "run", "id", {"parent_run", "trashed_at"}}.copy(fromId, {{"id", toId}, {"experiment", experimentIn(to, from, fromId)}, {"owner_pid", 0}, {"owner_start", 0}});
    // Of a run that is under way this is how it stood; nobody goes on with it.
    execute(to, "UPDATE run SET owner_boot = '', ended_at = CASE status WHEN 'running' THEN updated_at ELSE ended_at END, "
                "status = CASE status WHEN 'running' THEN 'interrupted' ELSE status END WHERE id = ?1", toId);
    for (const char* table : plainTables)
        RowCopy{from, to, table, "run"}.copy(fromId, {{"run", toId}});
    RowCopy{from, to, "message", "run", {"id"}}.copy(fromId, {{"run", toId}});
    RowCopy points{from, to, "point", "series"}, chunks{from, to, "chunk", "series"}, blobs{from, to, "chunk_points", "id", {"id"}};
    RowCopy{from, to, "series", "run", {"id"}}.copy(fromId, {{"run", toId}}, [&](std::int64_t series) {
        const std::int64_t copied = to.getLastInsertRowid();
        points.copy(series, {{"series", copied}});
        SQLite::Statement each{from, "SELECT first_step, id FROM chunk WHERE series = ?1 ORDER BY first_step, id"};
        SQLite::bind(each, series);
        std::map<std::int64_t, std::int64_t> numbers;
        while (each.executeStep()) {
            const std::int64_t number = each.getColumn(1).getInt64();
            if (blobs.copy(number, {}) != 1)
                throw StoreError{text("points of run %1 are missing", fromId)};
            numbers[number] = to.getLastInsertRowid();
        }
        chunks.copy(series, {{"series", copied}, {"id", std::move(numbers)}});
    });
}

std::string digestOfRows(SQLite::Database& database)
{
    Sha256 digest;
    const auto add = [&](const void* bytes, std::size_t size) { digest.add({static_cast<const std::byte*>(bytes), size}); };
    std::vector<std::string> tables{std::begin(plainTables), std::end(plainTables)};
    tables.insert(tables.end(), std::begin(otherTables), std::end(otherTables));
    for (const std::string& table : tables) {
        add(table.data(), table.size() + 1);
        SQLite::Statement row{database, "SELECT * FROM \"" + table + '"'};
        while (row.executeStep())
            for (int i = 0; i < row.getColumnCount(); ++i) {
                const SQLite::Column column = row.getColumn(i);
                const int type = column.getType();
                add(&type, sizeof type);
                if (column.isInteger() || column.isFloat()) {
                    const std::int64_t whole = column.getInt64();
                    const double real = column.getDouble();
                    add(column.isInteger() ? static_cast<const void*>(&whole) : &real, 8);
                    continue;
                }
                const std::int64_t size = column.isNull() ? 0 : column.getBytes();
                add(&size, sizeof size);
                if (size > 0)
                    add(column.isText() ? column.getText() : column.getBlob(), static_cast<std::size_t>(size));
            }
    }
    return digest.finish();
}

}
