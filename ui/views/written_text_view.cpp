// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/written_text_view.h"

#include "ui/theme/theme.h"

#include <QScrollBar>
#include <QTextCursor>

namespace descent {

WrittenTextView::WrittenTextView(QWidget* parent) : QTextEdit{parent}
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setAcceptRichText(false);
    setFrameShape(QFrame::NoFrame);
    setObjectName(QStringLiteral("writtenText"));
    setAccessibleName(tr("Text that the network writes"));
    setMinimumHeight(140);
    connect(&Theme::instance(), &Theme::changed, this, &WrittenTextView::draw);
}

void WrittenTextView::setWritten(const QString& prompt, const QString& text)
{
    const bool goesOn = prompt == m_prompt && !m_text.isEmpty() && text.startsWith(m_text);
    const QString added = goesOn ? text.mid(m_text.size()) : QString{};
    m_prompt = prompt;
    m_text = text;
    if (!goesOn) {
        draw();
        return;
    }
    QScrollBar* bar = verticalScrollBar();
    const bool follows = bar->value() >= bar->maximum() - 4;
    QTextCharFormat format;
    format.setFont(Theme::font(TextStyle::mono));
    format.setForeground(Theme::instance().colors().text);
    QTextCursor cursor{document()};
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(added, format);
    if (follows)
        bar->setValue(bar->maximum());
}

void WrittenTextView::draw()
{
    QScrollBar* bar = verticalScrollBar();
    const bool follows = bar->value() >= bar->maximum() - 4;
    const int before = bar->value();
    const ColorTokens& colors = Theme::instance().colors();
    QTextCharFormat format;
    format.setFont(Theme::font(TextStyle::mono));
    QTextCursor cursor{document()};
    cursor.beginEditBlock();
    cursor.select(QTextCursor::Document);
    cursor.removeSelectedText();
    format.setForeground(colors.accent);
    cursor.insertText(m_prompt, format);
    format.setForeground(colors.text);
    cursor.insertText(m_text, format);
    cursor.endEditBlock();
    bar->setValue(follows ? bar->maximum() : before);
}

}
