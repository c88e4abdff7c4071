// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/task.h"

namespace descent {

/// How training pictures are changed at random; boxes follow.
struct DetectionPreparation : TaskPreparation {
    bool flip = false;      ///< half of them mirrored
    bool turnOver = false;  ///< half of them upside down
    double zoom = 0;        ///< seen larger or smaller by up to this share
    double light = 0;       ///< brightness and contrast change by up to this share
    std::int64_t shift = 0; ///< moved by up to so many pixels each way
};

/// Boxes as a batch has them: left, top, right, bottom in pixels, class, 1 where it is ignored. Unused places have class -1.
inline constexpr std::int64_t boxColumns = 6;

}
