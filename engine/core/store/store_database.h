// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/store/run_store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>

#include <string>
#include <type_traits>

namespace descent {

/// One connection to the file of a RunStore. Every use of it goes through read() or write(), which turn what SQLite throws
/// into a StoreError that names the file and the way out.
class StoreDatabase {
public:
    /// Opens or makes the file; brings it to the present schema, or opens it read-only when it is of a newer one.
    explicit StoreDatabase(const std::filesystem::path& folder);

    bool readOnly() const { return m_readOnly; }

    /// `action(connection)` in one transaction that sees one state of the database, however many programs write meanwhile.
    template <typename Action>
    auto read(Action action)
    {
        try {
            const SQLite::Transaction snapshot{m_connection};
            return action(m_connection);
        } catch (const SQLite::Exception& error) {
            throw asStoreError(error);
        }
    }

    enum class Durability {
        kill,      ///< survives the end of the program at any instant
        powerLoss, ///< is on the disk as well
    };
    /// `action(connection)` in one transaction; nothing of it is kept when it throws. Takes its turn with other programs:
    /// an immediate transaction waits for the lock, where a deferred one could find its view outdated half-way.
    template <typename Action>
    auto write(Action action, Durability durability = Durability::kill)
    {
        refuseWhenReadOnly();
        try {
            const Synced synced{m_connection, durability};
            SQLite::Transaction transaction{m_connection, SQLite::TransactionBehavior::IMMEDIATE};
            if constexpr (std::is_void_v<decltype(action(m_connection))>) {
                action(m_connection);
                transaction.commit();
            } else {
                auto result = action(m_connection);
                transaction.commit();
                return result;
            }
        } catch (const SQLite::Exception& error) {
            throw asStoreError(error);
        }
    }

    /// `action(connection)` in no transaction: for what SQLite does not do in one, VACUUM above all.
    template <typename Action>
    auto outside(Action action)
    {
        try {
            return action(m_connection);
        } catch (const SQLite::Exception& error) {
            throw asStoreError(error);
        }
    }
    const std::filesystem::path& file() const { return m_file; }

private:
    /// The log is synced at each commit while this lives. It cannot be changed inside a transaction.
    struct Synced {
        Synced(SQLite::Database& database, Durability durability);
        ~Synced();
        SQLite::Database& connection;
        const bool full;
    };
    void open();
    void refuseWhenReadOnly() const;
    StoreError asStoreError(const SQLite::Exception& error) const;

    std::filesystem::path m_file;
    SQLite::Database m_connection;
    bool m_readOnly = false;
};

// How values lie in the database.

std::int64_t nowMs(); ///< since 1970, UTC
WallTime wallTime(std::int64_t ms);
std::int64_t toMs(WallTime time);

/// Runs a statement with these values; returns how many rows it changed.
template <typename... Values>
int execute(SQLite::Database& database, const char* sql, const Values&... values)
{
    SQLite::Statement statement{database, sql};
    SQLite::bind(statement, values...);
    return statement.exec();
}

void bindReal(SQLite::Statement& statement, int index, double value); ///< NaN as NULL: SQLite would do so anyway
double readReal(const SQLite::Column& column);                        ///< NULL is NaN

/// A Text with its arguments, so that it can still be translated when it is read again. Empty for an empty one.
std::string toJson(const Text& text);
Text textFromJson(const std::string& json);

}
