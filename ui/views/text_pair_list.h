// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/inspection.h"

#include <QWidget>

#include <vector>

namespace descent {

/// A few texts of a dataset, each with the text it is to become.
class TextPairList : public QWidget
{
    Q_OBJECT
public:
    explicit TextPairList(QWidget* parent = nullptr);
    void setPairs(const DatasetReport& report); ///< none of data that is no pairs of texts
    bool hasPairs() const { return !m_pairs.empty(); }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return {280, heightForWidth(280)}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Pair {
        QString source, target;
    };
    std::vector<Pair> m_pairs;
};

}
