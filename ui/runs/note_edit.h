// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>

class QPlainTextEdit;
class QTextBrowser;

namespace descent {

/// A note in Markdown: read as it is meant, written as it stands. A click or Enter begins to write; Esc, or going elsewhere, ends it.
class NoteEdit : public QStackedWidget
{
    Q_OBJECT
public:
    explicit NoteEdit(QWidget* parent = nullptr);
    void setNote(const QString& markdown);
    QString note() const;
    bool isWritten() const { return currentIndex() == 1; }

Q_SIGNALS:
    void edited();      ///< note() has changed under a person's hands

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void write();
    void read();

    QTextBrowser* m_reader = nullptr;
    QPlainTextEdit* m_writer = nullptr;
};

}
