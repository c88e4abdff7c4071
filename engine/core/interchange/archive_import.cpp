// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/interchange/archive.h"
#include "engine/core/interchange/archive_file.h"
#include "engine/core/interchange/archive_rows.h"
#include "engine/core/store/experiments.h"
#include "engine/core/store/store_database.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace descent {

namespace fs = std::filesystem;

namespace {

struct ArchivedRun {
    RunId there = 0;
    std::string uuid;
    std::optional<RunId> here; ///< its copy
    bool hasGoneOn = false;    ///< since that was taken, and nobody has trained the copy on
    bool isTaken() const { return !here || hasGoneOn; }
};

std::vector<ArchivedRun> runsIn(SQLite::Database& archive, SQLite::Database& history)
{
    constexpr char points[] = "(SELECT coalesce(sum(points), 0) FROM series WHERE series.run = run.id)";
    std::vector<ArchivedRun> runs;
    SQLite::Statement row{archive, std::string{"SELECT id, uuid, status, "} + points + " FROM run ORDER BY id"};
    // A copy has no owner until a training here goes on from it.
    SQLite::Statement copy{history, std::string{"SELECT id, status, owner_boot = '' AND trashed_at IS NULL, "} + points + " FROM run WHERE uuid = ?1 AND uuid <> ''"};
    while (row.executeStep()) {
        ArchivedRun& run = runs.emplace_back(ArchivedRun{.there = row.getColumn(0).getInt64(), .uuid = row.getColumn(1).getString()});
        if (run.uuid.empty())
            throw DescentError{text("it is damaged: a run has no identity")};
        copy.reset();
        SQLite::bind(copy, run.uuid);
        if (!copy.executeStep())
            continue;
        run.here = copy.getColumn(0).getInt64();
        const std::int64_t theirs = row.getColumn(3).getInt64(), ours = copy.getColumn(3).getInt64();
        const std::string status = copy.getColumn(1).getString();
        const bool hasEnded = status == "interrupted" && row.getColumn(2).getString() != status;
        run.hasGoneOn = copy.getColumn(2).getInt() != 0 && (theirs > ours || (theirs == ours && hasEnded));
    }
    return runs;
}

ArchiveReport countsOf(const std::vector<ArchivedRun>& runs)
{
    return {.runs = static_cast<std::int64_t>(runs.size()),
            .newRuns = std::ranges::count_if(runs, [](const ArchivedRun& run) { return !run.here; }),
            .updatedRuns = std::ranges::count_if(runs, &ArchivedRun::hasGoneOn)};
}

/// What a person has made of the copy goes over to the run that takes its place. Inside a transaction.
void takePlaceOf(SQLite::Database& db, RunId copy, RunId run)
{
    execute(db, "UPDATE run SET (name, experiment, starred, archived_at, color) = (SELECT name, experiment, starred, archived_at, color FROM run WHERE id = ?2) WHERE id = ?1", run, copy);
    execute(db, "UPDATE run SET note = (SELECT note FROM run WHERE id = ?2) WHERE id = ?1 AND (SELECT note FROM run WHERE id = ?2) <> ''", run, copy);
    execute(db, "INSERT INTO tag (run, name) SELECT ?1, name FROM tag WHERE run = ?2 ON CONFLICT DO NOTHING", run, copy);
    execute(db, "UPDATE run SET parent_run = ?1 WHERE parent_run = ?2", run, copy);
    execute(db, "DELETE FROM run WHERE id = ?1", copy);
}

/// Reads everything once, so that nothing is changed by an archive that is not whole.
void checkAll(SQLite::Database& archive, const std::vector<archive_file::Entry>& files, const std::function<void(std::size_t)>& took)
{
    SQLite::Statement digest{archive, "SELECT value FROM archive WHERE name = 'digest'"};
    if (!digest.executeStep() || digest.getColumn(0).getString() != digestOfRows(archive))
        throw DescentError{text("it is damaged: its rows are not what was written")};
    std::map<std::pair<RunId, std::string>, std::string> checkpoints;
    SQLite::Statement row{archive, "SELECT run, path, sha256 FROM checkpoint"};
    while (row.executeStep()) {
        const std::string path = row.getColumn(1).getString();
        if (!archive_file::isInside(path))
            throw DescentError{text("\"%1\" in it is no path inside a run's folder", path)};
        checkpoints[{row.getColumn(0).getInt64(), path}] = row.getColumn(2).getString();
    }
    for (const archive_file::Entry& file : files) {
        if (!archive_file::isInside(file.path))
            throw DescentError{text("\"%1\" in it is no path inside a run's folder", file.path)};
        archive_file::read(archive, file, [&](std::span<const std::byte> part) { took(part.size()); });
        const auto checkpoint = checkpoints.find({file.run, file.path});
        if (checkpoint != checkpoints.end() && !checkpoint->second.empty() && checkpoint->second != file.sha256)
            throw DescentError{text("the checkpoint \"%1\" in it is not the one that the run wrote", file.path)};
    }
}

/// Numbers that no run gets any more. Committed before the folders are made: a kill leaves folders that nobody takes for his own.
RunId reserveNumbers(StoreDatabase& history, std::int64_t count)
{
    return history.write([count](SQLite::Database& db) {
        execute(db, "INSERT INTO sqlite_sequence (name, seq) SELECT 'run', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'run')");
        const RunId last = db.execAndGet("SELECT seq FROM sqlite_sequence WHERE name = 'run'").getInt64();
        execute(db, "UPDATE sqlite_sequence SET seq = seq + ?1 WHERE name = 'run'", count);
        return last + 1;
    });
}

void requireRoom(const fs::path& folder, std::int64_t bytes)
{
    std::error_code error;
    const fs::space_info space = fs::space(folder, error);
    if (!error && space.available < static_cast<std::uintmax_t>(bytes))
        throw StoreError{text("%1 has no room for %2 bytes of checkpoints: free some space", folder.string(), bytes), StoreError::Cause::full};
}

void extract(SQLite::Database& archive, const archive_file::Entry& entry, const fs::path& folder, const std::function<void(std::size_t)>& took)
{
    const fs::path path = folder / entry.path;
    fs::create_directories(path.parent_path());
    AtomicFile out{path};
    archive_file::read(archive, entry, [&](std::span<const std::byte> part) {
        out.write(part);
        took(part.size());
    });
    out.commit();
}

ArchiveReport take(RunStore& store, SQLite::Database& archive, const std::stop_token& stop, const std::function<void(double)>& progress)
{
    const SQLite::Transaction snapshot{archive};
    const fs::path folder = store.runFolder(0).parent_path().parent_path();
    StoreDatabase history{folder};
    std::vector<archive_file::Entry> files = archive_file::entries(archive);
    std::int64_t all = 1, done = 0;
    for (const archive_file::Entry& file : files)
        all += 2 * std::max<std::int64_t>(0, file.size); // read, then written
    const auto took = [&](std::size_t bytes) {
        if (stop.stop_requested())
            throw Cancelled{};
        done += static_cast<std::int64_t>(bytes);
        if (progress)
            progress(static_cast<double>(done) / static_cast<double>(all));
    };
    checkAll(archive, files, took);

    std::vector<ArchivedRun> runs = history.read([&](SQLite::Database& db) { return runsIn(archive, db); });
    ArchiveReport report = countsOf(runs);
    std::erase_if(runs, [](const ArchivedRun& run) { return !run.isTaken(); });
    if (runs.empty())
        return report;
    requireRoom(folder, all / 2);
    std::map<RunId, RunId> numbers;
    RunId next = reserveNumbers(history, static_cast<std::int64_t>(runs.size()));
    for (const ArchivedRun& run : runs) {
        report.imported.push_back(next);
        numbers[run.there] = next++;
    }
    try {
        for (const auto& [there, here] : numbers)
            fs::create_directories(store.runFolder(here));
        for (const archive_file::Entry& file : files)
            if (const auto run = numbers.find(file.run); run != numbers.end()) {
                extract(archive, file, store.runFolder(run->second), took);
                ++report.files;
            }
        history.write(
            [&](SQLite::Database& db) {
                for (const ArchivedRun& run : runs) {
                    const RunId here = numbers.at(run.there);
                    if (run.here)
                        execute(db, "UPDATE run SET uuid = '' WHERE id = ?1", *run.here); // two cannot have it
                    copyRun(archive, run.there, db, here);
                    if (run.here)
                        takePlaceOf(db, *run.here, here);
                    SQLite::Statement points{db, "SELECT coalesce(sum(points), 0) FROM series WHERE run = ?1"};
                    SQLite::bind(points, here);
                    points.executeStep();
                    report.points += points.getColumn(0).getInt64();
                }
                SQLite::Statement parent{archive, "SELECT run, uuid FROM archive_parent"};
                while (parent.executeStep())
                    if (const auto run = numbers.find(parent.getColumn(0).getInt64()); run != numbers.end())
                        execute(db, "UPDATE run SET parent_run = (SELECT id FROM run WHERE uuid = ?2) WHERE id = ?1", run->second, parent.getColumn(1).getString());
                forgetEmptyExperiments(db);
            },
            StoreDatabase::Durability::powerLoss);
    } catch (...) {
        std::error_code ignored;
        for (const auto& [there, here] : numbers)
            fs::remove_all(store.runFolder(here), ignored);
        throw;
    }
    std::error_code ignored;
    for (const ArchivedRun& run : runs)
        if (run.here)
            fs::remove_all(store.runFolder(*run.here), ignored); // a kill before leaves files that nobody names
    return report;
}

/// `action(archive)`; what is wrong with it is said of the file.
template <typename Action>
ArchiveReport withArchive(const fs::path& file, Action action)
{
    try {
        SQLite::Database archive = archive_file::open(file);
        ArchiveReport report = action(archive);
        report.bytes = static_cast<std::int64_t>(fs::file_size(file));
        return report;
    } catch (const StoreError&) {
        throw;
    } catch (const SQLite::Exception& error) {
        throw DescentError{text("%1 is damaged, or no archive of Descent: %2", file.string(), error.what())};
    } catch (const DescentError& error) {
        if (english(error.message()).find(file.string()) != std::string::npos)
            throw;
        throw DescentError{text("%1 was not imported: %2", file.string(), english(error.message()))};
    } catch (const fs::filesystem_error& error) {
        throw DescentError{text("%1 was not imported: %2", file.string(), error.what())};
    }
}

}

ArchiveReport importArchive(RunStore& store, const fs::path& file, const std::stop_token& stop, const std::function<void(double)>& progress)
{
    return withArchive(file, [&](SQLite::Database& archive) { return take(store, archive, stop, progress); });
}

ArchiveReport lookIntoArchive(RunStore& store, const fs::path& file)
{
    return withArchive(file, [&](SQLite::Database& archive) {
        StoreDatabase history{store.runFolder(0).parent_path().parent_path()};
        const std::vector<ArchivedRun> runs = history.read([&](SQLite::Database& db) { return runsIn(archive, db); });
        ArchiveReport report = countsOf(runs);
        report.points = archive.execAndGet("SELECT coalesce(sum(points), 0) FROM series").getInt64();
        report.files = archive.execAndGet("SELECT count(*) FROM archive_file").getInt64();
        return report;
    });
}

}
