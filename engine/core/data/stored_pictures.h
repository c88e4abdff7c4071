// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/files.h"
#include "engine/core/data/picture.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace descent {

/// Where the pixels of a picture lie in a file: uint8 [channels, height, width].
struct StoredPicture {
    std::uint64_t offset = 0;
    PictureGeometry geometry;
    std::optional<std::uint32_t> crc; ///< of the pixels, where the file has one
};

/// None where the file has been cut or changed.
std::optional<Picture> readStored(const OpenFile& file, const StoredPicture& picture);

/// Pictures that stay in a file because memory is too small for them: read one by one when they are wanted. Any thread.
class StoredPictures {
public:
    /// All are given out in `geometry`; those that lie there in another one are fitted each time.
    StoredPictures(std::shared_ptr<const OpenFile> file, std::vector<StoredPicture> pictures, PictureGeometry geometry, PictureFit fit);

    /// pixels: of exactly geometry.bytes(). Throws DescentError when the file was cut or changed meanwhile.
    void read(std::int64_t index, std::span<std::uint8_t> pixels) const;
    void willRead(std::int64_t index) const; ///< soon: the system may begin to fetch it

private:
    const std::shared_ptr<const OpenFile> m_file;
    const std::vector<StoredPicture> m_pictures;
    const PictureGeometry m_geometry;
    const PictureFit m_fit;
};

}
