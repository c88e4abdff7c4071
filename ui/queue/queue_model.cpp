// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_model.h"

#include <QDataStream>
#include <QIODevice>
#include <QMimeData>

#include <algorithm>

namespace descent {

namespace {

const QString mimeType = QStringLiteral("application/x-descent-queue-entries");

}

QString stateLabel(QueueState state)
{
    switch (state) {
    case QueueState::waiting: return QueueModel::tr("Waits");
    case QueueState::running: return QueueModel::tr("Running");
    case QueueState::done: return QueueModel::tr("Done");
    case QueueState::failed: return QueueModel::tr("Failed");
    case QueueState::stopped: return QueueModel::tr("Stopped");
    }
    return {};
}

void QueueModel::setRows(std::vector<QueueRow> rows)
{
    const bool sameEntries = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                        [](const QueueRow& a, const QueueRow& b) { return a.id == b.id; });
    if (sameEntries) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (rows[i] != m_rows[i]) {
                m_rows[i] = std::move(rows[i]);
                Q_EMIT dataChanged(index(static_cast<int>(i), 0), index(static_cast<int>(i), columnCount_ - 1));
            }
        return;
    }
    // Rows move and come and go; what is selected and current stays with its entry.
    Q_EMIT layoutAboutToBeChanged();
    const QModelIndexList before = persistentIndexList();
    std::vector<QueueEntryId> ids;
    for (const QModelIndex& one : before)
        ids.push_back(m_rows[static_cast<std::size_t>(one.row())].id);
    m_rows = std::move(rows);
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i) {
        const int row = rowOf(ids[static_cast<std::size_t>(i)]);
        after << (row < 0 ? QModelIndex{} : index(row, before[i].column()));
    }
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged();
}

int QueueModel::rowOf(QueueEntryId entry) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [entry](const QueueRow& row) { return row.id == entry; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int QueueModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int QueueModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columnCount_;
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case name: return tr("Run");
    case state: return tr("State");
    case progress: return tr("Progress");
    case outcome: return tr("Outcome");
    default: return {};
    }
}

QVariant QueueModel::data(const QModelIndex& index, int role) const
{
    const QueueRow& row = rowAt(index.row());
    if (role == idRole)
        return static_cast<qlonglong>(row.id);
    if (role == rowRole)
        return QVariant::fromValue(row);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole)
        return {};
    const auto joined = [](const QString& first, const QString& second) { return second.isEmpty() ? first : first + QLatin1Char('\n') + second; };
    switch (index.column()) {
    case name: return role == Qt::ToolTipRole ? joined(row.title, row.detail) + QLatin1Char('\n') + tr("Entry %1").arg(row.id) : joined(row.title, row.detail);
    case state: return stateLabel(row.state);
    case progress: return row.progress;
    case outcome: return joined(row.outcome, row.hint);
    default: return {};
    }
}

Qt::ItemFlags QueueModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::ItemIsDropEnabled; // between rows, never onto one
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (rowAt(index.row()).state == QueueState::waiting)
        flags |= Qt::ItemIsDragEnabled;
    return flags;
}

QStringList QueueModel::mimeTypes() const
{
    return {mimeType};
}

QMimeData* QueueModel::mimeData(const QModelIndexList& indexes) const
{
    QList<int> rows;
    for (const QModelIndex& index : indexes)
        if (!rows.contains(index.row()))
            rows << index.row();
    std::sort(rows.begin(), rows.end());
    QByteArray bytes;
    QDataStream stream{&bytes, QIODevice::WriteOnly};
    for (const int row : rows)
        stream << static_cast<qint64>(rowAt(row).id);
    auto* data = new QMimeData;
    data->setData(mimeType, bytes);
    return data;
}

/// What waits goes among what waits: a place above what has begun means the first place that is left.
bool QueueModel::canDropMimeData(const QMimeData* data, Qt::DropAction action, int, int, const QModelIndex&) const
{
    return action == Qt::MoveAction && data->hasFormat(mimeType);
}

bool QueueModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent)
{
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    std::vector<QueueEntryId> entries;
    const QByteArray bytes = data->data(mimeType);
    QDataStream stream{bytes};
    while (!stream.atEnd()) {
        qint64 id = 0;
        stream >> id;
        entries.push_back(id);
    }
    if (row < 0)
        row = parent.isValid() ? parent.row() : rowCount();
    while (row < rowCount() && rowAt(row).state != QueueState::waiting)
        ++row;
    Q_EMIT moveWanted(entries, row < rowCount() ? std::optional{rowAt(row).id} : std::nullopt);
    return false; // the store changes the order, and the rows follow it
}

}
