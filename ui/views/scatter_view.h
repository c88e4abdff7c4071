// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/preview.h"

#include <QWidget>

namespace descent {

/// Predicted against true numbers: on the diagonal the network is right.
class ScatterView : public QWidget
{
    Q_OBJECT
public:
    explicit ScatterView(QWidget* parent = nullptr);
    void setScatter(const ScatterPreview& scatter);
    const ScatterPreview& scatter() const { return m_scatter; }
    void clear();
    QSize sizeHint() const override { return {320, 260}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ScatterPreview m_scatter;
    double m_low = 0, m_high = 1; ///< of both axes
};

}
