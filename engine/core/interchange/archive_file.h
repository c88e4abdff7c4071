// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace descent {

// The file of an archive: see archive.h.

namespace archive_file {

constexpr int applicationId = 0x44534341; // "DSCA"

/// A new archive without runs. Throws SQLite::Exception.
SQLite::Database make(const std::filesystem::path& file);
/// To read. Throws DescentError: it is none, of a newer Descent, or lacks a table.
SQLite::Database open(const std::filesystem::path& file);

struct Entry {
    std::int64_t number = 0, run = 0;
    std::string path;
    std::int64_t size = 0;
    std::string sha256;
    std::int64_t firstPart = 0, parts = 0;
};
std::vector<Entry> entries(SQLite::Database& archive);
/// Whether that may be a file in a run's folder: no way up, no way out.
bool isInside(const std::string& path);

/// Adds a file of a run's folder, part by part, each of which `took` is told the bytes of; may throw. Returns its SHA-256.
std::string add(SQLite::Database& archive, std::int64_t run, const std::filesystem::path& folder, const std::string& path, const std::function<void(std::size_t)>& took);
/// Its parts in order. Throws DescentError when one is missing, or all together are not what the entry says.
void read(SQLite::Database& archive, const Entry& entry, const std::function<void(std::span<const std::byte>)>& take);

}

}
