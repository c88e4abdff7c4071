// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/runs_view.h"

#include <QDialog>

#include <string>
#include <vector>

class QLineEdit;
class QListWidget;

namespace descent {

/// Which columns the table has and in which order: a list to tick and to drag, with a search.
class ColumnsDialog : public QDialog
{
    Q_OBJECT
public:
    /// columns: those shown now. others: fields that may be shown.
    ColumnsDialog(const std::vector<RunsView::Column>& columns, const std::vector<std::string>& others, QWidget* parent = nullptr);

Q_SIGNALS:
    void chosen(const std::vector<descent::RunsView::Column>& columns);

private:
    void filter(const QString& text);
    void finish();

    QLineEdit* m_search = nullptr;
    QListWidget* m_list = nullptr;
};

/// Asks for one field of many, by typing a part of its name.
class FieldDialog : public QDialog
{
    Q_OBJECT
public:
    FieldDialog(const QString& title, const std::vector<std::string>& fields, QWidget* parent = nullptr);

Q_SIGNALS:
    void chosen(const QString& field);
};

}
