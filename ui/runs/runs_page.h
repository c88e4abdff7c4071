// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/runs_view.h"
#include "ui/history/run_history.h"

#include <QWidget>

#include <functional>
#include <vector>

class QFrame;
class QLabel;
class QStackedWidget;

namespace descent {

class FolderPane;
class RunDetailsPanel;
class RunEdits;
class RunInspector;
class RunTable;
class RunsHead;
class RunsModel;
class ViewBar;

/// The history as a table, made for 100,000 runs: queries, folders, groups, columns and views; rename, tag, star, colour, move, archive
/// and delete, each with undo; one run in full; any of them to compare.
class RunsPage : public QWidget
{
    Q_OBJECT
public:
    explicit RunsPage(RunHistory& history, QWidget* parent = nullptr);
    RunTable* table() const { return m_table; }
    void goTo(RunId run); ///< selects it; what is searched for gives way where it would hide it
    void setView(const RunsView& view);
    const RunsView& view() const { return m_view; }
    RunId baseline() const;
    void setBaseline(RunId run); ///< with which others are compared; 0: none
    bool areFoldersShown() const;
    void setFoldersShown(bool shown);

Q_SIGNALS:
    void viewChanged(); ///< or whether the folders are shown
    void baselineChanged(descent::RunId run);
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
    void connectHead();
    void connectTable();
    void connectDetails();
    void connectFolders();
    void askListing();
    void listed();
    void showSelection();
    void chooseColumns();
    void deleteOrRestore();
    void emptyTrash();
    void showMenu(const QPoint& global);
    bool pressed(int key, Qt::KeyboardModifiers modifiers);

    RunHistory& m_history;
    RunsView m_view = usualView();
    std::set<std::string> m_open;           // groups
    RunId m_goTo = 0;                       // to be selected when it is there
    RunEdits* m_edits = nullptr;
    QStackedWidget* m_stack = nullptr;
    QFrame* m_folderCard = nullptr;
    FolderPane* m_folders = nullptr;        // on it
    RunTable* m_table = nullptr;
    RunsModel* m_model = nullptr;           // of the table
    RunsHead* m_head = nullptr;
    ViewBar* m_bar = nullptr;               // of the head
    QLabel* m_problem = nullptr;            // of the query
    RunDetailsPanel* m_details = nullptr;
    RunInspector* m_inspector = nullptr;
};

}
