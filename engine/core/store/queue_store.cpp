// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/queue_store.h"

#include "engine/core/store/process_owner.h"
#include "engine/core/store/store_database.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <unordered_set>

namespace descent {

namespace {

// As toString writes them, in the order of QueueState.
constexpr std::array<const char*, 5> stateNames{"waiting", "running", "done", "failed", "stopped"};

constexpr std::int64_t keptRemovedMs = 24 * 3600 * 1000; // what was removed can be given back for a day

std::string toJson(const std::vector<GridSetting>& settings)
{
    nlohmann::json array = nlohmann::json::array();
    for (const GridSetting& one : settings)
        array.push_back({one.path, one.value});
    return array.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Of another writer, or damaged: none. They are for a person's eyes; the recipe says what is trained.
std::vector<GridSetting> settingsFromJson(const std::string& json)
{
    std::vector<GridSetting> settings;
    try {
        for (const auto& pair : nlohmann::json::parse(json))
            settings.push_back({pair.at(0).get<std::string>(), pair.at(1).get<std::string>()});
    } catch (const nlohmann::json::exception&) {
        settings.clear();
    }
    return settings;
}

std::vector<std::string> tagsFromJson(const std::string& json)
{
    try {
        return nlohmann::json::parse(json).get<std::vector<std::string>>();
    } catch (const nlohmann::json::exception&) {
        return {};
    }
}

std::optional<WallTime> timeFrom(const SQLite::Column& column)
{
    return column.isNull() ? std::nullopt : std::optional{wallTime(column.getInt64())};
}

constexpr auto selectEntries = "SELECT id, name, experiment, tags, settings, batch, state, run, starts, place, reason, hint, added_at, "
                               "started_at, ended_at FROM queue_entry WHERE removed_at IS NULL ORDER BY position, id";
constexpr auto selectEntry = "SELECT id, name, experiment, tags, settings, batch, state, run, starts, place, reason, hint, added_at, "
                             "started_at, ended_at FROM queue_entry WHERE id = ?1";

QueueEntry entryFrom(SQLite::Statement& row)
{
    QueueEntry entry;
    entry.id = row.getColumn(0).getInt64();
    entry.name = row.getColumn(1).getString();
    entry.experiment = row.getColumn(2).getString();
    entry.tags = tagsFromJson(row.getColumn(3).getString());
    entry.settings = settingsFromJson(row.getColumn(4).getString());
    entry.batch = row.getColumn(5).getString();
    entry.state = queueStateFromString(row.getColumn(6).getString());
    if (!row.getColumn(7).isNull())
        entry.run = row.getColumn(7).getInt64();
    entry.starts = row.getColumn(8).getInt64();
    entry.cause = {row.getColumn(9).getString(), textFromJson(row.getColumn(10).getString()), textFromJson(row.getColumn(11).getString())};
    entry.addedAt = wallTime(row.getColumn(12).getInt64());
    entry.startedAt = timeFrom(row.getColumn(13));
    entry.endedAt = timeFrom(row.getColumn(14));
    return entry;
}

std::int64_t endPosition(SQLite::Database& db)
{
    return db.execAndGet("SELECT coalesce(max(position), 0) + 1 FROM queue_entry").getInt64();
}

/// Those of `entries` for which `sql`, given the id and the time, changed a row.
std::vector<QueueEntryId> changedBy(SQLite::Database& db, const char* sql, std::span<const QueueEntryId> entries)
{
    std::vector<QueueEntryId> changed;
    for (const QueueEntryId entry : entries)
        if (execute(db, sql, entry, nowMs()) > 0)
            changed.push_back(entry);
    return changed;
}

}

std::string toString(QueueState state)
{
    return stateNames[static_cast<std::size_t>(state)];
}

QueueState queueStateFromString(std::string_view name)
{
    const auto found = std::find(stateNames.begin(), stateNames.end(), name);
    if (found == stateNames.end())
        throw std::invalid_argument{fmt::format("\"{}\" is no state of a queue's entry", name)};
    return static_cast<QueueState>(found - stateNames.begin());
}

QueueStore::QueueStore(const std::filesystem::path& folder) : m_database{std::make_unique<StoreDatabase>(folder)} {}

QueueStore::~QueueStore() = default;

bool QueueStore::isReadOnly() const
{
    return m_database->readOnly();
}

/// Every change says that there was one.
template <typename Action>
auto QueueStore::change(Action action)
{
    return m_database->write([&](SQLite::Database& db) {
        db.exec("UPDATE queue SET revision = revision + 1");
        return action(db);
    });
}

std::int64_t QueueStore::revision()
{
    return m_database->read([](SQLite::Database& db) { return db.execAndGet("SELECT revision FROM queue").getInt64(); });
}

std::vector<QueueEntry> QueueStore::entries()
{
    return m_database->read([](SQLite::Database& db) {
        std::vector<QueueEntry> entries;
        SQLite::Statement query{db, selectEntries};
        while (query.executeStep())
            entries.push_back(entryFrom(query));
        return entries;
    });
}

std::optional<std::string> QueueStore::recipeJson(QueueEntryId entry)
{
    return m_database->read([&](SQLite::Database& db) -> std::optional<std::string> {
        SQLite::Statement query{db, "SELECT recipe FROM queue_entry WHERE id = ?1"};
        SQLite::bind(query, entry);
        if (!query.executeStep())
            return std::nullopt;
        return query.getColumn(0).getString();
    });
}

QueueSettings QueueStore::settings()
{
    return m_database->read([](SQLite::Database& db) {
        SQLite::Statement query{db, "SELECT paused, pause_reason, at_once, threads, memory FROM queue"};
        query.executeStep();
        return QueueSettings{query.getColumn(0).getInt() != 0, textFromJson(query.getColumn(1).getString()), query.getColumn(2).getInt64(),
                             query.getColumn(3).getInt64(), query.getColumn(4).getInt64()};
    });
}

void QueueStore::setSettings(const QueueSettings& settings)
{
    change([&](SQLite::Database& db) {
        execute(db, "UPDATE queue SET paused = ?1, pause_reason = ?2, at_once = ?3, threads = ?4, memory = ?5", settings.paused ? 1 : 0,
                toJson(settings.pauseReason), settings.atOnce, settings.threads, settings.memoryBytes);
    });
}

std::vector<QueueEntryId> QueueStore::add(std::span<const NewQueueEntry> entries)
{
    return change([&](SQLite::Database& db) {
        const std::int64_t now = nowMs();
        execute(db, "DELETE FROM queue_entry WHERE removed_at < ?1", now - keptRemovedMs);
        std::int64_t position = endPosition(db);
        std::vector<QueueEntryId> ids;
        SQLite::Statement insert{db, "INSERT INTO queue_entry (position, name, experiment, tags, settings, batch, recipe, added_at) "
                                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"};
        for (const NewQueueEntry& entry : entries) {
            SQLite::bind(insert, position++, entry.name, entry.experiment, nlohmann::json(entry.tags).dump(), toJson(entry.settings),
                         entry.batch, entry.recipeJson, now);
            insert.exec();
            insert.reset();
            ids.push_back(db.getLastInsertRowid());
        }
        return ids;
    });
}

std::vector<QueueEntryId> QueueStore::move(std::span<const QueueEntryId> entries, std::optional<QueueEntryId> before)
{
    return change([&](SQLite::Database& db) {
        struct Row {
            QueueEntryId id;
            bool waits;
        };
        std::vector<Row> rows;
        SQLite::Statement query{db, "SELECT id, state = 'waiting' AND removed_at IS NULL FROM queue_entry ORDER BY position, id"};
        while (query.executeStep())
            rows.push_back({query.getColumn(0).getInt64(), query.getColumn(1).getInt() != 0});
        std::vector<QueueEntryId> moved;
        std::unordered_set<QueueEntryId> taken;
        for (const QueueEntryId entry : entries) {
            const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.id == entry; });
            if (found != rows.end() && found->waits && taken.insert(entry).second)
                moved.push_back(entry);
        }
        // `before` may be among those that move: then they go before the next that stays.
        auto place = before ? std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.id == *before; }) : rows.end();
        while (place != rows.end() && taken.contains(place->id))
            ++place;
        std::vector<QueueEntryId> order;
        for (auto row = rows.begin(); row != rows.end(); ++row) {
            if (row == place)
                order.insert(order.end(), moved.begin(), moved.end());
            if (!taken.contains(row->id))
                order.push_back(row->id);
        }
        if (place == rows.end())
            order.insert(order.end(), moved.begin(), moved.end());
        std::int64_t position = 0;
        for (const QueueEntryId id : order)
            execute(db, "UPDATE queue_entry SET position = ?2 WHERE id = ?1", id, ++position);
        return moved;
    });
}

std::vector<QueueEntryId> QueueStore::remove(std::span<const QueueEntryId> entries)
{
    return change([&](SQLite::Database& db) {
        return changedBy(db, "UPDATE queue_entry SET removed_at = ?2 WHERE id = ?1 AND removed_at IS NULL AND state <> 'running'", entries);
    });
}

void QueueStore::giveBack(std::span<const QueueEntryId> entries)
{
    change([&](SQLite::Database& db) {
        for (const QueueEntryId entry : entries)
            execute(db, "UPDATE queue_entry SET removed_at = NULL WHERE id = ?1", entry);
    });
}

std::vector<QueueEntryId> QueueStore::retry(std::span<const QueueEntryId> entries)
{
    return change([&](SQLite::Database& db) {
        return changedBy(db,
                         "UPDATE queue_entry SET state = 'waiting', starts = 0, run = NULL, place = '', reason = '', hint = '', started_at = NULL, "
                         "ended_at = NULL, added_at = ?2, position = (SELECT max(position) + 1 FROM queue_entry) "
                         "WHERE id = ?1 AND removed_at IS NULL AND state IN ('failed', 'stopped')",
                         entries);
    });
}

std::optional<QueueEntry> QueueStore::claim(std::int64_t atOnce)
{
    // Looked at first without the lock: mostly there is nothing to claim, and other programs need not wait for that.
    const bool worthwhile = m_database->read([&](SQLite::Database& db) {
        SQLite::Statement query{db, "SELECT count(*) FILTER (WHERE state = 'running') < ?1 AND count(*) FILTER (WHERE state = 'waiting') > 0 "
                                    "AND (SELECT paused FROM queue) = 0 FROM queue_entry WHERE removed_at IS NULL"};
        SQLite::bind(query, atOnce);
        query.executeStep();
        return query.getColumn(0).getInt() != 0;
    });
    if (!worthwhile)
        return std::nullopt;
    return change([&](SQLite::Database& db) -> std::optional<QueueEntry> {
        SQLite::Statement query{db, "SELECT id FROM queue_entry WHERE state = 'waiting' AND removed_at IS NULL AND "
                                    "(SELECT count(*) FROM queue_entry WHERE state = 'running') < ?1 AND (SELECT paused FROM queue) = 0 "
                                    "ORDER BY position, id LIMIT 1"};
        SQLite::bind(query, atOnce);
        if (!query.executeStep())
            return std::nullopt;
        const QueueEntryId id = query.getColumn(0).getInt64();
        const ProcessOwner owner = thisProcess();
        execute(db,
                "UPDATE queue_entry SET state = 'running', starts = starts + 1, started_at = ?2, ended_at = NULL, owner_pid = ?3, "
                "owner_start = ?4, owner_boot = ?5 WHERE id = ?1",
                id, nowMs(), owner.pid, owner.startTicks, owner.bootId);
        SQLite::Statement row{db, selectEntry};
        SQLite::bind(row, id);
        row.executeStep();
        return entryFrom(row);
    });
}

void QueueStore::setRun(QueueEntryId entry, RunId run)
{
    change([&](SQLite::Database& db) { execute(db, "UPDATE queue_entry SET run = ?2 WHERE id = ?1", entry, run); });
}

void QueueStore::finish(QueueEntryId entry, QueueState state, const Problem& cause)
{
    if (state == QueueState::waiting || state == QueueState::running)
        throw std::invalid_argument{"an entry does not end as " + toString(state)};
    change([&](SQLite::Database& db) {
        execute(db, "UPDATE queue_entry SET state = ?2, place = ?3, reason = ?4, hint = ?5, ended_at = ?6 WHERE id = ?1 AND state = 'running'",
                entry, toString(state), cause.path, toJson(cause.message), toJson(cause.hint), nowMs());
    });
}

void QueueStore::release(QueueEntryId entry)
{
    change([&](SQLite::Database& db) {
        execute(db, "UPDATE queue_entry SET state = 'waiting', starts = starts - 1, started_at = NULL WHERE id = ?1 AND state = 'running'", entry);
    });
}

std::vector<QueueEntryId> QueueStore::takeBackOrphans()
{
    if (isReadOnly())
        return {};
    const std::vector<QueueEntryId> orphans = m_database->read([](SQLite::Database& db) {
        std::vector<QueueEntryId> entries;
        SQLite::Statement running{db, "SELECT id, owner_pid, owner_start, owner_boot FROM queue_entry WHERE state = 'running'"};
        while (running.executeStep())
            if (!isAlive({running.getColumn(1).getInt64(), running.getColumn(2).getInt64(), running.getColumn(3).getString()}))
                entries.push_back(running.getColumn(0).getInt64());
        return entries;
    });
    if (orphans.empty())
        return {};
    return change([&](SQLite::Database& db) {
        const std::string reason = toJson(text("Descent ended %1 times while this was trained", mostStarts));
        const std::string hint = toJson(text("it may need more memory than there is: try a smaller batch, or a smaller network"));
        std::vector<QueueEntryId> taken;
        for (const QueueEntryId entry : orphans) {
            // A run that ended is not trained again; only the word of its end did not reach the queue any more.
            int changed = execute(db,
                                  "UPDATE queue_entry SET state = CASE run.status WHEN 'completed' THEN 'done' ELSE 'failed' END, "
                                  "reason = run.reason, hint = run.hint, ended_at = run.ended_at FROM run "
                                  "WHERE queue_entry.id = ?1 AND queue_entry.state = 'running' AND run.id = queue_entry.run "
                                  "AND run.status IN ('completed', 'failed')",
                                  entry);
            if (changed == 0)
                changed = execute(db,
                                  "UPDATE queue_entry SET state = 'failed', reason = ?3, hint = ?4, ended_at = ?5 "
                                  "WHERE id = ?1 AND state = 'running' AND starts >= ?2",
                                  entry, mostStarts, reason, hint, nowMs());
            if (changed == 0)
                changed = execute(db, "UPDATE queue_entry SET state = 'waiting', started_at = NULL WHERE id = ?1 AND state = 'running'", entry);
            if (changed > 0)
                taken.push_back(entry);
        }
        return taken;
    });
}

}
