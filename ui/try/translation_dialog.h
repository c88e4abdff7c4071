// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/try/try_dialog.h"

class QPlainTextEdit;

namespace descent {

/// Texts of yours, one a line, and what a network makes of them.
class TranslationDialog : public TryDialog
{
    Q_OBJECT
public:
    explicit TranslationDialog(TriedRun run, QWidget* parent = nullptr);

private:
    void ask();

    QPlainTextEdit *m_texts = nullptr, *m_translations = nullptr;
};

}
