// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/word_bars.h"

#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <numeric>

namespace descent {

namespace {

constexpr int barRow = 38;

}

WordBars::WordBars(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("wordBars"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void WordBars::setWords(const QStringList& words, const std::vector<double>& probabilities)
{
    std::vector<std::size_t> order(probabilities.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return probabilities[a] > probabilities[b]; });
    order.resize(std::min(order.size(), mostBars));
    m_words.clear();
    m_probabilities.clear();
    for (const std::size_t i : order) {
        m_words << words.at(static_cast<int>(i));
        m_probabilities.push_back(probabilities[i]);
    }
    setAccessibleDescription(m_words.isEmpty() ? QString{} : tr("Likeliest: %1").arg(m_words.front()));
    setMinimumHeight(sizeHint().height());
    updateGeometry();
    update();
}

QSize WordBars::sizeHint() const
{
    return {240, static_cast<int>(m_words.size()) * barRow};
}

void WordBars::paintEvent(QPaintEvent*)
{
    const ColorTokens& colors = Theme::instance().colors();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::body));
    const QFontMetrics metrics = painter.fontMetrics();
    const int shareWidth = metrics.horizontalAdvance(QStringLiteral("100.0 %")) + 8;
    for (int i = 0; i < m_words.size(); ++i) {
        const double share = m_probabilities[static_cast<std::size_t>(i)];
        const int y = i * barRow;
        painter.setPen(i == 0 ? colors.text : colors.muted);
        painter.drawText(QRect{0, y, width() - shareWidth, 22}, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(m_words.at(i), Qt::ElideMiddle, width() - shareWidth));
        painter.drawText(QRect{width() - shareWidth, y, shareWidth, 22}, Qt::AlignRight | Qt::AlignVCenter,
                         QStringLiteral("%1 %").arg(100 * share, 0, 'f', 1));
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.grid);
        painter.drawRoundedRect(QRectF{0, y + 24.0, static_cast<double>(width()), 6}, 3, 3);
        painter.setBrush(i == 0 ? colors.accent : colors.muted);
        if (const double length = share * width(); length >= 1)
            painter.drawRoundedRect(QRectF{0, y + 24.0, length, 6}, std::min(3.0, length / 2), 3);
    }
}

}
