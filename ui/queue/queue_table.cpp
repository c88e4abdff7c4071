// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_table.h"

#include "ui/queue/queue_model.h"
#include "ui/theme/theme.h"

#include <QDrag>
#include <QMimeData>
#include <QPainter>
#include <QPixmap>

#include <algorithm>

namespace descent {

namespace {

constexpr int cardHeight = 30, largestWidth = 320;

QPixmap cardOf(const QString& text, double pixelRatio)
{
    const ColorTokens& colors = Theme::instance().colors();
    const QFont font = Theme::font(TextStyle::body);
    const QFontMetrics metrics{font};
    const QString shown = metrics.elidedText(text, Qt::ElideMiddle, largestWidth);
    const QSize size{metrics.horizontalAdvance(shown) + 2 * Theme::space3, cardHeight};
    QPixmap card{size * pixelRatio};
    card.setDevicePixelRatio(pixelRatio);
    card.fill(colors.accent); // square and opaque: without a compositor, what is transparent would be black
    QPainter painter{&card};
    painter.setFont(font);
    painter.setPen(colors.onAccent);
    painter.drawText(QRect{QPoint{0, 0}, size}, Qt::AlignCenter, shown);
    return card;
}

}

void QueueTable::startDrag(Qt::DropActions actions)
{
    QModelIndexList rows;
    for (const QModelIndex& index : selectionModel()->selectedRows())
        if (index.flags() & Qt::ItemIsDragEnabled)
            rows << index;
    if (rows.isEmpty())
        return;
    const auto first = rows.front().data(QueueModel::rowRole).value<QueueRow>();
    const QString text = rows.size() > 1     ? QueueModel::tr("%1 runs").arg(rows.size())
        : first.detail.isEmpty() ? first.title
                                 : first.title + QStringLiteral(", ") + first.detail;
    auto* drag = new QDrag{this}; // Qt deletes it when it is dropped
    drag->setMimeData(model()->mimeData(rows));
    drag->setPixmap(cardOf(text, devicePixelRatioF()));
    drag->setHotSpot({-Theme::space3, cardHeight / 2});
    drag->exec(actions, Qt::MoveAction);
}

}
