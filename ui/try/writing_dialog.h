// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/try/try_dialog.h"

class QDoubleSpinBox;
class QPlainTextEdit;
class QSpinBox;
class QTimer;

namespace descent {

class WrittenTextView;

/// Tries a finished language model: a prompt, how boldly it is to write, and what it writes, as it comes.
class WritingDialog : public TryDialog
{
    Q_OBJECT
public:
    explicit WritingDialog(TriedRun run, QWidget* parent = nullptr);

private:
    void write();
    void append(const QString& piece);
    void showWritten();

    QString m_prompt, m_written;
    QPlainTextEdit* m_promptField = nullptr;
    QDoubleSpinBox *m_temperature = nullptr, *m_topP = nullptr;
    QSpinBox *m_topK = nullptr, *m_length = nullptr, *m_seed = nullptr;
    WrittenTextView* m_text = nullptr;
    QTimer* m_drawing = nullptr;
};

}
