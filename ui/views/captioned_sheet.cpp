// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/captioned_sheet.h"

#include "ui/theme/theme.h"
#include "ui/views/data_views.h"

#include <QPainter>
#include <QStringList>

#include <algorithm>

namespace descent {

namespace {

constexpr std::size_t shown = 5;
constexpr int rowHeight = 52, picture = 44;

/// The caption, which stands behind the cells of the table, or the row as "age 31, colour warm".
QString besideOf(const DatasetReport& report, const DatasetReport::SampleView& sample)
{
    if (sample.cells.size() > report.columns.size())
        return QString::fromStdString(sample.cells.back());
    QStringList parts;
    for (std::size_t i = 0; i < sample.cells.size(); ++i)
        parts << QString::fromStdString(report.columns[i].name) + QLatin1Char(' ')
                + (sample.cells[i].empty() ? QStringLiteral("?") : QString::fromStdString(sample.cells[i]));
    return parts.join(QStringLiteral(", "));
}

}

CaptionedSheet::CaptionedSheet(QWidget* parent) : QWidget{parent}
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void CaptionedSheet::setSamples(const DatasetReport& report)
{
    m_samples.clear();
    if (report.inputs == DatasetReport::Inputs::picturesAndMore)
        for (const auto& sample : report.samples)
            if (m_samples.size() < shown)
                m_samples.push_back({toImage(sample.pixels, report.sampleShape[0], report.sampleShape[1], report.sampleShape[2]),
                                     besideOf(report, sample), QString::fromStdString(sample.target)});
    updateGeometry();
    update();
}

QSize CaptionedSheet::sizeHint() const
{
    return {280, static_cast<int>(m_samples.size()) * rowHeight};
}

void CaptionedSheet::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    painter.setFont(Theme::font(TextStyle::caption));
    const ColorTokens& colors = Theme::instance().colors();
    const QFontMetrics metrics = painter.fontMetrics();
    for (std::size_t i = 0; i < m_samples.size(); ++i) {
        const Sample& sample = m_samples[i];
        const int top = static_cast<int>(i) * rowHeight;
        const QSize size = sample.image.size().scaled(picture, picture, Qt::KeepAspectRatio);
        painter.setRenderHint(QPainter::SmoothPixmapTransform, sample.image.width() > picture); // small pictures show their pixels
        painter.drawImage(QRect{QPoint{(picture - size.width()) / 2, top + (picture - size.height()) / 2}, size}, sample.image);
        const int left = picture + 10, room = width() - left;
        painter.setPen(colors.text);
        painter.drawText(QRect{left, top, room, sample.target.isEmpty() ? picture : picture / 2}, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(sample.beside, Qt::ElideRight, room));
        painter.setPen(colors.muted);
        painter.drawText(QRect{left, top + picture / 2, room, picture / 2}, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(sample.target, Qt::ElideRight, room));
    }
}

}
