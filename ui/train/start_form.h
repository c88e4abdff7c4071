// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/parameter_form.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace descent {

class RunHistory;
class TrainSession;

/// What the first weights are: nothing, a run's or a file's; and what becomes of them. Runs are chosen from those of the same
/// architecture, what is frozen from the stages of the network.
class StartForm : public QWidget
{
    Q_OBJECT
public:
    StartForm(TrainSession& session, RunHistory& history, QWidget* parent = nullptr);
    bool hasInvalidText() const { return m_from->hasInvalidText() || m_rest->hasInvalidText(); }
    void focusField(const QString& name);

Q_SIGNALS:
    void validityChanged();

private:
    void showRecipe();
    void showRun();
    void showNetwork();
    void showProblems();
    void chooseRun();
    void edit(const Parameters& start);

    TrainSession& m_session;
    RunHistory& m_history;
    ParameterForm *m_from = nullptr, *m_rest = nullptr;
    QWidget *m_runRow = nullptr, *m_freezeRow = nullptr;
    QPushButton* m_run = nullptr;
    QComboBox* m_freeze = nullptr;
    QLabel *m_learning = nullptr, *m_problem = nullptr;
};

}
