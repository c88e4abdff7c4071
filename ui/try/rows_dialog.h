// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/job/predict_rows.h"
#include "ui/try/try_dialog.h"

#include <QAbstractTableModel>

class QTableView;

namespace descent {

/// Rows of a table behind what a network says of each.
class PredictedRowsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;
    void setRows(PredictedRows rows, Targets targets);
    const PredictedRows& rows() const { return m_rows; }
    const Targets& targets() const { return m_targets; }
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    int ownColumns() const { return m_targets.areClasses() ? 2 : 1; } // what is predicted, and how sure
    PredictedRows m_rows;
    Targets m_targets;
};

/// Predicts the rows of another table, cleaned and scaled as the training part was; they can be saved.
class RowsDialog : public TryDialog
{
    Q_OBJECT
public:
    explicit RowsDialog(TriedRun run, QWidget* parent = nullptr);
    void open(const QString& file);
    void save(const QString& file);

protected:
    void takeFile(const QString& path) override { open(path); }

private:
    PredictedRowsModel* m_model = nullptr;
    QTableView* m_table = nullptr;
    QPushButton* m_save = nullptr;
};

}
