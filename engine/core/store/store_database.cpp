// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/store_database.h"

#include "engine/core/base/problem.h"
#include "engine/core/store/migrations.h"

#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

namespace descent {

namespace fs = std::filesystem;

namespace {

// Far longer than any transaction of ours; a program that holds the lock for so long has hung.
constexpr std::chrono::milliseconds patience{30'000};

fs::path madeFolder(const fs::path& folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw StoreError{text("the folder %1 cannot be made (%2): set DESCENT_HOME to a folder that can be written",
                              folder.string(), error.message())};
    return folder;
}

/// SQLite does not wait its busy timeout where waiting could be a deadlock, as when two programs turn a new file to WAL at
/// once. Trying again from the start is right there.
template <typename Action>
void retryWhileBusy(Action action)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        try {
            return action();
        } catch (const SQLite::Exception& error) {
            if (error.getErrorCode() != SQLITE_BUSY || std::chrono::steady_clock::now() > deadline)
                throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
}

/// Opening throws before there is a StoreDatabase whose read() could say it in our words.
SQLite::Database opened(const fs::path& file)
{
    try {
        // A store belongs to one thread, so SQLite need not lock at every column it is asked for: a sixth of listing many runs.
        return {file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, static_cast<int>(patience.count())};
    } catch (const SQLite::Exception& error) {
        throw StoreError{text("the run history %1 cannot be opened (%2): check who may read and write it, or set "
                              "DESCENT_HOME to another folder",
                              file.string(), error.what())};
    }
}

}

StoreDatabase::StoreDatabase(const fs::path& folder) : m_file{madeFolder(folder) / "descent.db"}, m_connection{opened(m_file)}
{
    try {
        retryWhileBusy([this] { open(); });
    } catch (const SQLite::Exception& error) {
        throw asStoreError(error);
    }
}

void StoreDatabase::open()
{
    if (schemaVersionOf(m_connection) > static_cast<int>(migrations().size())) {
        m_readOnly = true;
        m_connection.exec("PRAGMA query_only = ON");
        return;
    }
    m_connection.exec("PRAGMA journal_mode = WAL");
    m_connection.exec("PRAGMA synchronous = NORMAL");
    m_connection.exec("PRAGMA journal_size_limit = 67108864"); // the log shrinks again after a long reader let it grow
    migrate(m_connection);
    m_connection.exec("PRAGMA foreign_keys = ON"); // after migrating: rebuilding a table must not delete what refers to it
}

StoreDatabase::Synced::Synced(SQLite::Database& database, Durability durability)
    : connection{database}, full{durability == Durability::powerLoss}
{
    if (full)
        connection.exec("PRAGMA synchronous = FULL");
}

StoreDatabase::Synced::~Synced()
{
    if (full)
        connection.tryExec("PRAGMA synchronous = NORMAL");
}

void StoreDatabase::refuseWhenReadOnly() const
{
    if (m_readOnly)
        throw StoreError{text("the run history %1 was written by a newer Descent, so this one only reads it: use the newer "
                              "one, or set DESCENT_HOME to another folder",
                              m_file.string())};
}

StoreError StoreDatabase::asStoreError(const SQLite::Exception& error) const
{
    const std::string file = m_file.string(), folder = m_file.parent_path().string();
    switch (error.getErrorCode()) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return StoreError{text("the run history %1 is damaged (%2): move it away to begin a new one; the checkpoints beside "
                               "it stay as they are",
                               file, error.what())};
    case SQLITE_FULL: return StoreError{text("the disk is full, so the run history %1 cannot be written: free some space", file),
                                        StoreError::Cause::full};
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return StoreError{text("the run history %1 cannot be written (%2): check who may write the folder %3, or set "
                               "DESCENT_HOME to another one",
                               file, error.what(), folder)};
    case SQLITE_BUSY:
        return StoreError{text("another program has kept the run history %1 locked for %2 seconds: end it, then try again", file,
                               patience.count() / 1000),
                          StoreError::Cause::busy};
    case SQLITE_IOERR:
        return StoreError{
            text("reading or writing the run history %1 failed (%2): check the disk and its free space", file, error.what())};
    default: return StoreError{text("the run history %1 failed: %2", file, error.what())};
    }
}

std::int64_t nowMs()
{
    return toMs(std::chrono::system_clock::now());
}

std::int64_t toMs(WallTime time)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

WallTime wallTime(std::int64_t ms)
{
    return WallTime{std::chrono::milliseconds{ms}};
}

void bindReal(SQLite::Statement& statement, int index, double value)
{
    if (std::isnan(value))
        statement.bind(index);
    else
        statement.bind(index, value);
}

double readReal(const SQLite::Column& column)
{
    return column.isNull() ? std::numeric_limits<double>::quiet_NaN() : column.getDouble();
}

std::string toJson(const Text& text)
{
    if (text.empty())
        return {};
    // A file name in a sentence need not be UTF-8; it must not make the sentence unwritable.
    return nlohmann::json{{"source", text.source}, {"arguments", text.arguments}}.dump(-1, ' ', false,
                                                                                       nlohmann::json::error_handler_t::replace);
}

Text textFromJson(const std::string& json)
{
    if (json.empty())
        return {};
    const auto object = nlohmann::json::parse(json, nullptr, false);
    try {
        return {object.at("source").get<std::string>(), object.at("arguments").get<std::vector<std::string>>()};
    } catch (const nlohmann::json::exception&) {
        return {"%1", {json}}; // of another writer: shown as it is
    }
}

}
