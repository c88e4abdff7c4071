// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/picture_cache.h"

#include "engine/core/base/checksum.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <sys/stat.h>
#include <type_traits>
#include <utility>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr char magic[8]{'D', 'E', 'S', 'C', 'P', 'I', 'C', '2'};
constexpr std::uint64_t largestIndex = std::uint64_t{1} << 30;
constexpr std::size_t hashLength = 64, longestPath = 4096;

/// At the end of the file.
struct Ending {
    char magic[8];
    std::int64_t written;
    std::uint64_t count, indexBytes;
    std::uint32_t indexCrc, reserved;
};
static_assert(sizeof(Ending) == 40 && std::is_trivially_copyable_v<Ending>);

std::int64_t nanoseconds(const timespec& time)
{
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// The index, value after value.
class IndexWriter {
public:
    template <typename T> void number(T value)
    {
        const auto* bytes = reinterpret_cast<const std::byte*>(&value);
        m_bytes.insert(m_bytes.end(), bytes, bytes + sizeof value);
    }
    void letters(const std::string& text)
    {
        const auto bytes = std::as_bytes(std::span{text});
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
    }
    const std::vector<std::byte>& bytes() const { return m_bytes; }

private:
    std::vector<std::byte> m_bytes;
};

class IndexReader {
public:
    explicit IndexReader(std::span<const std::byte> bytes) : m_rest{bytes} {}
    template <typename T> T number()
    {
        T value{};
        take(&value, sizeof value);
        return value;
    }
    std::string letters(std::size_t length)
    {
        std::string text(std::min(length, m_rest.size()), '\0');
        take(text.data(), length);
        return text;
    }
    bool failed() const { return m_failed; }

private:
    void take(void* to, std::size_t size)
    {
        m_failed = m_failed || size > m_rest.size();
        if (m_failed)
            return;
        std::memcpy(to, m_rest.data(), size);
        m_rest = m_rest.subspan(size);
    }
    std::span<const std::byte> m_rest;
    bool m_failed = false;
};

bool isPlausible(const StoredPicture& one, std::uint64_t pixelBytes)
{
    const auto& [channels, height, width] = one.geometry;
    const bool sides = height > 0 && width > 0 && height <= largestPictureSide && width <= largestPictureSide
        && (channels == 1 || channels == 3);
    return sides && one.offset <= pixelBytes && static_cast<std::uint64_t>(one.geometry.bytes()) <= pixelBytes - one.offset;
}

/// The oldest caches but `kept`, until the rest is small enough.
void prune(const fs::path& kept)
{
    struct Cache {
        fs::path path;
        fs::file_time_type time;
        std::uintmax_t bytes = 0;
    };
    std::vector<Cache> caches;
    std::uintmax_t sum = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator{kept.parent_path()})
        if (entry.is_regular_file()) {
            caches.push_back({entry.path(), entry.last_write_time(), entry.file_size()});
            sum += caches.back().bytes;
        }
    std::sort(caches.begin(), caches.end(), [](const Cache& a, const Cache& b) { return a.time < b.time; });
    for (const Cache& cache : caches) {
        if (sum <= PictureCache::mostBytes)
            return;
        if (cache.path != kept && fs::remove(cache.path))
            sum -= cache.bytes;
    }
}

}

FileStamp stampOf(const fs::path& file)
{
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
        throw DescentError{text("cannot read %1: %2", file.string(), std::strerror(errno))};
    if (!S_ISREG(status.st_mode)) // a device never ends, a pipe may never begin
        throw DescentError{text("%1 is not a file", file.string())};
    return {status.st_size, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim), static_cast<std::int64_t>(status.st_ino)};
}

PictureCache::PictureCache(const std::string& source)
    : m_path{cacheFolder() / "pictures" / (sha256(std::as_bytes(std::span{source})).substr(0, 32) + ".pictures")}
{
    try {
        m_file = std::make_shared<const OpenFile>(m_path);
    } catch (const DescentError&) { // nothing was decoded yet
        return;
    }
    readIndex();
}

void PictureCache::readIndex()
{
    Ending ending{};
    if (m_file->size() < sizeof ending || !m_file->read(m_file->size() - sizeof ending, std::as_writable_bytes(std::span{&ending, 1})))
        return;
    const std::uint64_t before = m_file->size() - sizeof ending;
    if (std::memcmp(ending.magic, magic, sizeof magic) != 0 || ending.written < 0 || ending.indexBytes > std::min(largestIndex, before))
        return;
    const std::uint64_t pixelBytes = before - ending.indexBytes;
    std::vector<std::byte> index(ending.indexBytes);
    if (!m_file->read(pixelBytes, index) || crc32Of(index) != ending.indexCrc)
        return;
    IndexReader reader{index};
    for (std::uint64_t i = 0; i < ending.count && !reader.failed(); ++i) {
        std::string path = reader.letters(std::min<std::size_t>(reader.number<std::uint32_t>(), longestPath));
        CachedPicture one;
        one.stamp = {reader.number<std::int64_t>(), reader.number<std::int64_t>(), reader.number<std::int64_t>(),
                     reader.number<std::int64_t>()};
        one.sha256 = reader.letters(hashLength);
        one.original = {reader.number<std::int32_t>(), reader.number<std::int32_t>()};
        one.kept.geometry = {reader.number<std::int32_t>(), reader.number<std::int32_t>(), reader.number<std::int32_t>()};
        one.kept.offset = reader.number<std::uint64_t>();
        one.kept.crc = reader.number<std::uint32_t>();
        if (!reader.failed() && isPlausible(one.kept, pixelBytes))
            m_pictures.insert_or_assign(std::move(path), std::move(one));
    }
    m_written = ending.written;
}

const CachedPicture* PictureCache::find(const fs::path& file) const
{
    const auto found = m_pictures.find(file.native());
    return found == m_pictures.end() ? nullptr : &found->second;
}

bool PictureCache::isSure(const CachedPicture& known, const FileStamp& stamp) const
{
    constexpr std::int64_t coarsestClock = 2'000'000'000; // of file systems' times
    return known.stamp == stamp && stamp.changed < m_written - coarsestClock;
}

std::optional<Picture> PictureCache::read(const CachedPicture& known) const
{
    return readStored(*m_file, known.kept);
}

PictureCacheWriter::PictureCacheWriter(const PictureCache& replaced)
try : m_path{replaced.path()}, m_file{(fs::create_directories(m_path.parent_path()), m_path)} {
} catch (const fs::filesystem_error& error) {
    throw DescentError{text("cannot create %1: %2", replaced.path().parent_path().string(), error.code().message())};
}

StoredPicture PictureCacheWriter::add(const Picture& picture)
{
    const auto bytes = std::as_bytes(std::span{picture.pixels});
    StoredPicture stored{.geometry = picture.geometry(), .crc = crc32Of(bytes)};
    const std::lock_guard lock{m_mutex};
    m_file.write(bytes);
    stored.offset = std::exchange(m_size, m_size + bytes.size());
    return stored;
}

std::shared_ptr<const OpenFile> PictureCacheWriter::commit(std::span<const fs::path> files, std::span<const CachedPicture> records)
{
    IndexWriter index;
    Ending ending{};
    for (std::size_t i = 0; i < files.size(); ++i) {
        const CachedPicture& record = records[i];
        const StoredPicture& kept = record.kept;
        const std::string& path = files[i].native();
        // What does not fit in the index is decoded again at the next start.
        if (kept.geometry.bytes() == 0 || path.size() > longestPath || index.bytes().size() > largestIndex - 2 * longestPath)
            continue;
        ++ending.count;
        index.number(static_cast<std::uint32_t>(path.size()));
        index.letters(path);
        for (const std::int64_t value : {record.stamp.bytes, record.stamp.modified, record.stamp.changed, record.stamp.number})
            index.number(value);
        index.letters(record.sha256);
        for (const std::int64_t side : {record.original.width, record.original.height, kept.geometry.channels, kept.geometry.height, kept.geometry.width})
            index.number(static_cast<std::int32_t>(side));
        index.number(kept.offset);
        index.number(kept.crc.value_or(0));
    }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    std::memcpy(ending.magic, magic, sizeof magic);
    ending.written = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
    ending.indexBytes = index.bytes().size();
    ending.indexCrc = crc32Of(index.bytes());
    m_file.write(index.bytes());
    m_file.write(std::as_bytes(std::span{&ending, 1}));
    m_file.commit();
    try {
        prune(m_path);
    } catch (const fs::filesystem_error&) { // what could not be deleted today is tomorrow's
    }
    return std::make_shared<const OpenFile>(m_path);
}

}
