// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/random.h"
#include "engine/core/data/preparation.h"

#include <cstdint>
#include <vector>

namespace descent {

/// What augmentation does to one picture: mirrored or not, then cut at this place out of the picture with a border around it.
struct PictureChange {
    bool mirrored = false;
    std::int64_t down = 0, right = 0; ///< in [0, 2 padding]; the middle leaves it where it is
};

/// Drawn for `count` pictures one after the other. Training draws from here, so what is shown is what is learnt from.
std::vector<PictureChange> drawChanges(std::int64_t count, bool flip, std::int64_t cropPadding, Random& random);

/// The pictures changed so. The border is 0 as the network sees it, which is the mean colour where pictures are normalised.
PictureArray changed(const PictureArray& pictures, const std::vector<PictureChange>& changes, std::int64_t cropPadding,
                     const ChannelStatistics& statistics);

}
