// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/smoothed_series.h"

#include <cmath>
#include <stdexcept>

namespace descent {

namespace {

/// `span` with one more point behind it.
void extend(PointSpan& span, const SeriesPoint& point)
{
    if (std::isfinite(point.value)) {
        if (!(point.value >= span.low)) { // or there was none
            span.low = point.value;
            span.lowAt = span.count;
        }
        if (!(point.value <= span.high)) {
            span.high = point.value;
            span.highAt = span.count;
        }
    }
    span.isPlain = span.isPlain && std::isfinite(point.value) && point.seconds >= span.lastSeconds;
    span.lastStep = point.step;
    span.lastSeconds = point.seconds;
    span.last = point.value;
    ++span.count;
}

}

std::vector<SeriesPoint> SmoothedSeries::append(std::span<const SeriesPoint> points)
{
    std::vector<SeriesPoint> smooth{points.begin(), points.end()};
    if (!points.empty())
        m_last = points.back();
    for (SeriesPoint& point : smooth) {
        const bool begins = m_size++ % point_chunk::blockSize == 0;
        if (begins)
            m_before.push_back(m_average);
        point.value = m_average.add(point.value);
        if (begins)
            m_spans.push_back(spanOf({&point, 1}));
        else
            extend(m_spans.back(), point);
    }
    return smooth;
}

std::vector<SeriesPoint> SmoothedSeries::again(std::span<const SeriesPoint> points, std::uint64_t position) const
{
    if (position % point_chunk::blockSize != 0 || position + points.size() > m_size)
        throw std::invalid_argument{"SmoothedSeries::again: not where a block begins"};
    DebiasedAverage average = m_before[position / point_chunk::blockSize];
    std::vector<SeriesPoint> smooth{points.begin(), points.end()};
    for (SeriesPoint& point : smooth)
        point.value = average.add(point.value);
    return smooth;
}

std::span<const PointSpan> SmoothedSeries::spans(std::uint64_t position, std::uint64_t count) const
{
    constexpr std::uint64_t each = point_chunk::blockSize;
    if (position % each != 0 || count % each != 0 || position + count > m_size)
        return {};
    return std::span{m_spans}.subspan(position / each, count / each);
}

}
