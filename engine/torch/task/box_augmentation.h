// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/random.h"
#include "engine/core/task/detection.h"

#include <ATen/core/Tensor.h>

namespace descent {

/// How one picture is moved: mirrored, then enlarged, then moved, all about its middle.
struct PictureMove {
    bool flip = false, turnOver = false;
    double zoom = 1;            ///< 2: everything is twice as large
    double right = 0, down = 0; ///< in pixels of the result
    bool operator==(const PictureMove&) const = default;
};

/// A move within what the preparation allows. Enlarged pictures are looked at anywhere, shrunk ones lie anywhere.
PictureMove drawMove(const DetectionPreparation& preparation, std::int64_t height, std::int64_t width, Random& random);

/// pictures  float [batch, channels, height, width]; returns the same moved, one move each. What comes in at the edges is 0, the
///           mean colour of normalised pictures.
at::Tensor movedPictures(const at::Tensor& pictures, const std::vector<PictureMove>& moves);

/// boxes     float [batch, most, boxColumns] in pixels of height x width; returns the same moved and cut at the edges. Those of
///           which under a quarter is left are ignored from now on, those that are gone are unused.
at::Tensor movedBoxes(const at::Tensor& boxes, const std::vector<PictureMove>& moves, std::int64_t height, std::int64_t width);

/// pictures with brightness and contrast changed by up to `share`, each by its own.
at::Tensor relit(const at::Tensor& pictures, double share, Random& random);

}
