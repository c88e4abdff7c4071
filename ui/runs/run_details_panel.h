// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <QFrame>

class QLabel;
class QPlainTextEdit;
class QTimer;
class QVBoxLayout;

namespace descent {

/// All that is kept of one run: figures, recipe, environment, messages, checkpoints, and a note to write.
class RunDetailsPanel : public QFrame
{
    Q_OBJECT
public:
    explicit RunDetailsPanel(QWidget* parent = nullptr);
    void setDetails(const RunDetails& details);
    qint64 run() const { return m_run; }

Q_SIGNALS:
    void noteEdited(qint64 run, const QString& note);
    void recipeChosen(const QString& json);
    void folderChosen(qint64 run);
    void closed();

private:
    void saveNote();

    qint64 m_run = 0;
    QString m_recipeJson, m_savedNote;
    QLabel *m_title = nullptr, *m_summary = nullptr, *m_reason = nullptr;
    QVBoxLayout* m_rows = nullptr;
    QPlainTextEdit* m_note = nullptr;
    QTimer* m_noteDelay = nullptr;
};

}
