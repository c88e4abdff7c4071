// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/retention.h"

#include <QDialog>

#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace descent {

/// Looks after the history: which checkpoints may go and what that frees, checking, a copy, giving room back. One thing at a time, on a
/// thread with a store of its own. Deletes itself when it is closed and nothing is under way any more.
class HistoryCareDialog : public QDialog
{
    Q_OBJECT
public:
    /// chosen: runs to which freeing may be limited; may be empty.
    HistoryCareDialog(std::filesystem::path folder, std::vector<RunId> chosen, QWidget* parent = nullptr);
    ~HistoryCareDialog() override;

Q_SIGNALS:
    void changed(); ///< the history is another one now

private:
    /// `work` says, on the worker, what came of it; `then` is called on the window's thread.
    void start(const QString& what, std::function<QString(RunStore&, const std::stop_token&)> work, std::function<void()> then);
    QWidget* makeFreeing();
    QWidget* makeCare();
    RetentionRule rule() const;
    void plan();
    void showPlan(const RetentionPlan& plan);
    void free();
    void backUp();
    void setBusy(bool busy);

    const std::filesystem::path m_folder;
    const std::vector<RunId> m_chosen;
    RetentionPlan m_plan;
    QComboBox* m_keep = nullptr;
    QSpinBox* m_days = nullptr;
    QCheckBox *m_starred = nullptr, *m_onlyChosen = nullptr;
    QLabel *m_planned = nullptr, *m_result = nullptr;
    QPushButton *m_free = nullptr, *m_check = nullptr, *m_backUp = nullptr, *m_vacuum = nullptr, *m_cancel = nullptr;
    QProgressBar* m_progress = nullptr;
    bool m_busy = false, m_planAgain = false;
    std::jthread m_worker; // last: joined before what it posts to goes
};

}
