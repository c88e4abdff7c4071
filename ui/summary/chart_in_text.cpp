// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/chart_in_text.h"

#include "ui/summary/chart_export.h"

#include <QPainter>

namespace descent {

ChartInText::ChartInText(const ReportMaterial& material, const QSizeF& size) : m_material{material}, m_size{size} { }

QSizeF ChartInText::intrinsicSize(QTextDocument*, int, const QTextFormat&)
{
    return m_size;
}

void ChartInText::drawObject(QPainter* painter, const QRectF& rect, QTextDocument*, int, const QTextFormat& format)
{
    constexpr double scale = 0.66; // drawn larger and made smaller: letters of a page are smaller than those of a screen
    const auto& [title, chart] = m_material.charts.at(static_cast<std::size_t>(format.intProperty(index)));
    ChartInput input = chart;
    input.colors = Theme::lightColors(); // paper is white
    painter->save();
    painter->translate(rect.topLeft());
    painter->scale(scale, scale);
    paintTitledChart(*painter, rect.size() / scale, title, input);
    painter->restore();
}

}
