// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/preview.h"

#include <QWidget>

namespace descent {

/// Share of pairs of the same person that are accepted, over the share of pairs of different people that are accepted as well,
/// which is drawn by its logarithm: one false in a hundred, in a thousand is what matters.
class RocView : public QWidget
{
    Q_OBJECT
public:
    explicit RocView(QWidget* parent = nullptr);
    void setCurve(const RocPreview& curve);
    const RocPreview& curve() const { return m_curve; }
    void clear();
    QSize sizeHint() const override { return {320, 190}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    RocPreview m_curve;
};

}
