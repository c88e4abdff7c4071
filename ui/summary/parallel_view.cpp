// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/parallel_view.h"

#include "ui/summary/chart_frame.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace descent {

namespace {

constexpr double grip = 12; // pixels beside an axis that still mean it

}

ParallelLayout ParallelView::layoutOfAxes() const
{
    // The foot takes a line of the chart: where the axes stand is where the painter put them.
    const QFontMetricsF metrics{Theme::font(TextStyle::caption)};
    return layoutParallel(chartArea().adjusted(0, 0, 0, -metrics.height() - 4), input());
}

std::string ParallelView::nameAt(int axis) const
{
    const ParallelLayout layout = layoutOfAxes();
    const auto place = static_cast<std::size_t>(axis);
    return place < layout.axes.size() ? layout.axes[place].column->name : std::string{};
}

int ParallelView::titleAt(const QPointF& point) const
{
    const ParallelLayout layout = layoutOfAxes();
    for (std::size_t i = 0; i < layout.axes.size(); ++i)
        if (layout.axes[i].title.contains(point))
            return static_cast<int>(i);
    return -1;
}

void ParallelView::mousePressEvent(QMouseEvent* event)
{
    const ParallelLayout layout = layoutOfAxes();
    m_pressed = m_pointer = event->position();
    m_dragged = false;
    m_hold = Hold::nothing;
    if (event->button() != Qt::LeftButton)
        return;
    if (const int title = titleAt(m_pressed); title >= 0) {
        m_hold = Hold::title;
        m_axis = title;
    } else if (const int axis = layout.axisNear(m_pressed, grip); axis >= 0 && m_pressed.y() > layout.top - 6 && m_pressed.y() < layout.missing) {
        m_hold = Hold::axis;
        m_axis = axis;
    } else {
        ChartView::mousePressEvent(event);
    }
}

void ParallelView::mouseMoveEvent(QMouseEvent* event)
{
    m_pointer = event->position();
    if (m_hold == Hold::nothing) {
        const ParallelLayout layout = layoutOfAxes();
        const bool onAxis = layout.axisNear(m_pointer, grip) >= 0 && m_pointer.y() > layout.top - 6;
        setCursor(titleAt(m_pointer) >= 0 ? Qt::OpenHandCursor : onAxis ? Qt::SizeVerCursor : Qt::ArrowCursor);
        ChartView::mouseMoveEvent(event);
        return;
    }
    m_dragged = m_dragged || (m_pointer - m_pressed).manhattanLength() >= QApplication::startDragDistance();
    if (!m_dragged)
        return;
    if (m_hold == Hold::title) {
        setCursor(Qt::ClosedHandCursor);
        update();
        return;
    }
    const ParallelLayout layout = layoutOfAxes();
    const auto axis = static_cast<std::size_t>(m_axis);
    if (axis >= layout.axes.size())
        return; // other columns have come under the hand
    const auto [from, to] = std::minmax({layout.placeAt(axis, m_pressed.y()), layout.placeAt(axis, m_pointer.y())});
    auto brushes = input().brushes;
    brushes[layout.axes[axis].column->name] = {from, to};
    Q_EMIT brushesChanged(brushes);
}

void ParallelView::mouseReleaseEvent(QMouseEvent* event)
{
    const Hold hold = std::exchange(m_hold, Hold::nothing);
    if (hold == Hold::axis && !m_dragged) {
        auto brushes = input().brushes;
        if (brushes.erase(nameAt(m_axis)) > 0)
            Q_EMIT brushesChanged(brushes);
    } else if (hold == Hold::title && m_dragged) {
        const ParallelLayout layout = layoutOfAxes();
        moveAxis(m_axis, layout.axisNear(event->position(), 1e9));
    }
    update();
}

void ParallelView::moveAxis(int from, int to)
{
    if (from == to || to < 0)
        return;
    const std::vector<std::string>& before = input().spec.axes;
    std::vector<std::string> names, absent;
    std::partition_copy(before.begin(), before.end(), std::back_inserter(names), std::back_inserter(absent),
                        [&](const std::string& name) { return input().table->find(name) != nullptr; });
    if (std::max(from, to) >= static_cast<int>(names.size()))
        return;
    const auto first = names.begin() + from;
    if (from < to)
        std::rotate(first, first + 1, names.begin() + to + 1);
    else
        std::rotate(names.begin() + to, first, first + 1);
    names.insert(names.begin(), absent.begin(), absent.end()); // axes of other selections are kept: the last one is still the last
    Q_EMIT axesArranged(names, input().spec.flipped);
}

void ParallelView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const int title = titleAt(event->position());
    m_hold = Hold::nothing;
    if (title < 0)
        return;
    const std::string name = nameAt(title);
    std::vector<std::string> flipped = input().spec.flipped;
    if (std::erase(flipped, name) == 0)
        flipped.push_back(name);
    Q_EMIT axesArranged(input().spec.axes, flipped);
}

void ParallelView::keyPressEvent(QKeyEvent* event)
{
    if ((event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace) && !input().brushes.empty())
        Q_EMIT brushesChanged({});
    else
        ChartView::keyPressEvent(event);
}

void ParallelView::paintEvent(QPaintEvent* event)
{
    ChartView::paintEvent(event);
    const ParallelLayout layout = layoutOfAxes();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    paintBrushes(painter, layout, input());
    if (m_hold != Hold::title || !m_dragged || layout.axes.empty())
        return;
    const int target = layout.axisNear(m_pointer, 1e9);
    painter.setPen(QPen{input().colors.accent, 2});
    for (const double x : {layout.axes[static_cast<std::size_t>(target)].x, m_pointer.x()})
        painter.drawLine(QPointF{x, layout.top}, QPointF{x, layout.bottom});
}

}
