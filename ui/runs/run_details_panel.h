// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/family.h"
#include "engine/core/history/run_difference.h"

#include <QFrame>

class QLabel;
class QMenu;
class QPushButton;
class QTimer;
class QLayout;
class QVBoxLayout;

namespace descent {

class FamilyView;
class NoteEdit;

/// All that is kept of one run: figures, recipe, environment, messages, checkpoints, and a note to write.
class RunDetailsPanel : public QFrame
{
    Q_OBJECT
public:
    explicit RunDetailsPanel(QWidget* parent = nullptr);
    void setDetails(const RunDetails& details);
    void setFamily(const std::vector<FamilyMember>& family); ///< of the run that is shown, itself among them
    void clearDifferences();
    void addDifference(const RunDifference& difference, bool isBaseline); ///< else it is the run's parent
    void addActions(QMenu& menu);                            ///< what can be done with this one run
    qint64 run() const { return m_run; }

Q_SIGNALS:
    void noteEdited(qint64 run, const QString& note);
    void recipeChosen(const QString& json);
    void startChosen(qint64 run, const QString& json);
    /// epochs: how many it has done, where it has done all of them; else 0
    void goOnChosen(qint64 run, const QString& name, qint64 epochs);
    void branchChosen(qint64 run, const QString& json);
    void runChosen(qint64 run); ///< another of the family
    void tryChosen(qint64 run, const QString& name, const QString& task);
    void folderChosen(qint64 run);
    void closed();

private:
    QLayout* makeActions();
    QLayout* makeRows();
    void fillRows(const RunDetails& details);
    void saveNote();
    void chooseStart();
    void chooseGoOn();
    void chooseBranch();
    void chooseTry();

    qint64 m_run = 0;
    bool m_canBeStartedFrom = false; // it has weights of a best epoch
    bool m_canBeTried = false, m_canGoOn = false; // m_canGoOn: it has a checkpoint and is not under way
    qint64 m_epochsDone = 0; // where it has done all of them
    QString m_recipeJson, m_savedNote, m_task;
    QLabel *m_title = nullptr, *m_summary = nullptr, *m_reason = nullptr;
    QPushButton *m_start = nullptr, *m_try = nullptr, *m_goOn = nullptr, *m_branch = nullptr;
    QLabel* m_familyHeading = nullptr;
    FamilyView* m_family = nullptr;
    QVBoxLayout *m_rows = nullptr, *m_differences = nullptr;
    NoteEdit* m_note = nullptr;
    QTimer* m_noteDelay = nullptr;
};

}
