// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>
#include <QPointF>

#include <cstdint>
#include <span>
#include <vector>

namespace descent {

/// Draws lines of any width, smoothly, thousands of points in a millisecond. How much of a pixel a line covers depends on its distance to
/// the line as a set of points and on nothing else; so where points stand in the middle of their columns, a line thinned by CurveReduction
/// sets every pixel to the very colour that the line through all its points would. (A QPainter's stroke differs at its joints.)
class CurveRaster {
public:
    CurveRaster(int width, int height); ///< in pixels, transparent

    /// A line through points in order. Those that are not finite part it, and one that stands alone is a dot.
    /// dash: columns drawn and left out in turn; 0: all are drawn.
    void drawLine(std::span<const QPointF> points, double lineWidth, const QColor& color, int dash = 0);
    /// The area between two lines over the same places, in order of x.
    void fillBetween(std::span<const QPointF> low, std::span<const QPointF> high, const QColor& color);
    QImage take() const; ///< ARGB32, premultiplied

private:
    void cover(const QPointF& from, const QPointF& to, float radius);
    void blend(const QColor& color, int dash);

    int m_width, m_height;
    std::vector<std::uint8_t> m_coverage;   // a column after the other: most of a curve's pixels lie above each other
    std::vector<std::uint32_t> m_pixels;    // likewise
    std::vector<int> m_top, m_bottom;       // of what is covered in each column
};

}
