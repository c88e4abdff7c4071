// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <QDialog>

#include <functional>
#include <vector>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace descent {

/// Chooses one of a list of runs: typing narrows it, arrow keys move in it, Enter takes the run.
class RunPicker : public QDialog
{
    Q_OBJECT
public:
    /// runs: those to choose from, in the order in which they are shown. nothing: what is said where there are none.
    RunPicker(std::vector<RunSummary> runs, const QString& nothing, QWidget* parent = nullptr);

Q_SIGNALS:
    void chosen(qint64 run);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override; // arrow keys in the search line move in the list

private:
    void narrow();
    void take();

    const std::vector<RunSummary> m_runs;
    QLineEdit* m_search = nullptr;
    QListWidget* m_list = nullptr;
    QLabel* m_nothing = nullptr;
    QPushButton* m_take = nullptr;
};

}
