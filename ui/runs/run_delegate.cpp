// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_delegate.h"

#include "ui/plot/sparkline.h"
#include "ui/runs/runs_model.h"
#include "ui/theme/pill.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <cmath>
#include <numbers>

namespace descent {

namespace {

constexpr double margin = 8, starWidth = 22, indent = 16;

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

QRectF starPlace(const QRect& cell)
{
    return {cell.right() - starWidth, cell.top() + 0.0, starWidth, cell.height() + 0.0};
}

QPainterPath starAt(const QPointF& center, double radius)
{
    QPainterPath path;
    for (int corner = 0; corner < 10; ++corner) {
        const double angle = corner * std::numbers::pi / 5 - std::numbers::pi / 2, reach = corner % 2 == 0 ? radius : radius * 0.45;
        const QPointF at = center + QPointF{reach * std::cos(angle), reach * std::sin(angle)};
        corner == 0 ? path.moveTo(at) : path.lineTo(at);
    }
    path.closeSubpath();
    return path;
}

void paintElided(QPainter& painter, const QRectF& place, const QString& text, int alignment, Qt::TextElideMode elide)
{
    painter.drawText(place, alignment | Qt::TextSingleLine, QFontMetricsF{painter.font()}.elidedText(text, elide, place.width()));
}

}

void RunDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QString field = index.data(RunsModel::fieldRole).toString();
    const bool isGroup = index.data(RunsModel::groupRole).toBool();
    const bool isName = field == QLatin1String("name");
    if (!isGroup && !isName && field != QLatin1String("status") && field != QLatin1String("curve")) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QString text = std::exchange(item.text, {});
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &item, painter, option.widget);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF cell = QRectF{option.rect}.adjusted(margin, 0, -margin, 0);
    if (isGroup)
        paintGroup(*painter, option, index, text);
    else if (isName)
        paintName(*painter, option, index, text);
    else if (field == QLatin1String("curve"))
        paintSparkline(*painter, cell.adjusted(0, 9, 0, -9), index.data(RunsModel::thumbnailRole).value<std::vector<float>>(),
                       index.data(RunsModel::colorRole).value<QColor>());
    else
        paintPill(*painter, cell, text, statusColor(static_cast<RunStatus>(index.data(RunsModel::statusRole).toInt())));
    painter->restore();
}

void RunDelegate::paintName(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index, const QString& text) const
{
    const ColorTokens& colors = Theme::instance().colors();
    const double inset = index.data(RunsModel::memberRole).toBool() ? indent : 0;
    const QRectF cell = QRectF{option.rect}.adjusted(margin + inset, 0, -margin, 0);
    painter.setPen(Qt::NoPen);
    painter.setBrush(index.data(RunsModel::colorRole).value<QColor>());
    painter.drawEllipse(QPointF{cell.left() + 4, cell.center().y()}, 4.5, 4.5);
    const bool starred = index.data(RunsModel::starredRole).toBool();
    const bool hovered = option.state & QStyle::State_MouseOver;
    const QRectF star = starPlace(option.rect);
    if (starred || hovered) {
        painter.setPen(QPen{starred ? colors.warning : colors.muted, 1.2});
        painter.setBrush(starred ? QBrush{colors.warning} : Qt::NoBrush);
        painter.drawPath(starAt(star.center(), 6.5));
    }
    painter.setPen(colors.text);
    QFont font = option.font;
    font.setWeight(QFont::Medium);
    painter.setFont(font);
    paintElided(painter, QRectF{QPointF{cell.left() + 18, cell.top()}, QPointF{star.left() - 2, cell.bottom()}}, text, Qt::AlignVCenter | Qt::AlignLeft, Qt::ElideMiddle);
}

void RunDelegate::paintGroup(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index, const QString& text) const
{
    const ColorTokens& colors = Theme::instance().colors();
    QRectF cell = QRectF{option.rect}.adjusted(margin, 0, -margin, 0);
    if (!(option.state & QStyle::State_Selected))
        painter.fillRect(option.rect.adjusted(0, 0, 0, -1), colors.raised);
    QFont font = option.font;
    painter.setPen(colors.text);
    if (index.column() == 0) {
        // An arrow, which turns down when the group is open.
        painter.save();
        painter.translate(cell.left() + 4, cell.center().y());
        painter.rotate(index.data(RunsModel::openRole).toBool() ? 90 : 0);
        painter.setPen(QPen{colors.muted, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin});
        painter.drawPolyline(QPolygonF{{QPointF{-2, -4}, QPointF{2.5, 0}, QPointF{-2, 4}}});
        painter.restore();
        cell.adjust(18, 0, 0, 0);
        font.setWeight(QFont::DemiBold);
    }
    const int horizontal = index.data(Qt::TextAlignmentRole).toInt() & Qt::AlignHorizontal_Mask;
    const QString below = index.data(RunsModel::belowRole).toString();
    painter.setFont(font);
    if (below.isEmpty()) {
        paintElided(painter, cell, text, horizontal | Qt::AlignVCenter, Qt::ElideRight);
        return;
    }
    const double height = QFontMetricsF{font}.height();
    paintElided(painter, QRectF{cell.left(), cell.center().y() - height, cell.width(), height}, text, horizontal | Qt::AlignVCenter, Qt::ElideRight);
    painter.setFont(Theme::font(TextStyle::caption));
    painter.setPen(colors.muted);
    paintElided(painter, QRectF{cell.left(), cell.center().y() + 1, cell.width(), height}, below, horizontal | Qt::AlignVCenter, Qt::ElideRight);
}

void RunDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option, const QModelIndex&) const
{
    editor->setGeometry(option.rect.adjusted(2, 4, -2, -5));
}

bool RunDelegate::editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option, const QModelIndex& index)
{
    if (event->type() == QEvent::MouseButtonPress) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() == Qt::LeftButton && mouse->modifiers() == Qt::NoModifier) {
            if (index.data(RunsModel::groupRole).toBool() && index.column() == 0 && mouse->position().x() < option.rect.left() + margin + 16) {
                Q_EMIT groupClicked(index);
                return true;
            }
            if (index.data(RunsModel::fieldRole).toString() == QLatin1String("name") && !index.data(RunsModel::groupRole).toBool()
                && starPlace(option.rect).contains(mouse->position())) {
                Q_EMIT starClicked(index);
                return true;
            }
        }
    }
    return QStyledItemDelegate::editorEvent(event, model, option, index);
}

}
