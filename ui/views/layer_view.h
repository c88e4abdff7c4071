// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/preview.h"

#include <QWidget>

namespace descent {

/// A network from its first layer to its last: how long weights and gradients are, how far a step moves them, how many units are
/// dead, and how the values of weights, gradients and outputs are spread.
class LayerView : public QWidget
{
    Q_OBJECT
public:
    explicit LayerView(QWidget* parent = nullptr);
    void setReport(const LayerReport& report);
    const LayerReport& report() const { return m_report; }
    void clear() { setReport({}); }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override; // a tooltip a row

private:
    int rowHeight() const;
    LayerReport m_report;
};

}
