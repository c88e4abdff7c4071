// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <QObject>

namespace descent {

class RunDetailsPanel;
class RunEdits;
class RunHistory;

/// Feeds the panel of one run: asks the history for what it shows, and for what has changed against the run's parent and a baseline.
class RunInspector : public QObject
{
    Q_OBJECT
public:
    RunInspector(RunHistory& history, RunEdits& edits, RunDetailsPanel& panel, QObject* parent = nullptr);
    void inspect(RunId run);        ///< asks anew where it is shown already
    RunId baseline() const { return m_baseline; }
    void setBaseline(RunId run);    ///< with which others are compared; 0: none

Q_SIGNALS:
    void baselineChanged(descent::RunId run);
    void resumeChosen(descent::RunId run, const QString& name, qint64 epochs); ///< in all; 0: as its recipe says

private:
    void take(const RunDetails& details);
    void askEpochs(qint64 run, const QString& name, qint64 epochsDone);

    RunHistory& m_history;
    RunDetailsPanel& m_panel;
    RunId m_wanted = 0, m_baseline = 0;
};

}
