// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/archive.h"

#include "engine/core/base/files.h"
#include "engine/core/interchange/archive_file.h"
#include "engine/core/interchange/archive_rows.h"
#include "engine/core/store/store_database.h"

#include <algorithm>
#include <map>

namespace descent {

namespace fs = std::filesystem;

namespace {

fs::path folderOf(const RunStore& store)
{
    return store.runFolder(0).parent_path().parent_path();
}

/// Files of a run's folder by their path there, with their sizes. A run that is under way may take one away meanwhile.
std::map<std::string, std::uint64_t> filesOf(const fs::path& folder)
{
    std::map<std::string, std::uint64_t> files;
    std::error_code error;
    for (fs::recursive_directory_iterator entry{folder, error}; !error && entry != fs::recursive_directory_iterator{}; entry.increment(error)) {
        std::error_code ignored;
        const std::string path = entry->path().lexically_relative(folder).generic_string();
        if (!entry->is_symlink(ignored) && entry->is_regular_file(ignored) && !path.ends_with(".tmp") && archive_file::isInside(path))
            files[path] = entry->file_size(ignored);
    }
    return files;
}

std::map<std::string, std::string> checkpointsOf(SQLite::Database& database, RunId run)
{
    std::map<std::string, std::string> hashes;
    SQLite::Statement row{database, "SELECT path, sha256 FROM checkpoint WHERE run = ?1"};
    SQLite::bind(row, run);
    while (row.executeStep())
        hashes[row.getColumn(0).getString()] = row.getColumn(1).getString();
    return hashes;
}

void addParent(SQLite::Database& history, RunId run, SQLite::Database& archive)
{
    SQLite::Statement parent{history, "SELECT parent.uuid FROM run JOIN run AS parent ON parent.id = run.parent_run WHERE run.id = ?1 AND parent.uuid <> ''"};
    SQLite::bind(parent, run);
    if (parent.executeStep())
        execute(archive, "INSERT INTO archive_parent (run, uuid) VALUES (?1, ?2)", run, parent.getColumn(0).getString());
}

}

ArchiveReport exportArchive(RunStore& store, std::span<const RunId> runs, const fs::path& file, const ArchiveOptions& options, const std::stop_token& stop,
                            const std::function<void(double)>& progress)
{
    const fs::path temporary = file.string() + ".part";
    std::error_code ignored;
    fs::remove(temporary, ignored);
    ArchiveReport report{.runs = static_cast<std::int64_t>(runs.size())};
    std::map<RunId, std::map<std::string, std::uint64_t>> files;
    std::uint64_t all = 1, done = 0;
    for (const RunId run : runs)
        if (options.files)
            for (const auto& [path, size] : files[run] = filesOf(store.runFolder(run)))
                all += size;
    const auto took = [&](std::size_t bytes) {
        if (stop.stop_requested())
            throw Cancelled{};
        done += bytes;
        if (progress)
            progress(std::min(1.0, static_cast<double>(done) / static_cast<double>(all)));
    };
    try {
        StoreDatabase history{folderOf(store)};
        {
            SQLite::Database archive = archive_file::make(temporary);
            SQLite::Transaction transaction{archive};
            history.read([&](SQLite::Database& db) {
                for (const RunId run : runs) {
                    took(0);
                    copyRun(db, run, archive, run);
                    addParent(db, run, archive);
                }
            });
            for (const auto& [run, paths] : files) {
                const std::map<std::string, std::string> hashes = checkpointsOf(archive, run);
                for (const auto& [path, size] : paths) {
                    const std::string sha256 = archive_file::add(archive, run, store.runFolder(run), path, took);
                    if (const auto wanted = hashes.find(path); wanted != hashes.end() && !wanted->second.empty() && wanted->second != sha256)
                        throw DescentError{text("the checkpoint \"%1\" of run %2 is damaged: it is not what was written", path, run)};
                    ++report.files;
                }
            }
            report.points = archive.execAndGet("SELECT coalesce(sum(points), 0) FROM series").getInt64();
            execute(archive, "INSERT INTO archive (name, value) VALUES ('writtenBy', ?1), ('digest', ?2)", std::string{DESCENT_VERSION}, digestOfRows(archive));
            transaction.commit();
        }
        report.bytes = static_cast<std::int64_t>(fs::file_size(temporary));
        replaceFile(temporary, file);
    } catch (const SQLite::Exception& error) {
        fs::remove(temporary, ignored);
        throw DescentError{text("%1 cannot be written: %2", file.string(), error.what())};
    } catch (...) {
        fs::remove(temporary, ignored);
        throw;
    }
    return report;
}

bool isArchive(const fs::path& file)
{
    try {
        SQLite::Database database{file.string(), SQLite::OPEN_READONLY};
        return database.execAndGet("PRAGMA application_id").getInt() == archive_file::applicationId;
    } catch (const SQLite::Exception&) {
        return false;
    }
}

}
