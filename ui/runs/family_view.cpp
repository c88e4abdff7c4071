// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/family_view.h"

#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace descent {

namespace {

constexpr int rowHeight = 28, indent = 16, deepest = 8; // deeper rows are not moved further in: names must keep their room

int leftOf(const FamilyView::Row& row)
{
    return 12 + std::min(row.depth, deepest) * indent;
}

}

FamilyView::FamilyView(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("family"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Family of the run"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void FamilyView::setFamily(std::vector<Row> rows, qint64 current)
{
    if (rows == m_rows && current == m_current)
        return;
    m_rows = std::move(rows);
    m_current = current;
    m_hovered = -1;
    const auto own = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& row) { return row.run == current; });
    m_cursor = own == m_rows.end() ? -1 : static_cast<int>(own - m_rows.begin());
    setAccessibleDescription(tr("%1 runs that started from one another").arg(m_rows.size()));
    updateGeometry();
    update();
}

QSize FamilyView::sizeHint() const
{
    return {200, static_cast<int>(m_rows.size()) * rowHeight};
}

QRect FamilyView::rowRect(int row) const
{
    return {0, row * rowHeight, width(), rowHeight};
}

int FamilyView::rowAt(int y) const
{
    const int row = y / rowHeight;
    return y >= 0 && row < static_cast<int>(m_rows.size()) ? row : -1;
}

void FamilyView::choose(int row)
{
    if (row < 0 || row >= static_cast<int>(m_rows.size()))
        return;
    m_cursor = row;
    update();
    const Row& chosen = m_rows[static_cast<std::size_t>(row)];
    if (!chosen.isDeleted && chosen.run != m_current)
        Q_EMIT runChosen(chosen.run);
}

void FamilyView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        choose(rowAt(event->pos().y()));
}

void FamilyView::mouseMoveEvent(QMouseEvent* event)
{
    m_hovered = rowAt(event->pos().y());
    const bool leads = m_hovered >= 0 && !m_rows[static_cast<std::size_t>(m_hovered)].isDeleted
        && m_rows[static_cast<std::size_t>(m_hovered)].run != m_current;
    setCursor(leads ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void FamilyView::leaveEvent(QEvent*)
{
    m_hovered = -1;
    update();
}

void FamilyView::keyPressEvent(QKeyEvent* event)
{
    const int last = static_cast<int>(m_rows.size()) - 1;
    switch (event->key()) {
    case Qt::Key_Up: m_cursor = std::max(0, m_cursor - 1); break;
    case Qt::Key_Down: m_cursor = std::min(last, m_cursor + 1); break;
    case Qt::Key_Home: m_cursor = 0; break;
    case Qt::Key_End: m_cursor = last; break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space: choose(m_cursor); return;
    default: QWidget::keyPressEvent(event); return;
    }
    update();
}

void FamilyView::focusInEvent(QFocusEvent*)
{
    update();
}

void FamilyView::focusOutEvent(QFocusEvent*)
{
    update();
}

bool FamilyView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int row = rowAt(help->pos().y());
    if (row < 0) {
        QToolTip::hideText();
        return true;
    }
    const Row& one = m_rows[static_cast<std::size_t>(row)];
    QToolTip::showText(help->globalPos(),
                       one.isDeleted ? tr("Run %1 was deleted; what came from it is still here.").arg(one.run)
                                     : QStringLiteral("%1 #%2\n%3").arg(one.name).arg(one.run).arg(one.figure),
                       this);
    return true;
}

void FamilyView::paintEvent(QPaintEvent*)
{
    const ColorTokens& colors = Theme::instance().colors();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::caption));
    const QFontMetrics metrics = painter.fontMetrics();
    for (int i = 0; i < static_cast<int>(m_rows.size()); ++i) {
        const Row& row = m_rows[static_cast<std::size_t>(i)];
        const QRect place = rowRect(i);
        const bool current = row.run == m_current;
        if (current || i == m_hovered) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(current ? colors.accentSoft : colors.raised);
            painter.drawRoundedRect(place.adjusted(0, 1, 0, -1), 6, 6);
        }
        if (i == m_cursor && hasFocus()) {
            painter.setPen(QPen{colors.accent, 1.4});
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF{place}.adjusted(1, 2, -1, -2), 6, 6);
        }
        const int x = leftOf(row);
        const double middle = place.center().y() + 0.5;
        painter.setPen(QPen{colors.border, 1.6});
        if (row.depth > 0) { // from the parent's dot down, then across
            int parent = i - 1;
            while (m_rows[static_cast<std::size_t>(parent)].depth >= row.depth)
                --parent;
            const double from = leftOf(m_rows[static_cast<std::size_t>(parent)]);
            painter.drawLine(QPointF{from, rowRect(parent).center().y() + 6.5}, QPointF{from, middle});
            painter.drawLine(QPointF{from, middle}, QPointF{x - 5.0, middle});
        }
        painter.setPen(QPen{row.isDeleted ? colors.muted : colors.accent, 1.6});
        painter.setBrush(current ? colors.accent : row.isDeleted ? Qt::transparent : colors.surface);
        painter.drawEllipse(QPointF{static_cast<double>(x), middle}, 4, 4);
        const int textLeft = x + 10, figureWidth = metrics.horizontalAdvance(row.figure), figureLeft = width() - 8 - figureWidth;
        painter.setPen(colors.muted);
        painter.drawText(QRect{figureLeft, place.top(), figureWidth, rowHeight}, Qt::AlignRight | Qt::AlignVCenter, row.figure);
        painter.setPen(row.isDeleted ? colors.muted : colors.text);
        const QString name = row.isDeleted ? tr("Run %1, deleted").arg(row.run) : QStringLiteral("%1 #%2").arg(row.name).arg(row.run);
        const int room = std::max(0, figureLeft - 8 - textLeft);
        painter.drawText(QRect{textLeft, place.top(), room, rowHeight}, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(name, Qt::ElideMiddle, room));
    }
}

}
