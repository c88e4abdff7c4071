// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/prepare/columns_model.h"

#include "ui/plot/curve_plot.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QLocale>
#include <QPainter>
#include <QTimer>

#include <algorithm>

namespace descent {

namespace {

using Plan = ColumnPlan;

QString counted(std::int64_t count)
{
    return QLocale{}.toString(static_cast<qlonglong>(count));
}

/// The choice that stands for what a column's plan says of a setting; null: as none of the choices.
const Choice* inForce(const ColumnPlan& plan, const std::string& setting)
{
    const auto& choices = findParameter(columnSchema(), setting)->choices;
    const auto of = [&](std::size_t place) { return &choices[place]; };
    if (setting == "role")
        return of(1 + static_cast<std::size_t>(plan.role));
    if (setting == "type")
        return of(plan.categorical ? 2 : 1);
    if (setting == "missing")
        return plan.missing == Plan::Missing::zeros ? nullptr : of(static_cast<std::size_t>(plan.missing));
    if (setting == "outliers")
        return of(static_cast<std::size_t>(plan.outliers));
    if (setting == "scaling")
        return of(plan.scaling == Plan::Scaling::none ? 5 : static_cast<std::size_t>(plan.scaling));
    return of(static_cast<std::size_t>(plan.encoding));
}

/// Choices that say nothing of a column of this type are not offered.
bool offered(const ColumnProfile& profile, const std::string& setting, const Choice& choice)
{
    return setting != "missing" || !profile.plan.categorical || (choice.id != "mean" && choice.id != "median");
}

}

void ColumnsModel::setReport(std::shared_ptr<const QualityReport> report, const Cleaning& cleaning, bool editable)
{
    // The same columns: selection, scrolling and the cell with the focus stay.
    const bool same = report && m_report && report->columns.size() == m_report->columns.size()
        && std::equal(report->columns.begin(), report->columns.end(), m_report->columns.begin(), [](const auto& a, const auto& b) { return a.name == b.name; });
    if (!same)
        beginResetModel();
    m_report = std::move(report);
    m_cleaning = cleaning;
    m_editable = editable;
    if (!same)
        endResetModel();
    else if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, sectionCount - 1));
}

int ColumnsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_report ? 0 : static_cast<int>(m_report->columns.size());
}

int ColumnsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : sectionCount;
}

std::string ColumnsModel::settingOf(const ColumnProfile& profile, int section)
{
    switch (section) {
    case role: return "role";
    case type: return "type";
    case missing: return "missing";
    case outliers: return profile.plan.categorical ? "" : "outliers";
    case scaling: return profile.plan.categorical ? "encoding" : "scaling";
    default: return {};
    }
}

QVariant ColumnsModel::headerData(int section, Qt::Orientation orientation, int what) const
{
    if (orientation != Qt::Horizontal)
        return {};
    static const QStringList help{
        tr("As the source calls it"), tr("What the column is for"), tr("What its cells are read as"), tr("How its values are spread, by class where there are few"),
        tr("How many cells are empty, and what fills them"), tr("How many values lie far out, and what becomes of them"),
        tr("How it becomes numbers of a common size"), tr("How much of the target this column alone tells, measured on the training part")};
    if (what == Qt::ToolTipRole)
        return help.value(section);
    if (what != Qt::DisplayRole)
        return {};
    const QStringList titles{tr("Column"), tr("Role"), tr("Type"), tr("Values"), tr("Missing"), tr("Far out"), tr("Becomes"), tr("Tells")};
    return titles.value(section);
}

QVariant ColumnsModel::data(const QModelIndex& index, int what) const
{
    const ColumnProfile& one = profile(index.row());
    if (what == profileRole)
        return QVariant::fromValue(&one);
    const std::string setting = settingOf(one, index.column());
    if (what == Qt::DisplayRole || what == Qt::EditRole) {
        if (index.column() == name)
            return QString::fromStdString(one.name);
        if (index.column() == tells)
            return QStringLiteral("%1 %").arg(100 * one.tells, 0, 'f', 0);
        if (!m_editable && index.column() != type) // of a series, whose task fills and scales it
            return {};
        if (setting.empty() || (one.plan.role != Plan::Role::feature && index.column() != role && index.column() != type))
            return {};
        const Choice* choice = inForce(one.plan, setting);
        return choice ? translated(choice->label) : tr("None of them");
    }
    if (what == choicesRole)
        return setting.empty() ? QVariant{} : QString::fromStdString(setting);
    if (what == sortRole) {
        switch (index.column()) {
        case missing: return static_cast<qlonglong>(one.missing);
        case outliers: return static_cast<qlonglong>(one.outliers);
        case tells: return one.tells;
        case values: return static_cast<qlonglong>(one.distinct);
        default: return data(index, Qt::DisplayRole);
        }
    }
    const auto decisions = m_cleaning.columns.find(one.name);
    const bool decided = !setting.empty() && decisions != m_cleaning.columns.end() && decisions->second.contains(setting);
    if (what == Qt::ForegroundRole && (one.plan.role == Plan::Role::ignore || (!setting.empty() && !decided)))
        return Theme::instance().colors().muted;
    if (what == Qt::ToolTipRole) {
        QStringList lines;
        if (index.column() == name || index.column() == values) {
            lines << QString::fromStdString(one.name);
            if (one.plan.categorical) {
                for (const auto& [category, count] : one.frequent)
                    if (lines.size() < 12)
                        lines << QStringLiteral("%1   %2").arg(QString::fromStdString(category), counted(count));
            } else {
                lines << tr("From %1 to %2").arg(shortNumber(one.minimum), shortNumber(one.maximum))
                      << tr("Quartiles %1, %2, %3").arg(shortNumber(one.lowerQuartile), shortNumber(one.median), shortNumber(one.upperQuartile))
                      << tr("Mean %1, deviation %2").arg(shortNumber(one.mean), shortNumber(one.deviation));
            }
            lines << tr("%1 different values").arg(counted(one.distinct));
        } else if (index.column() == outliers && !one.plan.categorical) {
            lines << tr("Beyond %1 to %2").arg(shortNumber(one.limits.low), shortNumber(one.limits.high));
        } else if (!setting.empty()) {
            lines << (decided ? tr("Chosen by you") : tr("Found by itself; press F2 or double-click to choose"));
        }
        return lines.isEmpty() ? QVariant{} : lines.join(QLatin1Char('\n'));
    }
    return {};
}

Qt::ItemFlags ColumnsModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = Qt::ItemIsSelectable | Qt::ItemIsEnabled;
    if (m_editable && index.isValid() && !settingOf(profile(index.row()), index.column()).empty())
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool ColumnsModel::setData(const QModelIndex& index, const QVariant& value, int what)
{
    if (what != Qt::EditRole)
        return false;
    Q_EMIT chosen(index, value.toString());
    return true;   // as soon as the recipe has it
}

void ColumnsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto* profile = index.data(ColumnsModel::profileRole).value<const ColumnProfile*>();
    const ColorTokens& colors = Theme::instance().colors();
    if (index.column() != ColumnsModel::values && index.column() != ColumnsModel::missing && index.column() != ColumnsModel::outliers
        && index.column() != ColumnsModel::tells) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem plain = option;
    initStyleOption(&plain, index);
    plain.text.clear();
    const QWidget* widget = option.widget;
    widget->style()->drawControl(QStyle::CE_ItemViewItem, &plain, painter, widget);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF cell = QRectF{option.rect}.adjusted(8, 5, -8, -6);
    const bool ignored = profile->plan.role == Plan::Role::ignore;
    painter->setOpacity(ignored ? 0.45 : 1);
    if (index.column() == ColumnsModel::values) {
        std::vector<std::int64_t> heights(profile->histogram.empty() ? 0 : profile->histogram.front().size());
        for (const auto& of : profile->histogram)
            for (std::size_t bin = 0; bin < of.size(); ++bin)
                heights[bin] += of[bin];
        const std::int64_t most = heights.empty() ? 1 : std::max<std::int64_t>(1, *std::max_element(heights.begin(), heights.end()));
        const double step = std::min(cell.width() / static_cast<double>(std::max<std::size_t>(1, heights.size())), 18.0);
        painter->setPen(Qt::NoPen);
        for (std::size_t bin = 0; bin < heights.size(); ++bin) {
            double foot = cell.bottom();
            for (std::size_t of = 0; of < profile->histogram.size(); ++of) {
                const double height = cell.height() * static_cast<double>(profile->histogram[of][bin]) / static_cast<double>(most);
                painter->setBrush(Theme::instance().seriesColor(static_cast<qint64>(of)));
                painter->drawRect(QRectF{cell.left() + static_cast<double>(bin) * step, foot - height, std::max(1.0, step - 1), height});
                foot -= height;
            }
        }
    } else if (index.column() == ColumnsModel::tells) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(colors.border);
        const QRectF bar{cell.left(), cell.center().y() - 3, std::max(10.0, cell.width() - 40), 6};
        painter->drawRoundedRect(bar, 3, 3);
        painter->setBrush(profile->tells > 0.95 ? colors.danger : colors.accent);
        if (profile->tells > 0.005)
            painter->drawRoundedRect(QRectF{bar.left(), bar.top(), std::max(4.0, bar.width() * profile->tells), 6}, 3, 3);
        painter->setPen(colors.muted);
        painter->setFont(Theme::font(TextStyle::caption));
        painter->drawText(cell, Qt::AlignRight | Qt::AlignVCenter, index.data().toString());
    } else {
        const bool gaps = index.column() == ColumnsModel::missing;
        const std::int64_t count = gaps ? profile->missing : profile->outliers;
        painter->setFont(Theme::font(TextStyle::caption));
        const QString number = gaps || !profile->plan.categorical ? counted(count) : QString{};
        constexpr int numberWidth = 62;
        if (gaps && profile->rows > 0 && count > 0) {
            const QRectF bar{cell.left(), cell.bottom() - 1, numberWidth - 8.0, 3};
            painter->setPen(Qt::NoPen);
            painter->setBrush(colors.border);
            painter->drawRoundedRect(bar, 1.5, 1.5);
            painter->setBrush(colors.warning);
            painter->drawRoundedRect(QRectF{bar.left(), bar.top(), std::max(2.0, bar.width() * static_cast<double>(count) / static_cast<double>(profile->rows)), 3}, 1.5, 1.5);
        }
        painter->setPen(count > 0 ? colors.text : colors.muted);
        painter->drawText(QRectF{cell.left(), cell.top(), numberWidth - 8.0, cell.height()}, Qt::AlignLeft | Qt::AlignVCenter, number);
        if (count > 0 || index.data(Qt::ForegroundRole).isNull()) { // a filling for gaps that are not there is only noise
            const QVariant color = index.data(Qt::ForegroundRole);
            painter->setPen(color.isNull() ? colors.text : color.value<QColor>());
            painter->setFont(option.font);
            const QRectF rest{cell.left() + numberWidth, cell.top(), cell.width() - numberWidth, cell.height()};
            painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter, QFontMetrics{option.font}.elidedText(index.data().toString(), Qt::ElideRight, static_cast<int>(rest.width())));
        }
    }
    painter->restore();
}

QWidget* ColumnsDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex& index) const
{
    const auto* profile = index.data(ColumnsModel::profileRole).value<const ColumnProfile*>();
    const std::string setting = index.data(ColumnsModel::choicesRole).toString().toStdString();
    auto* box = new QComboBox{parent};
    box->setObjectName(QStringLiteral("cellChoice"));
    for (const Choice& choice : findParameter(columnSchema(), setting)->choices)
        if (offered(*profile, setting, choice)) {
            box->addItem(translated(choice.label), QString::fromStdString(choice.id));
            box->setItemData(box->count() - 1, translated(choice.help), Qt::ToolTipRole);
        }
    box->view()->setMinimumWidth(160);
    // One look, one choice: it opens at once, and choosing is done.
    auto* self = const_cast<ColumnsDelegate*>(this);
    connect(box, &QComboBox::activated, self, [self, box] {
        Q_EMIT self->commitData(box);
        Q_EMIT self->closeEditor(box);
    });
    QTimer::singleShot(0, box, &QComboBox::showPopup);
    return box;
}

void ColumnsDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const
{
    auto* box = static_cast<QComboBox*>(editor);
    const int at = box->findText(index.data().toString());
    box->setCurrentIndex(std::max(0, at));
}

void ColumnsDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const
{
    model->setData(index, static_cast<QComboBox*>(editor)->currentData(), Qt::EditRole);
}

}
