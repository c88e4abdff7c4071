// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/picture_files.h"
#include "engine/core/data/stored_pictures.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace descent {

/// What the file system says of a file. No program can change a file's content and keep `changed`.
struct FileStamp {
    std::int64_t bytes = 0, modified = 0, changed = 0, number = 0; ///< times in nanoseconds since 1970; number: inode
    bool operator==(const FileStamp&) const = default;
};
FileStamp stampOf(const std::filesystem::path& file); ///< throws DescentError

/// A picture file as it was when it was decoded, and where its pixels lie.
struct CachedPicture {
    FileStamp stamp;
    std::string sha256; ///< of the file's content
    PictureSize original;
    StoredPicture kept;
};

/// The decoded pictures of one source in a file below cacheFolder(), so that they are decoded once and not at every start.
/// Checked by content: a picture is taken from here while its file's stamp is the same, or else its SHA-256. The file may be
/// deleted at any time. Damaged, of another version, or not to be written: then pictures are decoded, and nothing else happens.
/// Little-endian: pixels; an index with an entry a picture; "DESCPIC2", time written, count, bytes of the index, its CRC.
/// Thread safety: find, isSure and read from any thread.
class PictureCache {
public:
    explicit PictureCache(const std::string& source);

    const CachedPicture* find(const std::filesystem::path& file) const; ///< null: not here
    /// Whether the stamp alone says that the content is the same. Where a file changed just before the cache was written, its
    /// next change may have had the same time.
    bool isSure(const CachedPicture& known, const FileStamp& stamp) const;
    std::optional<Picture> read(const CachedPicture& known) const; ///< none when its pixels are damaged

    const std::filesystem::path& path() const { return m_path; }
    const std::shared_ptr<const OpenFile>& file() const { return m_file; } ///< null: there is none yet

    /// Small sources are not worth a file. The oldest caches go when all of them take more than `mostBytes`.
    static constexpr std::uintmax_t mostBytes = std::uintmax_t{20} << 30;
    static constexpr std::int64_t leastPixels = 4 << 20;

private:
    void readIndex();

    std::filesystem::path m_path;
    std::shared_ptr<const OpenFile> m_file;
    std::int64_t m_written = 0; // nanoseconds since 1970
    std::map<std::string, CachedPicture, std::less<>> m_pictures;
};

/// Replaces the cache of a source, picture by picture. Throws DescentError where the disk does not take it; without commit()
/// the old one stays.
class PictureCacheWriter {
public:
    explicit PictureCacheWriter(const PictureCache& replaced);
    StoredPicture add(const Picture& picture); ///< any thread
    /// records: of all that were added, with `kept` as add() gave it. The cache as it is now.
    std::shared_ptr<const OpenFile> commit(std::span<const std::filesystem::path> files, std::span<const CachedPicture> records);

private:
    const std::filesystem::path m_path;
    std::mutex m_mutex; // guards:
    AtomicFile m_file;
    std::uint64_t m_size = 0;
};

}
