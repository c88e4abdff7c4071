// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/run_query.h"
#include "engine/core/store/run_store.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <map>
#include <vector>

Q_DECLARE_METATYPE(std::vector<float>)

namespace descent {

/// The history as rows. A refresh changes rows in place, so that selection and scrolling stay where they are.
class RunsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { name, status, curve, dataset, architecture, validation, test, loss, epochs, duration, started, tags, note, columnCount_ };
    enum Role { sortRole = Qt::UserRole, idRole, thumbnailRole, statusRole };

    using QAbstractTableModel::QAbstractTableModel;
    void setRuns(const std::vector<RunSummary>& runs);
    const RunSummary& runAt(int row) const { return m_runs[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

Q_SIGNALS:
    void renamed(qint64 run, const QString& name);
    void retagged(qint64 run, const QStringList& tags);

private:
    std::vector<RunSummary> m_runs;
};

/// Rows that fit a query, of the status chosen.
class RunsFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setQuery(RunQuery query);
    /// What the query's settings are in each run, by their paths; one that is missing is in none.
    void setSettings(std::map<std::string, RunSettings> settings);
    void setStatus(const QString& status);   ///< empty: any

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    void lookUp();

    RunQuery m_query;
    std::map<std::string, RunSettings> m_settings;
    std::vector<const RunSettings*> m_settingOf; // by the query's field; null: it is none
    QString m_status;
};

QString statusLabel(RunStatus status);
/// "3 min ago", "yesterday", then the date.
QString relativeTime(WallTime time);

}
