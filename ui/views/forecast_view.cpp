// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/forecast_view.h"

#include "ui/plot/series_chart.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace descent {

namespace {

constexpr int forecastColor = 0, lastColor = 2, seasonColor = 1; // places in the series palette
constexpr int leastHeight = 110, leastWidth = 260, gap = 12;

SeriesChart chartOf(const ForecastPreview::Window& window)
{
    const Theme& theme = Theme::instance();
    const auto past = static_cast<std::int64_t>(window.past.size());
    SeriesChart chart{.title = QString::fromStdString(window.column),
                      .steps = past + static_cast<std::int64_t>(window.truth.size()),
                      .firstStep = window.firstStep,
                      .seconds = window.seconds,
                      .now = past};
    // The forecasts begin at the last value that was known, so that the eye sees them leave it.
    const auto joined = [&](const std::vector<float>& future) {
        std::vector<float> line{window.past.back()};
        line.insert(line.end(), future.begin(), future.end());
        return line;
    };
    chart.lines.push_back({past - 1, joined(window.repeatLast), theme.seriesColor(lastColor), 1.2, Qt::DotLine});
    if (!window.seasonalNaive.empty())
        chart.lines.push_back({past - 1, joined(window.seasonalNaive), theme.seriesColor(seasonColor), 1.2, Qt::DashLine});
    chart.lines.push_back({0, window.past, theme.colors().muted, 1.2});
    chart.lines.push_back({past - 1, joined(window.truth), theme.colors().text, 1.6});
    chart.lines.push_back({past - 1, joined(window.forecast), theme.seriesColor(forecastColor), 2.2});
    return chart;
}

}

ForecastView::ForecastView(QWidget* parent) : QWidget{parent}
{
    setMinimumHeight(leastHeight + 30);
    setObjectName(QStringLiteral("forecasts"));
    setToolTip(tr("Stretches of the series that were kept back. Left of the dashed line is what the network read, right of it what\n"
                  "it says comes next. A forecast is worth something when it is nearer to what came than the naive ones."));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ForecastView::setPreview(const ForecastPreview& preview)
{
    m_preview = preview;
    QStringList columns;
    for (const ForecastPreview::Window& window : preview.windows)
        columns << QString::fromStdString(window.column);
    setAccessibleDescription(tr("Forecasts of %1").arg(columns.join(QStringLiteral(", "))));
    update();
}

void ForecastView::clear()
{
    m_preview = {};
    update();
}

int ForecastView::paintLegend(QPainter& painter) const
{
    const Theme& theme = Theme::instance();
    struct Entry {
        QString name;
        QColor color;
        Qt::PenStyle style = Qt::SolidLine;
    };
    std::vector<Entry> entries{{tr("What came"), theme.colors().text},
                               {tr("Forecast"), theme.seriesColor(forecastColor)},
                               {tr("Last value"), theme.seriesColor(lastColor), Qt::DotLine}};
    if (std::any_of(m_preview.windows.begin(), m_preview.windows.end(), [](const auto& window) { return !window.seasonalNaive.empty(); }))
        entries.push_back({tr("Last season"), theme.seriesColor(seasonColor), Qt::DashLine});
    painter.setFont(Theme::font(TextStyle::caption));
    const QFontMetrics metrics = painter.fontMetrics();
    const int line = metrics.height() + 6;
    int x = 0, y = 0;
    for (const Entry& entry : entries) {
        const int entryWidth = 26 + metrics.horizontalAdvance(entry.name) + 14;
        if (x > 0 && x + entryWidth > width()) {
            x = 0;
            y += line;
        }
        painter.setPen(QPen{entry.color, 2, entry.style});
        painter.drawLine(QPointF{x + 0.0, y + line / 2.0}, QPointF{x + 20.0, y + line / 2.0});
        painter.setPen(theme.colors().text);
        painter.drawText(QRect{x + 26, y, entryWidth, line}, Qt::AlignLeft | Qt::AlignVCenter, entry.name);
        x += entryWidth;
    }
    return y + line + 4;
}

void ForecastView::paintEvent(QPaintEvent*)
{
    if (m_preview.windows.empty())
        return;
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const int top = paintLegend(painter);
    // As many as have room: side by side where it is wide, one under another where it is tall.
    const int across = std::clamp(width() / leastWidth, 1, 2), down = std::max(1, (height() - top + gap) / (leastHeight + gap));
    const int shown = std::min(static_cast<int>(m_preview.windows.size()), across * down);
    const int columns = std::min(across, shown), rows = (shown + columns - 1) / columns;
    const double chartWidth = (width() - gap * (columns - 1.0)) / columns, chartHeight = (height() - top - gap * (rows - 1.0)) / rows;
    for (int i = 0; i < shown; ++i) {
        const QRectF area{(i % columns) * (chartWidth + gap), top + (i / columns) * (chartHeight + gap), chartWidth, chartHeight};
        paintSeriesChart(painter, area, chartOf(m_preview.windows[static_cast<std::size_t>(i)]));
    }
}

}
