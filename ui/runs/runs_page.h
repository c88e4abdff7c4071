// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <QWidget>

#include <functional>
#include <vector>

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace descent {

class QueryEdit;
class RunDetailsPanel;
class RunHistory;
class RunsFilter;
class RunsModel;

/// The history as a table: queries, sort, rename, tag, note, delete with undo, compare.
class RunsPage : public QWidget
{
    Q_OBJECT
public:
    explicit RunsPage(RunHistory& history, QWidget* parent = nullptr);
    QTableView* table() const { return m_table; }
    void goTo(RunId run); ///< selects it; what is searched for gives way where it would hide it

Q_SIGNALS:
    void compareChosen(const std::vector<descent::RunId>& runs);
    void recipeChosen(const QString& json);
    void startChosen(descent::RunId run, const QString& json); ///< a new run is to begin with this one's weights
    void branchChosen(descent::RunId run, const QString& json); ///< a new run is to go on from where this one stands
    void resumeChosen(descent::RunId run, const QString& name, qint64 epochs); ///< in all; 0: as its recipe says
    void trainChosen();
    void messageRaised(const QString& message);
    void undoOffered(const QString& message, const std::function<void()>& undo);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showRuns();
    void showSelection();
    void filter();
    void requestSettings();
    void goOn(qint64 run, const QString& name, qint64 epochsDone);
    void deleteSelected();
    void undoDelete();
    void showMenu(const QPoint& at);
    void showFamily();
    std::vector<RunId> selected() const;

    RunHistory& m_history;
    RunsModel* m_model = nullptr;
    RunsFilter* m_filter = nullptr;
    QStackedWidget* m_stack = nullptr;
    QTableView* m_table = nullptr;
    QueryEdit* m_search = nullptr;
    QLabel* m_problem = nullptr; // of the query
    QComboBox* m_status = nullptr;
    QLabel* m_count = nullptr;
    QPushButton *m_compare = nullptr, *m_delete = nullptr;
    RunDetailsPanel* m_details = nullptr;
    std::vector<std::vector<RunId>> m_deleted;   // for Ctrl+Z, newest last
};

}
