// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/runs_view.h"
#include "ui/history/run_history.h"
#include "ui/runs/pinned_table.h"

#include <vector>

namespace descent {

class RunsModel;

/// The table of runs: columns, order and groups as a view says, rows as a listing says. What is selected stays so, wherever its rows go.
class RunTable : public PinnedTable
{
    Q_OBJECT
public:
    explicit RunTable(QWidget* parent = nullptr);
    RunsModel* runs() const { return m_model; }

    void setView(const RunsView& view);               ///< columns and what is drawn of the order
    void setListing(const SharedListing& listing);    ///< waits while a cell is edited
    std::vector<RunId> selected() const;              ///< those of chosen groups too
    void select(const std::vector<RunId>& runs, RunId current); ///< of those that have a row
    int rowOf(RunId run) const;                       ///< -1: it has none
    void edit(const char* field);                     ///< of the current row

Q_SIGNALS:
    void viewChosen(const descent::RunsView& view);   ///< a person has changed columns, order or groups
    void resized(const descent::RunsView& view);      ///< of its columns, widths alone
    void columnsWanted();
    void groupToggled(const QString& key);
    void starToggled(qint64 run, bool starred);
    void listed();                                    ///< the rows are those of the newest listing

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void order(int column, Qt::KeyboardModifiers modifiers);
    void showHeaderMenu(int column, const QPoint& global);
    void readColumns();
    void setColumns(std::vector<RunsView::Column> columns);

    RunsModel* m_model = nullptr;
    RunsView m_view;
    SharedListing m_waiting; // came while a cell was edited
    bool m_showing = false;  // columns are set, not chosen
};

}
