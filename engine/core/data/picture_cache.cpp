// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/picture_cache.h"

#include "engine/core/base/files.h"
#include "engine/core/checkpoint/safetensors.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <type_traits>
#include <unistd.h>
#include <zlib.h>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr char magic[8]{'D', 'E', 'S', 'C', 'P', 'I', 'C', '1'};
constexpr std::uint64_t largestIndex = std::uint64_t{1} << 30;
constexpr std::size_t hashLength = 64, longestPath = 4096;

struct Header {
    char magic[8];
    std::int64_t written;
    std::uint64_t count, indexBytes;
    std::uint32_t indexCrc, reserved;
};
static_assert(sizeof(Header) == 40 && std::is_trivially_copyable_v<Header>);

std::int64_t nanoseconds(const timespec& time)
{
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::uint32_t crcOf(std::span<const std::byte> bytes)
{
    return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

bool readAt(int file, std::uint64_t offset, std::span<std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::pread(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return true;
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

bool isPlausible(const CachedPicture& one, std::uint64_t fileBytes)
{
    const bool sides = one.height > 0 && one.width > 0 && one.height <= largestPictureSide && one.width <= largestPictureSide
        && (one.channels == 1 || one.channels == 3);
    return sides && one.offset <= fileBytes
        && static_cast<std::uint64_t>(one.channels * one.height * one.width) <= fileBytes - one.offset;
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
    m_file = ::open(m_path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    Header header{};
    if (m_file < 0 || ::fstat(m_file, &status) != 0 || !S_ISREG(status.st_mode)
        || !readAt(m_file, 0, std::as_writable_bytes(std::span{&header, 1})))
        return;
    const auto fileBytes = static_cast<std::uint64_t>(status.st_size);
    if (std::memcmp(header.magic, magic, sizeof magic) != 0 || header.written < 0 || header.indexBytes > std::min(largestIndex, fileBytes))
        return;
    std::vector<std::byte> index(header.indexBytes);
    if (!readAt(m_file, sizeof header, index) || crcOf(index) != header.indexCrc)
        return;
    IndexReader reader{index};
    for (std::uint64_t i = 0; i < header.count && !reader.failed(); ++i) {
        std::string path = reader.letters(std::min<std::size_t>(reader.number<std::uint32_t>(), longestPath));
        CachedPicture one;
        one.stamp = {reader.number<std::int64_t>(), reader.number<std::int64_t>(), reader.number<std::int64_t>(),
                     reader.number<std::int64_t>()};
        one.sha256 = reader.letters(hashLength);
        one.original = {reader.number<std::int32_t>(), reader.number<std::int32_t>()};
        one.channels = reader.number<std::int32_t>();
        one.height = reader.number<std::int32_t>();
        one.width = reader.number<std::int32_t>();
        one.offset = reader.number<std::uint64_t>();
        one.crc = reader.number<std::uint32_t>();
        if (!reader.failed() && isPlausible(one, fileBytes))
            m_pictures.insert_or_assign(std::move(path), std::move(one));
    }
    m_written = header.written;
}

PictureCache::~PictureCache()
{
    if (m_file >= 0)
        ::close(m_file);
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
    Picture picture{.channels = known.channels, .height = known.height, .width = known.width};
    picture.pixels.resize(static_cast<std::size_t>(known.channels * known.height * known.width));
    const auto bytes = std::as_writable_bytes(std::span{picture.pixels});
    if (!readAt(m_file, known.offset, bytes) || crcOf(bytes) != known.crc)
        return std::nullopt;
    return picture;
}

void PictureCache::write(std::span<const fs::path> files, std::span<const CachedPicture> records, std::span<const Picture> pictures) const
try {
    std::uint64_t pixels = 0, count = 0, indexBytes = 0;
    constexpr std::uint64_t fixedPart = 4 + 4 * 8 + hashLength + 5 * 4 + 8 + 4;
    for (std::size_t i = 0; i < files.size(); ++i)
        if (!pictures[i].pixels.empty() && files[i].native().size() <= longestPath) {
            ++count;
            indexBytes += fixedPart + files[i].native().size();
            pixels += pictures[i].pixels.size();
        }
    if (pixels < static_cast<std::uint64_t>(leastPixels) || indexBytes > largestIndex)
        return;
    fs::create_directories(m_path.parent_path());
    if (const fs::space_info space = fs::space(m_path.parent_path()); space.available < 2 * pixels)
        return; // the disk has better uses
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    IndexWriter index;
    std::uint64_t offset = sizeof(Header) + indexBytes;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const Picture& picture = pictures[i];
        if (picture.pixels.empty() || files[i].native().size() > longestPath)
            continue;
        index.number(static_cast<std::uint32_t>(files[i].native().size()));
        index.letters(files[i].native());
        const FileStamp& stamp = records[i].stamp;
        for (const std::int64_t value : {stamp.bytes, stamp.modified, stamp.changed, stamp.number})
            index.number(value);
        index.letters(records[i].sha256);
        for (const std::int64_t side : {records[i].original.width, records[i].original.height, picture.channels, picture.height, picture.width})
            index.number(static_cast<std::int32_t>(side));
        index.number(offset);
        index.number(crcOf(std::as_bytes(std::span{picture.pixels})));
        offset += picture.pixels.size();
    }
    Header header{.written = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count(),
                  .count = count,
                  .indexBytes = index.bytes().size(),
                  .indexCrc = crcOf(index.bytes())};
    std::memcpy(header.magic, magic, sizeof magic);
    AtomicFile file{m_path};
    file.write(std::as_bytes(std::span{&header, 1}));
    file.write(index.bytes());
    for (std::size_t i = 0; i < files.size(); ++i)
        if (files[i].native().size() <= longestPath)
            file.write(std::as_bytes(std::span{pictures[i].pixels}));
    file.commit();
    prune(m_path);
} catch (const DescentError&) { // a disk that is full, a folder that is not ours: pictures are decoded again next time
} catch (const fs::filesystem_error&) {
}

}
