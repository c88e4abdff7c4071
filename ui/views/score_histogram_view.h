// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/preview.h"

#include <QWidget>

#include <string>
#include <vector>

namespace descent {

/// Two classes by the score the network gives them: counts upwards (square root, so that a rare class is seen beside a
/// common one), the threshold as a line.
class ScoreHistogramView : public QWidget
{
    Q_OBJECT
public:
    explicit ScoreHistogramView(QWidget* parent = nullptr);
    void setClassNames(std::vector<std::string> names);
    void setHistogram(const ScoreHistogram& histogram);
    const ScoreHistogram& histogram() const { return m_histogram; }
    void clear();
    QSize sizeHint() const override { return {320, 200}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString className(bool positive) const;
    std::vector<std::string> m_classNames;
    ScoreHistogram m_histogram;
};

}
