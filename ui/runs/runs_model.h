// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/runs_view.h"
#include "ui/history/run_history.h"

#include <QAbstractTableModel>
#include <QHash>

#include <vector>

class QTimer;

Q_DECLARE_METATYPE(std::vector<float>)

namespace descent {

/// A listing as rows, heads of groups among them; columns as a view says. Texts are made for the cells that are looked at, and
/// curves asked for.
class RunsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role { idRole = Qt::UserRole, thumbnailRole, statusRole, colorRole, starredRole, fieldRole, groupRole, openRole, memberRole, belowRole };

    explicit RunsModel(QObject* parent = nullptr);
    void setColumns(std::vector<RunsView::Column> columns);
    const std::vector<RunsView::Column>& columns() const { return m_columns; }
    int columnOf(const std::string& field) const; ///< -1: it is not shown

    /// Whether the same rows stand in the same places, so that figures alone may have changed.
    bool hasRowsOf(const SharedListing& listing) const;
    void setListing(SharedListing listing);
    const SharedListing& listing() const { return m_listing; }
    const RunSummary* runAt(int row) const;        ///< null: the head of a group
    const RunGroup* groupAt(int row) const;        ///< whose head it is; null: a run
    void takeThumbnails(const RunThumbnails& thumbnails);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

Q_SIGNALS:
    void renamed(qint64 run, const QString& name);
    void retagged(qint64 run, const QStringList& tags);
    void thumbnailsWanted(const std::vector<descent::RunId>& runs);

private:
    struct Thumbnail {
        std::vector<float> values;
        std::int64_t step = -1; // when it was asked for
    };
    QVariant runData(const RunSummary& run, int column, int role) const;
    QVariant groupData(const RunGroup& group, int column, int role) const;
    const std::vector<float>& thumbnailOf(const RunSummary& run) const;
    void makeFields();

    SharedListing m_listing;
    std::vector<RunsView::Column> m_columns;
    std::vector<RunField> m_fields;                    // of the columns
    std::vector<int> m_cellOf;                         // of the columns, in RunGroup::cells; -1: none
    mutable QHash<RunId, Thumbnail> m_thumbnails;      // of rows that were looked at
    mutable std::vector<RunId> m_wanted;
    QTimer* m_ask = nullptr;
};

}
