// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_delegate.h"

#include "ui/plot/sparkline.h"
#include "ui/runs/runs_model.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QPainter>

namespace descent {

namespace {

QColor statusColor(RunStatus status)
{
    const ColorTokens& colors = Theme::instance().colors();
    switch (status) {
    case RunStatus::running: return colors.accent;
    case RunStatus::completed: return colors.success;
    case RunStatus::failed: return colors.danger;
    case RunStatus::stopped:
    case RunStatus::interrupted: return colors.warning;
    case RunStatus::queued: break;
    }
    return colors.muted;
}

}

void RunDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QString text = item.text;
    const int column = index.column();
    const bool special = column == RunsModel::status || column == RunsModel::curve || column == RunsModel::name;
    if (!special) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    item.text.clear();
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &item, painter, option.widget);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const Theme& theme = Theme::instance();
    const QRectF cell = QRectF{option.rect}.adjusted(8, 0, -8, 0);
    if (column == RunsModel::curve) {
        const auto values = index.data(RunsModel::thumbnailRole).value<std::vector<float>>();
        paintSparkline(*painter, cell.adjusted(0, 9, 0, -9), values, theme.seriesColor(index.data(RunsModel::idRole).toLongLong() - 1));
    } else if (column == RunsModel::name) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.seriesColor(index.data(RunsModel::idRole).toLongLong() - 1));
        painter->drawEllipse(QPointF{cell.left() + 4, cell.center().y()}, 4.5, 4.5);
        painter->setPen(theme.colors().text);
        QFont font = option.font;
        font.setWeight(QFont::Medium);
        painter->setFont(font);
        const QRectF room = cell.adjusted(18, 0, 0, 0);
        painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft, QFontMetricsF{font}.elidedText(text, Qt::ElideMiddle, room.width()));
    } else {
        const QColor color = statusColor(static_cast<RunStatus>(index.data(RunsModel::statusRole).toInt()));
        painter->setFont(Theme::font(TextStyle::caption));
        const double width = QFontMetricsF{painter->font()}.horizontalAdvance(text) + 26;
        const QRectF pill{cell.left(), cell.center().y() - 11, std::min(width, cell.width()), 22};
        QColor ground = color;
        ground.setAlpha(30);
        painter->setPen(Qt::NoPen);
        painter->setBrush(ground);
        painter->drawRoundedRect(pill, 11, 11);
        painter->setBrush(color);
        painter->drawEllipse(QPointF{pill.left() + 11, pill.center().y()}, 3, 3);
        painter->setPen(color);
        painter->drawText(pill.adjusted(19, 0, -4, 0), Qt::AlignVCenter | Qt::AlignLeft, text);
    }
    painter->restore();
}

}
