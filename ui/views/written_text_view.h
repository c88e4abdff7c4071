// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTextEdit>

namespace descent {

/// A text that a network writes, to be read: the prompt in another colour, always scrolled to what came last unless a person
/// has scrolled away.
class WrittenTextView : public QTextEdit
{
    Q_OBJECT
public:
    explicit WrittenTextView(QWidget* parent = nullptr);
    void setWritten(const QString& prompt, const QString& text);

private:
    void draw();
    QString m_prompt, m_text;
};

}
