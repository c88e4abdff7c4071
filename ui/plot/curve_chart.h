// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/chart_picture.h"

#include <QImage>
#include <QWidget>

#include <optional>

namespace descent {

class PaintThread;
class Readout;

/// A chart of curves that were prepared for its width. They are drawn on a PaintThread; this widget shows the picture, moved and
/// stretched while a person zooms and a newer one is under way, and paints on top what follows the pointer.
/// Drag zooms into a rectangle, Shift with drag or the middle button pushes, the wheel zooms along x, a double click shows everything.
/// With the keyboard: left and right move the crosshair (with Shift the picture), plus and minus zoom, 0 shows everything, N makes a note.
/// Asks nobody for data: it says which range it shows, and takes what was prepared for it.
class CurveChart : public QWidget
{
    Q_OBJECT
public:
    explicit CurveChart(PaintThread& painter, QWidget* parent = nullptr); ///< `painter` outlives it

    /// What is drawn from now on. x and y are what it was prepared for; while a person has chosen another range, that one stays.
    void setContent(ChartContent content);
    const ChartContent& content() const { return m_content; }
    ChartContent shown() const; ///< the content in the range that is shown
    /// The range a person chose, here or on another chart; nothing: all.
    void setRange(const std::optional<ChartScale>& x);
    void highlight(qint64 id); ///< -1: none
    /// It stands among others that are scrolled by the wheel: that zooms only where the chart has the keyboard, or with Ctrl.
    void setScrolled(bool scrolled) { m_isScrolled = scrolled; }
    void showCrosshair(double x); ///< from another chart; NaN hides it
    int columns() const;       ///< of pixels on the display, for the curves
    const std::optional<ChartScale>& chosenX() const { return m_chosenX; }
    const std::optional<ChartScale>& chosenY() const { return m_chosenY; }
    const Readout& readout() const { return *m_readout; }
    bool isUpToDate() const { return m_drawnVersion == m_version && !m_curves.isNull(); } ///< the picture is of the newest content
    QSize sizeHint() const override { return {420, 260}; }

Q_SIGNALS:
    void rangeChosen(const std::optional<descent::ChartScale>& x); ///< nothing: everything
    void columnsChanged();
    void hovered(double x); ///< NaN when the pointer leaves
    void curveClicked(qint64 id); ///< -1: none is near
    void noteWanted(double x);
    void drawnAnew(); ///< a newer picture is shown from the next frame on

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    enum class Gesture { none, brush, push };
    void order();               ///< a picture of it
    void choose(const ChartScale& x, const std::optional<ChartScale>& y);
    void showAll();
    void point(const QPointF& at);
    void showReadout(double x, const QPointF& at, std::size_t most);
    void hideCrosshair();
    qint64 nearestCurve(const QPointF& at) const;
    QRectF area() const { return chartArea(size()); }

    PaintThread& m_painter;
    ChartContent m_content;
    std::optional<ChartScale> m_chosenX, m_chosenY;
    quint64 m_version = 0, m_drawnVersion = 0;
    QImage m_curves;                 // as they were drawn last
    ChartScale m_curvesX, m_curvesY; // in this range
    Readout* m_readout = nullptr;
    double m_crosshair; // along x; NaN: none
    QPointF m_pointer;  // where the crosshair was put last; null: nowhere
    bool m_isScrolled = false;
    Gesture m_gesture = Gesture::none;
    QPointF m_pressed, m_dragged;
    ChartScale m_pressedX;
};

}
