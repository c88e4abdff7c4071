// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/prepare/prepare_session.h"

#include <QWidget>

class QButtonGroup;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;

namespace descent {

class ColumnsModel;
class FindingsView;
class ParameterForm;
class RowsModel;
class SamplesView;
class SeriesView;
class SplitView;
class WindowsView;

/// The data before it is learnt from: a sheet of its columns, its rows, what is wrong with it, its split and samples of it.
/// Every decision is part of the recipe, and can be undone.
class PreparePage : public QWidget
{
    Q_OBJECT
public:
    explicit PreparePage(TrainSession& session, QWidget* parent = nullptr);

Q_SIGNALS:
    void trainChosen();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    enum Tab { columns, rows, quality, split, samples, tabCount };
    QWidget* makeHeader();
    QWidget* makeColumns();
    QWidget* makeRows();
    QWidget* makeQuality();
    QWidget* makeSplit();
    QWidget* makeSamples();
    void refresh();
    void refreshForms();
    void showTabs();
    void decideForSelection(const QModelIndex& index, const QString& value);

    TrainSession& m_train;
    PrepareSession m_session;
    QLabel *m_about = nullptr, *m_failure = nullptr, *m_waiting = nullptr;
    QWidget *m_busy = nullptr, *m_segments = nullptr;
    QProgressBar* m_progress = nullptr;
    QButtonGroup* m_tabs = nullptr;
    QStackedWidget *m_stack = nullptr, *m_body = nullptr;
    ColumnsModel* m_columnsModel = nullptr;
    QSortFilterProxyModel* m_columnsFilter = nullptr;
    QTableView *m_columns = nullptr, *m_rows = nullptr;
    QLineEdit* m_search = nullptr;
    RowsModel* m_rowsModel = nullptr;
    QLabel* m_rowCount = nullptr;
    FindingsView* m_findings = nullptr;
    ParameterForm *m_cleaning = nullptr, *m_splitForm = nullptr, *m_augmentation = nullptr;
    SplitView* m_split = nullptr;
    SeriesView* m_series = nullptr;
    WindowsView* m_windows = nullptr;
    SamplesView* m_samples = nullptr;
    int m_chosen = -1;   // the tab a person chose last
};

}
