// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/metrics/detection.h"

#include <vector>

namespace descent {

/// Boxes of a picture without those that say again what a more certain one of their class says: from the highest score down,
/// a box that overlaps a kept one of its class by more than `overlap` (intersection over union) is left out. Of equal scores
/// the earlier goes first. Returned from the highest score down. Time grows with the square of the boxes: give it hundreds.
std::vector<DetectedBox> suppressed(std::vector<DetectedBox> boxes, double overlap);

}
