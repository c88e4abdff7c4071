// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/series_view.h"

#include "ui/plot/curve_plot.h"
#include "ui/plot/series_chart.h"
#include "ui/theme/theme.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr int rowHeight = 52, nameHeight = 16, axisHeight = 20, legendHeight = 22;
constexpr std::size_t mostColumns = 12;
constexpr int validationColor = 1, testColor = 2; // places in the series palette

}

SeriesView::SeriesView(QWidget* parent) : QWidget{parent}
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setObjectName(QStringLiteral("series"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SeriesView::setReport(const DatasetReport& report)
{
    m_report = DatasetReport{.trainCount = report.trainCount,
                             .columns = {report.columns.begin(), report.columns.begin() + static_cast<std::ptrdiff_t>(std::min(mostColumns, report.columns.size()))},
                             .firstSecond = report.firstSecond,
                             .lastSecond = report.lastSecond};
    setToolTip(report.columns.size() > mostColumns ? tr("The first %1 of %2 columns").arg(mostColumns).arg(report.columns.size()) : QString{});
    updateGeometry();
    update();
}

void SeriesView::setParts(std::optional<SeriesParts> parts)
{
    m_parts = parts;
    update();
}

QSize SeriesView::sizeHint() const
{
    return {240, legendHeight + static_cast<int>(m_report.columns.size()) * rowHeight + axisHeight};
}

void SeriesView::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::instance();
    const ColorTokens& colors = theme.colors();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::caption));
    const QFontMetrics metrics = painter.fontMetrics();
    const double plotWidth = width(), steps = static_cast<double>(std::max<std::int64_t>(1, m_report.trainCount));
    const auto shade = [&](int place) {
        QColor color = theme.seriesColor(place);
        color.setAlphaF(theme.isDark() ? 0.28F : 0.2F);
        return color;
    };
    const int foot = legendHeight + static_cast<int>(m_report.columns.size()) * rowHeight;
    if (m_parts) {
        const auto part = [&](std::int64_t begin, std::int64_t end, int place) {
            const double left = plotWidth * static_cast<double>(begin) / steps, right = plotWidth * static_cast<double>(end) / steps;
            painter.fillRect(QRectF{left, static_cast<double>(legendHeight), right - left, foot - static_cast<double>(legendHeight)}, shade(place));
        };
        part(m_parts->trainEnd, m_parts->validationEnd, validationColor);
        part(m_parts->validationEnd, m_parts->testEnd, testColor);
        int x = 0;
        for (const auto& [name, place] : {std::pair{tr("Validation"), validationColor}, std::pair{tr("Test"), testColor}}) {
            painter.fillRect(QRect{x, 5, 12, 12}, shade(place));
            painter.setPen(colors.muted);
            painter.drawText(QRect{x + 17, 0, width(), legendHeight}, Qt::AlignLeft | Qt::AlignVCenter, name);
            x += 17 + metrics.horizontalAdvance(name) + 14;
        }
    }
    for (std::size_t i = 0; i < m_report.columns.size(); ++i) {
        const DatasetReport::ColumnView& column = m_report.columns[i];
        const double top = legendHeight + static_cast<double>(i) * rowHeight;
        const QString range = tr("%1 to %2").arg(shortNumber(column.minimum), shortNumber(column.maximum));
        const int rangeWidth = metrics.horizontalAdvance(range);
        painter.setPen(colors.text);
        painter.drawText(QRectF{2, top, plotWidth - rangeWidth - 12, nameHeight}, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(QString::fromStdString(column.name), Qt::ElideMiddle, width() - rangeWidth - 12));
        painter.setPen(colors.muted);
        painter.drawText(QRectF{0, top, plotWidth - 2, nameHeight}, Qt::AlignRight | Qt::AlignVCenter, range);
        // Each stretch from its least to its greatest value, joined to the one before.
        painter.setPen(QPen{theme.seriesColor(0), 1});
        const double scale = column.maximum > column.minimum ? (rowHeight - nameHeight - 8) / (column.maximum - column.minimum) : 0;
        const auto yOf = [&](double value) { return top + rowHeight - 4 - (value - column.minimum) * scale; };
        const double step = plotWidth / static_cast<double>(std::max<std::size_t>(1, column.lows.size()));
        float before = NAN;
        for (std::size_t k = 0; k < column.lows.size(); ++k) {
            const double x = (static_cast<double>(k) + 0.5) * step;
            if (!std::isfinite(column.lows[k])) {
                before = NAN;
                continue;
            }
            if (std::isfinite(before))
                painter.drawLine(QPointF{x - step, yOf(before)}, QPointF{x, yOf(std::clamp(before, column.lows[k], column.highs[k]))});
            painter.drawLine(QPointF{x, yOf(column.lows[k])}, QPointF{x, yOf(column.highs[k])});
            before = (column.lows[k] + column.highs[k]) / 2;
        }
    }
    painter.setPen(QPen{colors.border, 1});
    painter.drawLine(QPointF{0, foot + 0.5}, QPointF{plotWidth, foot + 0.5});
    painter.setPen(colors.muted);
    std::vector<TimeTick> ticks = timeTicks(m_report.firstSecond, m_report.lastSecond, std::max(2, width() / 90));
    if (ticks.empty())
        ticks = {{0, QStringLiteral("0")}, {1, QLocale{}.toString(static_cast<qlonglong>(m_report.trainCount))}};
    double labelled = -1e9;
    for (const TimeTick& tick : ticks) {
        const double textWidth = metrics.horizontalAdvance(tick.label);
        const double from = std::clamp(tick.at * plotWidth - textWidth / 2, 0.0, plotWidth - textWidth);
        if (from < labelled + 10)
            continue;
        painter.drawText(QRectF{from, foot + 2.0, textWidth + 2, static_cast<double>(axisHeight)}, Qt::AlignLeft | Qt::AlignVCenter, tick.label);
        labelled = from + textWidth;
    }
}

}
