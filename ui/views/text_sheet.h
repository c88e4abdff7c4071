// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/inspection.h"

#include <QString>
#include <QWidget>

#include <vector>

namespace descent {

/// A few texts of a dataset, each with its class over it; of a corpus some lines as they stand.
class TextSheet : public QWidget
{
    Q_OBJECT
public:
    explicit TextSheet(QWidget* parent = nullptr);
    /// False where the samples are no texts.
    bool setSamples(const DatasetReport& report);
    QSize sizeHint() const override { return {240, heightForWidth(240)}; }
    int heightForWidth(int width) const override;
    bool hasHeightForWidth() const override { return true; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Sample {
        QString text, label;
        int color = 0; // place in the series palette
    };
    int heightOf(const Sample& sample, int width) const;
    std::vector<Sample> m_samples;
    bool m_corpus = false;
};

}
