// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/prediction_panel.h"

#include "ui/plot/curve_plot.h"
#include "ui/theme/theme.h"
#include "ui/views/data_views.h"

#include <QPainter>

#include <algorithm>
#include <numeric>

namespace descent {

namespace {

constexpr int tileWidth = 176, tileHeight = 66, gap = 8, picture = 50, besideHeight = 18;
constexpr std::size_t bars = 3;

}

PredictionPanel::PredictionPanel(QWidget* parent) : QWidget{parent}
{
    QSizePolicy policy{QSizePolicy::Expanding, QSizePolicy::Preferred};
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void PredictionPanel::setClassNames(std::vector<std::string> names)
{
    m_classNames = std::move(names);
}

void PredictionPanel::setPreview(const PredictionPreview& preview)
{
    const bool otherSamples = preview.predictions.size() != m_preview.predictions.size();
    if (otherSamples || m_images.empty()) {
        m_images.clear();
        for (const auto& prediction : preview.predictions)
            m_images.push_back(prediction.pixels.empty() ? QImage{} : toImage(prediction.pixels, prediction.channels, prediction.height, prediction.width));
    }
    m_preview = preview;
    if (otherSamples)
        updateGeometry();
    update();
}

void PredictionPanel::clear()
{
    m_preview = {};
    m_images.clear();
    updateGeometry();
    update();
}

int PredictionPanel::columns(int width) const
{
    return std::max(1, (width + gap) / (tileWidth + gap));
}

int PredictionPanel::heightForWidth(int width) const
{
    const int perRow = columns(width);
    return (static_cast<int>(m_preview.predictions.size()) + perRow - 1) / perRow * (tileTall() + gap);
}

int PredictionPanel::tileTall() const
{
    const bool beside = !m_preview.predictions.empty() && !m_preview.predictions.front().beside.empty();
    return tileHeight + (beside ? besideHeight : 0);
}

QSize PredictionPanel::sizeHint() const
{
    return {2 * tileWidth + gap, heightForWidth(2 * tileWidth + gap)};
}

void PredictionPanel::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme& theme = Theme::instance();
    const ColorTokens& colors = theme.colors();
    const int perRow = columns(width());
    const int tile = (width() - (perRow - 1) * gap) / perRow;
    painter.setFont(Theme::font(TextStyle::caption));
    for (int i = 0; i < static_cast<int>(m_preview.predictions.size()); ++i) {
        const auto& prediction = m_preview.predictions[static_cast<std::size_t>(i)];
        const QRect whole{i % perRow * (tile + gap), i / perRow * (tileTall() + gap), tile, tileTall()};
        const QRect box{whole.left(), whole.bottom() + 1 - tileHeight, tile, tileHeight};
        const bool classes = prediction.truth >= 0;
        const auto likeliest = std::max_element(prediction.probabilities.begin(), prediction.probabilities.end());
        const bool right = classes && likeliest - prediction.probabilities.begin() == prediction.truth;
        const QColor verdict = !classes ? colors.border : right ? colors.success : colors.danger;
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.raised);
        painter.drawRoundedRect(whole, 7, 7);
        painter.setBrush(verdict);
        painter.drawRoundedRect(QRectF{static_cast<double>(box.left()), whole.top() + 8.0, 3, whole.height() - 16.0}, 1.5, 1.5);
        if (!prediction.beside.empty()) {
            painter.setFont(Theme::font(TextStyle::caption));
            painter.setPen(colors.text);
            const int room = tile - 20;
            painter.drawText(QRect{box.left() + 12, whole.top() + 5, room, besideHeight}, Qt::AlignVCenter | Qt::AlignLeft,
                             painter.fontMetrics().elidedText(QString::fromStdString(prediction.beside), Qt::ElideRight, room));
        }
        int left = box.left() + 12;
        const QImage& image = m_images[static_cast<std::size_t>(i)];
        if (!image.isNull()) {
            const QSize size = image.size().scaled(picture, picture, Qt::KeepAspectRatio);
            painter.setRenderHint(QPainter::SmoothPixmapTransform, image.width() > picture);
            painter.drawImage(QRect{QPoint{left, box.top() + (tileHeight - size.height()) / 2}, size}, image);
            left += picture + 10;
        }
        const int room = box.right() - left - 8;
        if (!classes) {
            painter.setPen(colors.text);
            painter.drawText(QRect{left, box.top() + 8, room, 24}, Qt::AlignVCenter | Qt::AlignLeft, tr("says %1").arg(shortNumber(prediction.probabilities.front())));
            painter.setPen(colors.muted);
            painter.drawText(QRect{left, box.top() + 34, room, 24}, Qt::AlignVCenter | Qt::AlignLeft, tr("is %1").arg(shortNumber(prediction.truthValue)));
            continue;
        }
        std::vector<std::size_t> order(prediction.probabilities.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        const std::size_t count = std::min(bars, order.size());
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                          [&](std::size_t a, std::size_t b) { return prediction.probabilities[a] > prediction.probabilities[b]; });
        const int rowHeight = (tileHeight - 10) / static_cast<int>(bars);
        const int nameWidth = std::min(62, room * 2 / 5), percentWidth = 34;
        for (std::size_t k = 0; k < count; ++k) {
            const std::size_t label = order[k];
            const double probability = prediction.probabilities[label];
            const int y = box.top() + 5 + static_cast<int>(k) * rowHeight + (count < bars ? rowHeight / 2 : 0);
            const bool truth = static_cast<std::int64_t>(label) == prediction.truth;
            painter.setPen(truth ? colors.text : colors.muted);
            QFont font = Theme::font(TextStyle::caption);
            font.setBold(truth);
            painter.setFont(font);
            const QString name = label < m_classNames.size() ? QString::fromStdString(m_classNames[label]) : QString::number(label);
            painter.drawText(QRect{left, y, nameWidth - 4, rowHeight}, Qt::AlignVCenter | Qt::AlignLeft,
                             painter.fontMetrics().elidedText(name, Qt::ElideRight, nameWidth - 4));
            const double barRoom = room - nameWidth - percentWidth;
            painter.setPen(Qt::NoPen);
            painter.setBrush(colors.border);
            painter.drawRoundedRect(QRectF{static_cast<double>(left + nameWidth), y + rowHeight / 2.0 - 3, barRoom, 6}, 3, 3);
            painter.setBrush(truth ? colors.success : k == 0 ? colors.danger : colors.muted);
            painter.drawRoundedRect(QRectF{static_cast<double>(left + nameWidth), y + rowHeight / 2.0 - 3, std::max(2.0, barRoom * probability), 6}, 3, 3);
            painter.setPen(colors.muted);
            painter.setFont(Theme::font(TextStyle::caption));
            painter.drawText(QRect{box.right() - percentWidth - 6, y, percentWidth, rowHeight}, Qt::AlignVCenter | Qt::AlignRight,
                             QStringLiteral("%1%").arg(probability * 100, 0, 'f', 0));
        }
    }
}

}
