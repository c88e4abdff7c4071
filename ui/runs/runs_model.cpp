// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_model.h"

#include "ui/history/run_text.h"
#include "ui/runs/run_columns.h"
#include "ui/theme/translated.h"

#include <QColor>
#include <QDateTime>
#include <QLocale>
#include <QTimer>

#include <algorithm>

namespace descent {

namespace {

constexpr qsizetype mostThumbnails = 20'000; // 6 MB

QString longTime(WallTime time)
{
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    return QLocale{}.toString(QDateTime::fromMSecsSinceEpoch(ms), QLocale::LongFormat);
}

}

RunsModel::RunsModel(QObject* parent) : QAbstractTableModel{parent}, m_listing{std::make_shared<const RunListing>()}
{
    m_ask = new QTimer{this};
    m_ask->setSingleShot(true);
    m_ask->setInterval(0); // what one painting looks at is asked for at once
    connect(m_ask, &QTimer::timeout, this, [this] { Q_EMIT thumbnailsWanted(std::exchange(m_wanted, {})); });
}

void RunsModel::setColumns(std::vector<RunsView::Column> columns)
{
    if (columns == m_columns)
        return;
    beginResetModel();
    m_columns = std::move(columns);
    makeFields();
    endResetModel();
}

int RunsModel::columnOf(const std::string& field) const
{
    const auto found = std::find_if(m_columns.begin(), m_columns.end(), [&](const RunsView::Column& column) { return column.field == field; });
    return found == m_columns.end() ? -1 : static_cast<int>(found - m_columns.begin());
}

void RunsModel::makeFields()
{
    static const auto none = std::make_shared<const RunSettings>();
    m_fields.clear();
    m_cellOf.clear();
    for (const RunsView::Column& column : m_columns) {
        const auto settings = m_listing->settings.find(column.field);
        m_fields.emplace_back(column.field, !isSetting(column.field) ? nullptr : settings == m_listing->settings.end() ? none : settings->second);
        const auto& told = m_listing->wish.columns;
        const auto cell = std::find(told.begin(), told.end(), column.field);
        m_cellOf.push_back(cell == told.end() ? -1 : static_cast<int>(cell - told.begin()));
    }
}

bool RunsModel::hasRowsOf(const SharedListing& listing) const
{
    const auto &before = m_listing->list, &after = listing->list;
    return std::equal(before.rows.begin(), before.rows.end(), after.rows.begin(), after.rows.end(), [&](const RunList::Row& a, const RunList::Row& b) {
        if (!a.run || !b.run)
            return !a.run && !b.run && before.groups[static_cast<std::size_t>(a.group)].key == after.groups[static_cast<std::size_t>(b.group)].key;
        return a.run->id == b.run->id;
    });
}

void RunsModel::setListing(SharedListing listing)
{
    const bool same = hasRowsOf(listing);
    if (!same)
        beginResetModel();
    m_listing = std::move(listing);
    makeFields();
    if (!same)
        endResetModel();
    else if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

const RunSummary* RunsModel::runAt(int row) const
{
    return m_listing->list.rows[static_cast<std::size_t>(row)].run.get();
}

const RunGroup* RunsModel::groupAt(int row) const
{
    const RunList::Row& one = m_listing->list.rows[static_cast<std::size_t>(row)];
    return one.run ? nullptr : &m_listing->list.groups[static_cast<std::size_t>(one.group)];
}

void RunsModel::takeThumbnails(const RunThumbnails& thumbnails)
{
    for (const auto& [run, values] : thumbnails)
        m_thumbnails[run].values = values;
    const int column = columnOf("curve");
    if (column >= 0 && rowCount() > 0)
        Q_EMIT dataChanged(index(0, column), index(rowCount() - 1, column), {thumbnailRole});
}

/// What is known of it; asks for it where it is not there or older than the run.
const std::vector<float>& RunsModel::thumbnailOf(const RunSummary& run) const
{
    if (m_thumbnails.size() > mostThumbnails)
        m_thumbnails.clear();
    Thumbnail& thumbnail = m_thumbnails[run.id];
    if (thumbnail.step != run.step) {
        thumbnail.step = run.step;
        m_wanted.push_back(run.id);
        m_ask->start();
    }
    return thumbnail.values;
}

int RunsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_listing->list.rows.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const std::string& field = m_columns[static_cast<std::size_t>(section)].field;
    switch (role) {
    case Qt::DisplayRole: return columnTitle(field);
    case Qt::ToolTipRole: return columnHelp(field);
    case Qt::TextAlignmentRole: return static_cast<int>((isNumberColumn(field) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case fieldRole: return QString::fromStdString(field);
    default: return {};
    }
}

QVariant RunsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const std::string& field = m_columns[static_cast<std::size_t>(index.column())].field;
    if (role == fieldRole)
        return QString::fromStdString(field);
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((isNumberColumn(field) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == memberRole)
        return !m_listing->list.groups.empty();
    if (const RunSummary* run = runAt(index.row()))
        return runData(*run, index.column(), role);
    return groupData(*groupAt(index.row()), index.column(), role);
}

QVariant RunsModel::runData(const RunSummary& run, int column, int role) const
{
    const RunField& field = m_fields[static_cast<std::size_t>(column)];
    switch (role) {
    case idRole: return static_cast<qlonglong>(run.id);
    case statusRole: return static_cast<int>(run.status);
    case colorRole: return colorOf(run);
    case starredRole: return run.starred;
    case thumbnailRole: return QVariant::fromValue(thumbnailOf(run));
    case Qt::ToolTipRole:
        if (field.name() == "created")
            return longTime(run.createdAt);
        if (field.name() == "ended" && run.endedAt)
            return longTime(*run.endedAt);
        if (field.name() == "note")
            return QString::fromStdString(run.note);
        if (field.name() == "status" && !run.reason.empty())
            return translated(run.reason);
        [[fallthrough]];
    case Qt::DisplayRole:
    case Qt::EditRole:
        return field.name() == "curve" ? QVariant{} : QVariant{cellText(run, field)};
    default: return {};
    }
}

QVariant RunsModel::groupData(const RunGroup& group, int column, int role) const
{
    if (role == groupRole)
        return true;
    if (role == openRole)
        return group.open;
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != belowRole)
        return {};
    if (column == 0) {
        if (role == belowRole)
            return group.runs.size() == 1 ? tr("1 run") : tr("%1 runs").arg(QLocale{}.toString(static_cast<qlonglong>(group.runs.size())));
        return groupTitle(group, m_listing->wish.groupBy);
    }
    const int cell = m_cellOf[static_cast<std::size_t>(column)];
    if (cell < 0)
        return {};
    const GroupText text = groupText(group, group.cells[static_cast<std::size_t>(cell)], m_columns[static_cast<std::size_t>(column)].field);
    return role == belowRole ? text.below : role == Qt::ToolTipRole && !text.help.isEmpty() ? text.help : text.text;
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (!index.isValid())
        return flags;
    const std::string& field = m_columns[static_cast<std::size_t>(index.column())].field;
    if (runAt(index.row())) {
        flags |= Qt::ItemIsDragEnabled;
        if ((field == "name" || field == "tag") && m_listing->wish.place != RunWish::Place::trash)
            flags |= Qt::ItemIsEditable;
    }
    return flags;
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || value == data(index, Qt::EditRole))
        return false;
    const RunSummary* run = runAt(index.row());
    const std::string& field = m_columns[static_cast<std::size_t>(index.column())].field;
    if (run && field == "name" && !value.toString().trimmed().isEmpty())
        Q_EMIT renamed(run->id, value.toString().trimmed());
    else if (run && field == "tag")
        Q_EMIT retagged(run->id, value.toString().split(QLatin1Char(','), Qt::SkipEmptyParts));
    return true;
}

}
