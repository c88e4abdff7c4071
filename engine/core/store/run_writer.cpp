// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_writer.h"

#include "engine/core/store/process_owner.h"
#include "engine/core/store/store_database.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace descent {

namespace {

constexpr const char* thumbnailSeries = "loss/train";
constexpr float none = 0;

}

RunWriter::RunWriter(SQLite::Database& database, RunId run)
    : m_database{database},
      m_run{run},
      m_points{database}
{
    SQLite::Statement row{database,
                          "SELECT epoch, step, seconds, thumbnail, thumbnail_stride, thumbnail_sum, thumbnail_count "
                          "FROM run WHERE id = ?1"};
    SQLite::bind(row, run);
    if (!row.executeStep())
        throw StoreError{text("run %1 is not in the history any more: it was deleted for good", run)};
    m_epoch = row.getColumn(0).getInt64();
    m_step = row.getColumn(1).getInt64();
    m_seconds = row.getColumn(2).getDouble();
    const SQLite::Column bins = row.getColumn(3);
    m_thumbnail.bins.resize(static_cast<std::size_t>(bins.getBytes()) / sizeof(float));
    if (!m_thumbnail.bins.empty())
        std::memcpy(m_thumbnail.bins.data(), bins.getBlob(), m_thumbnail.bins.size() * sizeof(float));
    m_thumbnail.stride = row.getColumn(4).getInt64();
    m_thumbnail.pendingSum = row.getColumn(5).getDouble();
    m_thumbnail.pendingCount = row.getColumn(6).getInt64();
}

void RunWriter::write(std::span<const RunEvent> events)
{
    for (const RunEvent& event : events)
        std::visit([this](const auto& value) { on(value); }, event);
}

RunWriter::Series& RunWriter::series(const std::string& name)
{
    if (const auto known = m_series.find(name); known != m_series.end())
        return known->second;
    SQLite::Statement insert{m_database, "INSERT INTO series (run, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING"};
    SQLite::bind(insert, m_run, name);
    insert.exec();
    SQLite::Statement select{m_database, "SELECT id, last_step, points - chunked FROM series WHERE run = ?1 AND name = ?2"};
    SQLite::bind(select, m_run, name);
    select.executeStep();
    Series found{.stored = {.id = select.getColumn(0).getInt64(), .rows = select.getColumn(2).getInt64()}};
    if (!select.getColumn(1).isNull())
        found.stored.lastStep = select.getColumn(1).getInt64();
    return m_series.emplace(name, std::move(found)).first->second;
}

void RunWriter::on(const MetricsLogged& event)
{
    Series* target = nullptr;
    const std::string* name = nullptr; // of it: in bulk, points of a series come one after another
    for (const MetricPoint& point : event.points) {
        if (!name || *name != point.series) {
            target = &series(point.series);
            name = &point.series;
        }
        target->fresh.push_back({point.step, point.value, point.seconds});
        m_step = std::max(m_step, point.step);
        m_seconds = std::max(m_seconds, point.seconds);
        if (point.series == thumbnailSeries)
            m_thumbnail.add(point.value);
    }
}

void RunWriter::on(const RunStarted&)
{
    const ProcessOwner owner = thisProcess(); // a resumed run has a new one
    SQLite::Statement update{m_database,
                             "UPDATE run SET status = 'running', ended_at = NULL, reason = '', hint = '', owner_pid = ?2, "
                             "owner_start = ?3, owner_boot = ?4 WHERE id = ?1"};
    SQLite::bind(update, m_run, owner.pid, owner.startTicks, owner.bootId);
    update.exec();
}

void RunWriter::on(const EpochFinished& event)
{
    m_epoch = event.epoch;
    m_step = std::max(m_step, event.step);
    for (const auto& [name, value] : event.metrics)
        m_lastOfEpoch.insert_or_assign(name, value);
    if (!event.best)
        return;
    auto best = event.metrics;
    best["epoch"] = static_cast<double>(event.epoch);
    writeSummary("best", best);
}

void RunWriter::on(const CheckpointWritten& event)
{
    if (event.best) {
        SQLite::Statement others{m_database, "UPDATE checkpoint SET best = 0 WHERE run = ?1"};
        SQLite::bind(others, m_run);
        others.exec();
    }
    SQLite::Statement upsert{m_database,
                             "INSERT INTO checkpoint (run, path, step, best, sha256, written_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
                             "ON CONFLICT (run, path) DO UPDATE SET step = excluded.step, best = excluded.best, "
                             "sha256 = excluded.sha256, written_at = excluded.written_at"};
    SQLite::bind(upsert, m_run, event.path, event.step, event.best ? 1 : 0, event.sha256, nowMs());
    upsert.exec();
    for (const std::string& path : event.removed) {
        SQLite::Statement remove{m_database, "DELETE FROM checkpoint WHERE run = ?1 AND path = ?2"};
        SQLite::bind(remove, m_run, path);
        remove.exec();
    }
}

void RunWriter::on(const Message& event)
{
    SQLite::Statement insert{m_database, "INSERT INTO message (run, severity, text, created_at) VALUES (?1, ?2, ?3, ?4)"};
    SQLite::bind(insert, m_run, event.severity == Message::Severity::warning ? "warning" : "information", toJson(event.text),
                 nowMs());
    insert.exec();
}

void RunWriter::on(const RunEnded& event)
{
    writeSummary("best", event.best);
    writeSummary("test", event.test);
    m_seconds = std::max(m_seconds, event.seconds);
    SQLite::Statement update{m_database, "UPDATE run SET status = ?2, reason = ?3, hint = ?4, ended_at = ?5 WHERE id = ?1"};
    SQLite::bind(update, m_run, toString(event.status), toJson(event.reason), toJson(event.hint), nowMs());
    update.exec();
}

void RunWriter::writeSummary(const char* part, const std::map<std::string, double>& values)
{
    SQLite::Statement upsert{m_database,
                             "INSERT INTO summary (run, part, name, value) VALUES (?1, ?2, ?3, ?4) "
                             "ON CONFLICT (run, part, name) DO UPDATE SET value = excluded.value"};
    for (const auto& [name, value] : values) {
        SQLite::bind(upsert, m_run, part, name);
        bindReal(upsert, 4, value);
        upsert.exec();
        upsert.reset();
    }
}

void RunWriter::rewind(const RunPlace& place)
{
    const auto run = [this](const char* sql, const auto&... values) {
        SQLite::Statement statement{m_database, sql};
        SQLite::bind(statement, m_run, values...);
        statement.exec();
    };
    std::vector<std::pair<std::int64_t, std::string>> all;
    SQLite::Statement each{m_database, "SELECT id, name FROM series WHERE run = ?1"};
    SQLite::bind(each, m_run);
    while (each.executeStep())
        all.emplace_back(each.getColumn(0).getInt64(), each.getColumn(1).getString());
    std::map<std::string, double> last;
    m_thumbnail = {};
    for (const auto& [id, name] : all) {
        const bool toldAgain = !place.judged && name.ends_with("/validation");
        m_points.forgetBehind(id, toldAgain ? place.step - 1 : place.step);
        const std::vector<SeriesPoint> left = m_points.points(id);
        if (!left.empty())
            last[name] = left.back().value;
        if (name == thumbnailSeries)
            for (const SeriesPoint& point : left)
                m_thumbnail.add(point.value);
    }
    run("DELETE FROM series WHERE run = ?1 AND points = 0");
    // The best so far is told again with the next better one, and at the run's end; a test figure only with the end.
    run("DELETE FROM summary WHERE run = ?1 AND (part IN ('last', 'test') OR (part = 'best' AND "
        "(SELECT value FROM summary WHERE run = ?1 AND part = 'best' AND name = 'epoch') > ?2))", place.epoch);
    writeSummary("last", last);
    m_step = place.step;
    m_epoch = std::max<std::int64_t>(0, place.epoch);
    m_seconds = place.seconds;
    finish();
}

void RunWriter::finish()
{
    std::map<std::string, double> last = m_lastOfEpoch;
    for (auto& [name, series] : m_series) {
        if (series.fresh.empty())
            continue;
        last.insert_or_assign(name, series.fresh.back().value);
        const auto added = static_cast<std::int64_t>(series.fresh.size());
        m_points.append(series.stored, std::exchange(series.fresh, {}));
        SQLite::Statement update{m_database, "UPDATE series SET last_step = ?2, points = points + ?3 WHERE id = ?1"};
        SQLite::bind(update, series.stored.id, *series.stored.lastStep, added);
        update.exec();
    }
    writeSummary("last", last);
    SQLite::Statement update{m_database,
                             "UPDATE run SET epoch = ?2, step = ?3, seconds = ?4, updated_at = ?5, thumbnail = ?6, "
                             "thumbnail_stride = ?7, thumbnail_sum = ?8, thumbnail_count = ?9 WHERE id = ?1"};
    SQLite::bind(update, m_run, m_epoch, m_step, m_seconds, nowMs());
    // A null pointer would bind NULL, so an empty thumbnail still points somewhere.
    const float* const bins = m_thumbnail.bins.empty() ? &none : m_thumbnail.bins.data();
    update.bind(6, bins, static_cast<int>(m_thumbnail.bins.size() * sizeof(float)));
    update.bind(7, m_thumbnail.stride);
    update.bind(8, m_thumbnail.pendingSum);
    update.bind(9, m_thumbnail.pendingCount);
    update.exec();
}

}
