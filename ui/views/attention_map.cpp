// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/attention_map.h"

#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr int gap = 6, longestLabel = 96;
constexpr double largestCell = 34;

/// The end of a text is no word of it, and a blank is not seen.
QString label(const std::string& word)
{
    return word == "<end>" ? QStringLiteral("\u25a0") : word == " " ? QStringLiteral("\u2423") : QString::fromStdString(word);
}

int widest(const std::vector<std::string>& words, const QFontMetrics& metrics)
{
    int width = 0;
    for (const std::string& word : words)
        width = std::max(width, metrics.horizontalAdvance(label(word)));
    return std::min(width, longestLabel);
}

}

AttentionMap::AttentionMap(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("attentionMap"));
    setMinimumHeight(120);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void AttentionMap::setText(const TranslatedText& text)
{
    m_text = text;
    setAccessibleDescription(tr("Where the network looked while it wrote: %1").arg(QString::fromStdString(text.text)));
    update();
}

bool AttentionMap::isEmpty() const
{
    return m_text.attention.empty() || m_text.attention.size() != m_text.sourceWords.size() * m_text.targetWords.size();
}

AttentionMap::Layout AttentionMap::layoutIn(const QSize& size) const
{
    const QFontMetrics metrics{Theme::font(TextStyle::caption)};
    const auto columns = static_cast<double>(m_text.sourceWords.size()), rows = static_cast<double>(m_text.targetWords.size());
    Layout layout{.labelWidth = std::min(widest(m_text.targetWords, metrics), size.width() / 3),
                  .labelHeight = std::min(widest(m_text.sourceWords, metrics), size.height() / 3)};
    const double width = size.width() - layout.labelWidth - gap, height = size.height() - layout.labelHeight - gap;
    layout.cellWidth = std::min(largestCell, width / columns);
    layout.cellHeight = std::min({largestCell, height / rows, layout.cellWidth});
    layout.cells = {layout.labelWidth + double{gap}, layout.labelHeight + double{gap}, layout.cellWidth * columns, layout.cellHeight * rows};
    return layout;
}

void AttentionMap::paintEvent(QPaintEvent*)
{
    if (isEmpty())
        return;
    const ColorTokens& colors = Theme::instance().colors();
    QPainter painter{this};
    painter.setFont(Theme::font(TextStyle::caption));
    const QFontMetrics metrics = painter.fontMetrics();
    const Layout layout = layoutIn(size());
    const std::size_t columns = m_text.sourceWords.size();

    painter.fillRect(layout.cells, colors.raised);
    painter.setPen(Qt::NoPen);
    for (std::size_t i = 0; i < m_text.attention.size(); ++i) {
        QColor color = colors.accent;
        // The square root: a look that is shared out over several words stays visible.
        color.setAlphaF(static_cast<float>(std::sqrt(std::clamp(m_text.attention[i], 0.0F, 1.0F))));
        painter.fillRect(QRectF{layout.cells.left() + static_cast<double>(i % columns) * layout.cellWidth,
                                layout.cells.top() + static_cast<double>(i / columns) * layout.cellHeight,
                                std::max(1.0, layout.cellWidth - 1), std::max(1.0, layout.cellHeight - 1)},
                         color);
    }
    painter.setPen(colors.text);
    // Where cells are lower than letters, only some of the words are written.
    const auto every = [&](double cell) { return static_cast<std::size_t>(std::max(1.0, std::ceil(metrics.height() * 0.9 / cell))); };
    for (std::size_t row = 0; row < m_text.targetWords.size(); row += every(layout.cellHeight))
        painter.drawText(QRectF{0, layout.cells.top() + static_cast<double>(row) * layout.cellHeight + layout.cellHeight / 2 - metrics.height() / 2.0,
                                static_cast<double>(layout.labelWidth), static_cast<double>(metrics.height())},
                         Qt::AlignRight | Qt::AlignVCenter,
                         metrics.elidedText(label(m_text.targetWords[row]), Qt::ElideRight, layout.labelWidth));
    painter.setPen(colors.muted);
    for (std::size_t column = 0; column < columns; column += every(layout.cellWidth)) {
        painter.save();
        painter.translate(layout.cells.left() + (static_cast<double>(column) + 0.5) * layout.cellWidth, layout.cells.top() - gap);
        painter.rotate(-90);
        painter.drawText(QRectF{0, -metrics.height() / 2.0, static_cast<double>(layout.labelHeight), static_cast<double>(metrics.height())},
                         Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(label(m_text.sourceWords[column]), Qt::ElideRight, layout.labelHeight));
        painter.restore();
    }
}

bool AttentionMap::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || isEmpty())
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const Layout layout = layoutIn(size());
    const QPointF at = QPointF{help->pos()} - layout.cells.topLeft();
    const auto column = static_cast<std::int64_t>(std::floor(at.x() / layout.cellWidth)), row = static_cast<std::int64_t>(std::floor(at.y() / layout.cellHeight));
    if (column < 0 || row < 0 || column >= std::ssize(m_text.sourceWords) || row >= std::ssize(m_text.targetWords)) {
        QToolTip::showText(help->globalPos(), tr("Each row is a word that was written, each column a word that was read:\n"
                                                 "the stronger the colour, the more the network looked there."),
                           this);
        return true;
    }
    const auto source = static_cast<std::size_t>(column), target = static_cast<std::size_t>(row);
    QToolTip::showText(help->globalPos(),
                       tr("%1 from %2: %3 %")
                           .arg(label(m_text.targetWords[target]), label(m_text.sourceWords[source]))
                           .arg(100 * m_text.attention[target * m_text.sourceWords.size() + source], 0, 'f', 0),
                       this);
    return true;
}

}
