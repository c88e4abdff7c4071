// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/box_views.h"

#include "ui/theme/theme.h"
#include "ui/views/data_views.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr int gap = 8, sheetTile = 128, panelTile = 230, legendHeight = 22, captionHeight = 18;
constexpr std::size_t mostSheetPictures = 6;

/// Tiles of one width in as many columns as fit; each as high as the picture asks for, and a caption.
struct Tiling {
    int columns = 1, tile = 1, height = 1, rows = 0;
    Tiling(int width, int leastTile, std::size_t count, const QSize& picture, int caption)
        : columns{std::clamp((width + gap) / (leastTile + gap), 1, std::max(1, static_cast<int>(count)))},
          tile{std::max(1, (width - (columns - 1) * gap) / columns)},
          height{picture.isEmpty() ? 0 : tile * picture.height() / picture.width() + caption},
          rows{(static_cast<int>(count) + columns - 1) / columns}
    {
    }
    int totalHeight() const { return rows * (height + gap); }
    QPoint place(std::size_t i) const
    {
        return {static_cast<int>(i) % columns * (tile + gap), static_cast<int>(i) / columns * (height + gap)};
    }
};

/// One box on a picture of `size` pixels painted at `place`: dark below, so that it is seen on light and on dark pictures.
template <typename AnyBox>
QRectF boxPlace(const AnyBox& box, const QRectF& place, const QSize& size)
{
    const double across = place.width() / size.width(), down = place.height() / size.height();
    return QRectF{QPointF{place.left() + box.left * across, place.top() + box.top * down},
                  QPointF{place.left() + box.right * across, place.top() + box.bottom * down}};
}

void paintBox(QPainter& painter, const QRectF& box, const QColor& color, Qt::PenStyle style)
{
    painter.setBrush(Qt::NoBrush);
    if (style == Qt::SolidLine) {
        painter.setPen(QPen{QColor{0, 0, 0, 110}, 3});
        painter.drawRect(box);
    }
    painter.setPen(QPen{color, style == Qt::SolidLine ? 1.6 : 1.2, style});
    painter.drawRect(box);
}

void paintScore(QPainter& painter, const QRectF& box, const QColor& color, float score)
{
    const QString label = QString::number(std::lround(100 * score));
    const QFontMetrics metrics = painter.fontMetrics();
    const QRectF tag{box.left(), box.top(), metrics.horizontalAdvance(label) + 6.0, metrics.ascent() + 3.0};
    if (tag.width() > box.width() || tag.height() > box.height() * 0.6)
        return; // it would hide what it names
    painter.fillRect(tag, color);
    painter.setPen(color.lightnessF() > 0.55 ? Qt::black : Qt::white);
    painter.drawText(tag, Qt::AlignCenter, label);
}

}

BoxSheet::BoxSheet(QWidget* parent) : QWidget{parent}
{
    QSizePolicy policy{QSizePolicy::Expanding, QSizePolicy::Preferred};
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setObjectName(QStringLiteral("boxSheet"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void BoxSheet::setSamples(const DatasetReport& report)
{
    m_samples.clear();
    if (report.hasPictures() && !report.measures.empty())
        for (std::size_t i = 0; i < std::min(mostSheetPictures, report.samples.size()); ++i)
            m_samples.push_back({toImage(report.samples[i].pixels, report.sampleShape[0], report.sampleShape[1], report.sampleShape[2]),
                                 report.samples[i].boxes});
    setVisible(!m_samples.empty());
    updateGeometry();
    update();
}

int BoxSheet::heightForWidth(int width) const
{
    return m_samples.empty() ? 0 : Tiling{width, sheetTile, m_samples.size(), m_samples.front().image.size(), 0}.totalHeight();
}

void BoxSheet::paintEvent(QPaintEvent*)
{
    if (m_samples.empty())
        return;
    QPainter painter{this};
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const Tiling tiling{width(), sheetTile, m_samples.size(), m_samples.front().image.size(), 0};
    for (std::size_t i = 0; i < m_samples.size(); ++i) {
        const QRectF place{QPointF{tiling.place(i)}, QSizeF(tiling.tile, tiling.height)};
        painter.drawImage(place, m_samples[i].image);
        painter.save();
        painter.setClipRect(place);
        for (const Box& box : m_samples[i].boxes)
            paintBox(painter, boxPlace(box, place, m_samples[i].image.size()), Theme::instance().seriesColor(box.classIndex),
                     box.ignored ? Qt::DotLine : Qt::SolidLine);
        painter.restore();
    }
}

BoxPanel::BoxPanel(QWidget* parent) : QWidget{parent}
{
    QSizePolicy policy{QSizePolicy::Expanding, QSizePolicy::Preferred};
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setObjectName(QStringLiteral("boxPanel"));
    setToolTip(tr("Whole lines: what the network finds, with how sure it is in per cent. Dashed lines: what is there."));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void BoxPanel::setClassNames(std::vector<std::string> names)
{
    m_classNames = std::move(names);
}

void BoxPanel::setPreview(const DetectionPreview& preview)
{
    const bool others = preview.pictures.size() != m_preview.pictures.size();
    if (others || m_images.empty()) {
        m_images.clear();
        for (const auto& picture : preview.pictures)
            m_images.push_back(toImage(picture.pixels, picture.channels, picture.height, picture.width));
    }
    m_preview = preview;
    std::size_t found = 0, there = 0;
    for (const auto& picture : m_preview.pictures) {
        found += picture.found.size();
        there += picture.truth.size();
    }
    setAccessibleDescription(tr("%1 found where there are %2, on %3 pictures").arg(found).arg(there).arg(m_images.size()));
    if (others)
        updateGeometry();
    update();
}

void BoxPanel::clear()
{
    m_preview = {};
    m_images.clear();
    updateGeometry();
    update();
}

int BoxPanel::heightForWidth(int width) const
{
    return m_images.empty()
        ? 0
        : legendHeight + Tiling{width, panelTile, m_images.size(), m_images.front().size(), captionHeight}.totalHeight();
}

void BoxPanel::paintLegend(QPainter& painter)
{
    const Theme& theme = Theme::instance();
    const QFontMetrics metrics = painter.fontMetrics();
    int x = 0;
    for (std::size_t i = 0; i < m_classNames.size(); ++i) {
        const QString name = metrics.elidedText(QString::fromStdString(m_classNames[i]), Qt::ElideMiddle, 140);
        const int wide = 16 + metrics.horizontalAdvance(name);
        const bool last = i + 1 == m_classNames.size();
        if (x + wide > width() - (last ? 0 : 20)) {
            painter.setPen(theme.colors().muted);
            painter.drawText(QRect{x, 0, 20, legendHeight - 6}, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("…"));
            break;
        }
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.seriesColor(static_cast<int>(i)));
        painter.drawRoundedRect(QRectF{static_cast<double>(x), (legendHeight - 6) / 2.0 - 5, 10, 10}, 2, 2);
        painter.setPen(theme.colors().text);
        painter.drawText(QRect{x + 16, 0, wide, legendHeight - 6}, Qt::AlignLeft | Qt::AlignVCenter, name);
        x += wide + 16;
    }
}

void BoxPanel::paintEvent(QPaintEvent*)
{
    if (m_images.empty())
        return;
    QPainter painter{this};
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    painter.setFont(Theme::font(TextStyle::caption));
    const Theme& theme = Theme::instance();
    paintLegend(painter);
    const Tiling tiling{width(), panelTile, m_images.size(), m_images.front().size(), captionHeight};
    for (std::size_t i = 0; i < m_images.size(); ++i) {
        const auto& picture = m_preview.pictures[i];
        const QRectF place{QPointF{tiling.place(i)} + QPointF{0, legendHeight}, QSizeF(tiling.tile, tiling.height - captionHeight)};
        painter.drawImage(place, m_images[i]);
        painter.save();
        painter.setClipRect(place);
        for (const Box& box : picture.truth)
            paintBox(painter, boxPlace(box, place, m_images[i].size()), box.ignored ? theme.colors().muted : QColor{Qt::white}, Qt::DashLine);
        for (auto box = picture.found.rbegin(); box != picture.found.rend(); ++box) { // the surest on top
            const QColor color = theme.seriesColor(box->classIndex);
            const QRectF where = boxPlace(*box, place, m_images[i].size());
            paintBox(painter, where, color, Qt::SolidLine);
            paintScore(painter, where, color, box->score);
        }
        painter.restore();
        painter.setPen(theme.colors().muted);
        painter.drawText(QRectF{place.left(), place.bottom() + 1, place.width(), static_cast<double>(captionHeight)},
                         Qt::AlignLeft | Qt::AlignVCenter,
                         picture.truth.empty() ? tr("%1 found").arg(picture.found.size())
                                               : tr("%1 found, %2 there").arg(picture.found.size()).arg(picture.truth.size()));
    }
}

}
