// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/metrics/detection.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace descent {

struct DetectionOptions {
    double leastScore = 0.05; ///< boxes below it are not told
    double overlap = 0.6;     ///< two of a class that overlap more are one
    std::int64_t most = 100;  ///< boxes a picture
};

/// The most certain places of each map, no two of a class beside each other: float [batch, at most `most`, 6] on the map's
/// device: left, top, right, bottom in pixels of a picture of height x width and inside it, score (0 to 1), class.
/// Nothing is read back.
at::Tensor detectionCandidates(const at::Tensor& map, std::int64_t height, std::int64_t width, std::int64_t most);

/// Candidates as boxes, one list a picture, the surest first. Reads the device.
std::vector<std::vector<DetectedBox>> boxesFrom(const at::Tensor& candidates, const DetectionOptions& options);

/// What a detector found on pictures of height x width, from the maps it made of them: [batch, classes + 4, rows, columns], as
/// detection_loss.h describes them. One list a picture, the surest box first.
std::vector<std::vector<DetectedBox>> detectedBoxes(const at::Tensor& maps, std::int64_t height, std::int64_t width,
                                                    const DetectionOptions& options = {});

}
