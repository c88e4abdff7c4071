// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/score_histogram_view.h"

#include "ui/plot/curve_plot.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace descent {

namespace {

constexpr int negativeColor = 0, positiveColor = 1; // places in the series palette

}

ScoreHistogramView::ScoreHistogramView(QWidget* parent) : QWidget{parent}
{
    setMinimumHeight(150);
    setObjectName(QStringLiteral("scoreHistogram"));
    setToolTip(tr("How many held-back samples of each class get which score. The further apart the two colours, the better;\n"
                  "right of the line a sample is taken for the rarer class. Heights are square roots, so that few stay visible beside many."));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ScoreHistogramView::setClassNames(std::vector<std::string> names)
{
    m_classNames = std::move(names);
    update();
}

void ScoreHistogramView::setHistogram(const ScoreHistogram& histogram)
{
    m_histogram = histogram;
    setAccessibleDescription(tr("Area under the curve %1, average precision %2")
                                 .arg(shortNumber(histogram.areaUnderCurve), shortNumber(histogram.averagePrecision)));
    update();
}

void ScoreHistogramView::clear()
{
    m_histogram = {};
    update();
}

QString ScoreHistogramView::className(bool positive) const
{
    const auto index = static_cast<std::size_t>(positive ? m_histogram.positiveClass : 1 - m_histogram.positiveClass);
    return index < m_classNames.size() ? QString::fromStdString(m_classNames[index]) : QString{};
}

void ScoreHistogramView::paintEvent(QPaintEvent*)
{
    if (m_histogram.negatives.empty() || m_histogram.negatives.size() != m_histogram.positives.size())
        return;
    const Theme& theme = Theme::instance();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::caption));
    const QFontMetrics metrics = painter.fontMetrics();
    const int line = metrics.height() + 4;

    // Legend with counts on the left, figures on the right, or below it where both do not fit.
    const auto total = [](const std::vector<std::int64_t>& counts) { return std::accumulate(counts.begin(), counts.end(), std::int64_t{0}); };
    const QString figures = tr("AUC %1   AP %2").arg(m_histogram.areaUnderCurve, 0, 'f', 3).arg(m_histogram.averagePrecision, 0, 'f', 3);
    const int figuresWidth = metrics.horizontalAdvance(figures);
    painter.setPen(theme.colors().muted);
    constexpr int roomyLegend = 200;
    const bool narrow = width() < figuresWidth + roomyLegend;
    painter.drawText(QRect{0, narrow ? line : 0, width(), line}, (narrow ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, figures);
    int x = 0;
    const int nameWidth = std::max(30, (width() - (narrow ? 0 : figuresWidth) - 60) / 2);
    for (const bool positive : {false, true}) {
        const QColor color = theme.seriesColor(positive ? positiveColor : negativeColor);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(QPointF{x + 4.0, line / 2.0}, 4, 4);
        const QString name = metrics.elidedText(
            QStringLiteral("%1 (%2)").arg(className(positive)).arg(total(positive ? m_histogram.positives : m_histogram.negatives)), Qt::ElideMiddle, nameWidth);
        painter.setPen(theme.colors().text);
        painter.drawText(QRect{x + 13, 0, nameWidth, line}, Qt::AlignLeft | Qt::AlignVCenter, name);
        x += 13 + metrics.horizontalAdvance(name) + 14;
    }

    const double top = (narrow ? 2 : 1) * line + 6.0;
    const QRectF area{0.5, top, width() - 1.0, height() - top - line - 2.0};
    std::int64_t most = 1;
    for (const auto* counts : {&m_histogram.negatives, &m_histogram.positives})
        most = std::max(most, *std::max_element(counts->begin(), counts->end()));
    const double bin = area.width() / static_cast<double>(m_histogram.negatives.size());
    for (std::size_t i = 0; i < m_histogram.negatives.size(); ++i)
        for (const bool positive : {false, true}) {
            const std::int64_t count = (positive ? m_histogram.positives : m_histogram.negatives)[i];
            if (count == 0)
                continue;
            const double tall = std::max(2.0, area.height() * std::sqrt(static_cast<double>(count) / static_cast<double>(most)));
            // Side by side: overlaid bars would hide the smaller class under the larger.
            const QRectF bar{area.left() + bin * (static_cast<double>(i) + (positive ? 0.5 : 0.06)), area.bottom() - tall, bin * 0.44, tall};
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme.seriesColor(positive ? positiveColor : negativeColor));
            painter.drawRoundedRect(bar, 1.5, 1.5);
        }
    painter.setPen(QPen{theme.colors().border, 1});
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    const double at = area.left() + area.width() * std::clamp(m_histogram.threshold, 0.0, 1.0);
    painter.setPen(QPen{theme.colors().text, 1, Qt::DashLine});
    painter.drawLine(QPointF{at, area.top()}, QPointF{at, area.bottom()});
    painter.setPen(theme.colors().muted);
    const double below = area.bottom() + 3;
    const QString threshold = tr("threshold %1").arg(m_histogram.threshold, 0, 'f', 2);
    const double half = metrics.horizontalAdvance(threshold) / 2.0, room = metrics.horizontalAdvance(QStringLiteral("0")) + 8.0;
    const double middle = std::clamp(at, half + room, width() - half - room);
    painter.drawText(QRectF{middle - half - 2, below, 2 * half + 4, static_cast<double>(line)}, Qt::AlignCenter, threshold);
    painter.drawText(QRectF{0, below, 20, static_cast<double>(line)}, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("0"));
    painter.drawText(QRectF{width() - 20.0, below, 20, static_cast<double>(line)}, Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("1"));
}

}
