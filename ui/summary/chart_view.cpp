// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/chart_view.h"

#include "ui/plot/paint_thread.h"
#include "ui/summary/chart_frame.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr double reach = 9; // pixels from a point or a line that still mean it

double distanceTo(const QPointF& point, const QPointF& from, const QPointF& to)
{
    const QPointF along = to - from, off = point - from;
    const double length = QPointF::dotProduct(along, along);
    const double share = length > 0 ? std::clamp(QPointF::dotProduct(off, along) / length, 0.0, 1.0) : 0;
    const QPointF left = off - share * along;
    return std::hypot(left.x(), left.y());
}

double distanceTo(const ChartMark& mark, const QPointF& point)
{
    if (mark.kind == ChartMark::Kind::point) {
        const QPointF off = point - mark.shape.front();
        return std::hypot(off.x(), off.y());
    }
    double nearest = INFINITY;
    for (qsizetype i = 1; i < mark.shape.size(); ++i)
        nearest = std::min(nearest, distanceTo(point, mark.shape[i - 1], mark.shape[i]));
    return nearest;
}

}

ChartView::ChartView(PaintThread& painter, QWidget* parent) : QWidget{parent}, m_painter{painter}
{
    m_input.table = m_shown.input.table = std::make_shared<FigureTable>();
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void ChartView::setInput(ChartInput input)
{
    if (m_input.table != input.table || m_input.spec != input.spec)
        setAccessibleName(chartTitle(input.spec, *input.table));
    m_input = std::move(input);
    redraw();
}

/// Ordered where it is painted: one that nobody sees is none.
void ChartView::redraw()
{
    ++m_version;
    update();
}

void ChartView::order()
{
    m_ordered = m_version;
    const double ratio = devicePixelRatioF();
    m_painter.paint(this, [this, input = m_input, pixels = (size() * ratio).expandedTo({1, 1}), ratio, area = chartArea(), version = m_version]() -> PaintThread::Show {
        auto done = std::make_shared<Shown>(Shown{QImage{pixels, QImage::Format_ARGB32_Premultiplied}, {}, input, version});
        done->picture.setDevicePixelRatio(ratio);
        done->picture.fill(Qt::transparent);
        QPainter painter{&done->picture};
        done->marks = paintChart(painter, area, input);
        painter.end();
        return [this, done] {
            m_shown = std::move(*done);
            m_mark = -1;
            update();
            Q_EMIT drawnAnew();
        };
    });
}

void ChartView::setPointedAt(RunId run)
{
    if (m_pointedAt != run) {
        m_pointedAt = run;
        update();
    }
}

void ChartView::setChosen(RunId run)
{
    if (m_chosen != run) {
        m_chosen = run;
        update();
    }
}

QRectF ChartView::chartArea() const
{
    return QRectF{rect()}.adjusted(2, 2, -2, -2);
}

void ChartView::paintEvent(QPaintEvent*)
{
    if (m_ordered != m_version)
        order();
    QPainter painter{this};
    painter.drawImage(0, 0, m_shown.picture);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_chosen != 0)
        paintStrong(painter, m_chosen, true);
    if (m_pointedAt != 0 && m_pointedAt != m_chosen)
        paintStrong(painter, m_pointedAt, false);
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen{m_input.colors.accent, 1});
        painter.drawRoundedRect(QRectF{rect()}.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    }
}

void ChartView::paintStrong(QPainter& painter, RunId run, bool chosen) const
{
    const FigureTable& table = *m_shown.input.table;
    const auto known = std::find_if(table.runs.begin(), table.runs.end(), [&](const FigureTable::Run& one) { return one.id == run; });
    if (known == table.runs.end())
        return;
    const QColor color = chosen ? m_input.colors.text : runColor(m_input.colors, *known);
    for (const ChartMark& mark : m_shown.marks) {
        if (std::none_of(mark.runs.begin(), mark.runs.end(), [&](std::size_t one) { return table.runs[one].id == run; }))
            continue;
        painter.setPen(QPen{color, mark.kind == ChartMark::Kind::line ? 3.0 : 2.0});
        painter.setBrush(Qt::NoBrush);
        if (mark.kind == ChartMark::Kind::line)
            painter.drawPolyline(mark.shape);
        else if (mark.kind == ChartMark::Kind::point)
            painter.drawEllipse(mark.shape.front(), 7, 7);
        else
            painter.drawRoundedRect(mark.shape.boundingRect().adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    }
}

int ChartView::markAt(const QPointF& point) const
{
    // Points and lines before areas: a point of a box stands in its lane.
    int found = -1;
    double nearest = reach;
    const ChartMarks& marks = m_shown.marks;
    for (std::size_t i = 0; i < marks.size(); ++i)
        if (marks[i].kind != ChartMark::Kind::area)
            if (const double distance = distanceTo(marks[i], point); distance < nearest && m_shown.input.passes(marks[i].runs.front())) {
                nearest = distance;
                found = static_cast<int>(i);
            }
    for (std::size_t i = 0; found < 0 && i < marks.size(); ++i)
        if (marks[i].kind == ChartMark::Kind::area && marks[i].shape.containsPoint(point, Qt::OddEvenFill))
            found = static_cast<int>(i);
    return found;
}

RunId ChartView::runOf(int mark) const
{
    return m_shown.input.table->runs[m_shown.marks[static_cast<std::size_t>(mark)].runs.front()].id;
}

void ChartView::pointAt(int mark, const QPoint& place)
{
    m_mark = mark;
    if (mark >= 0)
        QToolTip::showText(mapToGlobal(place), wordsOn(m_shown.marks[static_cast<std::size_t>(mark)], m_shown.input), this);
    else
        QToolTip::hideText();
    Q_EMIT runPointedAt(mark >= 0 ? runOf(mark) : 0);
}

void ChartView::mouseMoveEvent(QMouseEvent* event)
{
    if (const int mark = markAt(event->position()); mark != m_mark)
        pointAt(mark, event->position().toPoint());
}

void ChartView::mousePressEvent(QMouseEvent* event)
{
    const int mark = markAt(event->position());
    if (event->button() == Qt::LeftButton && mark >= 0)
        Q_EMIT runChosen(runOf(mark));
}

void ChartView::leaveEvent(QEvent*)
{
    pointAt(-1, {});
}

void ChartView::keyPressEvent(QKeyEvent* event)
{
    const int count = static_cast<int>(m_shown.marks.size());
    const int step = event->key() == Qt::Key_Right || event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Left || event->key() == Qt::Key_Up ? -1 : 0;
    if (step != 0 && count > 0) {
        const int next = m_mark < 0 ? (step > 0 ? 0 : count - 1) : (m_mark + step + count) % count;
        pointAt(next, m_shown.marks[static_cast<std::size_t>(next)].shape.boundingRect().center().toPoint());
    } else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_mark >= 0) {
        Q_EMIT runChosen(runOf(m_mark));
    } else {
        QWidget::keyPressEvent(event);
    }
}

void ChartView::resizeEvent(QResizeEvent*)
{
    redraw();
}

void ChartView::focusInEvent(QFocusEvent*)
{
    update();
}

void ChartView::focusOutEvent(QFocusEvent*)
{
    update();
}

}
