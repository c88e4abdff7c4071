// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/point_store.h"
#include "engine/core/store/run_store.h"
#include "engine/core/store/store_database.h"
#include "engine/core/store/thumbnail.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

namespace descent {

namespace {

/// The columns of a run's row, in the order that readSummary() takes them.
const std::string selectRun =
    "SELECT run.id, experiment.name, run.name, status, dataset_name, dataset_kind, architecture, task, primary_metric, "
    "higher_is_better, parameter_count, run.created_at, ended_at, seconds, epoch, step, reason, hint, note, parent_run, "
    "start_name, start_sha256, thumbnail, thumbnail_sum, thumbnail_count FROM run JOIN experiment ON experiment.id = run.experiment ";

std::vector<float> readThumbnail(const SQLite::Column& bins, double pendingSum, std::int64_t pendingCount)
{
    Thumbnail thumbnail{.pendingSum = pendingSum, .pendingCount = pendingCount};
    thumbnail.bins.resize(static_cast<std::size_t>(bins.getBytes()) / sizeof(float));
    if (!thumbnail.bins.empty())
        std::memcpy(thumbnail.bins.data(), bins.getBlob(), thumbnail.bins.size() * sizeof(float));
    return thumbnail.values();
}

/// A status that only a newer program knows must not hide the whole history.
RunStatus readStatus(std::string_view name)
{
    try {
        return runStatusFromString(name);
    } catch (const std::invalid_argument&) {
        return RunStatus::interrupted;
    }
}

RunSummary readSummary(SQLite::Statement& row)
{
    RunSummary run;
    int column = 0;
    run.id = row.getColumn(column++).getInt64();
    run.experiment = row.getColumn(column++).getString();
    run.name = row.getColumn(column++).getString();
    run.status = readStatus(row.getColumn(column++).getText());
    run.datasetName = row.getColumn(column++).getString();
    run.datasetKind = row.getColumn(column++).getString();
    run.architecture = row.getColumn(column++).getString();
    run.task = row.getColumn(column++).getString();
    run.primaryMetric = row.getColumn(column++).getString();
    run.higherIsBetter = row.getColumn(column++).getInt() != 0;
    run.parameterCount = row.getColumn(column++).getInt64();
    run.createdAt = wallTime(row.getColumn(column++).getInt64());
    if (const SQLite::Column ended = row.getColumn(column++); !ended.isNull())
        run.endedAt = wallTime(ended.getInt64());
    run.seconds = row.getColumn(column++).getDouble();
    run.epoch = row.getColumn(column++).getInt64();
    run.step = row.getColumn(column++).getInt64();
    run.reason = textFromJson(row.getColumn(column++).getString());
    run.hint = textFromJson(row.getColumn(column++).getString());
    run.note = row.getColumn(column++).getString();
    if (const SQLite::Column parent = row.getColumn(column++); !parent.isNull())
        run.parent = parent.getInt64();
    run.startName = row.getColumn(column++).getString();
    run.startSha256 = row.getColumn(column++).getString();
    run.thumbnail =
        readThumbnail(row.getColumn(column), row.getColumn(column + 1).getDouble(), row.getColumn(column + 2).getInt64());
    return run;
}

/// Takes a row of (part, name, value) of the summary table, from `column` on.
void addSummaryValue(RunSummary& run, SQLite::Statement& row, int column)
{
    const std::string_view part = row.getColumn(column).getText();
    auto& values = part == "last" ? run.last : part == "best" ? run.best : run.test;
    values.emplace_hint(values.end(), row.getColumn(column + 1).getText(), readReal(row.getColumn(column + 2)));
}

/// Three scans, each of one table: a query per run would be ten times slower at ten thousand runs.
std::vector<RunSummary> readRuns(SQLite::Database& db, bool trashed)
{
    std::vector<RunSummary> runs;
    std::unordered_map<RunId, std::size_t> placeOf;
    SQLite::Statement query{db, selectRun + "WHERE (trashed_at IS NOT NULL) = ?1 ORDER BY run.created_at DESC, run.id DESC"};
    SQLite::bind(query, trashed ? 1 : 0);
    while (query.executeStep()) {
        runs.push_back(readSummary(query));
        placeOf.emplace(runs.back().id, runs.size() - 1);
    }
    SQLite::Statement values{db, "SELECT run, part, name, value FROM summary"};
    while (values.executeStep())
        if (const auto place = placeOf.find(values.getColumn(0).getInt64()); place != placeOf.end())
            addSummaryValue(runs[place->second], values, 1);
    SQLite::Statement tags{db, "SELECT run, name FROM tag"};
    while (tags.executeStep())
        if (const auto place = placeOf.find(tags.getColumn(0).getInt64()); place != placeOf.end())
            runs[place->second].tags.push_back(tags.getColumn(1).getString());
    return runs;
}

std::optional<std::int64_t> seriesId(SQLite::Database& db, RunId run, const std::string& name)
{
    SQLite::Statement row{db, "SELECT id FROM series WHERE run = ?1 AND name = ?2"};
    SQLite::bind(row, run, name);
    return row.executeStep() ? std::optional{row.getColumn(0).getInt64()} : std::nullopt;
}

}

std::vector<RunSummary> RunStore::runs()
{
    markInterrupted(); // another program's run may have been killed since this store was opened
    return m_database->read([](SQLite::Database& db) { return readRuns(db, false); });
}

std::vector<RunSummary> RunStore::trash()
{
    return m_database->read([](SQLite::Database& db) { return readRuns(db, true); });
}

std::optional<RunDetails> RunStore::run(RunId run)
{
    return m_database->read([run](SQLite::Database& db) -> std::optional<RunDetails> {
        SQLite::Statement query{db, selectRun + "WHERE run.id = ?1"};
        SQLite::bind(query, run);
        if (!query.executeStep())
            return std::nullopt;
        RunDetails details{.summary = readSummary(query)};
        const auto each = [&](const char* sql, auto&& take) {
            SQLite::Statement row{db, sql};
            SQLite::bind(row, run);
            while (row.executeStep())
                take(row);
        };
        each("SELECT json FROM recipe WHERE run = ?1", [&](auto& row) { details.recipeJson = row.getColumn(0).getString(); });
        each("SELECT part, name, value FROM summary WHERE run = ?1",
             [&](auto& row) { addSummaryValue(details.summary, row, 0); });
        each("SELECT name FROM tag WHERE run = ?1",
             [&](auto& row) { details.summary.tags.push_back(row.getColumn(0).getString()); });
        each("SELECT name, value FROM environment WHERE run = ?1",
             [&](auto& row) { details.environment[row.getColumn(0).getString()] = row.getColumn(1).getString(); });
        each("SELECT path, step, best, sha256 FROM checkpoint WHERE run = ?1 ORDER BY step, path", [&](auto& row) {
            details.checkpoints.push_back({row.getColumn(0).getString(), row.getColumn(1).getInt64(),
                                           row.getColumn(2).getInt() != 0, row.getColumn(3).getString()});
        });
        each("SELECT name FROM series WHERE run = ?1 ORDER BY name",
             [&](auto& row) { details.series.push_back(row.getColumn(0).getString()); });
        each("SELECT severity, text FROM message WHERE run = ?1 ORDER BY id", [&](auto& row) {
            const bool warning = std::string_view{row.getColumn(0).getText()} == "warning";
            details.messages.push_back({warning ? Message::Severity::warning : Message::Severity::information,
                                        textFromJson(row.getColumn(1).getString())});
        });
        return details;
    });
}

std::optional<ImportedRun> RunStore::importedRun(const std::string& from)
{
    return m_database->read([&](SQLite::Database& db) -> std::optional<ImportedRun> {
        SQLite::Statement row{db,
                              "SELECT run.id, run.created_at FROM environment JOIN run ON run.id = environment.run "
                              "WHERE environment.name = ?1 AND environment.value = ?2 AND trashed_at IS NULL"};
        SQLite::bind(row, importedFrom, from);
        if (!row.executeStep())
            return std::nullopt;
        ImportedRun run{.run = row.getColumn(0).getInt64(), .createdAt = wallTime(row.getColumn(1).getInt64())};
        SQLite::Statement series{db, "SELECT name, points FROM series WHERE run = ?1"};
        SQLite::bind(series, run.run);
        while (series.executeStep())
            run.points[series.getColumn(0).getString()] = series.getColumn(1).getInt64();
        return run;
    });
}

RunSettings RunStore::settings(const std::string& path)
{
    std::string inJson = "$"; // $."training"."learningRate"
    constexpr std::string_view imported = "hparams."; // of another program: the rest is one name
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t dot = start > 0 && path.starts_with(imported) ? path.size() : std::min(path.find('.', start), path.size());
        inJson += ".\"" + path.substr(start, dot - start) + '"';
        start = dot + 1;
    }
    if (path.find('"') != std::string::npos)
        return {}; // no setting has one
    return m_database->read([&](SQLite::Database& db) {
        RunSettings settings;
        SQLite::Statement row{db,
                              "SELECT run, json_type(json, ?1), json_extract(json, ?1) FROM "
                              "(SELECT run, CASE WHEN json_valid(json) THEN json ELSE '{}' END AS json FROM recipe)"};
        SQLite::bind(row, inJson);
        while (row.executeStep()) {
            const std::string type = row.getColumn(1).getString(); // empty: it has none
            if (type == "integer" || type == "real")
                settings[row.getColumn(0).getInt64()] = row.getColumn(2).getDouble();
            else if (type == "true" || type == "false" || type == "text")
                settings[row.getColumn(0).getInt64()] = type == "text" ? row.getColumn(2).getString() : type;
        }
        return settings;
    });
}

std::vector<SeriesPoint> RunStore::points(RunId run, const std::string& series)
{
    return m_database->read([&](SQLite::Database& db) {
        const std::optional<std::int64_t> id = seriesId(db, run, series);
        return id ? PointStore{db}.points(*id) : std::vector<SeriesPoint>{};
    });
}

std::vector<SeriesPoint> RunStore::curve(RunId run, const std::string& series, const CurveColumns& columns)
{
    return m_database->read([&](SQLite::Database& db) {
        const std::optional<std::int64_t> id = seriesId(db, run, series);
        return id ? PointStore{db}.curve(*id, columns) : std::vector<SeriesPoint>{};
    });
}

}
