// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/compared_runs.h"
#include "ui/compare/run_groups.h"

#include <QFrame>

#include <optional>
#include <set>

class QLabel;
class QListWidget;
class QListWidgetItem;

namespace descent {

/// The compared runs beside their charts: their legend. A click hides a run or shows it again, the pointer brings its curves to the front.
/// Where runs are grouped, a row is a group.
class RunLegend : public QFrame
{
    Q_OBJECT
public:
    explicit RunLegend(QWidget* parent = nullptr);

    /// What was hidden stays so. groups: empty where each run stands for itself.
    void setRuns(const std::vector<ComparedRun>& runs, const std::vector<MeanGroup>& groups);
    const std::set<RunId>& hidden() const { return m_hidden; }
    /// Hides all but `runs`; `any` false: shows again what was shown before the first of these.
    void showOnly(const std::vector<descent::RunId>& runs, bool any);
    void showHighlighted(qint64 id); ///< of a run, or a group's place; -1: none

Q_SIGNALS:
    void hiddenChanged();
    void highlighted(qint64 id);
    void othersWanted(); ///< a person wants to choose other runs

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void toggle(QListWidgetItem* item);
    void hideAll(bool hide);
    void showState(QListWidgetItem* item);
    void showStates();
    bool isHidden(int row) const;
    static QColor textColor(bool isHidden);

    QListWidget* m_list = nullptr;
    QLabel* m_heading = nullptr;
    std::set<RunId> m_hidden;
    std::optional<std::set<RunId>> m_hiddenBefore; // showOnly()
    std::vector<std::vector<RunId>> m_rows; // the runs of each row
    std::vector<QColor> m_colors;
};

}
