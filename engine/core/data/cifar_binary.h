// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace descent {

/// Where a record keeps its label: CIFAR-10 has one byte, CIFAR-100 a coarse and a fine one.
struct CifarLayout {
    std::int64_t labelBytes = 1, labelAt = 0, classes = 10;
};

/// Records of label and 3x32x32 pixels. Records whose label is no class, and a last one that is cut off, are left out and
/// their numbers, counted from 0, added to `damaged`.
Samples parseCifar(std::span<const std::byte> bytes, const CifarLayout& layout, std::vector<std::int64_t>& damaged);

}
