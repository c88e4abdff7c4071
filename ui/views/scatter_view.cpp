// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/scatter_view.h"

#include "ui/plot/curve_plot.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace descent {

ScatterView::ScatterView(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("scatter"));
    setMinimumHeight(200);
    setToolTip(tr("Held-back samples: across what is true, up what the network says. On the line it is right."));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ScatterView::setScatter(const ScatterPreview& scatter)
{
    m_scatter = scatter;
    // The range is that of the truth with some air: one wild prediction must not press all others together.
    if (!scatter.truth.empty()) {
        const auto [low, high] = std::minmax_element(scatter.truth.begin(), scatter.truth.end());
        const double air = 0.08 * std::max(1e-9, static_cast<double>(*high) - *low);
        m_low = *low - air;
        m_high = *high + air;
    }
    setAccessibleDescription(tr("R\u00b2 %1, mean absolute error %2").arg(shortNumber(scatter.r2), shortNumber(scatter.meanAbsoluteError)));
    update();
}

void ScatterView::clear()
{
    m_scatter = {};
    update();
}

void ScatterView::paintEvent(QPaintEvent*)
{
    if (m_scatter.truth.empty() || m_scatter.truth.size() != m_scatter.predicted.size())
        return;
    const Theme& theme = Theme::instance();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::caption));
    const QFontMetrics metrics = painter.fontMetrics();
    const int line = metrics.height() + 4;
    const QString low = shortNumber(m_low), high = shortNumber(m_high);
    const double left = std::max(metrics.horizontalAdvance(low), metrics.horizontalAdvance(high)) + 8.0;

    painter.setPen(theme.colors().muted);
    const QString figures = tr("R\u00b2 %1   MAE %2").arg(m_scatter.r2, 0, 'f', 3).arg(shortNumber(m_scatter.meanAbsoluteError));
    painter.drawText(QRect{0, 0, width(), line}, Qt::AlignRight | Qt::AlignVCenter, figures);
    const int room = width() - metrics.horizontalAdvance(figures) - 16;
    painter.drawText(QRect{0, 0, std::max(0, room), line}, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(tr("%1, predicted").arg(QString::fromStdString(m_scatter.name)), Qt::ElideMiddle, std::max(0, room)));

    const QRectF area{left, line + 6.0, width() - left - 1, height() - 2.0 * line - 8};
    const auto place = [&](double truth, double predicted) {
        const auto share = [&](double value) { return std::clamp((value - m_low) / (m_high - m_low), 0.0, 1.0); };
        return QPointF{area.left() + area.width() * share(truth), area.bottom() - area.height() * share(predicted)};
    };
    painter.setPen(QPen{theme.colors().border, 1});
    painter.drawRect(area);
    painter.setPen(QPen{theme.colors().muted, 1, Qt::DashLine});
    painter.drawLine(place(m_low, m_low), place(m_high, m_high));
    QColor color = theme.seriesColor(0);
    // Crowds look denser than loners, as long as a dot is see-through.
    color.setAlphaF(m_scatter.truth.size() > 300 ? 0.35F : 0.6F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    for (std::size_t i = 0; i < m_scatter.truth.size(); ++i)
        if (std::isfinite(m_scatter.predicted[i]))
            painter.drawEllipse(place(m_scatter.truth[i], m_scatter.predicted[i]), 2.5, 2.5);

    painter.setPen(theme.colors().muted);
    painter.drawText(QRectF{0, area.top(), left - 6, static_cast<double>(line)}, Qt::AlignRight | Qt::AlignTop, high);
    painter.drawText(QRectF{0, area.bottom() - line, left - 6, static_cast<double>(line)}, Qt::AlignRight | Qt::AlignBottom, low);
    const QRectF below{area.left(), area.bottom() + 3, area.width(), static_cast<double>(line)};
    painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter, low);
    painter.drawText(below, Qt::AlignCenter, tr("true"));
    painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, high);
}

}
