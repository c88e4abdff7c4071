// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_head.h"

#include "ui/history/run_text.h"
#include "ui/runs/query_edit.h"
#include "ui/runs/run_columns.h"
#include "ui/runs/view_bar.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

namespace descent {

RunsHead::RunsHead(QWidget* parent) : QWidget{parent}
{
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    m_folders = new QToolButton;
    m_folders->setObjectName(QStringLiteral("foldersShown"));
    m_folders->setProperty("kind", "ghost");
    m_folders->setCheckable(true);
    m_folders->setChecked(true);
    m_folders->setShortcut(QKeySequence{Qt::CTRL | Qt::Key_B});
    m_folders->setToolTip(tr("Show the folders beside the table (%1)").arg(m_folders->shortcut().toString(QKeySequence::NativeText)));
    m_folders->setAccessibleName(tr("Folders"));
    setThemedIcon(m_folders, QStringLiteral("folder"));
    layout->addWidget(m_folders);
    layout->addWidget(makeLabel(tr("Runs"), "title"));
    m_count = makeLabel({}, "muted");
    m_count->setObjectName(QStringLiteral("runCount"));
    layout->addSpacing(Theme::space2);
    layout->addWidget(m_count);
    layout->addStretch(1);
    m_bar = new ViewBar;
    layout->addWidget(m_bar);
    m_search = new QueryEdit;
    m_search->setObjectName(QStringLiteral("search"));
    m_search->setPlaceholderText(tr("accuracy > 0.9 and tag = demo, or any word   /"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(200);
    m_search->setMaximumWidth(520);
    layout->addWidget(m_search, 2);
    m_status = new QComboBox;
    m_status->setObjectName(QStringLiteral("statusFilter"));
    m_status->addItem(tr("Any status"), QString{});
    for (const RunStatus status : {RunStatus::running, RunStatus::completed, RunStatus::stopped, RunStatus::failed, RunStatus::interrupted})
        m_status->addItem(statusLabel(status), QString::fromStdString(toString(status)));
    layout->addWidget(m_status);
    m_delete = new QPushButton;
    m_delete->setProperty("kind", "danger");
    setThemedIcon(m_delete, QStringLiteral("trash"));
    layout->addWidget(m_delete);
    m_compare = new QPushButton{tr("Compare")};
    m_compare->setObjectName(QStringLiteral("compare"));
    m_compare->setProperty("kind", "primary");
    setThemedIcon(m_compare, QStringLiteral("compare"), true);
    layout->addWidget(m_compare);
    addHistoryMenu();
    setSelected(0, false);
    connect(m_folders, &QToolButton::toggled, this, &RunsHead::foldersToggled);
    connect(m_search, &QueryEdit::fieldsWanted, this, &RunsHead::fieldsWanted);
    connect(m_search, &QueryEdit::queryChanged, this, &RunsHead::wishChanged);
    connect(m_search, &QueryEdit::problemFound, this, &RunsHead::problemFound);
    connect(m_status, &QComboBox::currentIndexChanged, this, &RunsHead::wishChanged);
    connect(m_compare, &QPushButton::clicked, this, &RunsHead::compareWanted);
    connect(m_delete, &QPushButton::clicked, this, &RunsHead::deleteWanted);
}

void RunsHead::addHistoryMenu()
{
    auto* more = new QToolButton;
    more->setObjectName(QStringLiteral("historyMenu"));
    more->setProperty("kind", "ghost");
    more->setText(QStringLiteral("\u22ef"));
    more->setToolTip(tr("The history as a whole"));
    more->setAccessibleName(tr("History"));
    more->setPopupMode(QToolButton::InstantPopup);
    more->setMenu(new QMenu{more});
    more->menu()->addAction(tr("Import runs…"), this, &RunsHead::importWanted);
    m_export = more->menu()->addAction(tr("Export the selected runs…"), this, &RunsHead::exportWanted);
    more->menu()->addSeparator();
    more->menu()->addAction(tr("Free room, check, back up…"), this, &RunsHead::careWanted);
    layout()->addWidget(more);
}

void RunsHead::setFields(const std::vector<QueryField>& fields)
{
    std::vector<QueryField> offered = fields;
    for (const std::string& setting : knownSettings())
        offered.push_back({setting, {}});
    std::vector<std::string> names;
    for (const QueryField& field : offered)
        names.push_back(field.name);
    m_bar->setFields(std::move(names));
    m_search->setFields(std::move(offered));
}

QString RunsHead::queryText() const
{
    return m_search->text();
}

const RunQuery& RunsHead::query() const
{
    return m_search->query();
}

std::optional<RunStatus> RunsHead::status() const
{
    const QString status = m_status->currentData().toString();
    return status.isEmpty() ? std::nullopt : std::optional{runStatusFromString(status.toStdString())};
}

void RunsHead::setQuery(const QString& text)
{
    if (m_search->text() != text)
        m_search->setText(text);
}

void RunsHead::askForAll()
{
    m_status->setCurrentIndex(0);
    m_search->clear();
}

void RunsHead::focusQuery()
{
    m_search->setFocus();
}

void RunsHead::setFoldersShown(bool shown)
{
    m_folders->setChecked(shown);
}

void RunsHead::setCount(const QString& text)
{
    m_count->setText(text);
}

void RunsHead::setSelected(std::size_t runs, bool inTrash)
{
    m_compare->setEnabled(runs > 0 && !inTrash);
    m_compare->setToolTip(runs == 0 ? tr("Select runs first") : tr("Lay them side by side (C)"));
    m_delete->setText(inTrash ? tr("Restore") : tr("Delete"));
    m_delete->setEnabled(runs > 0);
    m_export->setEnabled(runs > 0);
}

}
