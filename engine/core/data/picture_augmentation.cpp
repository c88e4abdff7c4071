// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/picture_augmentation.h"

#include <cmath>

namespace descent {

std::vector<PictureChange> drawChanges(std::int64_t count, bool flip, std::int64_t cropPadding, Random& random)
{
    std::vector<PictureChange> changes;
    changes.reserve(static_cast<std::size_t>(count));
    const auto shift = [&] { return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * cropPadding + 1))); };
    for (std::int64_t i = 0; i < count; ++i) {
        PictureChange change{.mirrored = flip && random.below(2) == 1};
        change.down = shift();
        change.right = shift();
        changes.push_back(change);
    }
    return changes;
}

PictureArray changed(const PictureArray& pictures, const std::vector<PictureChange>& changes, std::int64_t cropPadding,
                     const ChannelStatistics& statistics)
{
    PictureArray result{.count = pictures.count, .channels = pictures.channels, .height = pictures.height, .width = pictures.width};
    result.pixels.resize(static_cast<std::size_t>(pictures.count * pictures.pictureBytes()));
    PictureView view{pictures};
    for (std::int64_t i = 0; i < pictures.count; ++i) {
        const PictureChange& change = changes[static_cast<std::size_t>(i)];
        const std::span<const std::uint8_t> picture = view[i];
        for (std::int64_t channel = 0; channel < pictures.channels; ++channel) {
            const auto border = static_cast<std::uint8_t>(std::lround(255 * statistics.mean[static_cast<std::size_t>(channel)]));
            const std::int64_t fromPlane = channel * pictures.height, plane = i * pictures.channels * pictures.height + fromPlane;
            for (std::int64_t y = 0; y < pictures.height; ++y)
                for (std::int64_t x = 0; x < pictures.width; ++x) {
                    const std::int64_t fromY = y + change.down - cropPadding;
                    const std::int64_t fromX = (change.mirrored ? pictures.width - 1 - x : x) + change.right - cropPadding;
                    const bool inside = fromY >= 0 && fromY < pictures.height && fromX >= 0 && fromX < pictures.width;
                    result.pixels[static_cast<std::size_t>((plane + y) * pictures.width + x)] =
                        inside ? picture[static_cast<std::size_t>((fromPlane + fromY) * pictures.width + fromX)] : border;
                }
        }
    }
    return result;
}

}
