// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/try/try_dialog.h"

#include <QPlainTextEdit>

namespace descent {

class PicturePad;
class WordBars;

/// Asks a network which class something belongs to, and shows how sure it is of each.
class ClassesDialog : public TryDialog
{
    Q_OBJECT
protected:
    ClassesDialog(TriedRun run, const char* objectName, QWidget* parent);
    void askFor(const Question& question);

private:
    WordBars* m_bars = nullptr;
};

/// Of a picture: a file, or one of the run's data that it has not learnt from.
class PictureClassesDialog : public ClassesDialog
{
    Q_OBJECT
public:
    explicit PictureClassesDialog(TriedRun run, QWidget* parent = nullptr);

protected:
    void takeFile(const QString& path) override;

private:
    PicturePad* m_pad = nullptr;
};

/// Of a text that is written or pasted.
class TextClassesDialog : public ClassesDialog
{
    Q_OBJECT
public:
    explicit TextClassesDialog(TriedRun run, QWidget* parent = nullptr);

private:
    void ask();
    QPlainTextEdit* m_text = nullptr;
};

}
