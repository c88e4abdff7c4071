// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/stored_pictures.h"

#include "engine/core/base/checksum.h"

#include <algorithm>

namespace descent {

namespace {

bool readPixels(const OpenFile& file, const StoredPicture& picture, std::span<std::uint8_t> pixels)
{
    const auto bytes = std::as_writable_bytes(pixels);
    return file.read(picture.offset, bytes) && (!picture.crc || crc32Of(bytes) == *picture.crc);
}

}

std::optional<Picture> readStored(const OpenFile& file, const StoredPicture& picture)
{
    const auto& [channels, height, width] = picture.geometry;
    Picture read{channels, height, width, std::vector<std::uint8_t>(static_cast<std::size_t>(picture.geometry.bytes()))};
    if (!readPixels(file, picture, read.pixels))
        return std::nullopt;
    return read;
}

StoredPictures::StoredPictures(std::shared_ptr<const OpenFile> file, std::vector<StoredPicture> pictures, PictureGeometry geometry,
                               PictureFit fit)
    : m_file{std::move(file)}, m_pictures{std::move(pictures)}, m_geometry{geometry}, m_fit{fit}
{
}

void StoredPictures::read(std::int64_t index, std::span<std::uint8_t> pixels) const
{
    const StoredPicture& picture = m_pictures[static_cast<std::size_t>(index)];
    bool isWhole = false;
    if (picture.geometry == m_geometry) {
        isWhole = readPixels(*m_file, picture, pixels);
    } else if (const std::optional<Picture> other = readStored(*m_file, picture)) {
        const Picture same = fitted(*other, m_geometry, m_fit);
        std::copy(same.pixels.begin(), same.pixels.end(), pixels.begin());
        isWhole = true;
    }
    if (!isWhole)
        throw DescentError{text("%1 was changed or damaged while pictures were read from it; start again to read them anew", m_file->path().string())};
}

void StoredPictures::willRead(std::int64_t index) const
{
    const StoredPicture& picture = m_pictures[static_cast<std::size_t>(index)];
    m_file->willRead(picture.offset, static_cast<std::uint64_t>(picture.geometry.bytes()));
}

}
