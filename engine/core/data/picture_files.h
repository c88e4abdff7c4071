// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"
#include "engine/core/data/picture.h"

#include <filesystem>
#include <functional>
#include <span>
#include <vector>

namespace descent {

/// Pictures are held decoded: more than this (in bytes, one a pixel and channel) is refused.
inline constexpr std::int64_t maximumPixelBytes = std::int64_t{6} << 30;

/// PNG or JPEG by the ending of its name.
bool isPictureFile(const std::filesystem::path& path);

struct PictureSize {
    std::int64_t width = 0, height = 0;
    bool operator==(const PictureSize&) const = default;
};

struct DecodedPictures {
    std::vector<Picture> pictures; ///< one a file; without pixels where it could not be used
    std::vector<Text> reasons;     ///< why not
};

/// All files decoded, from all cores at once, or taken from the PictureCache of `source` where they were decoded before.
/// `kept` says which size a picture is brought to; called from those threads, it may throw DescentError for one that is of no use.
/// source: folder and settings, such as "/data/pets at 64".
/// Throws DatasetError when the pictures take more than maximumPixelBytes; Cancelled.
DecodedPictures decodePictureFiles(std::span<const std::filesystem::path> files, const std::string& source, const LoadControl& control,
                                   const std::function<PictureSize(std::size_t file, PictureSize original)>& kept);

}
