// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/canvas.h"

#include <algorithm>
#include <cmath>

namespace descent {

Colour mixed(Colour a, Colour b, float share)
{
    return {a.red + (b.red - a.red) * share, a.green + (b.green - a.green) * share, a.blue + (b.blue - a.blue) * share};
}

Colour lit(Colour colour, float light)
{
    return {colour.red * light, colour.green * light, colour.blue * light};
}

Canvas::Canvas(std::int64_t width, std::int64_t height)
    : m_width{width * finer},
      m_height{height * finer},
      m_colours(static_cast<std::size_t>(m_width * m_height)),
      m_things(m_colours.size(), background)
{
}

void Canvas::begin(std::int32_t thing)
{
    m_thing = thing;
    if (thing >= static_cast<std::int32_t>(m_painted.size()))
        m_painted.resize(static_cast<std::size_t>(thing) + 1);
}

void Canvas::setHaze(Colour haze, float share)
{
    m_haze = haze;
    m_hazeShare = share;
}

/// The places of line y whose middle lies in [left, right), in pixels as painted.
void Canvas::fill(std::int64_t y, double left, double right, Colour colour)
{
    const auto edge = [this](double x) {
        return static_cast<std::int64_t>(std::ceil(std::clamp(x - 0.5, 0.0, static_cast<double>(m_width))));
    };
    const std::int64_t end = edge(right);
    for (std::int64_t x = edge(left); x < end; ++x) {
        const auto at = static_cast<std::size_t>(y * m_width + x);
        m_colours[at] = colour;
        if (m_thing != background && m_things[at] != m_thing)
            ++m_painted[static_cast<std::size_t>(m_thing)];
        m_things[at] = m_thing;
    }
}

void Canvas::polygon(std::span<const CanvasPoint> corners, Colour colour)
{
    colour = mixed(colour, m_haze, m_hazeShare);
    double top = 1e9, bottom = -1e9;
    for (const CanvasPoint& corner : corners) {
        top = std::min(top, corner.y * finer);
        bottom = std::max(bottom, corner.y * finer);
    }
    const auto first = static_cast<std::int64_t>(std::clamp(std::floor(top), 0.0, static_cast<double>(m_height)));
    const auto last = static_cast<std::int64_t>(std::clamp(std::ceil(bottom), 0.0, static_cast<double>(m_height)));
    std::vector<double> crossings;
    for (std::int64_t y = first; y < last; ++y) {
        const double middle = static_cast<double>(y) + 0.5;
        crossings.clear();
        for (std::size_t i = 0; i < corners.size(); ++i) {
            const CanvasPoint &a = corners[i], &b = corners[(i + 1) % corners.size()];
            const double ay = a.y * finer, by = b.y * finer;
            if ((ay <= middle) != (by <= middle))
                crossings.push_back((a.x + (middle - ay) / (by - ay) * (b.x - a.x)) * finer);
        }
        std::sort(crossings.begin(), crossings.end());
        for (std::size_t i = 0; i + 1 < crossings.size(); i += 2)
            fill(y, crossings[i], crossings[i + 1], colour);
    }
}

void Canvas::rectangle(double left, double top, double right, double bottom, Colour colour)
{
    const CanvasPoint corners[]{{left, top}, {right, top}, {right, bottom}, {left, bottom}};
    polygon(corners, colour);
}

void Canvas::ellipse(CanvasPoint centre, double radiusX, double radiusY, Colour colour)
{
    colour = mixed(colour, m_haze, m_hazeShare);
    const double x = centre.x * finer, y = centre.y * finer, rx = radiusX * finer, ry = radiusY * finer;
    const auto first = static_cast<std::int64_t>(std::clamp(std::floor(y - ry), 0.0, static_cast<double>(m_height)));
    const auto last = static_cast<std::int64_t>(std::clamp(std::ceil(y + ry), 0.0, static_cast<double>(m_height)));
    for (std::int64_t line = first; line < last; ++line) {
        const double offset = (static_cast<double>(line) + 0.5 - y) / ry;
        if (offset * offset < 1) {
            const double half = rx * std::sqrt(1 - offset * offset);
            fill(line, x - half, x + half, colour);
        }
    }
}

void Canvas::line(CanvasPoint from, CanvasPoint to, double width, Colour colour)
{
    const double dx = to.x - from.x, dy = to.y - from.y, length = std::hypot(dx, dy);
    if (length == 0)
        return;
    const double x = -dy / length * width / 2, y = dx / length * width / 2;
    const CanvasPoint corners[]{{from.x + x, from.y + y}, {to.x + x, to.y + y}, {to.x - x, to.y - y}, {from.x - x, from.y - y}};
    polygon(corners, colour);
}

void Canvas::shadow(CanvasPoint centre, double radiusX, double radiusY, float strength)
{
    const double x = centre.x * finer, y = centre.y * finer, rx = radiusX * finer, ry = radiusY * finer;
    const auto within = [](double value, std::int64_t end) {
        return static_cast<std::int64_t>(std::clamp(value, 0.0, static_cast<double>(end)));
    };
    for (std::int64_t line = within(y - ry, m_height); line < within(y + ry + 1, m_height); ++line)
        for (std::int64_t column = within(x - rx, m_width); column < within(x + rx + 1, m_width); ++column) {
            const double distance = std::hypot((static_cast<double>(column) + 0.5 - x) / rx, (static_cast<double>(line) + 0.5 - y) / ry);
            if (distance < 1) {
                Colour& colour = m_colours[static_cast<std::size_t>(line * m_width + column)];
                colour = lit(colour, 1 - strength * static_cast<float>(1 - distance * distance));
            }
        }
}

std::vector<std::optional<Canvas::Seen>> Canvas::seen() const
{
    struct Extent {
        std::int64_t left, top, right = 0, bottom = 0, count = 0;
    };
    std::vector<Extent> extents(m_painted.size(), {m_width, m_height});
    for (std::int64_t y = 0; y < m_height; ++y)
        for (std::int64_t x = 0; x < m_width; ++x)
            if (const std::int32_t thing = m_things[static_cast<std::size_t>(y * m_width + x)]; thing != background) {
                Extent& extent = extents[static_cast<std::size_t>(thing)];
                extent = {std::min(extent.left, x), std::min(extent.top, y), std::max(extent.right, x + 1),
                          std::max(extent.bottom, y + 1), extent.count + 1};
            }
    std::vector<std::optional<Seen>> seen(extents.size());
    const auto side = [](std::int64_t value) { return static_cast<float>(value) / finer; };
    for (std::size_t i = 0; i < extents.size(); ++i)
        if (const Extent& extent = extents[i]; extent.count > 0)
            seen[i] = Seen{{side(extent.left), side(extent.top), side(extent.right), side(extent.bottom)},
                           static_cast<double>(extent.count) / static_cast<double>(m_painted[i])};
    return seen;
}

void Canvas::develop(float light, double noise, Random& random, std::uint8_t* pixels) const
{
    const std::int64_t width = m_width / finer, height = m_height / finer;
    for (std::int64_t channel = 0; channel < 3; ++channel)
        for (std::int64_t y = 0; y < height; ++y)
            for (std::int64_t x = 0; x < width; ++x) {
                const double value = light * average(channel, x, y) + noise * random.normal();
                *pixels++ = static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0, 1.0)));
            }
}

float Canvas::average(std::int64_t channel, std::int64_t x, std::int64_t y) const
{
    float sum = 0;
    for (std::int64_t dy = 0; dy < finer; ++dy)
        for (std::int64_t dx = 0; dx < finer; ++dx) {
            const Colour& colour = m_colours[static_cast<std::size_t>((y * finer + dy) * m_width + x * finer + dx)];
            sum += channel == 0 ? colour.red : channel == 1 ? colour.green : colour.blue;
        }
    return sum / (finer * finer);
}

}
