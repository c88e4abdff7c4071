// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/roc_view.h"

#include "ui/plot/curve_plot.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr double leastFalse = 1e-4; // the left edge; a rate of 0 is drawn there

}

RocView::RocView(QWidget* parent) : QWidget{parent}
{
    setMinimumHeight(150);
    setObjectName(QStringLiteral("rocView"));
    setToolTip(tr("Upwards: pairs of the same person that are accepted. To the right: pairs of different people that are accepted as well.\n"
                  "Each threshold is a point; the further up on the left, the better."));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void RocView::setCurve(const RocPreview& curve)
{
    m_curve = curve;
    setAccessibleDescription(tr("Area under the curve %1, equal error rate %2").arg(shortNumber(curve.areaUnderCurve), shortNumber(curve.equalErrorRate)));
    update();
}

void RocView::clear()
{
    m_curve = {};
    update();
}

void RocView::paintEvent(QPaintEvent*)
{
    if (m_curve.falseAccepts.size() < 2 || m_curve.falseAccepts.size() != m_curve.trueAccepts.size())
        return;
    const Theme& theme = Theme::instance();
    const ColorTokens& colors = theme.colors();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::caption));
    const QFontMetrics metrics = painter.fontMetrics();
    const int line = metrics.height() + 4, axis = metrics.horizontalAdvance(QStringLiteral("100%")) + 6;
    painter.setPen(colors.muted);
    painter.drawText(QRect{0, 0, width(), line}, Qt::AlignRight | Qt::AlignVCenter,
                     tr("same or not %1 %   equal errors %2 %").arg(100 * m_curve.accuracy, 0, 'f', 1).arg(100 * m_curve.equalErrorRate, 0, 'f', 1));

    const QRectF area{axis + 0.5, line + 4.5, width() - axis - 8.0, height() - 2.0 * line - 8.0};
    const double decades = -std::log10(leastFalse);
    const auto across = [&](double share) {
        return area.left() + area.width() * (1 + std::log10(std::max(share, leastFalse)) / decades);
    };
    const auto up = [&](double share) { return area.bottom() - area.height() * share; };
    for (const double share : {0.0, 0.5, 1.0}) {
        painter.setPen(QPen{colors.grid, 1});
        painter.drawLine(QPointF{area.left(), up(share)}, QPointF{area.right(), up(share)});
        painter.setPen(colors.muted);
        painter.drawText(QRectF{0, up(share) - line / 2.0, axis - 4.0, static_cast<double>(line)}, Qt::AlignRight | Qt::AlignVCenter,
                         QStringLiteral("%1%").arg(100 * share, 0, 'f', 0));
    }
    for (const double share : {0.0001, 0.001, 0.01, 0.1, 1.0}) {
        painter.setPen(QPen{colors.grid, 1});
        painter.drawLine(QPointF{across(share), area.top()}, QPointF{across(share), area.bottom()});
        painter.setPen(colors.muted);
        const QString label = QStringLiteral("%1%").arg(100 * share);
        const double half = metrics.horizontalAdvance(label) / 2.0 + 2, middle = std::min(across(share), width() - half);
        painter.drawText(QRectF{middle - half, area.bottom() + 2, 2 * half, static_cast<double>(line)}, Qt::AlignCenter, label);
    }
    QPainterPath path{QPointF{across(m_curve.falseAccepts.front()), up(m_curve.trueAccepts.front())}};
    for (std::size_t i = 1; i < m_curve.falseAccepts.size(); ++i)
        path.lineTo(across(m_curve.falseAccepts[i]), up(m_curve.trueAccepts[i]));
    painter.setPen(QPen{theme.seriesColor(0), 2});
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
}

}
