// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/curve_reduction.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace descent {

std::int64_t CurveReduction::columnOf(std::int64_t step, double seconds) const
{
    return std::clamp<std::int64_t>(m_columns.of(step, seconds), -1, m_columns.count);
}

void CurveReduction::add(const SeriesPoint& point, std::int64_t column)
{
    const Placed placed{point, m_position++};
    if (std::isfinite(point.value)) {
        enter(column);
        take(placed, placed, placed, placed);
        return;
    }
    leave();
    if (!m_points.empty() && std::isfinite(m_points.back().value))
        m_points.push_back(point);
}

void CurveReduction::add(const PointSpan& span)
{
    const auto placed = [&](double value, std::uint32_t at) { // somewhere in the column, which is all that counts
        return Placed{{span.firstStep, value, span.firstSeconds}, m_position + at};
    };
    enter(columnOf(span.firstStep, span.firstSeconds));
    take(placed(span.first, 0), placed(span.low, span.lowAt), placed(span.high, span.highAt),
         {{span.lastStep, span.last, span.lastSeconds}, m_position + span.count - 1});
    m_position += span.count;
}

void CurveReduction::enter(std::int64_t column)
{
    if (m_isOpen && column != m_column)
        leave();
    m_column = column;
}

void CurveReduction::take(const Placed& first, const Placed& low, const Placed& high, const Placed& last)
{
    if (!std::exchange(m_isOpen, true)) {
        m_first = first;
        m_low = low;
        m_high = high;
    }
    if (low.point.value < m_low.point.value)
        m_low = low;
    if (high.point.value > m_high.point.value)
        m_high = high;
    m_last = last;
}

void CurveReduction::leave()
{
    if (!std::exchange(m_isOpen, false))
        return;
    const bool isBeside = m_column < 0 || m_column >= m_columns.count;
    const std::optional<std::int64_t> before = std::exchange(m_beside, isBeside ? std::optional{m_column} : std::nullopt);
    if (isBeside) {
        if (before != m_column) {
            if (!m_points.empty())
                m_points.push_back(m_first.point); // the line leaves the picture
            m_kept = m_points.size();
        }
        m_points.resize(m_kept); // what lies between is not seen
        m_points.push_back(m_last.point);
        return;
    }
    const Placed& sooner = m_low.at <= m_high.at ? m_low : m_high;
    const Placed& later = m_low.at <= m_high.at ? m_high : m_low;
    m_points.push_back(m_first.point);
    std::uint64_t at = m_first.at;
    for (const Placed* placed : {&sooner, &later, &std::as_const(m_last)})
        if (placed->at > at) {
            m_points.push_back(placed->point);
            at = placed->at;
        }
}

std::vector<SeriesPoint> CurveReduction::take()
{
    leave();
    m_position = 0;
    m_beside.reset();
    return std::exchange(m_points, {});
}

}
