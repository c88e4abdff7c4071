// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/prepare/rows_model.h"

#include "engine/core/data/sample_prints.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace descent {

void RowsModel::setRows(std::shared_ptr<const Dataset> dataset, std::shared_ptr<const QualityReport> report)
{
    beginResetModel();
    const auto* table = dataset ? std::get_if<Table>(&dataset->train.inputs) : nullptr;
    const bool usable = dataset && report && havePrints(dataset->train) && !dataset->hasPictures()
        && report->columns.size() == (table ? table->columns.size() : 0)
        && report->partOf.size() == static_cast<std::size_t>(dataset->train.count());
    m_dataset = usable ? std::move(dataset) : nullptr;
    m_report = usable ? std::move(report) : nullptr;
    choose();
    endResetModel();
}

void RowsModel::setFilter(Filter filter)
{
    beginResetModel();
    m_filter = filter;
    choose();
    endResetModel();
}

bool RowsModel::isFarOut(const ColumnProfile& profile, const Column& column, std::size_t row) const
{
    if (column.categorical || profile.plan.categorical || profile.plan.role != ColumnPlan::Role::feature)
        return false;
    const float value = column.numbers[row];
    return value < profile.limits.low || value > profile.limits.high;
}

void RowsModel::choose()
{
    m_rows.clear();
    if (!m_report || m_filter == Filter::all)
        return;
    const auto count = static_cast<std::int32_t>(m_report->partOf.size());
    if (m_filter == Filter::repeats) {
        m_rows.assign(m_report->repeats.begin(), m_report->repeats.end());
        return;
    }
    std::vector<bool> wanted(static_cast<std::size_t>(count));
    if (m_filter == Filter::farOut) {
        for (std::size_t c = 0; table() && c < table()->columns.size(); ++c)
            if (m_report->columns[c].outliers > 0)
                for (std::size_t row = 0; row < wanted.size(); ++row)
                    wanted[row] = wanted[row] || isFarOut(m_report->columns[c], table()->columns[c], row);
    } else {
        const RowPart chosen = m_filter == Filter::train ? RowPart::train
            : m_filter == Filter::validation           ? RowPart::validation
            : m_filter == Filter::test                 ? RowPart::test
                                                       : RowPart::none;
        for (std::size_t row = 0; row < wanted.size(); ++row)
            wanted[row] = m_report->partOf[row] == chosen;
    }
    for (std::int32_t row = 0; row < count; ++row)
        if (wanted[static_cast<std::size_t>(row)])
            m_rows.push_back(row);
}

QString RowsModel::whole(std::size_t row) const
{
    constexpr qsizetype longest = 600;
    if (const auto* texts = std::get_if<Texts>(&m_dataset->train.inputs)) {
        const QString text = QString::fromStdString(texts->texts[row]);
        return text.size() > longest ? text.left(longest) + QStringLiteral("…") : text;
    }
    const auto& histories = std::get<Histories>(m_dataset->train.inputs);
    const std::vector<Histories::Event>& events = histories.events[row];
    QStringList codes;
    for (std::size_t i = 0; i < events.size() && i < 8; ++i)
        codes << QString::fromStdString(histories.codes[static_cast<std::size_t>(events[i].code)]);
    if (events.size() > 8)
        codes << QStringLiteral("…");
    return tr("%1: %n event(s), %2", nullptr, static_cast<int>(events.size())).arg(QString::fromStdString(histories.people[row]), codes.join(QStringLiteral(", ")));
}

int RowsModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() || !m_report)
        return 0;
    return static_cast<int>(m_filter == Filter::all ? m_report->partOf.size() : m_rows.size());
}

int RowsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_report ? 0 : firstColumn + (table() ? static_cast<int>(m_report->columns.size()) : 1);
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || !m_report)
        return {};
    if (role == Qt::TextAlignmentRole && section >= firstColumn && table() && !table()->columns[static_cast<std::size_t>(section - firstColumn)].categorical)
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && (role != Qt::ToolTipRole || section < target))
        return {};
    switch (section) {
    case number: return tr("Row");
    case part: return tr("Part");
    case target: return QString::fromStdString(m_dataset->train.targets.name.empty() ? std::string{"target"} : m_dataset->train.targets.name);
    default:
        if (!table())
            return std::holds_alternative<Texts>(m_dataset->train.inputs) ? tr("Text") : tr("Records");
        return QString::fromStdString(m_report->columns[static_cast<std::size_t>(section - firstColumn)].name);
    }
}

QVariant RowsModel::data(const QModelIndex& index, int role) const
{
    const auto row = static_cast<std::size_t>(m_filter == Filter::all ? index.row() : m_rows[static_cast<std::size_t>(index.row())]);
    const ColorTokens& colors = Theme::instance().colors();
    const bool without = m_report->partOf[row] == RowPart::none;
    if (index.column() == number) {
        if (role == Qt::DisplayRole)
            return QLocale{}.toString(static_cast<qlonglong>(row + 1));
        return role == Qt::ForegroundRole ? QVariant{colors.muted} : QVariant{};
    }
    if (index.column() == part) {
        if (role == Qt::ForegroundRole)
            return without ? colors.warning : colors.muted;
        if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
            return {};
        if (without)
            return m_report->setAside.empty() ? tr("None") : tr("Set aside: %1").arg(translated(reasonOf(m_report->setAside[row])));
        const QStringList parts{tr("Training"), tr("Validation"), tr("Test")};
        return parts.value(static_cast<int>(m_report->partOf[row]));
    }
    if (index.column() == target) {
        const Targets& targets = m_dataset->train.targets;
        if (role == Qt::DisplayRole)
            return targets.areClasses() ? QString::fromStdString(targets.classNames[static_cast<std::size_t>(targets.classes[row])])
                : targets.areNumbers() ? QString::number(targets.values[row])
                : targets.areTexts()   ? QString::fromStdString(targets.texts[row]) : QString{};
        if (role == Qt::ForegroundRole && without)
            return colors.muted;
        return {};
    }
    if (!table()) {
        if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
            return whole(row);
        return role == Qt::ForegroundRole && without ? QVariant{colors.muted} : QVariant{};
    }
    const auto c = static_cast<std::size_t>(index.column() - firstColumn);
    const Column& column = table()->columns[c];
    const bool gap = column.categorical ? column.codes[row] < 0 : !std::isfinite(column.numbers[row]);
    const bool farOut = !gap && isFarOut(m_report->columns[c], column, row);
    switch (role) {
    case Qt::DisplayRole:
        return gap ? tr("missing") : column.categorical ? QString::fromStdString(column.categories[static_cast<std::size_t>(column.codes[row])]) : QString::number(column.numbers[row], 'g', 7);
    case Qt::ForegroundRole:
        return farOut ? QVariant{colors.danger} : gap || without || m_report->columns[c].plan.role == ColumnPlan::Role::ignore ? QVariant{colors.muted} : QVariant{};
    case Qt::ToolTipRole:
        return farOut ? tr("Far out: beyond %1 to %2").arg(m_report->columns[c].limits.low).arg(m_report->columns[c].limits.high) : QVariant{};
    case Qt::TextAlignmentRole:
        return column.categorical ? QVariant{} : QVariant{static_cast<int>(Qt::AlignRight | Qt::AlignVCenter)};
    default: return {};
    }
}

}
