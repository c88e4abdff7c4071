// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_model.h"

#include "engine/core/history/run_fields.h"
#include "ui/plot/curve_plot.h"
#include "ui/plot/metric_text.h"
#include "ui/theme/translated.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>

namespace descent {

namespace {

QDateTime toQt(WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
}

double valueOr(const std::map<std::string, double>& values, const std::string& key)
{
    const auto found = values.find(key);
    return found == values.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

QString joinedTags(const RunSummary& run)
{
    QStringList tags;
    for (const std::string& tag : run.tags)
        tags << QString::fromStdString(tag);
    return tags.join(QStringLiteral(", "));
}

}

QString statusLabel(RunStatus status)
{
    switch (status) {
    case RunStatus::queued: return RunsModel::tr("Queued");
    case RunStatus::running: return RunsModel::tr("Running");
    case RunStatus::completed: return RunsModel::tr("Completed");
    case RunStatus::stopped: return RunsModel::tr("Stopped");
    case RunStatus::failed: return RunsModel::tr("Failed");
    case RunStatus::interrupted: return RunsModel::tr("Interrupted");
    }
    return {};
}

QString relativeTime(WallTime time)
{
    const QDateTime then = toQt(time), now = QDateTime::currentDateTime();
    const qint64 seconds = then.secsTo(now);
    if (seconds < 60)
        return RunsModel::tr("just now");
    if (seconds < 3600)
        return RunsModel::tr("%1 min ago").arg(seconds / 60);
    if (seconds < 24 * 3600)
        return RunsModel::tr("%1 h ago").arg(seconds / 3600);
    if (then.date().daysTo(now.date()) == 1)
        return RunsModel::tr("yesterday");
    return QLocale{}.toString(then.date(), QLocale::ShortFormat);
}

void RunsModel::setRuns(const std::vector<RunSummary>& runs)
{
    // The usual refresh changes figures and adds runs at the front; anything else is rare and lays the rows anew.
    const std::size_t added = runs.size() >= m_runs.size() ? runs.size() - m_runs.size() : 0;
    const bool sameTail = runs.size() >= m_runs.size()
        && std::equal(m_runs.begin(), m_runs.end(), runs.begin() + static_cast<std::ptrdiff_t>(added),
                      [](const RunSummary& a, const RunSummary& b) { return a.id == b.id; });
    if (!sameTail) {
        beginResetModel();
        m_runs = runs;
        endResetModel();
        return;
    }
    if (added > 0) {
        beginInsertRows({}, 0, static_cast<int>(added) - 1);
        m_runs = runs;
        endInsertRows();
    } else {
        m_runs = runs;
    }
    if (!m_runs.empty())
        Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(m_runs.size()) - 1, columnCount_ - 1));
}

int RunsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columnCount_;
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole && section >= validation && section <= duration)
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case name: return tr("Run");
    case status: return tr("Status");
    case curve: return tr("Loss curve");
    case dataset: return tr("Dataset");
    case architecture: return tr("Architecture");
    case validation: return tr("Best validation");
    case test: return tr("Test");
    case loss: return tr("Validation loss");
    case epochs: return tr("Epochs");
    case duration: return tr("Duration");
    case started: return tr("Started");
    case tags: return tr("Tags");
    case note: return tr("Note");
    default: return {};
    }
}

QVariant RunsModel::data(const QModelIndex& index, int role) const
{
    const RunSummary& run = runAt(index.row());
    if (role == idRole)
        return static_cast<qlonglong>(run.id);
    if (role == statusRole)
        return static_cast<int>(run.status);
    if (role == thumbnailRole)
        return QVariant::fromValue(run.thumbnail);
    const double validationValue = valueOr(run.best, run.primaryMetric + "/validation"), testValue = valueOr(run.test, run.primaryMetric);
    const double lossValue = valueOr(run.best, "loss/validation");
    if (role == Qt::TextAlignmentRole && index.column() >= validation && index.column() <= duration)
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole) {
        if (index.column() == started)
            return QLocale{}.toString(toQt(run.createdAt), QLocale::LongFormat);
        if (index.column() == note)
            return QString::fromStdString(run.note);
        if (index.column() == status && !run.reason.empty())
            return translated(run.reason);
        return data(index, Qt::DisplayRole);
    }
    const bool sorting = role == sortRole;
    if (role != Qt::DisplayRole && role != Qt::EditRole && !sorting)
        return {};
    switch (index.column()) {
    case name: return QString::fromStdString(run.name);
    case status: return statusLabel(run.status);
    case dataset: return QString::fromStdString(run.datasetName);
    case architecture: return QString::fromStdString(run.architecture);
    case validation: return sorting ? QVariant{validationValue} : QVariant{metricValue(run.primaryMetric, validationValue)};
    case test: return sorting ? QVariant{testValue} : QVariant{metricValue(run.primaryMetric, testValue)};
    case loss: return sorting ? QVariant{lossValue} : QVariant{metricValue("loss", lossValue)};
    case epochs: return sorting ? QVariant{static_cast<qlonglong>(run.epoch)} : QVariant{run.epoch > 0 ? QString::number(run.epoch) : QString{}};
    case duration: return sorting ? QVariant{run.seconds} : QVariant{shortDuration(run.seconds)};
    case started: return sorting ? QVariant{static_cast<qlonglong>(run.id)} : QVariant{relativeTime(run.createdAt)};
    case tags: return joinedTags(run);
    case note: return QString::fromStdString(run.note).section(QLatin1Char('\n'), 0, 0);
    case curve: return sorting ? QVariant{lossValue} : QVariant{};
    default: return {};
    }
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.column() == name || index.column() == tags)
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || value == data(index, Qt::EditRole))
        return false;
    const qint64 run = runAt(index.row()).id;
    if (index.column() == name && !value.toString().trimmed().isEmpty())
        Q_EMIT renamed(run, value.toString().trimmed());
    else if (index.column() == tags)
        Q_EMIT retagged(run, value.toString().split(QLatin1Char(','), Qt::SkipEmptyParts));
    return true;
}

void RunsFilter::setQuery(RunQuery query)
{
    m_query = std::move(query);
    lookUp();
    invalidateFilter();
}

void RunsFilter::setSettings(std::map<std::string, RunSettings> settings)
{
    m_settings = std::move(settings);
    lookUp();
    invalidateFilter();
}

void RunsFilter::lookUp()
{
    static const RunSettings none;
    m_settingOf.clear();
    for (const std::string& field : m_query.fields()) {
        const auto found = m_settings.find(field);
        m_settingOf.push_back(!isSetting(field) ? nullptr : found == m_settings.end() ? &none : &found->second);
    }
}

void RunsFilter::setStatus(const QString& status)
{
    m_status = status;
    invalidateFilter();
}

bool RunsFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    if (!m_status.isEmpty()
        && m_status != QString::fromStdString(toString(static_cast<RunStatus>(index.data(RunsModel::statusRole).toInt()))))
        return false;
    return fits(static_cast<const RunsModel*>(sourceModel())->runAt(row), m_query, m_settingOf, std::chrono::system_clock::now());
}

/// What has no value goes last, whichever way it is sorted.
bool RunsFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant a = left.data(RunsModel::sortRole), b = right.data(RunsModel::sortRole);
    if (a.userType() == QMetaType::Double) {
        const double x = a.toDouble(), y = b.toDouble();
        if (std::isnan(x) || std::isnan(y))
            return std::isnan(x) != std::isnan(y) && (sortOrder() == Qt::AscendingOrder ? std::isnan(y) : std::isnan(x));
        return x < y;
    }
    if (a.userType() == QMetaType::LongLong)
        return a.toLongLong() < b.toLongLong();
    return QString::localeAwareCompare(a.toString(), b.toString()) < 0;
}

}
