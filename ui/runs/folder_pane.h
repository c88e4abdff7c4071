// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/history/run_history.h"

#include <QTreeWidget>

namespace descent {

/// Where runs lie: all, starred, archived, the trash, and experiments as folders ("vision/small" lies in "vision"). Runs are dropped
/// on them.
class FolderPane : public QTreeWidget
{
    Q_OBJECT
public:
    explicit FolderPane(QWidget* parent = nullptr);
    void setListing(const RunListing& listing);                 ///< counts and folders
    void choose(RunWish::Place place, const std::string& experiment);
    RunWish::Place place() const { return m_place; }
    const std::string& experiment() const { return m_experiment; }
    QStringList experiments() const;                            ///< names of all folders

Q_SIGNALS:
    void chosen();                                              ///< place() and experiment() are new
    void dropped(const QString& experiment);                    ///< what is dragged is to lie there
    void archiveDropped();
    void trashDropped();
    void renamed(const QString& from, const QString& to);
    void trashEmptied();                                        ///< a person wants it empty

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    QTreeWidgetItem* itemOf(const std::string& experiment);
    void showCurrent();
    void beginRename(QTreeWidgetItem* item);

    RunWish::Place m_place = RunWish::Place::present;
    std::string m_experiment;
    QTreeWidgetItem *m_all = nullptr, *m_starred = nullptr, *m_archived = nullptr, *m_trash = nullptr, *m_folders = nullptr;
    bool m_filling = false;
};

}
