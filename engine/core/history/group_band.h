// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace descent {

/// The mean of some points of a curve that lie together.
struct CurveCell {
    double x = 0, value = 0;
    bool operator==(const CurveCell&) const = default;
};

/// What a band around the mean of a group tells.
enum class BandKind {
    range,     ///< from the lowest to the highest
    deviation, ///< one standard deviation of the sample to either side
    interval,  ///< where the mean lies with 95 % confidence, by Student's t
};

struct BandPoint {
    double x = 0, mean = 0, low = 0, high = 0;
    int count = 0; ///< of curves that reach here
};

/// The mean of several curves and a band around it. They are laid on one grid, each a straight line between its points and nothing
/// beyond its ends: the grid is all their places along x, or `most` even ones where there are more.
/// curves: each in order of x, finite
std::vector<BandPoint> meanWithBand(const std::vector<std::vector<CurveCell>>& curves, BandKind kind, std::size_t most);

}
