// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/summary/summary_chart.h"

#include <QImage>
#include <QWidget>

namespace descent {

class PaintThread;

/// Shows one chart. It is painted on a PaintThread and kept, so that pointing at runs repaints none of it; until a newer picture is there
/// the last one stays. Left and right go from run to run, Enter chooses.
class ChartView : public QWidget
{
    Q_OBJECT
public:
    explicit ChartView(PaintThread& painter, QWidget* parent = nullptr); ///< `painter` outlives it
    void setInput(ChartInput input);
    const ChartInput& input() const { return m_input; }
    void setPointedAt(RunId run);   ///< drawn strongly, here and in every other chart; 0: none
    void setChosen(RunId run);      ///< framed likewise until another is
    const ChartMarks& marks() const { return m_shown.marks; } ///< of what is shown
    bool isUpToDate() const { return m_shown.version == m_version; } ///< the picture is of the newest input and size
    QRectF chartArea() const;
    QSize minimumSizeHint() const override { return {260, 180}; }

Q_SIGNALS:
    void runPointedAt(qint64 run);  ///< 0: none any more
    void runChosen(qint64 run);
    void drawnAnew();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void redraw();                  // the picture is out of date
    void order();                   // a newer one
    int markAt(const QPointF& point) const; // -1: none
    RunId runOf(int mark) const;            // the first of those it stands for
    void pointAt(int mark, const QPoint& place);
    void paintStrong(QPainter& painter, RunId run, bool chosen) const;

    struct Shown {
        QImage picture;
        ChartMarks marks;
        ChartInput input;           // which it was painted from: the marks speak of its runs
        quint64 version = 0;
    };
    PaintThread& m_painter;
    ChartInput m_input;
    Shown m_shown;
    quint64 m_version = 1, m_ordered = 0; // of m_input at this size
    int m_mark = -1;                // under the pointer or the keys
    RunId m_pointedAt = 0, m_chosen = 0;
};

}
