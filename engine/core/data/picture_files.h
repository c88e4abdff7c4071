// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"
#include "engine/core/data/picture.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace descent {

/// PNG or JPEG by the ending of its name.
bool isPictureFile(const std::filesystem::path& path);

/// One PNG or JPEG file, decoded. Throws DescentError when it cannot be read, or is larger than 64 MiB.
Result<Picture> readPicture(const std::filesystem::path& file);

struct PictureSize {
    std::int64_t width = 0, height = 0;
    bool operator==(const PictureSize&) const = default;
};

/// The pictures of some files: in memory while LoadControl::memory allows it, else in the file of their PictureCache.
class DecodedPictures {
public:
    /// All files decoded, from all cores at once, or taken from the PictureCache of `source` where they were decoded before.
    /// `kept` says which size a picture is brought to; called from those threads, it may throw DescentError for one that is of
    /// no use. source: folder and settings, such as "/data/pets at 64".
    /// Throws DatasetError when neither memory nor disk can hold them; Cancelled.
    DecodedPictures(std::vector<std::filesystem::path> files, const std::string& source, const LoadControl& control,
                    const std::function<PictureSize(std::size_t file, PictureSize original)>& kept);
    ~DecodedPictures();
    DecodedPictures(DecodedPictures&&) noexcept;

    std::size_t size() const; ///< files
    bool isUsable(std::size_t file) const { return geometry(file).bytes() > 0; }
    std::size_t usable() const; ///< how many are
    const PictureGeometry& geometry(std::size_t file) const; ///< 0 where it could not be used
    const Text& reason(std::size_t file) const;              ///< why not

    /// These pictures, all in one geometry. A picture is given out once. Throws DatasetError as the constructor does: brought to
    /// the geometry, pictures may take more than they did.
    PictureArray gather(std::span<const std::size_t> files, const PictureGeometry& geometry, PictureFit fit);

private:
    class Pictures;
    std::unique_ptr<Pictures> m_pictures;
};

}
