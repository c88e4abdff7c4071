// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/curve_chart.h"

#include "ui/plot/curve_plot.h"
#include "ui/plot/paint_thread.h"
#include "ui/plot/readout.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace descent {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t mostRows = 14, mostRowsBeside = 5; // of the readout: under the pointer, and on the other charts
constexpr std::size_t pixelsPerRow = 32; // of the chart's height
constexpr double nearDistance = 12; // pixels

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
