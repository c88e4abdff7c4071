// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/summary/summary_chart.h"

#include <QPixmap>
#include <QWidget>

namespace descent {

/// Shows one chart. The picture is kept, so that pointing at runs repaints none of it. Left and right go from run to run, Enter chooses.
class ChartView : public QWidget
{
    Q_OBJECT
public:
    explicit ChartView(QWidget* parent = nullptr);
    void setInput(ChartInput input);
    const ChartInput& input() const { return m_input; }
    void setPointedAt(RunId run);   ///< drawn strongly, here and in every other chart; 0: none
    void setChosen(RunId run);      ///< framed likewise until another is
    const ChartMarks& marks() const { return m_marks; } ///< of what is shown
    QRectF chartArea() const;
    QSize minimumSizeHint() const override { return {260, 180}; }

Q_SIGNALS:
    void runPointedAt(qint64 run);  ///< 0: none any more
    void runChosen(qint64 run);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void redraw();                  ///< the picture is out of date

private:
    int markAt(const QPointF& point) const; ///< -1: none
    void pointAt(int mark, const QPoint& place);
    void paintStrong(QPainter& painter, RunId run, bool chosen) const;

    ChartInput m_input;
    ChartMarks m_marks;
    QPixmap m_picture;
    int m_mark = -1;                // under the pointer or the keys
    RunId m_pointedAt = 0, m_chosen = 0;
};

}
