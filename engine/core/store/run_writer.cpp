// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_writer.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace descent {

namespace {

constexpr std::size_t thumbnailLength = 64;
constexpr const char* thumbnailSeries = "loss/train";

std::int64_t nowMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// NaN is NULL in the database, and NULL is NaN when it is read.
void bindReal(SQLite::Statement& statement, int index, double value)
{
    if (std::isnan(value))
        statement.bind(index);
    else
        statement.bind(index, value);
}

}

std::string textToJson(const Text& text)
{
    if (text.empty())
        return {};
    return nlohmann::json{{"source", text.source}, {"arguments", text.arguments}}.dump(-1, ' ', false,
                                                                                       nlohmann::json::error_handler_t::replace);
}

Text textFromJson(const std::string& json)
{
    const auto parsed = nlohmann::json::parse(json, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("source") || !parsed["source"].is_string())
        return json.empty() ? Text{} : Text{"%1", {json}};
    Text text{parsed["source"].get<std::string>(), {}};
    if (parsed.contains("arguments") && parsed["arguments"].is_array())
        for (const auto& argument : parsed["arguments"])
            text.arguments.push_back(argument.is_string() ? argument.get<std::string>() : argument.dump());
    return text;
}

RunWriter::RunWriter(SQLite::Database& database, std::int64_t run) : m_database{database}, m_run{run}
{
    m_insertPoint = std::make_unique<SQLite::Statement>(
        database, "INSERT INTO point (series, step, seq, value, seconds) VALUES (?1, ?2, ?3, ?4, ?5)");
}

RunWriter::~RunWriter() = default;

void RunWriter::write(std::span<const RunEvent> events)
{
    SQLite::Transaction transaction{m_database, SQLite::TransactionBehavior::IMMEDIATE};
    for (const RunEvent& event : events)
        std::visit([this](const auto& value) { on(value); }, event);
    writeProgress();
    transaction.commit();
}

RunWriter::Series& RunWriter::series(const std::string& name)
{
    const auto known = m_series.find(name);
    if (known != m_series.end())
        return known->second;
    SQLite::Statement insert{m_database, "INSERT INTO series (run, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING"};
    SQLite::bind(insert, m_run, name);
    insert.exec();
    SQLite::Statement select{m_database, "SELECT id FROM series WHERE run = ?1 AND name = ?2"};
    SQLite::bind(select, m_run, name);
    select.executeStep();
    Series fresh{.id = select.getColumn(0).getInt64()};
    SQLite::Statement end{m_database,
                          "SELECT step, max(seq) FROM point WHERE series = ?1 GROUP BY step ORDER BY step DESC LIMIT 1"};
    SQLite::bind(end, fresh.id);
    if (end.executeStep()) {
        fresh.lastStep = end.getColumn(0).getInt64();
        fresh.nextSeq = end.getColumn(1).getInt64() + 1;
    }
    return m_series.emplace(name, fresh).first->second;
}

void RunWriter::writePoint(const MetricPoint& point)
{
    Series& target = series(point.series);
    std::int64_t seq = point.step == target.lastStep ? target.nextSeq : 0;
    if (point.step < target.lastStep) { // a resumed run comes by this step again
        SQLite::Statement taken{m_database, "SELECT coalesce(max(seq), -1) + 1 FROM point WHERE series = ?1 AND step = ?2"};
        SQLite::bind(taken, target.id, point.step);
        taken.executeStep();
        seq = taken.getColumn(0).getInt64();
    }
    m_insertPoint->bind(1, target.id);
    m_insertPoint->bind(2, point.step);
    m_insertPoint->bind(3, seq);
    bindReal(*m_insertPoint, 4, point.value);
    m_insertPoint->bind(5, point.seconds);
    m_insertPoint->exec();
    m_insertPoint->reset();
    target.lastStep = point.step;
    target.nextSeq = seq + 1;
    target.last = point.value;
    target.changed = true;
    m_step = std::max(m_step, point.step);
    m_seconds = std::max(m_seconds, point.seconds);
    if (point.series == thumbnailSeries)
        addToThumbnail(point.value);
}

void RunWriter::addToThumbnail(double value)
{
    if (!std::isfinite(value))
        return;
    m_thumbnailSum += value;
    if (++m_thumbnailPending < m_thumbnailStride)
        return;
    m_thumbnail.push_back(static_cast<float>(m_thumbnailSum / static_cast<double>(m_thumbnailPending)));
    m_thumbnailSum = 0;
    m_thumbnailPending = 0;
    if (m_thumbnail.size() < 2 * thumbnailLength)
        return;
    for (std::size_t i = 0; i < thumbnailLength; ++i)
        m_thumbnail[i] = (m_thumbnail[2 * i] + m_thumbnail[2 * i + 1]) / 2;
    m_thumbnail.resize(thumbnailLength);
    m_thumbnailStride *= 2;
}

void RunWriter::writeSummary(const std::string& kind, const std::map<std::string, double>& values)
{
    for (const auto& [name, value] : values) {
        SQLite::Statement upsert{m_database,
                                 "INSERT INTO summary (run, kind, name, value) VALUES (?1, ?2, ?3, ?4) "
                                 "ON CONFLICT (run, kind, name) DO UPDATE SET value = excluded.value"};
        upsert.bind(1, m_run);
        upsert.bind(2, kind);
        upsert.bind(3, name);
        bindReal(upsert, 4, value);
        upsert.exec();
    }
}

void RunWriter::writeProgress()
{
    std::map<std::string, double> last;
    for (auto& [name, one] : m_series)
        if (std::exchange(one.changed, false))
            last[name] = one.last;
    writeSummary("last", last);
    SQLite::Statement update{m_database,
                             "UPDATE run SET epoch = max(epoch, ?1), step = max(step, ?2), seconds = max(seconds, ?3), "
                             "thumbnail = coalesce(?4, thumbnail) WHERE id = ?5"};
    update.bind(1, m_epoch);
    update.bind(2, m_step);
    update.bind(3, m_seconds);
    if (m_thumbnail.empty())
        update.bind(4);
    else
        update.bindNoCopy(4, m_thumbnail.data(), static_cast<int>(m_thumbnail.size() * sizeof(float)));
    update.bind(5, m_run);
    update.exec();
}

void RunWriter::on(const RunStarted&)
{
    SQLite::Statement update{m_database, "UPDATE run SET status = 'running' WHERE id = ?1"};
    SQLite::bind(update, m_run);
    update.exec();
}

void RunWriter::on(const MetricsLogged& event)
{
    for (const MetricPoint& point : event.points)
        writePoint(point);
}

void RunWriter::on(const EpochFinished& event)
{
    m_epoch = event.epoch;
    if (!event.best)
        return;
    std::map<std::string, double> best = event.metrics;
    best["epoch"] = static_cast<double>(event.epoch);
    writeSummary("best", best);
}

void RunWriter::on(const CheckpointWritten& event)
{
    SQLite::Statement upsert{
        m_database,
        "INSERT INTO checkpoint (run, path, step, best, sha256) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT (run, path) DO UPDATE SET step = excluded.step, best = excluded.best, sha256 = excluded.sha256"};
    SQLite::bind(upsert, m_run, event.path, event.step, event.best ? 1 : 0, event.sha256);
    upsert.exec();
}

void RunWriter::on(const Message& event)
{
    SQLite::Statement insert{m_database, "INSERT INTO message (run, warning, text) VALUES (?1, ?2, ?3)"};
    SQLite::bind(insert, m_run, event.severity == Message::Severity::warning ? 1 : 0, textToJson(event.text));
    insert.exec();
}

void RunWriter::on(const RunEnded& event)
{
    writeSummary("best", event.best);
    writeSummary("test", event.test);
    m_seconds = std::max(m_seconds, event.seconds);
    SQLite::Statement update{m_database, "UPDATE run SET status = ?1, reason = ?2, hint = ?3, ended_ms = ?4 WHERE id = ?5"};
    SQLite::bind(update, toString(event.status), textToJson(event.reason), textToJson(event.hint), nowMs(), m_run);
    update.exec();
}

}
