// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/data_views.h"

#include "ui/plot/curve_plot.h"
#include "ui/theme/theme.h"
#include "ui/views/history_view.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace descent {

namespace {

constexpr int thumbnail = 44, thumbnailGap = 8, captionHeight = 16;
constexpr int barHeight = 20, columnHeight = 34;
constexpr std::size_t mostBars = 12, mostColumns = 24;

}

QImage toImage(const std::vector<std::uint8_t>& pixels, std::int64_t channels, std::int64_t height, std::int64_t width)
{
    QImage image{static_cast<int>(width), static_cast<int>(height), QImage::Format_RGB32};
    const std::int64_t plane = height * width;
    for (std::int64_t y = 0; y < height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(y)));
        for (std::int64_t x = 0; x < width; ++x) {
            const auto at = [&](std::int64_t channel) { return pixels[static_cast<std::size_t>((channels == 3 ? channel : 0) * plane + y * width + x)]; };
            line[x] = qRgb(at(0), at(1), at(2));
        }
    }
    return image;
}

SampleSheet::SampleSheet(QWidget* parent) : QWidget{parent}
{
    QSizePolicy policy{QSizePolicy::Expanding, QSizePolicy::Preferred};
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void SampleSheet::setSamples(const DatasetReport& report)
{
    m_samples.clear();
    if (report.hasPictures())
        for (const auto& sample : report.samples)
            m_samples.push_back({toImage(sample.pixels, report.sampleShape[0], report.sampleShape[1], report.sampleShape[2]),
                                 QString::fromStdString(sample.target)});
    setVisible(!m_samples.empty());
    updateGeometry();
    update();
}

int SampleSheet::columns(int width) const
{
    return std::max(1, (width + thumbnailGap) / (thumbnail + thumbnailGap));
}

int SampleSheet::heightForWidth(int width) const
{
    const int perRow = columns(width);
    const int rows = (static_cast<int>(m_samples.size()) + perRow - 1) / perRow;
    return std::min(rows, 3) * (thumbnail + captionHeight + 4);
}

void SampleSheet::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    const ColorTokens& colors = Theme::instance().colors();
    painter.setFont(Theme::font(TextStyle::caption));
    painter.setPen(colors.muted);
    const int perRow = columns(width());
    for (int i = 0; i < static_cast<int>(m_samples.size()) && i / perRow < 3; ++i) {
        const Sample& sample = m_samples[static_cast<std::size_t>(i)];
        const QRect box{(i % perRow) * (thumbnail + thumbnailGap), (i / perRow) * (thumbnail + captionHeight + 4), thumbnail, thumbnail};
        const QSize size = sample.image.size().scaled(box.size(), Qt::KeepAspectRatio);
        const QRect place{box.center() - QPoint{size.width() / 2, size.height() / 2} + QPoint{1, 1}, size};
        painter.setRenderHint(QPainter::SmoothPixmapTransform, sample.image.width() > thumbnail);   // small pictures show their pixels
        painter.drawImage(place, sample.image);
        painter.drawText(QRect{box.left() - 3, box.bottom() + 1, thumbnail + 6, captionHeight}, Qt::AlignCenter,
                         painter.fontMetrics().elidedText(sample.label, Qt::ElideRight, thumbnail + 6));
    }
}

ClassBars::ClassBars(QWidget* parent) : QWidget{parent}
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ClassBars::setCounts(const DatasetReport& report)
{
    m_bars.clear();
    for (std::size_t i = 0; i < report.classCounts.size() && i < mostBars; ++i)
        m_bars.push_back({QString::fromStdString(report.classNames[i]), report.classCounts[i]});
    m_hidden = report.classCounts.size() - m_bars.size();
    setVisible(!m_bars.empty());
    updateGeometry();
    update();
}

QSize ClassBars::sizeHint() const
{
    return {240, static_cast<int>(m_bars.size() + (m_hidden > 0 ? 1 : 0)) * barHeight};
}

void ClassBars::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme& theme = Theme::instance();
    painter.setFont(Theme::font(TextStyle::caption));
    std::int64_t most = 1;
    for (const Bar& bar : m_bars)
        most = std::max(most, bar.count);
    constexpr int nameWidth = 84, countWidth = 52;
    for (int i = 0; i < static_cast<int>(m_bars.size()); ++i) {
        const Bar& bar = m_bars[static_cast<std::size_t>(i)];
        const QRect row{0, i * barHeight, width(), barHeight};
        painter.setPen(theme.colors().text);
        painter.drawText(row.adjusted(0, 0, nameWidth - width(), 0), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(bar.name, Qt::ElideMiddle, nameWidth - 6));
        const double room = width() - nameWidth - countWidth;
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.seriesColor(i));
        painter.drawRoundedRect(QRectF{static_cast<double>(nameWidth), row.top() + 6.0,
                                       std::max(2.0, room * static_cast<double>(bar.count) / static_cast<double>(most)), barHeight - 12.0},
                                3, 3);
        painter.setPen(theme.colors().muted);
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, QLocale{}.toString(static_cast<qlonglong>(bar.count)));
    }
    if (m_hidden > 0) {
        painter.setPen(theme.colors().muted);
        painter.drawText(QRect{0, static_cast<int>(m_bars.size()) * barHeight, width(), barHeight}, Qt::AlignLeft | Qt::AlignVCenter,
                         tr("and %1 more classes").arg(m_hidden));
    }
}

CodeBars::CodeBars(QWidget* parent) : QWidget{parent}
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setToolTip(tr("How many people have each code"));
}

void CodeBars::setCodes(const DatasetReport& report)
{
    m_codes = report.codes;
    updateGeometry();
    update();
}

QSize CodeBars::sizeHint() const
{
    return {240, static_cast<int>(m_codes.size()) * barHeight};
}

void CodeBars::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const ColorTokens& colors = Theme::instance().colors();
    painter.setFont(Theme::font(TextStyle::caption));
    std::int64_t most = 1;
    for (const auto& code : m_codes)
        most = std::max(most, code.people);
    constexpr int countWidth = 52;
    const int nameWidth = std::min(180, width() / 2);
    for (int i = 0; i < static_cast<int>(m_codes.size()); ++i) {
        const auto& code = m_codes[static_cast<std::size_t>(i)];
        const QRect row{0, i * barHeight, width(), barHeight};
        painter.setPen(colors.text);
        painter.drawText(row.adjusted(0, 0, nameWidth - width(), 0), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(QString::fromStdString(code.name), Qt::ElideMiddle, nameWidth - 6));
        const double room = std::max(0, width() - nameWidth - countWidth);
        painter.setPen(Qt::NoPen);
        painter.setBrush(groupColor(code.group));
        painter.drawRoundedRect(QRectF{static_cast<double>(nameWidth), row.top() + 6.0,
                                       std::max(2.0, room * static_cast<double>(code.people) / static_cast<double>(most)), barHeight - 12.0},
                                3, 3);
        painter.setPen(colors.muted);
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, QLocale{}.toString(static_cast<qlonglong>(code.people)));
    }
}

ColumnList::ColumnList(QWidget* parent) : QWidget{parent}
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ColumnList::setColumns(const std::vector<DatasetReport::ColumnView>& columns, std::int64_t rows)
{
    m_columns.assign(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(std::min(mostColumns, columns.size())));
    m_rows = rows;
    setVisible(!m_columns.empty());
    updateGeometry();
    update();
}

QSize ColumnList::sizeHint() const
{
    return {240, static_cast<int>(m_columns.size()) * columnHeight};
}

void ColumnList::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const ColorTokens& colors = Theme::instance().colors();
    constexpr int histogramWidth = 84;
    for (int i = 0; i < static_cast<int>(m_columns.size()); ++i) {
        const auto& column = m_columns[static_cast<std::size_t>(i)];
        const int y = i * columnHeight;
        painter.setFont(Theme::font(TextStyle::caption));
        painter.setPen(colors.text);
        const int textWidth = width() - histogramWidth - 12;
        painter.drawText(QRect{0, y + 1, textWidth, 16}, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(QString::fromStdString(column.name), Qt::ElideMiddle, textWidth));
        QString detail = column.categorical ? tr("%1 categories").arg(column.categories.size())
                                            : tr("%1 to %2").arg(shortNumber(column.minimum), shortNumber(column.maximum));
        if (column.missing > 0)
            detail += tr(", %1 % missing").arg(100.0 * static_cast<double>(column.missing) / static_cast<double>(m_rows), 0, 'f', 1);
        painter.setPen(colors.muted);
        painter.drawText(QRect{0, y + 16, textWidth, 16}, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(detail, Qt::ElideRight, textWidth));
        const std::int64_t most = column.histogram.empty() ? 1 : std::max<std::int64_t>(1, *std::max_element(column.histogram.begin(), column.histogram.end()));
        const std::size_t bins = std::min<std::size_t>(16, column.histogram.size());
        painter.setPen(Qt::NoPen);
        painter.setBrush(column.categorical ? Theme::instance().seriesColor(3) : Theme::instance().seriesColor(0));
        for (std::size_t bin = 0; bin < bins; ++bin) {
            const double height = 24.0 * static_cast<double>(column.histogram[bin]) / static_cast<double>(most);
            const double step = static_cast<double>(histogramWidth) / static_cast<double>(bins);
            painter.drawRect(QRectF{width() - histogramWidth + static_cast<double>(bin) * step, y + 29.0 - height, std::max(1.0, step - 1), height});
        }
    }
}

}
