// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/translated_text.h"

#include <QWidget>

namespace descent {

/// Where a network looked while it wrote: a row for each word written, a column for each word read, the darker the more.
/// "Neural Machine Translation by Jointly Learning to Align and Translate" (2015), figure 3, arXiv:1409.0473
class AttentionMap : public QWidget
{
    Q_OBJECT
public:
    explicit AttentionMap(QWidget* parent = nullptr);
    void setText(const TranslatedText& text); ///< of one without attention nothing is drawn
    QSize sizeHint() const override { return {320, 240}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override; // the share under the mouse, as a tooltip

private:
    struct Layout {
        QRectF cells;
        double cellWidth = 0, cellHeight = 0;
        int labelWidth = 0, labelHeight = 0; // of the words written, of the words read
    };
    Layout layoutIn(const QSize& size) const;
    bool isEmpty() const;

    TranslatedText m_text;
};

}
