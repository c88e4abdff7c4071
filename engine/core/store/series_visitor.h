// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/point_chunk.h"

#include <cstdint>
#include <span>

namespace descent {

/// Walks over a series in order of step, from afar where that is enough: a chunk is shown as a span first, then its blocks, then their
/// points. What came last, and series whose chunks overlap, are shown as points alone. Points come from the beginning of a block on.
/// Positions count the points of the series from 0.
class SeriesVisitor {
public:
    enum class Way {
        over,   ///< the span is all that was needed
        inside, ///< show its parts
        points, ///< show its points, all at once
        stop,   ///< nothing more is wanted
    };
    virtual ~SeriesVisitor() = default;
    virtual Way meet(const PointSpan& span, std::uint64_t position) = 0;
    virtual void take(std::span<const SeriesPoint> points, std::uint64_t position) = 0; ///< at least one
};

}
