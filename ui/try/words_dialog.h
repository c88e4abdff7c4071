// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/try/try_dialog.h"

#include <QStringList>

class QCheckBox;
class QPlainTextEdit;

namespace descent {

class PicturePad;
class WordBars;

/// Tries a network that learnt pictures and captions: a picture of yours or of the data, words of yours, and which of them
/// fits. Classes that were never shown can be among them.
class WordsDialog : public TryDialog
{
    Q_OBJECT
public:
    explicit WordsDialog(TriedRun run, QWidget* parent = nullptr);

protected:
    void takeFile(const QString& path) override;

private:
    void begin();
    void ask();
    void showAnswer(const WordsAnswer& answer);

    PicturePad* m_pad = nullptr;
    QStringList m_asked;
    QPlainTextEdit* m_words = nullptr;
    QCheckBox* m_captions = nullptr;
    WordBars* m_bars = nullptr;
};

}
