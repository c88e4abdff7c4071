// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_delegate.h"

#include "ui/queue/queue_model.h"
#include "ui/theme/pill.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace descent {

namespace {

QColor colorOf(QueueState state)
{
    const ColorTokens& colors = Theme::instance().colors();
    switch (state) {
    case QueueState::running: return colors.accent;
    case QueueState::done: return colors.success;
    case QueueState::failed: return colors.danger;
    case QueueState::stopped: return colors.warning;
    case QueueState::waiting: break;
    }
    return colors.muted;
}

struct Line {
    QString text;
    QFont font;
    QColor color;
    Qt::TextElideMode elide;
};

/// One line in the middle, or two below each other.
void paintLines(QPainter& painter, const QRectF& cell, const Line& first, const Line& second)
{
    const auto paint = [&painter](const QRectF& place, const Line& line) {
        painter.setFont(line.font);
        painter.setPen(line.color);
        painter.drawText(place, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                         QFontMetricsF{line.font}.elidedText(line.text, line.elide, place.width()));
    };
    if (second.text.isEmpty()) {
        paint(cell, first);
        return;
    }
    const double height = QFontMetricsF{first.font}.height() + 1;
    paint(QRectF{cell.left(), cell.center().y() - height, cell.width(), height}, first);
    paint(QRectF{cell.left(), cell.center().y() + 1, cell.width(), height}, second);
}

void paintBar(QPainter& painter, const QRectF& bar, double share)
{
    const ColorTokens& colors = Theme::instance().colors();
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.border);
    painter.drawRoundedRect(bar, 3, 3);
    if (share <= 0)
        return;
    painter.setBrush(colors.accent);
    painter.drawRoundedRect(QRectF{bar.left(), bar.top(), std::max(6.0, bar.width() * std::min(share, 1.0)), bar.height()}, 3, 3);
}

}

void QueueDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.clear();
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &item, painter, option.widget);
    const auto row = index.data(QueueModel::rowRole).value<QueueRow>();
    const ColorTokens& colors = Theme::instance().colors();
    const QFont caption = Theme::font(TextStyle::caption);
    QFont strong = option.font;
    strong.setWeight(QFont::Medium);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF cell = QRectF{option.rect}.adjusted(8, 0, -8, 0);
    switch (index.column()) {
    case QueueModel::name:
        paintLines(*painter, cell, {row.title, strong, colors.text, Qt::ElideMiddle}, {row.detail, caption, colors.muted, Qt::ElideRight});
        break;
    case QueueModel::state: paintPill(*painter, cell, stateLabel(row.state), colorOf(row.state)); break;
    case QueueModel::progress:
        if (row.share < 0) {
            paintLines(*painter, cell, {row.progress, caption, colors.muted, Qt::ElideRight}, {});
        } else {
            paintLines(*painter, cell.adjusted(0, -8, 0, -8), {row.progress, caption, colors.text, Qt::ElideRight}, {});
            paintBar(*painter, QRectF{cell.left(), cell.center().y() + 8, cell.width(), 5}, row.share);
        }
        break;
    default: {
        const bool failed = row.state == QueueState::failed;
        paintLines(*painter, cell, {row.outcome, option.font, failed ? colors.danger : colors.text, Qt::ElideRight},
                   {row.hint, caption, colors.muted, Qt::ElideRight});
    }
    }
    painter->restore();
}

}
