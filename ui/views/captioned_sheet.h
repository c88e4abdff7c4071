// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/inspection.h"

#include <QImage>
#include <QWidget>

#include <vector>

namespace descent {

/// A few pictures with what stands beside each: its caption or its row, and its class.
class CaptionedSheet : public QWidget
{
    Q_OBJECT
public:
    explicit CaptionedSheet(QWidget* parent = nullptr);
    void setSamples(const DatasetReport& report); ///< nothing but of pictures with more
    bool isEmpty() const { return m_samples.empty(); }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Sample {
        QImage image;
        QString beside, target;
    };
    std::vector<Sample> m_samples;
};

}
