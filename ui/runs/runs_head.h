// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/run_query.h"
#include "engine/core/store/run_store.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace descent {

class QueryEdit;
class ViewBar;

/// The Runs page's first row: how many runs are shown, which of them are asked for, and what is done with those selected.
class RunsHead : public QWidget
{
    Q_OBJECT
public:
    explicit RunsHead(QWidget* parent = nullptr);

    ViewBar* bar() const { return m_bar; }
    void setFields(const std::vector<QueryField>& fields); ///< that runs have; settings are added
    QString queryText() const;
    const RunQuery& query() const;
    std::optional<RunStatus> status() const;               ///< none: any
    void setQuery(const QString& text);
    void askForAll();                                      ///< neither a query nor a status
    void focusQuery();
    void setFoldersShown(bool shown);
    void setCount(const QString& text);
    void setSelected(std::size_t runs, bool inTrash);

Q_SIGNALS:
    void wishChanged();                                    ///< query() or status()
    void fieldsWanted();
    void problemFound(const QString& problem);             ///< of the query; empty: none
    void foldersToggled(bool shown);
    void compareWanted();
    void deleteWanted();                                   ///< or restored, where they are in the trash
    void importWanted();
    void exportWanted();
    void careWanted();                                     ///< room, check, backup

private:
    void addHistoryMenu();

    QToolButton* m_folders = nullptr;
    QLabel* m_count = nullptr;
    ViewBar* m_bar = nullptr;
    QueryEdit* m_search = nullptr;
    QComboBox* m_status = nullptr;
    QPushButton *m_delete = nullptr, *m_compare = nullptr;
    QAction* m_export = nullptr;
};

}
