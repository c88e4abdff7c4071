// SPDX-License-Identifier: GPL-3.0-or-later
// What a history that lasts for years needs: looking it through, copies, tidying up.
#include "engine/core/store/experiments.h"
#include "engine/core/store/point_store.h"
#include "engine/core/store/run_store.h"
#include "engine/core/store/store_database.h"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

namespace descent {

namespace fs = std::filesystem;

namespace {

struct StoredSeries {
    std::int64_t id = 0, points = 0, rows = 0;
    std::optional<std::int64_t> lastStep;
    std::string name;
    RunId run = 0;
};

std::vector<StoredSeries> allSeries(SQLite::Database& db)
{
    std::vector<StoredSeries> all;
    SQLite::Statement row{db, "SELECT id, points, points - chunked, last_step, name, run FROM series ORDER BY id"};
    while (row.executeStep()) {
        StoredSeries& one = all.emplace_back(StoredSeries{.id = row.getColumn(0).getInt64(),
                                                          .points = row.getColumn(1).getInt64(),
                                                          .rows = row.getColumn(2).getInt64(),
                                                          .lastStep = {},
                                                          .name = row.getColumn(4).getString(),
                                                          .run = row.getColumn(5).getInt64()});
        if (!row.getColumn(3).isNull())
            one.lastStep = row.getColumn(3).getInt64();
    }
    return all;
}

std::int64_t bytesOf(const fs::path& file)
{
    std::error_code error;
    std::int64_t bytes = 0;
    for (const char* part : {"", "-wal"}) {
        const auto size = fs::file_size(file.string() + part, error);
        bytes += error ? 0 : static_cast<std::int64_t>(size);
    }
    return bytes;
}

void syncFile(const fs::path& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && ::fsync(file) == 0;
    if (file >= 0)
        ::close(file);
    if (!synced)
        throw StoreError{text("%1 cannot be written to the disk", path.string())};
}

}

std::vector<Text> RunStore::check(const std::stop_token& stop)
{
    return m_database->read([&](SQLite::Database& db) {
        std::vector<Text> wrong;
        SQLite::Statement integrity{db, "PRAGMA integrity_check"};
        while (integrity.executeStep())
            if (std::string sentence = integrity.getColumn(0).getString(); sentence != "ok")
                wrong.push_back(text("%1", std::move(sentence)));
        SQLite::Statement references{db, "SELECT \"table\", count(*) FROM pragma_foreign_key_check GROUP BY 1"};
        while (references.executeStep())
            wrong.push_back(text("%1 rows of \"%2\" belong to nothing", references.getColumn(1).getInt64(), references.getColumn(0).getString()));
        if (const std::int64_t lost = db.execAndGet("SELECT count(*) FROM chunk_points WHERE id NOT IN (SELECT id FROM chunk)").getInt64(); lost > 0)
            wrong.push_back(text("%1 chunks of points belong to nothing", lost));
        PointStore points{db};
        for (const StoredSeries& series : allSeries(db)) {
            if (stop.stop_requested())
                break;
            try {
                if (const auto there = static_cast<std::int64_t>(points.points(series.id).size()); there != series.points)
                    wrong.push_back(text("\"%1\" of run %2 has %3 points, not %4", series.name, series.run, there, series.points));
            } catch (const StoreError& error) {
                wrong.push_back(text("\"%1\" of run %2: %3", series.name, series.run, english(error.message())));
            }
        }
        return wrong;
    });
}

std::int64_t RunStore::backUp(const fs::path& file)
{
    const fs::path temporary = file.string() + ".part";
    std::error_code error;
    fs::remove(temporary, error);
    m_database->outside([&](SQLite::Database& db) {
        SQLite::Statement copy{db, "VACUUM INTO ?1"};
        copy.bind(1, temporary.string());
        copy.exec();
    });
    syncFile(temporary);
    fs::rename(temporary, file, error);
    if (error)
        throw StoreError{text("%1 cannot be written: %2", file.string(), error.message())};
    syncFile(fs::absolute(file).parent_path());
    return static_cast<std::int64_t>(fs::file_size(file));
}

bool RunStore::compactOne()
{
    static_assert(point_chunk::capacity == 4096, "the index series_loose says so too");
    // Counted too: where a point is lost, its series would be looked at for ever.
    constexpr const char* loose = "SELECT id, last_step, points - chunked FROM series WHERE points - chunked >= 4096 "
                                  "AND (SELECT count(*) FROM point WHERE point.series = series.id) >= 4096 LIMIT 1";
    if (!m_database->read([&](SQLite::Database& db) { return SQLite::Statement{db, loose}.executeStep(); }))
        return false; // looked up without keeping writers waiting
    return m_database->write([&](SQLite::Database& db) {
        SQLite::Statement row{db, loose};
        if (!row.executeStep())
            return false;
        PointStore::Series series{.id = row.getColumn(0).getInt64(), .lastStep = row.getColumn(1).getInt64(), .rows = row.getColumn(2).getInt64()};
        row.reset();
        PointStore{db}.append(series, {});
        return true;
    });
}

std::int64_t RunStore::vacuum()
{
    const std::int64_t before = bytesOf(m_database->file());
    while (compactOne())
        continue;
    m_database->write([](SQLite::Database& db) {
        db.exec("DELETE FROM chunk_points WHERE id NOT IN (SELECT id FROM chunk)");
        forgetEmptyExperiments(db);
    });
    m_database->outside([](SQLite::Database& db) {
        db.exec("VACUUM");
        db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    });
    return std::max<std::int64_t>(0, before - bytesOf(m_database->file()));
}

}
