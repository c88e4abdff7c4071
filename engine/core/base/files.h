// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace descent {

/// Replaces `path` so that a kill at any instant leaves the old file or the new one, never a part: written to a temporary
/// file beside it, synced, renamed, folder synced. Throws DescentError naming the file.
void writeFileAtomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void writeFileAtomically(const std::filesystem::path& path, std::string_view text);

/// The same for what is written piece by piece.
class AtomicFile {
public:
    explicit AtomicFile(std::filesystem::path path); ///< throws DescentError, as all here
    ~AtomicFile();                                   ///< without commit() the old file stays as it was
    AtomicFile(const AtomicFile&) = delete;
    void write(std::span<const std::byte> bytes);
    void commit(); ///< the new file is there when this returns

private:
    std::filesystem::path m_path, m_temporary;
    int m_file = -1;
};

/// `written`, which another library has written and closed, takes the place of `path` in the same folder: synced, renamed, folder synced.
/// Throws DescentError.
void replaceFile(const std::filesystem::path& written, const std::filesystem::path& path);

/// With those above it; one that is there is no error. Throws DescentError.
void makeFolder(const std::filesystem::path& folder);

/// A file that is read here and there while it lies open. Deleted meanwhile, it stays readable. Any thread.
class OpenFile {
public:
    explicit OpenFile(std::filesystem::path path); ///< throws DescentError: not there, or no file
    ~OpenFile();
    OpenFile(const OpenFile&) = delete;
    std::uint64_t size() const { return m_size; } ///< when it was opened
    const std::filesystem::path& path() const { return m_path; }
    /// False where the file ends before, or cannot be read.
    bool read(std::uint64_t offset, std::span<std::byte> bytes) const;
    /// These bytes are wanted soon: the system may begin to fetch them.
    void willRead(std::uint64_t offset, std::uint64_t count) const;

private:
    std::filesystem::path m_path;
    int m_file = -1;
    std::uint64_t m_size = 0;
};

/// The whole file. Throws DescentError when it cannot be read or is longer than `maximumBytes`.
std::string readFile(const std::filesystem::path& path, std::size_t maximumBytes);

/// What is made again when it is missing: $DESCENT_HOME/cache, else $XDG_CACHE_HOME/descent, else ~/.cache/descent. Not created.
std::filesystem::path cacheFolder();

/// Where runs and checkpoints live: $DESCENT_HOME, else $XDG_DATA_HOME/descent, else ~/.local/share/descent. Not created.
std::filesystem::path dataFolder();

}
