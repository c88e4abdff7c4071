// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/data/dataset.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace descent {

// The IDX format of MNIST: big-endian magic (type, number of dimensions), sizes, then the values.

/// Pictures of an IDX file of bytes with 3 dimensions [count, height, width] or 4 [count, channels, height, width].
Result<PictureArray> parseIdxPictures(std::span<const std::byte> bytes);
/// Labels of an IDX file of bytes with 1 dimension.
Result<std::vector<std::uint8_t>> parseIdxLabels(std::span<const std::byte> bytes);

}
