// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/preview.h"

#include <QWidget>

namespace descent {

/// How a few held-back stretches of a series go on: what was, what came, the network's forecast, and beside it the forecasts
/// that cost nothing.
class ForecastView : public QWidget
{
    Q_OBJECT
public:
    explicit ForecastView(QWidget* parent = nullptr);
    void setPreview(const ForecastPreview& preview);
    const ForecastPreview& preview() const { return m_preview; }
    void clear();
    QSize sizeHint() const override { return {420, 320}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int paintLegend(QPainter& painter) const; // gives its height
    ForecastPreview m_preview;
};

}
