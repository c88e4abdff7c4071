// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/box_suppression.h"

#include <algorithm>

namespace descent {

std::vector<DetectedBox> suppressed(std::vector<DetectedBox> boxes, double overlap)
{
    std::stable_sort(boxes.begin(), boxes.end(), [](const DetectedBox& a, const DetectedBox& b) { return a.score > b.score; });
    std::vector<DetectedBox> kept;
    for (const DetectedBox& box : boxes) {
        const TrueBox place{box.left, box.top, box.right, box.bottom, box.classIndex};
        const bool said = std::any_of(kept.begin(), kept.end(), [&](const DetectedBox& other) {
            return other.classIndex == box.classIndex && descent::overlap(other, place) > overlap;
        });
        if (!said)
            kept.push_back(box);
    }
    return kept;
}

}
