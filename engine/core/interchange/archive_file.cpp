// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/archive_file.h"

#include "engine/core/base/checksum.h"
#include "engine/core/base/files.h"
#include "engine/core/store/migrations.h"
#include "engine/core/store/store_database.h"

#include <algorithm>

namespace descent::archive_file {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t partBytes = 1 << 20;
constexpr int patienceMs = 10'000;

constexpr const char* ownTables[]{
    "CREATE TABLE archive (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "CREATE TABLE archive_file (number INTEGER PRIMARY KEY, run INTEGER NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, "
    "first_part INTEGER NOT NULL, parts INTEGER NOT NULL, UNIQUE (run, path)) STRICT",
    "CREATE TABLE archive_part (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE archive_parent (run INTEGER PRIMARY KEY, uuid TEXT NOT NULL) STRICT",
};

}

SQLite::Database make(const fs::path& file)
{
    SQLite::Database archive{file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    archive.exec("PRAGMA journal_mode = OFF"); // it has another name until it is whole
    archive.exec("PRAGMA synchronous = OFF");
    migrate(archive);
    for (const char* table : ownTables)
        archive.exec(table);
    archive.exec("PRAGMA application_id = " + std::to_string(applicationId));
    return archive;
}

SQLite::Database open(const fs::path& file)
{
    std::error_code error;
    if (!fs::is_regular_file(file, error))
        throw DescentError{text("there is no file %1", file.string())};
    SQLite::Database archive{file.string(), SQLite::OPEN_READONLY, patienceMs};
    archive.exec("PRAGMA trusted_schema = OFF"); // the file is a stranger's: nothing in it is to run
    if (archive.execAndGet("PRAGMA application_id").getInt() != applicationId)
        throw DescentError{text("%1 is no archive of Descent", file.string())};
    if (schemaVersionOf(archive) > static_cast<int>(migrations().size()))
        throw DescentError{text("%1 was written by a newer Descent: import it with that one", file.string())};
    for (const char* table : {"archive", "archive_file", "archive_part", "archive_parent", "experiment", "run", "recipe", "environment", "series", "point", "chunk",
                              "chunk_points", "summary", "checkpoint", "tag", "message"}) {
        SQLite::Statement is{archive, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1"};
        is.bind(1, table);
        if (!is.executeStep())
            throw DescentError{text("%1 is damaged: it has no table \"%2\"", file.string(), table)};
    }
    return archive;
}

std::vector<Entry> entries(SQLite::Database& archive)
{
    std::vector<Entry> all;
    SQLite::Statement row{archive, "SELECT number, run, path, size, sha256, first_part, parts FROM archive_file ORDER BY number"};
    while (row.executeStep())
        all.push_back({.number = row.getColumn(0).getInt64(),
                       .run = row.getColumn(1).getInt64(),
                       .path = row.getColumn(2).getString(),
                       .size = row.getColumn(3).getInt64(),
                       .sha256 = row.getColumn(4).getString(),
                       .firstPart = row.getColumn(5).getInt64(),
                       .parts = row.getColumn(6).getInt64()});
    return all;
}

bool isInside(const std::string& path)
{
    const fs::path given{path};
    return !path.empty() && path.size() < 4096 && path.find('\0') == path.npos && path.find('\\') == path.npos && given.is_relative() &&
           given.lexically_normal() == given && given.has_filename() && std::ranges::none_of(given, [](const fs::path& part) { return part == ".." || part == "."; });
}

std::string add(SQLite::Database& archive, std::int64_t run, const fs::path& folder, const std::string& path, const std::function<void(std::size_t)>& took)
{
    const OpenFile file{folder / path};
    const std::int64_t first = archive.execAndGet("SELECT coalesce(max(number), 0) + 1 FROM archive_part").getInt64();
    SQLite::Statement insert{archive, "INSERT INTO archive_part (number, bytes) VALUES (?1, ?2)"};
    std::vector<std::byte> part;
    Sha256 hash;
    std::int64_t parts = 0;
    for (std::uint64_t offset = 0; offset < file.size(); offset += part.size(), ++parts) {
        part.resize(std::min<std::uint64_t>(partBytes, file.size() - offset));
        if (!file.read(offset, part))
            throw DescentError{text("%1 cannot be read to its end", file.path().string())};
        hash.add(part);
        insert.reset();
        insert.bind(1, first + parts);
        insert.bindNoCopy(2, part.data(), static_cast<int>(part.size()));
        insert.exec();
        took(part.size());
    }
    const std::string sha256 = hash.finish();
    execute(archive, "INSERT INTO archive_file (run, path, size, sha256, first_part, parts) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", run, path,
            static_cast<std::int64_t>(file.size()), sha256, first, parts);
    return sha256;
}

void read(SQLite::Database& archive, const Entry& entry, const std::function<void(std::span<const std::byte>)>& take)
{
    SQLite::Statement part{archive, "SELECT bytes FROM archive_part WHERE number = ?1"};
    Sha256 hash;
    std::int64_t size = 0;
    for (std::int64_t i = 0; i < entry.parts && size <= entry.size; ++i) {
        part.reset();
        part.bind(1, entry.firstPart + i);
        if (!part.executeStep())
            break;
        const SQLite::Column bytes = part.getColumn(0);
        const std::span<const std::byte> view{static_cast<const std::byte*>(bytes.getBlob()), static_cast<std::size_t>(bytes.getBytes())};
        hash.add(view);
        take(view);
        size += static_cast<std::int64_t>(view.size());
    }
    if (size != entry.size || hash.finish() != entry.sha256)
        throw DescentError{text("the file \"%1\" in it is damaged: it is not what was written", entry.path)};
}

}
