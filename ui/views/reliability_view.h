// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/preview.h"

#include <QWidget>

namespace descent {

/// Whether a score is a probability: of samples with a score, the share that is positive. On the diagonal it means what it says.
class ReliabilityView : public QWidget
{
    Q_OBJECT
public:
    explicit ReliabilityView(QWidget* parent = nullptr);
    void setHistogram(const ScoreHistogram& histogram);
    void clear();
    QSize sizeHint() const override { return {170, 200}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ScoreHistogram m_histogram;
};

}
