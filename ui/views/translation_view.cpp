// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/translation_view.h"

#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"
#include "ui/views/attention_map.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

namespace {

constexpr int padding = 10, between = 8, lineGap = 2;

/// The three lines of a text, each wrapped where it must be.
struct Line {
    QString text;
    TextStyle style = TextStyle::caption;
    QColor color;
};

std::vector<Line> linesOf(const TranslatedText& text, const ColorTokens& colors)
{
    std::vector<Line> lines{{QString::fromStdString(text.source), TextStyle::caption, colors.muted},
                            {text.text.empty() ? QStringLiteral("\u2026") : QString::fromStdString(text.text), TextStyle::body, colors.text}};
    if (!text.reference.empty() && text.reference != text.text)
        lines.push_back({QString::fromStdString(text.reference), TextStyle::caption, colors.success});
    return lines;
}

QRect place(const Line& line, int left, int top, int width)
{
    return QFontMetrics{Theme::font(line.style)}.boundingRect(QRect{left, top, width, 4000}, Qt::TextWrapAnywhere | Qt::TextWordWrap, line.text);
}

}

TranslationView::TranslationView(QWidget* parent) : QWidget{parent}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    m_list = new TranslationList;
    m_map = new AttentionMap;
    layout->addWidget(scrolled(m_list), 3);
    layout->addWidget(m_map, 2);
    connect(m_list, &TranslationList::chosenChanged, this, &TranslationView::showChosen);
}

void TranslationView::setPreview(const TranslationPreview& preview)
{
    m_texts = preview.texts;
    m_list->setTexts(preview.texts);
    showChosen();
}

void TranslationView::clear()
{
    setPreview({});
}

void TranslationView::showChosen()
{
    m_map->setText(m_list->chosen() < m_texts.size() ? m_texts[m_list->chosen()] : TranslatedText{});
}

TranslationList::TranslationList(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("translationList"));
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Held-back texts and their translations"));
    setToolTip(tr("Grey: a held-back text. Below it what the network makes of it now, and in green what a person wrote, where that differs."));
    QSizePolicy policy{QSizePolicy::Expanding, QSizePolicy::Preferred};
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void TranslationList::setTexts(std::vector<TranslatedText> texts)
{
    m_texts = std::move(texts);
    if (m_chosen >= m_texts.size())
        m_chosen = 0;
    if (!m_texts.empty())
        setAccessibleDescription(QString::fromStdString(m_texts[m_chosen].text));
    updateGeometry();
    update();
}

int TranslationList::heightOf(const TranslatedText& text, int width) const
{
    int height = 2 * padding - lineGap;
    for (const Line& line : linesOf(text, Theme::instance().colors()))
        height += place(line, 0, 0, width - 2 * padding).height() + lineGap;
    return height;
}

int TranslationList::heightForWidth(int width) const
{
    int height = 0;
    for (const TranslatedText& text : m_texts)
        height += heightOf(text, width) + between;
    return std::max(0, height - between);
}

void TranslationList::paintEvent(QPaintEvent*)
{
    const ColorTokens& colors = Theme::instance().colors();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    int top = 0;
    for (std::size_t i = 0; i < m_texts.size(); ++i) {
        const int height = heightOf(m_texts[i], width());
        const QRectF box{0.5, top + 0.5, width() - 1.0, height - 1.0};
        const bool chosen = i == m_chosen;
        painter.setPen(chosen && hasFocus() ? QPen{colors.accent, 1} : QPen{Qt::NoPen});
        painter.setBrush(chosen ? colors.accentSoft : colors.raised);
        painter.drawRoundedRect(box, 7, 7);
        int y = top + padding;
        for (const Line& line : linesOf(m_texts[i], colors)) {
            const QRect at = place(line, padding, y, width() - 2 * padding);
            painter.setFont(Theme::font(line.style));
            painter.setPen(line.color);
            painter.drawText(at, Qt::TextWrapAnywhere | Qt::TextWordWrap, line.text);
            y += at.height() + lineGap;
        }
        top += height + between;
    }
}

void TranslationList::choose(std::size_t index)
{
    if (index >= m_texts.size() || index == m_chosen)
        return;
    m_chosen = index;
    setAccessibleDescription(QString::fromStdString(m_texts[index].text));
    update();
    Q_EMIT chosenChanged();
}

void TranslationList::mousePressEvent(QMouseEvent* event)
{
    int bottom = 0;
    for (std::size_t i = 0; i < m_texts.size(); ++i) {
        bottom += heightOf(m_texts[i], width()) + between;
        if (event->position().y() < bottom) {
            choose(i);
            return;
        }
    }
}

void TranslationList::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Down)
        choose(m_chosen + 1);
    else if (event->key() == Qt::Key_Up && m_chosen > 0)
        choose(m_chosen - 1);
    else
        QWidget::keyPressEvent(event);
}

void TranslationList::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void TranslationList::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

}
