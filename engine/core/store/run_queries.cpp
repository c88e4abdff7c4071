// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/point_store.h"
#include "engine/core/store/row_reader.h"
#include "engine/core/store/run_store.h"
#include "engine/core/store/store_database.h"
#include "engine/core/store/thumbnail.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string_view>

namespace descent {

namespace {

/// The columns of a run's row, in the order that readSummary() takes them.
const std::string selectRun =
    "SELECT run.id, experiment.name, run.name, status, dataset_name, dataset_kind, architecture, task, primary_metric, "
    "higher_is_better, parameter_count, run.created_at, ended_at, seconds, epoch, step, reason, hint, note, parent_run, "
    "start_name, start_sha256, starred, archived_at IS NOT NULL, color, trashed_at IS NOT NULL FROM run "
    "JOIN experiment ON experiment.id = run.experiment ";
constexpr int trashedColumn = 25;

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

RunSummary readSummary(const RowReader& row)
{
    RunSummary run;
    int column = 0;
    run.id = row.integer(column++);
    run.experiment = row.text(column++);
    run.name = row.text(column++);
    run.status = readStatus(row.text(column++));
    run.datasetName = row.text(column++);
    run.datasetKind = row.text(column++);
    run.architecture = row.text(column++);
    run.task = row.text(column++);
    run.primaryMetric = row.text(column++);
    run.higherIsBetter = row.integer(column++) != 0;
    run.parameterCount = row.integer(column++);
    run.createdAt = wallTime(row.integer(column++));
    if (!row.isNull(column))
        run.endedAt = wallTime(row.integer(column));
    run.seconds = row.real(++column);
    run.epoch = row.integer(++column);
    run.step = row.integer(++column);
    run.reason = textFromJson(std::string{row.text(++column)});
    run.hint = textFromJson(std::string{row.text(++column)});
    run.note = row.text(++column);
    if (!row.isNull(++column))
        run.parent = row.integer(column);
    run.startName = row.text(++column);
    run.startSha256 = row.text(++column);
    run.starred = row.integer(++column) != 0;
    run.archived = row.integer(++column) != 0;
    run.color = row.text(++column);
    return run;
}

Figures& partOf(RunSummary& run, std::string_view part)
{
    return part == "last" ? run.last : part == "best" ? run.best : run.test;
}

/// Figures and tags of `runs`, which are in the order of their numbers. `of`: what selects them among all, or nothing.
/// Two scans side by side: a query a run would be ten times slower at ten thousand runs.
void addFiguresAndTags(SQLite::Database& db, std::vector<RunSummary*> runs, const std::string& of = {})
{
    std::sort(runs.begin(), runs.end(), [](const RunSummary* left, const RunSummary* right) { return left->id < right->id; });
    // Values of one run lie together, in the order of the runs.
    const auto each = [&](const std::string& sql, auto&& take) {
        RowReader row{db, sql};
        auto run = runs.begin();
        while (row.next()) {
            const RunId id = row.integer(0);
            while (run != runs.end() && (*run)->id < id)
                ++run;
            if (run == runs.end())
                return;
            if ((*run)->id == id)
                take(**run, row);
        }
    };
    each("SELECT run, part, name, value FROM summary " + of + " ORDER BY run, part, name", [](RunSummary& run, const RowReader& row) {
        partOf(run, row.text(1)).set(row.text(2), row.real(3));
    });
    each("SELECT run, name FROM tag " + of + " ORDER BY run, name",
         [](RunSummary& run, const RowReader& row) { run.tags.emplace_back(row.text(1)); });
}

std::vector<RunSummary> readRuns(SQLite::Database& db, bool trashed)
{
    std::vector<RunSummary> runs;
    RowReader query{db, selectRun + fmt::format("WHERE (trashed_at IS NOT NULL) = {} ORDER BY run.created_at DESC, run.id DESC", trashed ? 1 : 0)};
    while (query.next())
        runs.push_back(readSummary(query));
    std::vector<RunSummary*> all;
    for (RunSummary& run : runs)
        all.push_back(&run);
    addFiguresAndTags(db, std::move(all));
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

RunChanges RunStore::changesSince(std::int64_t revision)
{
    markInterrupted();
    return m_database->read([revision](SQLite::Database& db) {
        RunChanges changes{.revision = db.execAndGet("SELECT coalesce(max(revision), 0) FROM run_change").getInt64()};
        if (changes.revision == revision)
            return changes;
        // Of a few changes each run is looked up; of all, the tables are read from first to last.
        const std::string changed = revision == 0 ? "" : fmt::format("(SELECT run FROM run_change WHERE revision > {})", revision);
        const auto those = [&](const char* column) { return changed.empty() ? std::string{} : fmt::format("WHERE {} IN {} ", column, changed); };
        std::vector<RunSummary*> all; // still being made
        RowReader query{db, selectRun + those("run.id") + "ORDER BY run.id"};
        while (query.next()) {
            auto run = std::make_shared<RunSummary>(readSummary(query));
            all.push_back(run.get());
            (query.integer(trashedColumn) == 0 ? changes.runs : changes.trash).push_back(std::move(run));
        }
        addFiguresAndTags(db, std::move(all), those("run"));
        if (revision != 0) { // a reader that begins knows of none
            SQLite::Statement gone{db, "SELECT run FROM run_change WHERE revision > ?1 AND run NOT IN (SELECT id FROM run) ORDER BY run"};
            SQLite::bind(gone, revision);
            while (gone.executeStep())
                changes.gone.push_back(gone.getColumn(0).getInt64());
        }
        return changes;
    });
}

std::map<RunId, std::string> RunStore::recipes(std::span<const RunId> runs)
{
    return m_database->read([runs](SQLite::Database& db) {
        std::map<RunId, std::string> recipes;
        SQLite::Statement one{db, "SELECT json FROM recipe WHERE run = ?1"};
        for (const RunId run : runs) {
            SQLite::bind(one, run);
            if (one.executeStep())
                recipes[run] = one.getColumn(0).getString();
            one.reset();
        }
        return recipes;
    });
}

RunThumbnails RunStore::thumbnails(std::span<const RunId> runs)
{
    return m_database->read([runs](SQLite::Database& db) {
        RunThumbnails thumbnails;
        SQLite::Statement one{db, "SELECT id, thumbnail, thumbnail_sum, thumbnail_count FROM run WHERE id = ?1"};
        for (const RunId run : runs) {
            SQLite::bind(one, run);
            if (one.executeStep())
                thumbnails[run] = readThumbnail(one.getColumn(1), one.getColumn(2).getDouble(), one.getColumn(3).getInt64());
            one.reset();
        }
        return thumbnails;
    });
}

std::optional<RunDetails> RunStore::run(RunId run)
{
    return m_database->read([run](SQLite::Database& db) -> std::optional<RunDetails> {
        RowReader query{db, selectRun + fmt::format("WHERE run.id = {}", run)};
        if (!query.next())
            return std::nullopt;
        RunDetails details{.summary = readSummary(query)};
        const auto each = [&](const char* sql, auto&& take) {
            SQLite::Statement row{db, sql};
            SQLite::bind(row, run);
            while (row.executeStep())
                take(row);
        };
        each("SELECT uuid FROM run WHERE id = ?1", [&](auto& row) { details.uuid = row.getColumn(0).getString(); });
        each("SELECT json FROM recipe WHERE run = ?1", [&](auto& row) { details.recipeJson = row.getColumn(0).getString(); });
        addFiguresAndTags(db, {&details.summary}, fmt::format("WHERE run = {}", run));
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

namespace {

/// $."training"."learningRate"; nothing where no setting has such a name.
std::optional<std::string> placeInJson(const std::string& path)
{
    if (path.find('"') != std::string::npos)
        return std::nullopt;
    std::string place = "$";
    constexpr std::string_view imported = "hparams."; // of another program: the rest is one name
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t dot = start > 0 && path.starts_with(imported) ? path.size() : std::min(path.find('.', start), path.size());
        place += ".\"" + path.substr(start, dot - start) + '"';
        start = dot + 1;
    }
    return place;
}

}

RunSettings RunStore::settings(const std::string& path, std::span<const RunId> runs)
{
    const bool whole = path == "recipe";
    const std::optional<std::string> place = placeInJson(path);
    if (!place)
        return {};
    return m_database->read([&](SQLite::Database& db) {
        RunSettings settings;
        // A Python script may have written what is no JSON.
        const std::string recipes = runs.empty() ? "recipe" : "(SELECT * FROM recipe WHERE run = ?2)";
        const std::string from = " FROM (SELECT run, CASE WHEN json_valid(json) THEN json ELSE '{}' END AS json FROM " + recipes + ")";
        SQLite::Statement row{db, whole ? "SELECT run, 'recipe', json_remove(json, '$.seed', '$.name', ?1)" + from
                                        : "SELECT run, json_type(json, ?1), json_extract(json, ?1)" + from};
        const auto readAll = [&] {
            while (row.executeStep()) {
                const RunId run = row.getColumn(0).getInt64();
                const std::string type = row.getColumn(1).getString(); // empty: it has none
                if (type == "integer" || type == "real")
                    settings[run] = row.getColumn(2).getDouble();
                else if (type == "true" || type == "false" || type == "text")
                    settings[run] = type == "text" ? row.getColumn(2).getString() : type;
                else if (whole)
                    settings[run] = fmt::format("{:015x}", std::hash<std::string_view>{}(row.getColumn(2).getText()) >> 4);
            }
        };
        row.bind(1, whole ? "$.nothing" : *place);
        if (runs.empty())
            readAll();
        for (const RunId run : runs) {
            row.bind(2, run);
            readAll();
            row.reset();
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

std::map<std::string, SeriesExtent> RunStore::extents(RunId run)
{
    return m_database->read([run](SQLite::Database& db) {
        std::map<std::string, SeriesExtent> extents;
        SQLite::Statement row{db, "SELECT id, name, points FROM series WHERE run = ?1 AND points > 0"};
        SQLite::bind(row, run);
        while (row.executeStep())
            if (const auto ends = PointStore{db}.ends(row.getColumn(0).getInt64()))
                extents.emplace(row.getColumn(1).getString(),
                                SeriesExtent{static_cast<std::uint64_t>(row.getColumn(2).getInt64()), ends->first, ends->second});
        return extents;
    });
}

void RunStore::visit(RunId run, const std::string& series, SeriesVisitor& visitor, std::uint64_t from)
{
    m_database->read([&](SQLite::Database& db) {
        if (const std::optional<std::int64_t> id = seriesId(db, run, series))
            PointStore{db}.visit(*id, visitor, from);
        return true;
    });
}

}
