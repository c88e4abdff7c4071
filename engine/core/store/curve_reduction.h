// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/point_chunk.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace descent {

/// The columns of pixels a curve is drawn into.
struct CurveColumns {
    std::int64_t count = 1;
    /// The column of a point, any number: below 0 and from `count` on it lies beside the picture. Must not fall along a curve whose
    /// steps and seconds do not fall.
    std::function<std::int64_t(std::int64_t step, double seconds)> of;
};

/// Leaves of a curve what a line through its points shows: in each column the first, the last, the lowest and the highest; beside the
/// picture the first and the last of a stay there. A point that is not finite parts the line, and so is given as it is, once for
/// each gap. Where each point is drawn in the middle of its column, a line without antialiasing through what take() gives sets the pixels
/// that one through all points sets.
/// "M4: A Visualization-Oriented Time Series Data Aggregation" (2014), doi:10.14778/2732951.2732953
class CurveReduction {
public:
    explicit CurveReduction(CurveColumns columns) : m_columns{std::move(columns)} {}

    std::int64_t columnOf(std::int64_t step, double seconds) const; ///< at least -1, at most the number of columns
    void add(const SeriesPoint& point) { add(point, columnOf(point.step, point.seconds)); }
    void add(const SeriesPoint& point, std::int64_t column); ///< of it, where it is known already
    void add(const PointSpan& span); ///< plain, and all in one column: see covers()
    bool covers(const PointSpan& span) const
    {
        return span.isPlain && columnOf(span.firstStep, span.firstSeconds) == columnOf(span.lastStep, span.lastSeconds);
    }
    std::vector<SeriesPoint> take(); ///< all that was added; begins anew

private:
    struct Placed {
        SeriesPoint point;
        std::uint64_t at = 0; // its position in the curve
    };
    void enter(std::int64_t column);
    void take(const Placed& first, const Placed& low, const Placed& high, const Placed& last);
    void leave();

    CurveColumns m_columns;
    std::vector<SeriesPoint> m_points;
    std::int64_t m_column = 0;
    bool m_isOpen = false; // some point of the column is here
    Placed m_first, m_low, m_high, m_last;
    std::uint64_t m_position = 0;
    std::optional<std::int64_t> m_beside; // the side on which the last points lay
    std::size_t m_kept = 0;               // of m_points, when they came there
};

}
