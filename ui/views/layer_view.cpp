// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/layer_view.h"

#include "ui/plot/curve_plot.h"
#include "ui/theme/counts.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr int gap = 8;
// Update ratios are drawn by their logarithm between these; the usual ones lie between the inner two.
constexpr double leastRatio = 1e-6, mostRatio = 1, usualLow = 1e-4, usualHigh = 1e-2;

/// Widths of the columns: name, ratio, dead, three histograms.
struct Columns {
    QRect name, ratio, histograms[3];
};

Columns columnsAt(const QRect& row)
{
    Columns columns;
    const int width = row.width(), nameWidth = width * 30 / 100, ratioWidth = width * 22 / 100, rest = (width - nameWidth - ratioWidth - 4 * gap) / 3;
    columns.name = {row.left(), row.top(), nameWidth, row.height()};
    columns.ratio = {columns.name.right() + gap, row.top(), ratioWidth, row.height()};
    for (int i = 0; i < 3; ++i)
        columns.histograms[i] = {columns.ratio.right() + gap + i * (rest + gap), row.top() + 3, rest, row.height() - 6};
    return columns;
}

double positionOf(double ratio)
{
    return (std::log10(std::clamp(ratio, leastRatio, mostRatio)) - std::log10(leastRatio)) / (std::log10(mostRatio) - std::log10(leastRatio));
}

void drawHistogram(QPainter& painter, const QRect& area, const LayerReport::Histogram& histogram, const QColor& color)
{
    if (histogram.counts.empty())
        return;
    const auto most = static_cast<double>(std::max<std::int64_t>(1, *std::max_element(histogram.counts.begin(), histogram.counts.end())));
    const double width = static_cast<double>(area.width()) / static_cast<double>(histogram.counts.size());
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
        const double height = std::sqrt(static_cast<double>(histogram.counts[i]) / most) * area.height(); // by the root, so that tails are seen
        painter.fillRect(QRectF{area.left() + static_cast<double>(i) * width, area.bottom() - height, std::max(1.0, width - 0.5), height}, color);
    }
}

}

LayerView::LayerView(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("layerView"));
    setAccessibleName(tr("Layers"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

int LayerView::rowHeight() const
{
    return fontMetrics().height() + 12;
}

QSize LayerView::sizeHint() const
{
    return {380, rowHeight() * (static_cast<int>(m_report.rows.size()) + 1)};
}

void LayerView::setReport(const LayerReport& report)
{
    const bool grown = report.rows.size() != m_report.rows.size();
    m_report = report;
    if (grown) {
        setMinimumHeight(sizeHint().height());
        updateGeometry();
    }
    update();
}

bool LayerView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int index = help->pos().y() / rowHeight() - 1;
    if (index < 0 || index >= static_cast<int>(m_report.rows.size())) {
        QToolTip::hideText();
        return true;
    }
    const LayerReport::Row& row = m_report.rows[static_cast<std::size_t>(index)];
    QStringList lines{QString::fromStdString(row.name)};
    if (row.parameters > 0)
        lines << tr("%1 weights of length %2, gradients of length %3").arg(shortCount(row.parameters), shortNumber(row.weightNorm), shortNumber(row.gradientNorm));
    if (!std::isnan(row.updateRatio))
        lines << tr("A step changes them by %1 of their size").arg(shortNumber(row.updateRatio));
    if (!std::isnan(row.deadShare))
        lines << tr("%1 % of its units gave zero for every sample of a batch").arg(std::round(row.deadShare * 100));
    const auto range = [&](const QString& what, const LayerReport::Histogram& histogram) {
        if (!histogram.counts.empty())
            lines << tr("%1 from %2 to %3").arg(what, shortNumber(histogram.low), shortNumber(histogram.high));
    };
    range(tr("Weights"), row.weights);
    range(tr("Gradients"), row.gradients);
    range(tr("Outputs"), row.activations);
    QToolTip::showText(help->globalPos(), lines.join(QLatin1Char('\n')), this);
    return true;
}

void LayerView::paintEvent(QPaintEvent* event)
{
    const Theme& theme = Theme::instance();
    const ColorTokens& colors = theme.colors();
    QPainter painter{this};
    painter.setFont(Theme::font(TextStyle::caption));
    const int height = rowHeight();
    const Columns heads = columnsAt({0, 0, width(), height});
    painter.setPen(colors.muted);
    const QFontMetrics metrics = painter.fontMetrics();
    const auto head = [&](const QRect& area, const QString& text) {
        painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(text, Qt::ElideRight, area.width()));
    };
    head(heads.name, tr("Layer"));
    head(heads.ratio, tr("Step / weights"));
    head(heads.histograms[0], tr("Weights"));
    head(heads.histograms[1], tr("Gradients"));
    head(heads.histograms[2], tr("Outputs"));
    for (std::size_t i = 0; i < m_report.rows.size(); ++i) {
        const QRect line{0, height * (static_cast<int>(i) + 1), width(), height};
        if (!line.intersects(event->rect()))
            continue;
        const LayerReport::Row& row = m_report.rows[i];
        const Columns columns = columnsAt(line);
        painter.setPen(QPen{colors.grid, 1});
        painter.drawLine(line.topLeft(), line.topRight());
        painter.setPen(colors.text);
        painter.drawText(columns.name, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(QString::fromStdString(row.name), Qt::ElideMiddle, columns.name.width()));
        const QRect& ratio = columns.ratio;
        if (!std::isnan(row.updateRatio)) {
            const double left = ratio.left() + positionOf(usualLow) * ratio.width(), right = ratio.left() + positionOf(usualHigh) * ratio.width();
            painter.fillRect(QRectF{left, ratio.center().y() - 4.0, right - left, 8}, colors.accentSoft);
            const bool usual = row.updateRatio >= usualLow && row.updateRatio <= usualHigh;
            painter.setRenderHint(QPainter::Antialiasing, true);
            painter.setPen(Qt::NoPen);
            painter.setBrush(usual ? colors.success : colors.warning);
            painter.drawEllipse(QPointF{ratio.left() + positionOf(row.updateRatio) * ratio.width(), ratio.center().y() + 0.0}, 4, 4);
            painter.setRenderHint(QPainter::Antialiasing, false);
        } else if (!std::isnan(row.deadShare)) {
            painter.setPen(row.deadShare > 0.4 ? colors.warning : colors.muted);
            painter.drawText(ratio, Qt::AlignLeft | Qt::AlignVCenter, tr("%1 % dead").arg(std::round(row.deadShare * 100)));
        }
        drawHistogram(painter, columns.histograms[0], row.weights, theme.seriesColor(0));
        drawHistogram(painter, columns.histograms[1], row.gradients, theme.seriesColor(1));
        drawHistogram(painter, columns.histograms[2], row.activations, theme.seriesColor(2));
    }
}

}
