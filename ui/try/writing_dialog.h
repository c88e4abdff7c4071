// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/question.h"
#include "engine/core/store/run_store.h"

#include <QDialog>

#include <filesystem>
#include <thread>

class QDoubleSpinBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace descent {

class WrittenTextView;

/// Tries a finished language model: a prompt, how boldly it is to write, and what it writes, as it comes. The network is read
/// and asked on a thread of its own; closing the dialog stops it.
class WritingDialog : public QDialog
{
    Q_OBJECT
public:
    WritingDialog(std::filesystem::path storeFolder, RunId run, const QString& name, QWidget* parent = nullptr);

private:
    void write();
    void append(const QString& piece);
    void finish(const QString& problem); ///< empty: all went well

    const std::filesystem::path m_storeFolder;
    const RunId m_run;
    QString m_prompt, m_written;
    QPlainTextEdit* m_promptField = nullptr;
    QDoubleSpinBox *m_temperature = nullptr, *m_topP = nullptr;
    QSpinBox *m_topK = nullptr, *m_length = nullptr, *m_seed = nullptr;
    QPushButton *m_write = nullptr, *m_stop = nullptr;
    WrittenTextView* m_text = nullptr;
    QLabel* m_state = nullptr;
    std::jthread m_writer; // last: stopped and joined before what it posts to goes
};

}
