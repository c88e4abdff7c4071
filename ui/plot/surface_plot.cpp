// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/surface_plot.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace descent {

namespace {

/// Each place in the blend of its classes' colours, over the surface's ground: pale where the network is unsure.
QImage blended(const DecisionSurface& surface)
{
    const Theme& theme = Theme::instance();
    const QColor ground = theme.colors().surface;
    const double strength = theme.isDark() ? 0.62 : 0.5;
    QImage image{static_cast<int>(surface.width), static_cast<int>(surface.height), QImage::Format_RGB32};
    std::vector<QColor> colors;
    for (std::int64_t c = 0; c < surface.classes; ++c)
        colors.push_back(theme.seriesColor(c));
    const double even = 1.0 / static_cast<double>(std::max<std::int64_t>(1, surface.classes));
    for (std::int64_t row = 0; row < surface.height; ++row) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(surface.height - 1 - row)));   // row 0 is at the bottom
        for (std::int64_t column = 0; column < surface.width; ++column) {
            const float* probability = surface.probabilities.data() + (row * surface.width + column) * surface.classes;
            double r = 0, g = 0, b = 0, most = 0;
            for (std::int64_t c = 0; c < surface.classes; ++c) {
                const double p = probability[c];
                r += p * colors[static_cast<std::size_t>(c)].red();
                g += p * colors[static_cast<std::size_t>(c)].green();
                b += p * colors[static_cast<std::size_t>(c)].blue();
                most = std::max(most, p);
            }
            const double sure = strength * std::clamp((most - even) / (1 - even), 0.0, 1.0);
            const auto mix = [&](double over, int under) { return static_cast<int>(over * sure + under * (1 - sure)); };
            line[column] = qRgb(mix(r, ground.red()), mix(g, ground.green()), mix(b, ground.blue()));
        }
    }
    return image;
}

}

SurfacePlot::SurfacePlot(QWidget* parent) : QWidget{parent}
{
    setMinimumSize(110, 110); // beside an outcome and an advice in a small window
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SurfacePlot::setPoints(std::vector<float> x, std::vector<float> y, std::vector<std::int64_t> classes)
{
    m_x = std::move(x);
    m_y = std::move(y);
    m_classes = std::move(classes);
    if (!m_x.empty()) {
        const auto [left, right] = std::minmax_element(m_x.begin(), m_x.end());
        const auto [bottom, top] = std::minmax_element(m_y.begin(), m_y.end());
        const double width = std::max(1e-6F, *right - *left), height = std::max(1e-6F, *top - *bottom);
        m_bounds = {*left - 0.08 * width, *bottom - 0.08 * height, 1.16 * width, 1.16 * height};
    }
    m_surface = {};
    update();
}

void SurfacePlot::setSurface(const DecisionSurface& surface)
{
    m_surface = surface;
    m_bounds = {surface.left, surface.bottom, surface.right - surface.left, surface.top - surface.bottom};
    update();
}

void SurfacePlot::clearSurface()
{
    m_surface = {};
    update();
}

void SurfacePlot::paintEvent(QPaintEvent*)
{
    const ColorTokens& colors = Theme::instance().colors();
    QPainter painter{this};
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const int side = std::min(width(), height()) - 2;
    const QRectF square{(width() - side) / 2.0, (height() - side) / 2.0, static_cast<double>(side), static_cast<double>(side)};
    QPainterPath frame;
    frame.addRoundedRect(square, 8, 8);
    painter.setClipPath(frame);
    painter.fillRect(square, colors.raised);
    if (!m_surface.probabilities.empty())
        painter.drawImage(square, blended(m_surface));
    const double size = m_x.size() > 800 ? 2.4 : 3.2;
    painter.setPen(QPen{colors.surface, 0.8});
    for (std::size_t i = 0; i < m_x.size(); ++i) {
        const QPointF at{square.left() + (m_x[i] - m_bounds.left()) / m_bounds.width() * square.width(),
                         square.bottom() - (m_y[i] - m_bounds.top()) / m_bounds.height() * square.height()};
        painter.setBrush(Theme::instance().seriesColor(m_classes[i]));
        painter.drawEllipse(at, size, size);
    }
    painter.setClipping(false);
    painter.setPen(colors.border);
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(frame);
}

}
