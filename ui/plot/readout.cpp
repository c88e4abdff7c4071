// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/readout.h"

#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr int mostNameWidth = 220;

QFont bold()
{
    QFont font = Theme::font(TextStyle::caption);
    font.setWeight(QFont::DemiBold);
    return font;
}

}

Readout::Readout(QWidget* parent) : QWidget{parent}
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void Readout::showRows(const QString& heading, std::vector<Row> rows, std::size_t most, const QPoint& beside)
{
    m_heading = heading;
    if (const auto nearest = std::ranges::min_element(rows, {}, &Row::distance); nearest != rows.end() && std::isfinite(nearest->distance))
        nearest->isNearest = true;
    std::ranges::sort(rows, std::ranges::greater{}, &Row::number);
    if (rows.size() > most) {
        const auto place = static_cast<std::size_t>(std::ranges::find(rows, true, &Row::isNearest) - rows.begin()) % rows.size(); // none: the highest
        const std::size_t hidden = rows.size() - most, first = std::min(place > most / 2 ? place - most / 2 : 0, hidden);
        rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(first));
        rows.resize(most);
        rows.push_back({.name = tr("and %1 more").arg(hidden)});
    }
    m_rows = std::move(rows);
    const QFontMetrics metrics{bold()};
    int nameWidth = metrics.horizontalAdvance(m_heading), valueWidth = 0;
    for (Row& row : m_rows) {
        row.name = metrics.elidedText(row.name, Qt::ElideMiddle, mostNameWidth);
        nameWidth = std::max(nameWidth, metrics.horizontalAdvance(row.name) + 16);
        valueWidth = std::max(valueWidth, metrics.horizontalAdvance(row.value));
    }
    resize(nameWidth + valueWidth + 40, (metrics.height() + 3) * static_cast<int>(m_rows.size() + 1) + 14);
    const int x = beside.x() + 16 + width() > parentWidget()->width() ? beside.x() - 16 - width() : beside.x() + 16;
    move(std::max(0, x), std::clamp(beside.y() - height() / 2, 0, std::max(0, parentWidget()->height() - height())));
    raise();
    show();
    update();
}

void Readout::paintEvent(QPaintEvent*)
{
    const ColorTokens& colors = Theme::instance().colors();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colors.border);
    QColor ground = colors.raised;
    ground.setAlpha(245);
    painter.setBrush(ground);
    painter.drawRoundedRect(QRectF{rect()}.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7);
    const int step = QFontMetrics{bold()}.height() + 3;
    int y = 7;
    painter.setFont(Theme::font(TextStyle::caption));
    painter.setPen(colors.muted);
    painter.drawText(12, y, width() - 24, step, Qt::AlignLeft | Qt::AlignVCenter, m_heading);
    for (const Row& row : m_rows) {
        y += step;
        painter.setFont(row.isNearest ? bold() : Theme::font(TextStyle::caption));
        if (row.color.isValid()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(row.color);
            painter.drawEllipse(QPointF{16.0, y + step / 2.0}, 3.5, 3.5);
        }
        painter.setPen(row.color.isValid() ? colors.text : colors.muted);
        painter.drawText(26, y, width() - 38, step, Qt::AlignLeft | Qt::AlignVCenter, row.name);
        painter.drawText(12, y, width() - 24, step, Qt::AlignRight | Qt::AlignVCenter, row.value);
    }
}

}
