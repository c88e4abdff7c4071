// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/pill.h"

#include "ui/theme/theme.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace descent {

void paintPill(QPainter& painter, const QRectF& cell, const QString& text, const QColor& color)
{
    painter.setFont(Theme::font(TextStyle::caption));
    const double width = QFontMetricsF{painter.font()}.horizontalAdvance(text) + 28;
    const QRectF pill{cell.left(), cell.center().y() - 11, std::min(width, cell.width()), 22};
    QColor ground = color;
    ground.setAlpha(30);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(pill, 11, 11);
    painter.setBrush(color);
    painter.drawEllipse(QPointF{pill.left() + 11, pill.center().y()}, 3, 3);
    painter.setPen(color);
    painter.drawText(pill.adjusted(19, 0, -4, 0), Qt::AlignVCenter | Qt::AlignLeft, text);
}

}
