// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/report/chart_in_text.h"

#include <QPainter>

namespace descent {

ChartInText::ChartInText(const std::vector<ReportChart>& charts, const QSizeF& size) : m_charts{charts}, m_size{size} { }

QSizeF ChartInText::intrinsicSize(QTextDocument*, int, const QTextFormat&)
{
    return m_size;
}

void ChartInText::drawObject(QPainter* painter, const QRectF& rect, QTextDocument*, int, const QTextFormat& format)
{
    constexpr double scale = 0.66; // drawn larger and made smaller: letters of a page are smaller than those of a screen
    painter->save();
    painter->translate(rect.topLeft());
    painter->scale(scale, scale);
    m_charts.at(static_cast<std::size_t>(format.intProperty(index))).paint(*painter, rect.size() / scale, Theme::lightColors()); // paper is white
    painter->restore();
}

}
