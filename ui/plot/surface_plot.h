// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/run_event.h"

#include <QImage>
#include <QWidget>

#include <vector>

namespace descent {

/// The plane of a two-column dataset: its points, and behind them what the network says of every place.
class SurfacePlot : public QWidget
{
    Q_OBJECT
public:
    explicit SurfacePlot(QWidget* parent = nullptr);

    /// Points by class; the view fits them until a surface brings its own bounds.
    void setPoints(std::vector<float> x, std::vector<float> y, std::vector<std::int64_t> classes);
    void setSurface(const DecisionSurface& surface);
    void clearSurface();
    QSize sizeHint() const override { return {320, 320}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<float> m_x, m_y;
    std::vector<std::int64_t> m_classes;
    QRectF m_bounds{-1, -1, 2, 2};     // in data units: left, bottom, width, height
    DecisionSurface m_surface;
};

}
