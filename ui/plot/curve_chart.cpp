// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/curve_chart.h"

#include "ui/plot/curve_plot.h"
#include "ui/plot/paint_thread.h"
#include "ui/plot/readout.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace descent {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t mostRows = 14, mostRowsBeside = 5; // of the readout: under the pointer, and on the other charts
constexpr std::size_t pixelsPerRow = 32; // of the chart's height
constexpr double zoomFactor = 0.8, pushShare = 0.1, crosshairShare = 1.0 / 60;
constexpr double clickDistance = 4, nearDistance = 12; // pixels

/// Of a curve, the point nearest to `x`; null beyond its ends.
const SeriesPoint* pointAt(const ChartCurve& curve, double x, double slack)
{
    const std::vector<SeriesPoint>& points = curve.shown();
    if (points.empty() || x < curve.xOf(points.front()) - slack || x > curve.xOf(points.back()) + slack)
        return nullptr;
    const auto after = std::ranges::lower_bound(points, x, {}, [&](const SeriesPoint& point) { return curve.xOf(point); });
    if (after == points.end())
        return &points.back();
    if (after == points.begin() || curve.xOf(*after) - x < x - curve.xOf(*(after - 1)))
        return &*after;
    return &*(after - 1);
}

}

CurveChart::CurveChart(PaintThread& painter, QWidget* parent) : QWidget{parent}, m_painter{painter}, m_crosshair{nan}
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(180, 130);
    setAttribute(Qt::WA_OpaquePaintEvent);
    m_content.curves = std::make_shared<std::vector<ChartCurve>>();
    m_content.look = ChartLook::ofTheme();
    m_readout = new Readout{this};
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        m_content.look = ChartLook::ofTheme();
        order();
    });
}

int CurveChart::columns() const
{
    return std::max(1, static_cast<int>(std::lround(area().width() * devicePixelRatioF())));
}

ChartContent CurveChart::shown() const
{
    ChartContent content = m_content;
    content.x = m_chosenX.value_or(m_content.x);
    content.y = m_chosenY.value_or(m_content.y);
    return content;
}

void CurveChart::order()
{
    const double ratio = devicePixelRatioF();
    const QSize pixels{columns(), std::max(1, static_cast<int>(std::lround(area().height() * ratio)))};
    m_painter.paint(this, [this, content = shown(), pixels, ratio, version = ++m_version]() -> PaintThread::Show {
        return [this, curves = drawCurves(content, pixels, ratio), x = content.x, y = content.y, version] {
            m_curves = curves;
            m_drawnVersion = version;
            m_curvesX = x;
            m_curvesY = y;
            update();
            Q_EMIT drawnAnew();
        };
    });
    update();
}

void CurveChart::setContent(ChartContent content)
{
    content.highlighted = m_content.highlighted;
    content.look = m_content.look;
    m_content = std::move(content);
    setAccessibleName(m_content.title);
    order();
    if (m_readout->isVisible() && std::isfinite(m_crosshair))
        showReadout(m_crosshair, m_pointer, mostRows);
}

void CurveChart::setRange(const std::optional<ChartScale>& x)
{
    if (m_chosenX == x)
        return;
    m_chosenX = x;
    m_chosenY.reset(); // of another part
    update();
}

void CurveChart::highlight(qint64 id)
{
    if (std::exchange(m_content.highlighted, id) != id)
        order();
}

void CurveChart::choose(const ChartScale& x, const std::optional<ChartScale>& y)
{
    if (!(x.to - x.from > std::abs(x.to) * 1e-12) || !std::isfinite(x.to - x.from))
        return; // numbers end here
    m_chosenX = x;
    m_chosenY = y;
    update();
    Q_EMIT rangeChosen(m_chosenX);
}

void CurveChart::showAll()
{
    m_chosenX.reset();
    m_chosenY.reset();
    update();
    Q_EMIT rangeChosen(std::nullopt);
}

void CurveChart::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    const ChartContent content = shown();
    const ColorTokens& colors = content.look.colors;
    painter.fillRect(rect(), colors.surface);
    paintAxes(painter, size(), content);
    const QRectF area = this->area();
    if (!m_curves.isNull()) {
        // What was drawn for another range stands where it belongs in this one, until the new picture is there.
        const double left = content.x.share(m_curvesX.from), right = content.x.share(m_curvesX.to);
        const double top = 1 - content.y.share(m_curvesY.to), bottom = 1 - content.y.share(m_curvesY.from);
        if (left < right && top < bottom) {
            painter.setClipRect(area);
            const QRectF target{area.left() + left * area.width(), area.top() + top * area.height(), (right - left) * area.width(), (bottom - top) * area.height()};
            if (m_curvesX == content.x && m_curvesY == content.y)
                painter.drawImage(area, m_curves);
            else
                painter.drawImage(target, m_curves);
            painter.setClipping(false);
        }
    }
    paintMarks(painter, size(), content);
    const double crosshair = content.x.share(m_crosshair);
    if (crosshair >= 0 && crosshair <= 1) {
        painter.setPen(QPen{colors.muted, 1, Qt::DotLine});
        const double x = std::floor(area.left() + crosshair * area.width()) + 0.5;
        painter.drawLine(QPointF{x, area.top()}, QPointF{x, area.bottom()});
    }
    if (m_gesture == Gesture::brush) {
        QColor fill = colors.accent;
        fill.setAlpha(40);
        painter.setPen(colors.accent);
        painter.setBrush(fill);
        painter.drawRect(QRectF{m_pressed, m_dragged}.normalized().intersected(area));
    }
    if (hasFocus()) { // where the keys go
        painter.setPen(QPen{colors.accent, 2});
        painter.drawLine(area.bottomLeft(), area.bottomRight());
    }
}

void CurveChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    order();
    Q_EMIT columnsChanged();
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

void CurveChart::point(const QPointF& at)
{
    if (!area().contains(at)) {
        hideCrosshair();
        Q_EMIT hovered(nan);
        return;
    }
    m_pointer = at;
    m_crosshair = shown().x.value((at.x() - area().left()) / area().width());
    if (m_gesture == Gesture::none)
        showReadout(m_crosshair, at, mostRows);
    else
        m_readout->hide();
    update();
    Q_EMIT hovered(m_crosshair);
}

void CurveChart::hideCrosshair()
{
    m_crosshair = nan;
    m_readout->hide();
    update();
}

void CurveChart::showCrosshair(double x)
{
    m_crosshair = x;
    m_pointer = {};
    const double share = shown().x.share(x);
    if (share >= 0 && share <= 1)
        showReadout(x, {area().left() + share * area().width(), area().center().y()}, mostRowsBeside);
    else
        m_readout->hide();
    update();
}

void CurveChart::showReadout(double x, const QPointF& at, std::size_t most)
{
    const ChartContent content = shown();
    const double slack = isVisible() ? (content.x.value(0.51) - content.x.value(0.49)) : 0;
    std::vector<Readout::Row> rows;
    double shownX = x, gap = std::numeric_limits<double>::infinity();
    for (const ChartCurve& curve : *content.curves) {
        const SeriesPoint* point = pointAt(curve, x, slack);
        if (!point)
            continue;
        if (const double away = std::abs(curve.xOf(*point) - x); away < gap) {
            gap = away;
            shownX = curve.xOf(*point);
        }
        const double y = area().bottom() - content.y.share(point->value) * area().height();
        const bool isNumber = std::isfinite(point->value);
        rows.push_back({.name = curve.name,
                        .value = shortNumber(point->value),
                        .color = curve.color,
                        .number = isNumber ? point->value : -std::numeric_limits<double>::infinity(),
                        .distance = isNumber && std::isfinite(y) && !m_pointer.isNull() ? std::abs(y - at.y()) : std::numeric_limits<double>::infinity()});
    }
    most = std::clamp<std::size_t>(static_cast<std::size_t>(height()) / pixelsPerRow, 3, most); // it must not hide the chart
    if (rows.empty())
        m_readout->hide();
    else
        m_readout->showRows(QStringLiteral("%1 %2").arg(content.xLabel, axisValue(shownX, content.numbers)), std::move(rows), most, at.toPoint());
}

qint64 CurveChart::nearestCurve(const QPointF& at) const
{
    const ChartContent content = shown();
    const double x = content.x.value((at.x() - area().left()) / area().width());
    qint64 nearest = -1;
    double least = nearDistance;
    for (const ChartCurve& curve : *content.curves)
        if (const SeriesPoint* point = pointAt(curve, x, 0)) {
            const double distance = std::abs(area().bottom() - content.y.share(point->value) * area().height() - at.y());
            if (distance < least) {
                least = distance;
                nearest = curve.id;
            }
        }
    return nearest;
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

void CurveChart::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void CurveChart::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    hideCrosshair();
}

}
