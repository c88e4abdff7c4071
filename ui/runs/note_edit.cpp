// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/note_edit.h"

#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QTextBrowser>

namespace descent {

namespace {

/// Shows no pictures: a note may come from anyone's history, and is not to open files.
class NoteReader : public QTextBrowser
{
public:
    QVariant loadResource(int, const QUrl&) override { return {}; }
};

}

NoteEdit::NoteEdit(QWidget* parent) : QStackedWidget{parent}
{
    setFixedHeight(76);
    m_reader = new NoteReader;
    m_reader->setObjectName(QStringLiteral("noteReader"));
    m_reader->setOpenExternalLinks(true);
    m_reader->setPlaceholderText(tr("What this run was for, what it showed (Markdown)"));
    m_reader->setAccessibleName(tr("Note"));
    m_reader->viewport()->setCursor(Qt::IBeamCursor);
    m_reader->viewport()->installEventFilter(this);
    m_reader->installEventFilter(this);
    addWidget(m_reader);
    m_writer = new QPlainTextEdit;
    m_writer->setObjectName(QStringLiteral("noteWriter"));
    m_writer->setFont(Theme::font(TextStyle::mono));
    m_writer->setTabChangesFocus(true);
    m_writer->installEventFilter(this);
    addWidget(m_writer);
    connect(m_writer, &QPlainTextEdit::textChanged, this, [this] {
        if (isWritten())
            Q_EMIT edited();
    });
}

void NoteEdit::setNote(const QString& markdown)
{
    setCurrentIndex(0);
    m_writer->setPlainText(markdown);
    read();
}

QString NoteEdit::note() const
{
    return m_writer->toPlainText();
}

void NoteEdit::write()
{
    setCurrentIndex(1);
    m_writer->setFocus();
    m_writer->moveCursor(QTextCursor::End);
}

void NoteEdit::read()
{
    setCurrentIndex(0);
    m_reader->document()->setMarkdown(note(), QTextDocument::MarkdownFeatures{QTextDocument::MarkdownDialectGitHub} | QTextDocument::MarkdownNoHTML);
}

bool NoteEdit::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_reader->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (m_reader->anchorAt(mouse->position().toPoint()).isEmpty() && m_reader->textCursor().selectedText().isEmpty()) {
            write();
            return true;
        }
    } else if (watched == m_reader && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter || key->key() == Qt::Key_F2) {
            write();
            return true;
        }
    } else if (watched == m_writer && event->type() == QEvent::FocusOut) {
        read();
    } else if (watched == m_writer && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        read();
        m_reader->setFocus();
        return true;
    }
    return QStackedWidget::eventFilter(watched, event);
}

}
