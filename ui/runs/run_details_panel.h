// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"
#include "ui/runs/family_view.h"

#include <QFrame>

class QLabel;
class QPlainTextEdit;
class QPushButton;
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
    void setFamily(std::vector<FamilyView::Row> rows); ///< of the run that is shown, itself among them
    qint64 run() const { return m_run; }
    bool canBeStartedFrom() const { return m_canBeStartedFrom; } ///< it has weights of a best epoch
    bool canBeTried() const { return m_canBeTried; }
    void chooseStart();
    void chooseTry();

Q_SIGNALS:
    void noteEdited(qint64 run, const QString& note);
    void recipeChosen(const QString& json);
    void startChosen(qint64 run, const QString& json);
    void runChosen(qint64 run); ///< another of the family
    void tryChosen(qint64 run, const QString& name, const QString& task);
    void folderChosen(qint64 run);
    void closed();

private:
    void saveNote();

    qint64 m_run = 0;
    bool m_canBeStartedFrom = false, m_canBeTried = false;
    QString m_recipeJson, m_savedNote, m_task;
    QLabel *m_title = nullptr, *m_summary = nullptr, *m_reason = nullptr;
    QPushButton *m_start = nullptr, *m_try = nullptr;
    QLabel* m_familyHeading = nullptr;
    FamilyView* m_family = nullptr;
    QVBoxLayout* m_rows = nullptr;
    QPlainTextEdit* m_note = nullptr;
    QTimer* m_noteDelay = nullptr;
};

}
