// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/detection.h"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace descent {

// What a detector's map is compared with. A map has the shape [batch, classes + 4, rows, columns]: for every place the logits
// of "the middle of an object of this class lies here", then how far its box reaches to the left, up, right and down, as
// natural logarithms of strides. The boxes of a batch are float [batch, most, boxColumns].

/// Pixels between two places of a map: the power of two that a picture's side was divided by.
std::int64_t strideOf(std::int64_t pictureSide, std::int64_t mapSide);

/// float [rows * columns, 2]: x and y of the middle of each place, in pixels.
at::Tensor placesOf(const at::Tensor& map, std::int64_t stride);

/// The map's boxes: float [batch, rows * columns, 4], left, top, right, bottom in pixels.
at::Tensor boxesOf(const at::Tensor& map, std::int64_t stride);

/// What the map should say, made on the device of `boxes`.
/// "Training-Time-Friendly Network for Real-Time Object Detection", arXiv:1909.00700: around the middle of each object the
/// heat falls off as a bell as wide as the object; its box is learnt wherever the bell is, most at the middle. Where bells
/// meet, the smaller object has the place.
struct DetectionTargets {
    at::Tensor heat;      // float [batch, classes, rows * columns], 1 at the middle of an object
    at::Tensor counts;    // bool [batch, 1, rows * columns], false inside ignored boxes: there heat is no mistake
    at::Tensor boxes;     // float [batch, rows * columns, 4]
    at::Tensor boxWeight; // float [batch, rows * columns], 0 where no box is learnt
};
DetectionTargets detectionTargets(const at::Tensor& boxes, std::int64_t classes, std::int64_t rows, std::int64_t columns,
                                  std::int64_t stride);

/// 1 - generalised intersection over union, in [0, 2]: float [...] of boxes [..., 4]. arXiv:1902.09630
at::Tensor giouLoss(const at::Tensor& found, const at::Tensor& truth);

/// Focal loss of the heat, per object ("Objects as Points", equation 1, arXiv:1904.07850), and five times giouLoss of the boxes.
/// map   float [batch, classes + 4, rows, columns]
/// returns a float scalar. Finite for every map without NaN, also where the batch has no box
at::Tensor detectionLoss(const at::Tensor& map, const at::Tensor& boxes, std::int64_t stride);

}
