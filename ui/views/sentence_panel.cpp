// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/sentence_panel.h"

#include "ui/theme/theme.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace descent {

namespace {

constexpr int gap = 8, margin = 12, barRow = 18;
constexpr std::size_t barsShown = 2;
constexpr double leastScale = 0.5; // log odds that colour a word fully, where no word of the text moves more

}

SentencePanel::SentencePanel(QWidget* parent) : QWidget{parent}
{
    QSizePolicy policy{QSizePolicy::Expanding, QSizePolicy::Preferred};
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setObjectName(QStringLiteral("sentencePanel"));
    setToolTip(tr("Green words speak for the class that the network chose, red ones against it: so much less or more sure it would be "
                  "without them."));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SentencePanel::setClassNames(std::vector<std::string> names)
{
    m_classNames = std::move(names);
}

void SentencePanel::setPreview(const TextPreview& preview)
{
    m_preview = preview;
    layOut();
}

void SentencePanel::clear()
{
    m_preview = {};
    layOut();
}

void SentencePanel::resizeEvent(QResizeEvent*)
{
    layOut();
}

void SentencePanel::layOut()
{
    const int before = std::accumulate(m_tiles.begin(), m_tiles.end(), 0, [](int sum, const Tile& tile) { return sum + tile.height; });
    m_tiles.clear();
    int height = 0;
    for (const auto& sentence : m_preview.sentences) {
        m_tiles.push_back(laidOut(sentence, width()));
        height += m_tiles.back().height;
    }
    if (height != before)
        updateGeometry();
    update();
}

SentencePanel::Tile SentencePanel::laidOut(const TextPreview::Sentence& sentence, int width) const
{
    Tile tile;
    const QFontMetrics metrics{Theme::font(TextStyle::body)};
    const int line = metrics.height() + 4, right = width - margin, blank = m_preview.spaced ? metrics.horizontalAdvance(QLatin1Char(' ')) : 0;
    double scale = leastScale;
    for (const float weight : sentence.weights)
        if (std::isfinite(weight))
            scale = std::max(scale, std::abs(static_cast<double>(weight)));
    int x = margin, y = gap;
    std::string bytes; // byte pairs may end within a character: shown once it is whole
    for (std::size_t i = 0; i < sentence.pieces.size() + (sentence.cut ? 1 : 0); ++i) {
        const bool more = i == sentence.pieces.size();
        bytes += more ? std::string{"…"} : sentence.pieces[i];
        QString text = QString::fromStdString(bytes);
        if (text.contains(QChar::ReplacementCharacter) && bytes.size() < 4)
            continue;
        bytes.clear();
        text.replace(QLatin1Char('\n'), QLatin1Char(' ')).replace(QLatin1Char('\t'), QLatin1Char(' '));
        const int advance = std::min(metrics.horizontalAdvance(text), right - margin);
        if (x + advance > right && x > margin) {
            x = margin;
            y += line;
        }
        const float weight = i < sentence.weights.size() && std::isfinite(sentence.weights[i]) ? sentence.weights[i] : 0.0F;
        tile.pieces.push_back({{x, y, advance, line - 2}, text, weight / scale});
        x += advance + blank;
    }
    tile.height = y + line + static_cast<int>(std::min(barsShown, sentence.probabilities.size())) * barRow + gap;
    return tile;
}

int SentencePanel::heightForWidth(int width) const
{
    int height = 0;
    for (const auto& sentence : m_preview.sentences)
        height += laidOut(sentence, width).height + gap;
    return height;
}

void SentencePanel::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const ColorTokens& colors = Theme::instance().colors();
    int top = 0;
    for (std::size_t i = 0; i < m_tiles.size(); ++i) {
        const Tile& tile = m_tiles[i];
        const auto& sentence = m_preview.sentences[i];
        std::vector<std::size_t> order(sentence.probabilities.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return sentence.probabilities[a] > sentence.probabilities[b]; });
        const bool right = !order.empty() && static_cast<std::int64_t>(order.front()) == sentence.truth;
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.raised);
        painter.drawRoundedRect(QRect{0, top, width(), tile.height}, 7, 7);
        painter.setBrush(right ? colors.success : colors.danger);
        painter.drawRoundedRect(QRectF{0, top + 8.0, 3, tile.height - 16.0}, 1.5, 1.5);
        painter.setFont(Theme::font(TextStyle::body));
        for (const Piece& piece : tile.pieces) {
            const QRect place = piece.place.translated(0, top);
            QColor tint = piece.weight > 0 ? colors.success : colors.danger;
            tint.setAlphaF(static_cast<float>(0.45 * std::min(1.0, std::abs(piece.weight))));
            painter.setPen(Qt::NoPen);
            painter.setBrush(tint);
            painter.drawRoundedRect(place.adjusted(-1, 0, 1, 0), 3, 3);
            painter.setPen(colors.text);
            painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(piece.text, Qt::ElideRight, place.width() + 1));
        }
        painter.setFont(Theme::font(TextStyle::caption));
        constexpr int nameWidth = 96, percentWidth = 40;
        const std::size_t bars = std::min(barsShown, order.size());
        int y = top + tile.height - gap - static_cast<int>(bars) * barRow;
        for (std::size_t k = 0; k < bars; ++k, y += barRow) {
            const std::size_t label = order[k];
            const bool truth = static_cast<std::int64_t>(label) == sentence.truth;
            const QString name = label < m_classNames.size() ? QString::fromStdString(m_classNames[label]) : QString::number(label);
            QFont font = Theme::font(TextStyle::caption);
            font.setBold(truth);
            painter.setFont(font);
            painter.setPen(truth ? colors.text : colors.muted);
            painter.drawText(QRect{margin, y, nameWidth - 6, barRow}, Qt::AlignLeft | Qt::AlignVCenter,
                             painter.fontMetrics().elidedText(name, Qt::ElideMiddle, nameWidth - 6));
            const double room = std::max(10, width() - 2 * margin - nameWidth - percentWidth);
            painter.setPen(Qt::NoPen);
            painter.setBrush(colors.border);
            painter.drawRoundedRect(QRectF{margin + nameWidth + 0.0, y + barRow / 2.0 - 3, room, 6}, 3, 3);
            painter.setBrush(truth ? colors.success : k == 0 ? colors.danger : colors.muted);
            painter.drawRoundedRect(
                QRectF{margin + nameWidth + 0.0, y + barRow / 2.0 - 3, std::max(2.0, room * static_cast<double>(sentence.probabilities[label])), 6}, 3, 3);
            painter.setPen(colors.muted);
            painter.setFont(Theme::font(TextStyle::caption));
            painter.drawText(QRect{width() - margin - percentWidth, y, percentWidth, barRow}, Qt::AlignRight | Qt::AlignVCenter,
                             QStringLiteral("%1%").arg(100 * static_cast<double>(sentence.probabilities[label]), 0, 'f', 0));
        }
        top += tile.height + gap;
    }
}

}
