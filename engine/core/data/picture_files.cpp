// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/picture_files.h"

#include "engine/core/base/checksum.h"
#include "engine/core/base/files.h"
#include "engine/core/data/bytes.h"
#include "engine/core/data/picture_cache.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <mutex>
#include <utility>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t maximumFileBytes = 64 << 20;

}

bool isPictureFile(const fs::path& path)
{
    std::string ending = path.extension().string();
    for (char& c : ending)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

Result<Picture> readPicture(const fs::path& file)
{
    const std::string content = readFile(file, maximumFileBytes);
    return decodePicture(std::as_bytes(std::span{content}));
}

class DecodedPictures::Pictures {
public:
    using Kept = std::function<PictureSize(std::size_t file, PictureSize original)>;

    Pictures(std::vector<fs::path> files, const std::string& source, const LoadControl& control, const Kept& kept)
        : m_files{std::move(files)}, m_records(m_files.size()), m_pictures(m_files.size()), m_reasons(m_files.size()),
          m_places(m_files.size(), Place::nowhere), m_cache{source}, m_memory{control.memory}, m_stop{control.stop}
    {
        inParallel(m_files.size(), control.stop, control.progress, [&](std::size_t i) {
            try {
                take(i, kept);
            } catch (const DiskError& error) {
                throw DatasetError{error.message};
            } catch (const DescentError& error) { // this picture's
                m_reasons[i] = error.message();
            }
        });
        if (!m_fits)
            moveToFile();
        else if (m_isNews && m_held >= PictureCache::leastPixels)
            remember();
    }

    std::size_t size() const { return m_files.size(); }
    const PictureGeometry& geometry(std::size_t i) const { return m_records[i].kept.geometry; }
    const Text& reason(std::size_t i) const { return m_reasons[i]; }
    std::size_t usable() const
    {
        return static_cast<std::size_t>(std::count_if(m_records.begin(), m_records.end(), [](const CachedPicture& record) { return record.kept.geometry.bytes() > 0; }));
    }

    PictureArray gather(std::span<const std::size_t> files, const PictureGeometry& geometry, PictureFit fit)
    {
        PictureArray array{.count = static_cast<std::int64_t>(files.size()), .channels = geometry.channels, .height = geometry.height, .width = geometry.width};
        if (m_fits && static_cast<std::int64_t>(usable()) * geometry.bytes() > m_memory) // of all parts
            moveToFile();
        if (!m_fits) {
            std::vector<StoredPicture> stored;
            stored.reserve(files.size());
            for (const std::size_t i : files)
                stored.push_back(m_records[i].kept);
            array.stored = std::make_shared<const StoredPictures>(m_file, std::move(stored), geometry, fit);
            return array;
        }
        array.pixels.reserve(static_cast<std::size_t>(array.count * geometry.bytes()));
        for (const std::size_t i : files) {
            const Picture picture = fitted(std::exchange(m_pictures[i], {}), geometry, fit); // held once, not twice
            array.pixels.insert(array.pixels.end(), picture.pixels.begin(), picture.pixels.end());
        }
        return array;
    }

private:
    /// Where pixels are, beside memory.
    enum class Place : std::uint8_t { nowhere, cache, writer };
    struct DiskError { // no picture's: the end of it all
        Text message;
    };

    /// One file: from the cache where it holds what the file holds, else decoded.
    void take(std::size_t i, const Kept& kept)
    {
        CachedPicture record{.stamp = stampOf(m_files[i])};
        std::string content;
        const auto hashed = [&] {
            content = readFile(m_files[i], maximumFileBytes);
            record.sha256 = sha256(std::as_bytes(std::span{content}));
        };
        if (const CachedPicture* known = m_cache.find(m_files[i])) {
            const bool sure = m_cache.isSure(*known, record.stamp);
            if (sure)
                record.sha256 = known->sha256;
            else
                hashed();
            record.original = known->original;
            const auto& [channels, height, width] = known->kept.geometry;
            if (known->sha256 == record.sha256 && kept(i, known->original) == PictureSize{width, height})
                if (std::optional<Picture> read = m_cache.read(*known)) {
                    m_isNews = m_isNews || !sure;
                    record.kept = known->kept;
                    hold(i, std::move(*read), std::move(record), Place::cache);
                    return;
                }
        }
        m_isNews = true;
        if (content.empty())
            hashed();
        Result<Picture> fresh = decodePicture(std::as_bytes(std::span{content}));
        if (!fresh) {
            m_reasons[i] = fresh.problems.front().message;
            return;
        }
        record.original = {fresh->width, fresh->height};
        const PictureSize size = kept(i, record.original);
        Picture picture = resized(*fresh.value, size.height, size.width);
        record.kept.geometry = picture.geometry();
        hold(i, std::move(picture), std::move(record), Place::nowhere);
    }

    /// In memory, or where that is full in the file.
    void hold(std::size_t i, Picture picture, CachedPicture record, Place place)
    {
        const std::int64_t bytes = record.kept.geometry.bytes();
        m_fits = m_fits && m_held + bytes <= m_memory;
        m_held += bytes;
        if (m_fits) {
            m_pictures[i] = std::move(picture);
        } else if (place == Place::nowhere) {
            record.kept = added(picture);
            place = Place::writer;
        }
        m_places[i] = place;
        m_records[i] = std::move(record);
    }

    StoredPicture added(const Picture& picture)
    try {
        PictureCacheWriter& writer = [this]() -> PictureCacheWriter& {
            const std::lock_guard lock{m_mutex};
            if (!m_writer)
                m_writer = std::make_unique<PictureCacheWriter>(m_cache);
            return *m_writer;
        }();
        constexpr std::uintmax_t leftFree = std::uintmax_t{1} << 30; // runs and other programs need a disk as well
        if (fs::space(m_cache.path().parent_path()).available < leftFree)
            throw noRoom();
        return writer.add(picture);
    } catch (const DescentError&) {
        throw noRoom();
    } catch (const fs::filesystem_error&) {
        throw noRoom();
    }

    DiskError noRoom() const
    {
        return {text("these pictures take more than the %1 MB of memory for data, and the disk of %2 has no room for them; choose a smaller size",
                     m_memory >> 20, m_cache.path().parent_path().string())};
    }

    /// Writes the cache for the next start. A disk that is full, a folder that is not ours: they are decoded again then.
    void remember()
    try {
        fs::create_directories(m_cache.path().parent_path());
        if (fs::space(m_cache.path().parent_path()).available >= 2 * static_cast<std::uintmax_t>(m_held)) // it has better uses
            writeAll();
    } catch (const DiskError&) {
    } catch (const DescentError&) {
    } catch (const fs::filesystem_error&) {
    }

    void moveToFile()
    try {
        m_fits = false;
        bool isInCache = true;
        for (std::size_t i = 0; i < m_files.size(); ++i)
            isInCache = isInCache && (m_places[i] == Place::cache || geometry(i).bytes() == 0);
        if (!m_file && isInCache)
            m_file = m_cache.file();
        if (!m_file)
            writeAll();
        m_pictures = std::vector<Picture>(m_files.size());
    } catch (const DiskError& error) {
        throw DatasetError{error.message};
    } catch (const DescentError&) {
        throw DatasetError{noRoom().message};
    }

    /// The cache anew, with all pictures.
    void writeAll()
    {
        for (std::size_t i = 0; i < m_files.size(); ++i) {
            if (m_stop.stop_requested())
                throw Cancelled{};
            if (m_places[i] == Place::writer || geometry(i).bytes() == 0)
                continue;
            if (m_pictures[i].pixels.empty()) { // it is in the cache alone
                const std::optional<Picture> known = m_cache.read(m_records[i]);
                if (!known)
                    throw noRoom();
                m_records[i].kept = added(*known);
            } else {
                m_records[i].kept = added(m_pictures[i]);
            }
            m_places[i] = Place::writer;
        }
        if (m_writer)
            m_file = m_writer->commit(m_files, m_records);
        m_writer.reset();
    }

    const std::vector<fs::path> m_files;
    std::vector<CachedPicture> m_records; // geometry 0 where the file could not be used
    std::vector<Picture> m_pictures;      // those in memory
    std::vector<Text> m_reasons;
    std::vector<Place> m_places;
    const PictureCache m_cache;
    const std::int64_t m_memory;
    const std::stop_token m_stop;
    std::atomic<std::int64_t> m_held = 0; // bytes of all pictures, wherever they are
    std::atomic<bool> m_fits = true, m_isNews = false;
    std::mutex m_mutex; // guards the making of:
    std::unique_ptr<PictureCacheWriter> m_writer;
    std::shared_ptr<const OpenFile> m_file; // that has them all
};

DecodedPictures::DecodedPictures(std::vector<fs::path> files, const std::string& source, const LoadControl& control,
                                 const std::function<PictureSize(std::size_t file, PictureSize original)>& kept)
    : m_pictures{std::make_unique<Pictures>(std::move(files), source, control, kept)}
{
}

DecodedPictures::~DecodedPictures() = default;
DecodedPictures::DecodedPictures(DecodedPictures&&) noexcept = default;

std::size_t DecodedPictures::size() const { return m_pictures->size(); }
std::size_t DecodedPictures::usable() const { return m_pictures->usable(); }
const PictureGeometry& DecodedPictures::geometry(std::size_t file) const { return m_pictures->geometry(file); }
const Text& DecodedPictures::reason(std::size_t file) const { return m_pictures->reason(file); }

PictureArray DecodedPictures::gather(std::span<const std::size_t> files, const PictureGeometry& geometry, PictureFit fit)
{
    return m_pictures->gather(files, geometry, fit);
}

}
