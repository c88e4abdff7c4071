// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace descent {

struct PictureGeometry {
    std::int64_t channels = 0, height = 0, width = 0;
    std::int64_t bytes() const { return channels * height * width; }
    auto operator<=>(const PictureGeometry&) const = default;
};

/// One decoded picture. pixels: uint8 [channels, height, width], channels 1 (grey) or 3.
struct Picture {
    std::int64_t channels = 0, height = 0, width = 0;
    std::vector<std::uint8_t> pixels;
    PictureGeometry geometry() const { return {channels, height, width}; }
};

/// PNG or JPEG, told apart by the first bytes. Sides up to `largestPictureSide`. The problem says what is damaged.
Result<Picture> decodePicture(std::span<const std::byte> bytes);
inline constexpr std::int64_t largestPictureSide = 16384;

/// Area average where it shrinks, bilinear where it grows.
Picture resized(const Picture& picture, std::int64_t height, std::int64_t width);
/// Grey to three equal channels, or colour to grey by luma (ITU-R BT.601).
Picture withChannels(const Picture& picture, std::int64_t channels);

/// How pictures of several sizes are brought to one: scaled, or with grey to their right and below.
enum class PictureFit { scale, pad };
inline constexpr std::uint8_t paddingGrey = 128;
/// pad: no side of the geometry may be shorter than the picture's.
Picture fitted(const Picture& picture, const PictureGeometry& geometry, PictureFit fit);

}
