// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/job/job_queue.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace descent {

/// What a row of the queue shows, in words.
struct QueueRow {
    QueueEntryId id = 0;
    QueueState state = QueueState::waiting;
    RunId run = 0;               ///< 0: none
    QString title, detail;       ///< its name, or its batch's; what it differs by, or ""
    QString progress;            ///< "epoch 3 of 10, loss 0.31"
    double share = -1;           ///< 0 to 1 of the bar; below 0: no bar
    QString outcome, hint;       ///< a figure, or why it failed and what to do
    bool operator==(const QueueRow&) const = default;
};

/// The queue as rows, in its order. What waits can be dragged; a drop tells where to, and changes nothing by itself.
class QueueModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { name, state, progress, outcome, columnCount_ };
    enum Role { idRole = Qt::UserRole, rowRole };

    using QAbstractTableModel::QAbstractTableModel;
    void setRows(std::vector<QueueRow> rows); ///< changed in place where the entries are the same
    const QueueRow& rowAt(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    int rowOf(QueueEntryId entry) const; ///< -1: none

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent) override;

Q_SIGNALS:
    void moveWanted(const std::vector<descent::QueueEntryId>& entries, std::optional<descent::QueueEntryId> before);

private:
    std::vector<QueueRow> m_rows;
};

QString stateLabel(QueueState state);

}

Q_DECLARE_METATYPE(descent::QueueRow)
