// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/smoothing.h"
#include "engine/core/store/point_chunk.h"

#include <cstdint>
#include <span>
#include <vector>

namespace descent {

/// A smoothed series, as much of it as a picture from afar needs: of every 64 points a span of their smoothed values, and the average as
/// it stood before them, from which the points themselves are smoothed again where a picture looks closer. Two bytes a point, exact, and
/// it grows with the series.
class SmoothedSeries {
public:
    explicit SmoothedSeries(double weight) : m_weight{weight}, m_average{weight} {}

    double weight() const { return m_weight; }
    std::uint64_t size() const { return m_size; } ///< points so far
    const SeriesPoint& last() const { return m_last; } ///< of them, as it was appended: whether the series is still the same
    std::size_t bytes() const { return m_spans.capacity() * sizeof(PointSpan) + m_before.capacity() * sizeof(DebiasedAverage); }

    /// The points that follow. Returns their smoothed values.
    std::vector<SeriesPoint> append(std::span<const SeriesPoint> points);
    /// The smoothed values of points that were appended before; `position`: of the first of them, where a block begins.
    std::vector<SeriesPoint> again(std::span<const SeriesPoint> points, std::uint64_t position) const;
    /// Spans of `count` points from `position` on; empty where they do not begin and end with blocks, or are not all here.
    std::span<const PointSpan> spans(std::uint64_t position, std::uint64_t count) const;

private:
    double m_weight;
    DebiasedAverage m_average;
    std::uint64_t m_size = 0;
    SeriesPoint m_last;
    std::vector<DebiasedAverage> m_before; // of each block
    std::vector<PointSpan> m_spans;
};

}
