// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace descent {

/// A curve of any length in at most 64 values, kept up to date point by point in constant space: each value is the mean
/// of `stride` consecutive points; when they are full, neighbours are merged and the stride doubles.
/// Points that are not finite are left out: a sparkline shows the way the loss went, the chart shows where it broke.
struct Thumbnail {
    static constexpr std::size_t capacity = 64;
    std::vector<float> bins; ///< fewer than `capacity` full ones
    std::int64_t stride = 1;
    double pendingSum = 0; ///< of the bin being filled
    std::int64_t pendingCount = 0;

    void add(double value);
    std::vector<float> values() const; ///< with the bin being filled
    bool operator==(const Thumbnail&) const = default;
};

}
