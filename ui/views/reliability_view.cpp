// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/reliability_view.h"

#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace descent {

ReliabilityView::ReliabilityView(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("reliability"));
    setMinimumHeight(150);
    setFixedWidth(sizeHint().width());
    setToolTip(tr("Across: the score; up: the share of such samples that really are of the rarer class.\n"
                  "On the diagonal a score is a probability; below it the network claims too much. Larger dots stand for more samples."));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ReliabilityView::setHistogram(const ScoreHistogram& histogram)
{
    m_histogram = histogram;
    setAccessibleDescription(tr("Calibration error %1").arg(histogram.calibrationError, 0, 'f', 3));
    update();
}

void ReliabilityView::clear()
{
    m_histogram = {};
    update();
}

void ReliabilityView::paintEvent(QPaintEvent*)
{
    if (m_histogram.calibration.empty())
        return;
    const Theme& theme = Theme::instance();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::caption));
    const int line = painter.fontMetrics().height() + 4;
    painter.setPen(theme.colors().muted);
    painter.drawText(QRect{0, 0, width(), line}, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(tr("Calibration error %1").arg(m_histogram.calibrationError, 0, 'f', 3), Qt::ElideRight, width()));
    const double side = std::min(width() - 2.0, height() - 2.0 * line - 8.0);
    const QRectF area{0.5, line + 6.0, side, side};
    const auto place = [&](double score, double share) { return QPointF{area.left() + side * score, area.bottom() - side * share}; };
    painter.setPen(QPen{theme.colors().border, 1});
    painter.drawRect(area);
    painter.setPen(QPen{theme.colors().muted, 1, Qt::DashLine});
    painter.drawLine(place(0, 0), place(1, 1));
    std::int64_t most = 1;
    QPolygonF curve;
    for (const auto& point : m_histogram.calibration) {
        most = std::max(most, point.count);
        curve << place(point.score, point.share);
    }
    const QColor color = theme.seriesColor(1);
    painter.setPen(QPen{color, 1.6});
    painter.drawPolyline(curve);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    for (const auto& point : m_histogram.calibration)
        painter.drawEllipse(place(point.score, point.share), 2 + 3 * std::sqrt(static_cast<double>(point.count) / static_cast<double>(most)),
                            2 + 3 * std::sqrt(static_cast<double>(point.count) / static_cast<double>(most)));
    painter.setPen(theme.colors().muted);
    painter.drawText(QRectF{0, area.bottom() + 3, side, static_cast<double>(line)}, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("0"));
    painter.drawText(QRectF{0, area.bottom() + 3, side, static_cast<double>(line)}, Qt::AlignCenter, tr("score"));
    painter.drawText(QRectF{0, area.bottom() + 3, side, static_cast<double>(line)}, Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("1"));
}

}
