// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/run_legend.h"

#include "ui/history/run_text.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QKeyEvent>
#include <QListWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace descent {

namespace {

constexpr int listWidth = 232, idRole = Qt::UserRole, hiddenRole = Qt::UserRole + 1;

}

RunLegend::RunLegend(QWidget* parent) : QFrame{parent}
{
    setProperty("card", true);
    setFixedWidth(listWidth);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space2, Theme::space3, Theme::space2, Theme::space2);
    layout->setSpacing(Theme::space1);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(Theme::space2, 0, 0, 0);
    m_heading = makeLabel(tr("Runs"), "heading");
    top->addWidget(m_heading);
    top->addStretch(1);
    const auto button = [&](const QString& text, const QString& tip) {
        auto* one = new QToolButton;
        one->setProperty("kind", "ghost");
        one->setText(text);
        one->setToolTip(tip);
        one->setFocusPolicy(Qt::StrongFocus);
        return one;
    };
    QToolButton *all = button(tr("All"), tr("Draw all")), *none = button(tr("None"), tr("Hide all: then click those you want to see"));
    top->addWidget(all);
    top->addWidget(none);
    layout->addLayout(top);
    m_list = new QListWidget;
    m_list->setObjectName(QStringLiteral("comparedRuns"));
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setAccessibleName(tr("Compared runs: Space or a click hides one"));
    layout->addWidget(m_list, 1);
    QToolButton* others = button(tr("Choose others…"), tr("Choose in the table of runs"));
    layout->addWidget(others);

    connect(all, &QToolButton::clicked, this, [this] { hideAll(false); });
    connect(none, &QToolButton::clicked, this, [this] { hideAll(true); });
    connect(others, &QToolButton::clicked, this, &RunLegend::othersWanted);
    connect(m_list, &QListWidget::itemClicked, this, &RunLegend::toggle);
    connect(m_list, &QListWidget::itemActivated, this, [this](QListWidgetItem* item) {
        if (!m_list->underMouse()) // a double click is two clicks already
            toggle(item);
    });
    connect(m_list, &QListWidget::itemEntered, this, [this](QListWidgetItem* item) { Q_EMIT highlighted(item->data(idRole).toLongLong()); });
    connect(m_list, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
        if (item && m_list->hasFocus())
            Q_EMIT highlighted(item->data(idRole).toLongLong());
    });
    connect(m_list, &QListWidget::viewportEntered, this, [this] { Q_EMIT highlighted(-1); });
    m_list->installEventFilter(this);
}

void RunLegend::setRuns(const std::vector<ComparedRun>& runs, const std::vector<MeanGroup>& groups)
{
    struct Row {
        qint64 id;
        QString name, tip;
        QColor color;
        std::vector<RunId> runs;
    };
    std::vector<Row> rows;
    if (groups.empty())
        for (const ComparedRun& run : runs)
            rows.push_back({run.summary.id, run.name, QStringLiteral("%1\n%2").arg(run.name, statusLabel(run.summary.status)), run.color, {run.summary.id}});
    for (std::size_t i = 0; i < groups.size(); ++i)
        rows.push_back({static_cast<qint64>(i), tr("%1 (%2)").arg(groups[i].name).arg(groups[i].runs.size()),
                        tr("%1: the mean of %n runs", nullptr, static_cast<int>(groups[i].runs.size())).arg(groups[i].name), Theme::instance().seriesColor(static_cast<qint64>(i)),
                        groups[i].runs});
    m_heading->setText(groups.empty() ? tr("Runs") : tr("Groups"));
    // Rows stay where they are while their number does: a refresh must not move the list under the pointer.
    while (m_list->count() > static_cast<int>(rows.size()))
        delete m_list->takeItem(m_list->count() - 1);
    const std::vector<std::vector<RunId>> before = std::exchange(m_rows, {});
    const std::vector<QColor> colorsBefore = std::exchange(m_colors, {});
    for (std::size_t i = 0; i < rows.size(); ++i) {
        m_rows.push_back(rows[i].runs);
        m_colors.push_back(rows[i].color);
        if (m_list->count() <= static_cast<int>(i))
            m_list->addItem(new QListWidgetItem);
        QListWidgetItem* item = m_list->item(static_cast<int>(i));
        item->setData(idRole, rows[i].id);
        item->setText(rows[i].name);
        item->setToolTip(rows[i].tip);
        const bool isOtherTheme = item->foreground().color() != textColor(item->data(hiddenRole).toBool());
        if (i >= before.size() || before[i] != rows[i].runs || colorsBefore[i] != rows[i].color || isOtherTheme)
            showState(item);
    }
}

bool RunLegend::isHidden(int row) const
{
    return std::ranges::all_of(m_rows[static_cast<std::size_t>(row)], [this](RunId run) { return m_hidden.contains(run); });
}

QColor RunLegend::textColor(bool isHidden)
{
    const ColorTokens& colors = Theme::instance().colors();
    return isHidden ? colors.muted : colors.text;
}

/// Of the rows that have become another: a brush that moves over a thousand runs changes a few.
void RunLegend::showStates()
{
    for (int row = 0; row < m_list->count(); ++row)
        if (QListWidgetItem* item = m_list->item(row); item->data(hiddenRole).toBool() != isHidden(row))
            showState(item);
}

void RunLegend::showState(QListWidgetItem* item)
{
    const int row = m_list->row(item);
    const bool isHidden = this->isHidden(row);
    item->setData(hiddenRole, isHidden);
    item->setIcon(swatch(m_colors[static_cast<std::size_t>(row)], !isHidden));
    item->setForeground(textColor(isHidden));
    item->setData(Qt::AccessibleDescriptionRole, isHidden ? tr("hidden") : tr("drawn"));
}

void RunLegend::toggle(QListWidgetItem* item)
{
    const std::vector<RunId>& runs = m_rows[static_cast<std::size_t>(m_list->row(item))];
    const bool hide = std::ranges::any_of(runs, [this](RunId run) { return !m_hidden.contains(run); });
    for (const RunId run : runs) {
        if (hide)
            m_hidden.insert(run);
        else
            m_hidden.erase(run);
    }
    showState(item);
    Q_EMIT hiddenChanged();
}

void RunLegend::hideAll(bool hide)
{
    m_hidden.clear();
    for (const std::vector<RunId>& row : m_rows)
        if (hide)
            m_hidden.insert(row.begin(), row.end());
    showStates();
    Q_EMIT hiddenChanged();
}

void RunLegend::showOnly(const std::vector<RunId>& runs, bool any)
{
    if (any) {
        if (!m_hiddenBefore)
            m_hiddenBefore = m_hidden;
        m_hidden.clear();
        for (const std::vector<RunId>& row : m_rows)
            m_hidden.insert(row.begin(), row.end());
        for (const RunId run : runs)
            if (!m_hiddenBefore->contains(run))
                m_hidden.erase(run);
    } else if (m_hiddenBefore) {
        m_hidden = *std::exchange(m_hiddenBefore, std::nullopt);
    } else {
        return;
    }
    showStates();
    Q_EMIT hiddenChanged();
}

void RunLegend::showHighlighted(qint64 id)
{
    if (m_list->underMouse())
        return; // it moves under no pointer
    for (int i = 0; i < m_list->count(); ++i)
        if (m_list->item(i)->data(idRole).toLongLong() == id)
            m_list->setCurrentRow(i);
}

bool RunLegend::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space && m_list->currentItem()) {
        toggle(m_list->currentItem());
        return true;
    }
    if (watched == m_list && event->type() == QEvent::Leave)
        Q_EMIT highlighted(-1);
    return QFrame::eventFilter(watched, event);
}

}
