// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/curve_raster.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace descent {

namespace {

constexpr double farAway = 1e6; // pixels; beyond it a float has no half ones any more

/// c * alpha / 255 of each of four channels.
std::uint32_t scaled(std::uint32_t color, std::uint32_t alpha)
{
    std::uint32_t even = (color & 0xff00ff) * alpha, odd = ((color >> 8) & 0xff00ff) * alpha;
    even = ((even + ((even >> 8) & 0xff00ff) + 0x800080) >> 8) & 0xff00ff;
    odd = (odd + ((odd >> 8) & 0xff00ff) + 0x800080) & 0xff00ff00;
    return even | odd;
}

std::uint8_t coverageAt(float distance, float radius)
{
    return static_cast<std::uint8_t>(std::clamp(radius + 0.5f - distance, 0.0f, 1.0f) * 255.0f + 0.5f);
}

/// The part of a line between two places along x; nothing where it lies outside.
bool clipped(QPointF& from, QPointF& to, double left, double right)
{
    if (std::max(from.x(), to.x()) < left || std::min(from.x(), to.x()) > right)
        return false;
    const QPointF begin = from, along = to - from;
    const auto at = [&](double x) { return QPointF{x, begin.y() + (x - begin.x()) / along.x() * along.y()}; };
    for (QPointF* end : {&from, &to})
        if (end->x() < left || end->x() > right)
            *end = at(std::clamp(end->x(), left, right));
    return true;
}

}

CurveRaster::CurveRaster(int width, int height)
    : m_width{std::max(1, width)},
      m_height{std::max(1, height)},
      m_coverage(static_cast<std::size_t>(m_width) * static_cast<std::size_t>(m_height)),
      m_pixels(m_coverage.size()),
      m_top(static_cast<std::size_t>(m_width), m_height),
      m_bottom(static_cast<std::size_t>(m_width), 0)
{
}

/// All pixels near enough to a straight line. What is covered twice is covered as by the nearer.
void CurveRaster::cover(const QPointF& from, const QPointF& to, float radius)
{
    const float reach = radius + 0.5f;
    const auto x0 = static_cast<float>(from.x()), x1 = static_cast<float>(to.x());
    const auto y0 = static_cast<float>(std::clamp(from.y(), -farAway, farAway)), y1 = static_cast<float>(std::clamp(to.y(), -farAway, farAway));
    const float dx = x1 - x0, dy = y1 - y0, length2 = dx * dx + dy * dy;
    const int left = std::max(0, static_cast<int>(std::floor(std::min(x0, x1) - reach))), right = std::min(m_width - 1, static_cast<int>(std::ceil(std::max(x0, x1) + reach)));
    const float lowest = std::min(y0, y1) - reach, highest = std::max(y0, y1) + reach;
    // How far above and below the line a column's pixels may lie.
    const float tall = dx == 0 ? std::numeric_limits<float>::infinity() : reach * std::sqrt(length2) / std::abs(dx) + 1;
    for (int column = left; column <= right; ++column) {
        const float px = static_cast<float>(column) + 0.5f - x0;
        float top = lowest, bottom = highest;
        if (dx != 0) {
            const float slope = dy / dx, near = y0 + slope * (px - 0.5f), far = y0 + slope * (px + 0.5f);
            top = std::max(top, std::min(near, far) - tall);
            bottom = std::min(bottom, std::max(near, far) + tall);
        }
        const int first = std::max(0, static_cast<int>(std::floor(std::max(top, -1.0f)))), last = std::min(m_height - 1, static_cast<int>(std::ceil(std::min(bottom, static_cast<float>(m_height)))));
        if (first > last)
            continue;
        auto& columnTop = m_top[static_cast<std::size_t>(column)];
        auto& columnBottom = m_bottom[static_cast<std::size_t>(column)];
        columnTop = std::min(columnTop, first);
        columnBottom = std::max(columnBottom, last + 1);
        std::uint8_t* const pixels = m_coverage.data() + static_cast<std::size_t>(column) * static_cast<std::size_t>(m_height);
        for (int row = first; row <= last; ++row) {
            const float py = static_cast<float>(row) + 0.5f - y0;
            const float share = length2 > 0 ? std::clamp((px * dx + py * dy) / length2, 0.0f, 1.0f) : 0.0f;
            const float ex = px - share * dx, ey = py - share * dy;
            pixels[row] = std::max(pixels[row], coverageAt(std::sqrt(ex * ex + ey * ey), radius));
        }
    }
}

void CurveRaster::drawLine(std::span<const QPointF> points, double lineWidth, const QColor& color, int dash)
{
    const auto radius = static_cast<float>(lineWidth / 2);
    const double left = -2 - lineWidth, right = m_width + 2 + lineWidth;
    const auto isThere = [](const QPointF& point) { return std::isfinite(point.x()) && std::isfinite(point.y()); };
    const auto draw = [&](QPointF from, QPointF to) {
        if (clipped(from, to, left, right))
            cover(from, to, radius);
    };
    // What lies beside the picture is not drawn, however far a wide line would reach in; only the line that leads there.
    const auto sideOf = [this](const QPointF& point) { return point.x() < 0 ? -1 : point.x() >= m_width ? 1 : 0; };
    std::size_t at = 0;
    const QPointF* before = nullptr; // the last point of the column before
    while (at < points.size()) {
        if (!isThere(points[at])) {
            before = nullptr;
            ++at;
            continue;
        }
        // All points of a column are one upright line, from the lowest to the highest of them.
        const std::size_t first = at;
        double low = points[at].y(), high = low;
        for (; at < points.size() && isThere(points[at]) && points[at].x() == points[first].x(); ++at) {
            low = std::min(low, points[at].y());
            high = std::max(high, points[at].y());
        }
        const int side = sideOf(points[first]);
        if (before && (side == 0 || side != sideOf(*before)))
            draw(*before, points[first]);
        const bool isAlone = !before && at - first == 1 && (at == points.size() || !isThere(points[at]));
        if (side == 0 && (low < high || isAlone))
            draw({points[first].x(), low}, {points[first].x(), high});
        before = &points[at - 1];
    }
    blend(color, dash);
}

void CurveRaster::fillBetween(std::span<const QPointF> low, std::span<const QPointF> high, const QColor& color)
{
    std::size_t at = 0;
    for (int column = 0; column < m_width && low.size() > 1; ++column) {
        const double x = column + 0.5;
        while (at + 2 < low.size() && low[at + 1].x() < x)
            ++at;
        if (x < low[at].x() || x > low[at + 1].x())
            continue;
        const double share = (x - low[at].x()) / std::max(1e-9, low[at + 1].x() - low[at].x());
        double top = high[at].y() + share * (high[at + 1].y() - high[at].y()), bottom = low[at].y() + share * (low[at + 1].y() - low[at].y());
        if (!std::isfinite(top) || !std::isfinite(bottom))
            continue;
        top = std::clamp(std::min(top, bottom), 0.0, static_cast<double>(m_height));
        bottom = std::clamp(std::max(high[at].y() + share * (high[at + 1].y() - high[at].y()), bottom), 0.0, static_cast<double>(m_height));
        const int first = static_cast<int>(top), last = std::min(m_height, static_cast<int>(std::ceil(bottom)));
        std::uint8_t* const pixels = m_coverage.data() + static_cast<std::size_t>(column) * static_cast<std::size_t>(m_height);
        for (int row = first; row < last; ++row) // the share of the pixel between both lines
            pixels[row] = static_cast<std::uint8_t>(std::clamp(std::min<double>(row + 1, bottom) - std::max<double>(row, top), 0.0, 1.0) * 255 + 0.5);
        m_top[static_cast<std::size_t>(column)] = first;
        m_bottom[static_cast<std::size_t>(column)] = last;
    }
    blend(color, 0);
}

/// Lays what is covered over the picture, and forgets it.
void CurveRaster::blend(const QColor& color, int dash)
{
    const std::uint32_t ink = qPremultiply(color.rgba());
    for (int column = 0; column < m_width; ++column) {
        int& top = m_top[static_cast<std::size_t>(column)];
        int& bottom = m_bottom[static_cast<std::size_t>(column)];
        const std::size_t start = static_cast<std::size_t>(column) * static_cast<std::size_t>(m_height);
        if (dash == 0 || column / dash % 2 == 0)
            for (int row = top; row < bottom; ++row) {
                const std::size_t at = start + static_cast<std::size_t>(row);
                if (m_coverage[at] == 0)
                    continue;
                const std::uint32_t over = scaled(ink, m_coverage[at]);
                m_pixels[at] = over + scaled(m_pixels[at], 255 - (over >> 24));
            }
        if (top < bottom)
            std::fill(m_coverage.begin() + static_cast<std::ptrdiff_t>(start) + top, m_coverage.begin() + static_cast<std::ptrdiff_t>(start) + bottom, std::uint8_t{0});
        top = m_height;
        bottom = 0;
    }
}

QImage CurveRaster::take() const
{
    QImage image{m_width, m_height, QImage::Format_ARGB32_Premultiplied};
    constexpr int tile = 32; // so that both sides stay in the cache
    for (int firstRow = 0; firstRow < m_height; firstRow += tile)
        for (int firstColumn = 0; firstColumn < m_width; firstColumn += tile)
            for (int row = firstRow; row < std::min(m_height, firstRow + tile); ++row) {
                auto* const line = reinterpret_cast<std::uint32_t*>(image.scanLine(row));
                for (int column = firstColumn; column < std::min(m_width, firstColumn + tile); ++column)
                    line[column] = m_pixels[static_cast<std::size_t>(column) * static_cast<std::size_t>(m_height) + static_cast<std::size_t>(row)];
            }
    return image;
}

}
