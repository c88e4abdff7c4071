// SPDX-License-Identifier: GPL-3.0-or-later
// What mouse and keys do with a CurveChart.
#include "ui/plot/curve_chart.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace descent {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double zoomFactor = 0.8, pushShare = 0.1, crosshairShare = 1.0 / 60;
constexpr double clickDistance = 4; // pixels

}

void CurveChart::mousePressEvent(QMouseEvent* event)
{
    const bool pushes = event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && event->modifiers() & Qt::ShiftModifier);
    if (!area().contains(event->position()) || (!pushes && event->button() != Qt::LeftButton)) {
        QWidget::mousePressEvent(event);
        return;
    }
    m_gesture = pushes ? Gesture::push : Gesture::brush;
    m_pressed = m_dragged = event->position();
    m_pressedX = shown().x;
    setCursor(pushes ? Qt::ClosedHandCursor : Qt::CrossCursor);
}

void CurveChart::mouseMoveEvent(QMouseEvent* event)
{
    m_dragged = event->position();
    if (m_gesture == Gesture::push)
        choose(pushed(m_pressedX, (m_pressed.x() - m_dragged.x()) / area().width()), m_chosenY);
    if (m_gesture == Gesture::brush)
        update();
    point(event->position());
}

void CurveChart::mouseReleaseEvent(QMouseEvent* event)
{
    const Gesture gesture = std::exchange(m_gesture, Gesture::none);
    unsetCursor();
    update();
    if (gesture != Gesture::brush)
        return;
    const QRectF brushed = QRectF{m_pressed, event->position()}.normalized().intersected(area());
    if (brushed.width() <= clickDistance && brushed.height() <= clickDistance) {
        Q_EMIT curveClicked(nearestCurve(event->position()));
        return;
    }
    if (brushed.width() <= clickDistance)
        return; // a slip
    const ChartContent content = shown();
    const auto x = [&](double pixel) { return content.x.value((pixel - area().left()) / area().width()); };
    const auto y = [&](double pixel) { return content.y.value((area().bottom() - pixel) / area().height()); };
    std::optional<ChartScale> chosenY;
    if (brushed.height() > area().height() * 0.05 && brushed.height() < area().height() * 0.9) // a flat one is along x alone
        chosenY = ChartScale{y(brushed.bottom()), y(brushed.top()), content.y.isLog};
    choose({x(brushed.left()), x(brushed.right()), content.x.isLog}, chosenY);
}

void CurveChart::mouseDoubleClickEvent(QMouseEvent*)
{
    m_gesture = Gesture::none;
    showAll();
}

void CurveChart::wheelEvent(QWheelEvent* event)
{
    const bool scrolls = m_isScrolled && !hasFocus() && !(event->modifiers() & Qt::ControlModifier);
    if (scrolls || !area().contains(event->position()) || event->angleDelta().y() == 0) {
        QWidget::wheelEvent(event);
        return;
    }
    const double factor = std::pow(zoomFactor, event->angleDelta().y() / 120.0);
    choose(zoomed(shown().x, factor, (event->position().x() - area().left()) / area().width()), m_chosenY);
    event->accept();
}

void CurveChart::leaveEvent(QEvent*)
{
    hideCrosshair();
    Q_EMIT hovered(nan);
}

void CurveChart::keyPressEvent(QKeyEvent* event)
{
    const QRectF area = this->area();
    const QPointF at = m_pointer.isNull() ? area.center() : m_pointer;
    const double direction = event->key() == Qt::Key_Left ? -1 : 1;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (event->modifiers() & Qt::ShiftModifier)
            choose(pushed(shown().x, direction * pushShare), m_chosenY);
        else
            point({std::clamp(at.x() + direction * crosshairShare * area.width(), area.left() + 1, area.right() - 1), at.y()});
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Minus:
        choose(zoomed(shown().x, event->key() == Qt::Key_Minus ? 1 / zoomFactor : zoomFactor, (at.x() - area.left()) / area.width()), m_chosenY);
        return;
    case Qt::Key_0:
    case Qt::Key_Home: showAll(); return;
    case Qt::Key_N: Q_EMIT noteWanted(std::isfinite(m_crosshair) ? m_crosshair : shown().x.value(0.5)); return;
    default: QWidget::keyPressEvent(event);
    }
}

}
