// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_page.h"

#include "engine/core/history/run_fields.h"
#include "engine/core/store/family.h"
#include "ui/history/run_history.h"
#include "ui/history/run_text.h"
#include "ui/runs/family_view.h"
#include "ui/runs/query_edit.h"
#include "ui/runs/run_delegate.h"
#include "ui/runs/run_details_panel.h"
#include "ui/runs/runs_model.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"
#include "ui/try/try_dialog.h"

#include <QComboBox>
#include <QDesktopServices>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QTableView>
#include <QUrl>
#include <QVBoxLayout>

namespace descent {

namespace {

constexpr int rowHeight = 42;

}

RunsPage::RunsPage(RunHistory& history, QWidget* parent) : QWidget{parent}, m_history{history}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space5, Theme::space4, Theme::space5, Theme::space4);
    layout->setSpacing(Theme::space3);
    auto* head = new QHBoxLayout;
    head->setSpacing(Theme::space2);
    head->addWidget(makeLabel(tr("Runs"), "title"));
    m_count = makeLabel({}, "muted");
    m_count->setObjectName(QStringLiteral("runCount"));
    head->addSpacing(Theme::space2);
    head->addWidget(m_count);
    head->addStretch(1);
    m_search = new QueryEdit;
    m_search->setObjectName(QStringLiteral("search"));
    m_search->setPlaceholderText(tr("accuracy > 0.9 and tag = demo, or any word   /"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(320);
    head->addWidget(m_search);
    m_status = new QComboBox;
    m_status->addItem(tr("Any status"), QString{});
    for (const RunStatus status : {RunStatus::running, RunStatus::completed, RunStatus::stopped, RunStatus::failed, RunStatus::interrupted})
        m_status->addItem(statusLabel(status), QString::fromStdString(toString(status)));
    head->addWidget(m_status);
    m_delete = new QPushButton{tr("Delete")};
    m_delete->setProperty("kind", "danger");
    setThemedIcon(m_delete, QStringLiteral("trash"));
    head->addWidget(m_delete);
    m_compare = new QPushButton{tr("Compare")};
    m_compare->setObjectName(QStringLiteral("compare"));
    m_compare->setProperty("kind", "primary");
    setThemedIcon(m_compare, QStringLiteral("compare"), true);
    head->addWidget(m_compare);
    layout->addLayout(head);
    m_problem = makeLabel({}, "danger");
    m_problem->setObjectName(QStringLiteral("queryProblem"));
    m_problem->setAlignment(Qt::AlignRight);
    m_problem->hide();
    layout->addWidget(m_problem);

    m_model = new RunsModel{this};
    m_filter = new RunsFilter{this};
    m_filter->setSourceModel(m_model);
    m_filter->setDynamicSortFilter(true);
    m_table = new QTableView;
    m_table->setModel(m_filter);
    m_table->setItemDelegate(new RunDelegate{m_table});
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_table->setShowGrid(false);
    m_table->setSortingEnabled(true);
    m_table->setWordWrap(false);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setAccessibleName(tr("Runs"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);   // measuring rows would read every one
    QHeaderView* header = m_table->horizontalHeader();
    header->setSectionsMovable(true);
    header->setHighlightSections(false);
    header->setStretchLastSection(true);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    constexpr int widths[] = {200, 120, 120, 130, 110, 118, 92, 118, 68, 84, 104, 110, 120};
    for (int column = 0; column < RunsModel::columnCount_; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_table->sortByColumn(RunsModel::started, Qt::DescendingOrder);
    m_table->installEventFilter(this);

    auto* body = new QWidget;
    auto* bodyLayout = new QHBoxLayout{body};
    bodyLayout->setContentsMargins(0, 0, 0, 0);
    bodyLayout->setSpacing(Theme::space3);
    auto* tableCard = new QFrame;
    tableCard->setProperty("card", true);
    auto* tableLayout = new QVBoxLayout{tableCard};
    tableLayout->setContentsMargins(2, 2, 2, 2);
    tableLayout->addWidget(m_table);
    bodyLayout->addWidget(tableCard, 1);
    m_details = new RunDetailsPanel;
    m_details->hide();
    bodyLayout->addWidget(m_details);
    m_stack = new QStackedWidget;
    m_stack->addWidget(body);
    auto* empty = new EmptyState{QStringLiteral("runs"), tr("No runs yet"), tr("Every training is kept here with its curve, its recipe and its figures."),
                                 tr("Train a first network")};
    m_stack->addWidget(empty);
    auto* nothing = new EmptyState{QStringLiteral("search"), tr("No run fits"), tr("What is asked for above is true of none of them."), tr("Show all runs")};
    nothing->setObjectName(QStringLiteral("noRunFits"));
    m_stack->addWidget(nothing);
    connect(nothing, &EmptyState::actionChosen, this, [this] {
        m_search->clear();
        m_status->setCurrentIndex(0);
    });
    layout->addWidget(m_stack, 1);

    connect(empty, &EmptyState::actionChosen, this, &RunsPage::trainChosen);
    connect(&m_history, &RunHistory::changed, this, &RunsPage::showRuns);
    connect(&m_history, &RunHistory::detailsArrived, this, [this](const RunDetails& details) {
        const auto chosen = selected();
        if (chosen.size() == 1 && chosen.front() == details.summary.id) {
            m_details->setDetails(details);
            showFamily();
        }
    });
    connect(m_search, &QueryEdit::queryChanged, this, &RunsPage::filter);
    connect(m_search, &QueryEdit::problemFound, this, [this](const QString& sentence) {
        m_problem->setText(sentence);
        m_problem->setVisible(!sentence.isEmpty());
    });
    connect(&m_history, &RunHistory::settingsArrived, this, [this](const std::map<std::string, RunSettings>& settings) {
        m_filter->setSettings(settings);
        showSelection();
    });
    connect(m_status, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_filter->setStatus(m_status->itemData(index).toString());
        showSelection();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsPage::showSelection);
    connect(m_table, &QTableView::doubleClicked, this, [this] { Q_EMIT compareChosen(selected()); });
    connect(m_table, &QTableView::customContextMenuRequested, this, &RunsPage::showMenu);
    connect(m_compare, &QPushButton::clicked, this, [this] { Q_EMIT compareChosen(selected()); });
    connect(m_delete, &QPushButton::clicked, this, &RunsPage::deleteSelected);
    connect(m_model, &RunsModel::renamed, &m_history, &RunHistory::rename);
    connect(m_model, &RunsModel::retagged, &m_history, &RunHistory::setTags);
    connect(m_details, &RunDetailsPanel::noteEdited, &m_history, &RunHistory::setNote);
    connect(m_details, &RunDetailsPanel::recipeChosen, this, &RunsPage::recipeChosen);
    connect(m_details, &RunDetailsPanel::startChosen, this, &RunsPage::startChosen);
    connect(m_details, &RunDetailsPanel::branchChosen, this, &RunsPage::branchChosen);
    connect(m_details, &RunDetailsPanel::goOnChosen, this, &RunsPage::goOn);
    connect(m_details, &RunDetailsPanel::tryChosen, this, [this](qint64 run, const QString& name, const QString& task) {
        if (QDialog* dialog = makeTryDialog(task.toStdString(), {m_history.folder(), run, name}, this))
            dialog->open();
    });
    connect(m_details, &RunDetailsPanel::runChosen, this, &RunsPage::goTo);
    connect(m_details, &RunDetailsPanel::closed, m_table, &QTableView::clearSelection);
    connect(m_details, &RunDetailsPanel::folderChosen, this, [this](qint64 run) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(m_history.folderOf(run).string())));
    });
    connect(new QShortcut{QKeySequence{Qt::Key_Slash}, this}, &QShortcut::activated, m_search, qOverload<>(&QWidget::setFocus));
    connect(new QShortcut{QKeySequence::Undo, this}, &QShortcut::activated, this, &RunsPage::undoDelete);
    showRuns();
    showSelection();
}

std::vector<RunId> RunsPage::selected() const
{
    std::vector<RunId> runs;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        runs.push_back(index.data(RunsModel::idRole).toLongLong());
    return runs;
}

void RunsPage::showRuns()
{
    m_model->setRuns(m_history.runs());
    m_search->setFields(queryFields(m_history.runs()));
    requestSettings();
    if (const auto chosen = selected(); chosen.size() == 1)
        m_history.requestDetails(chosen.front());
    showSelection();
}

void RunsPage::filter()
{
    m_filter->setQuery(m_search->query());
    requestSettings();
    showSelection();
}

/// Recipes lie in the store: what the query asks of them comes a moment later.
void RunsPage::requestSettings()
{
    std::vector<std::string> settings;
    for (const std::string& field : m_search->query().fields())
        if (isSetting(field))
            settings.push_back(field);
    if (!settings.empty())
        m_history.requestSettings(std::move(settings));
}

void RunsPage::showSelection()
{
    const auto chosen = selected();
    const int shown = m_filter->rowCount(), all = m_model->rowCount();
    m_stack->setCurrentIndex(shown > 0 || !m_history.isLoaded() ? 0 : all == 0 ? 1 : 2);
    QString count = shown == all ? (all == 1 ? tr("1 run") : tr("%1 runs").arg(all)) : tr("%1 of %2 runs").arg(shown).arg(all);
    if (!chosen.empty())
        count += tr(", %1 selected").arg(chosen.size());
    m_count->setText(count);
    m_compare->setEnabled(!chosen.empty());
    m_delete->setEnabled(!chosen.empty());
    m_compare->setToolTip(chosen.empty() ? tr("Select runs first") : tr("Lay them side by side (C)"));
    m_details->setVisible(chosen.size() == 1);
    if (chosen.size() == 1 && m_details->run() != chosen.front())
        m_history.requestDetails(chosen.front());
}

/// From what the history holds: the trash is left out, so a deleted parent is told as such.
void RunsPage::showFamily()
{
    std::vector<FamilyView::Row> rows;
    for (const FamilyMember& member : familyOf(m_history.runs(), m_details->run()))
        rows.push_back({.run = member.run,
                        .depth = static_cast<int>(member.depth),
                        .isLastChild = member.isLastChild,
                        .isDeleted = member.summary == nullptr,
                        .name = member.summary ? QString::fromStdString(member.summary->name) : QString{},
                        .figure = member.summary ? headlineOf(*member.summary) : QString{}});
    m_details->setFamily(std::move(rows));
}

void RunsPage::goTo(RunId run)
{
    const auto rowOf = [&] {
        for (int row = 0; row < m_filter->rowCount(); ++row)
            if (m_filter->index(row, 0).data(RunsModel::idRole).toLongLong() == run)
                return row;
        return -1;
    };
    if (rowOf() < 0) {
        m_search->clear();
        m_status->setCurrentIndex(0);
    }
    if (const int row = rowOf(); row >= 0) {
        m_table->selectRow(row);
        m_table->scrollTo(m_filter->index(row, 0));
    }
}

/// A run that has done all its epochs is asked for how many more.
void RunsPage::goOn(qint64 run, const QString& name, qint64 epochsDone)
{
    if (epochsDone == 0) {
        Q_EMIT resumeChosen(run, name, 0);
        return;
    }
    auto* dialog = new QInputDialog{this};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Train longer"));
    dialog->setLabelText(tr("%1 has done %2 epochs. How many more?").arg(name).arg(epochsDone));
    dialog->setInputMode(QInputDialog::IntInput);
    dialog->setIntRange(1, static_cast<int>(100'000 - std::min<qint64>(epochsDone, 99'999)));
    dialog->setIntValue(static_cast<int>(std::min<qint64>(epochsDone, 1000)));
    dialog->setOkButtonText(tr("Train"));
    for (QPushButton* button : dialog->findChildren<QPushButton*>())
        button->setIcon({});
    connect(dialog, &QInputDialog::intValueSelected, this, [this, run, name, epochsDone](int more) { Q_EMIT resumeChosen(run, name, epochsDone + more); });
    dialog->open();
}

void RunsPage::deleteSelected()
{
    std::vector<RunId> chosen = selected();
    // A run under way writes to its row; it can be deleted once it has ended.
    std::erase_if(chosen, [this](RunId run) {
        const RunSummary* one = m_history.find(run);
        return one && one->status == RunStatus::running;
    });
    if (chosen.empty()) {
        if (!selected().empty())
            Q_EMIT messageRaised(tr("A run under way cannot be deleted: stop it first"));
        return;
    }
    m_history.moveToTrash(chosen);
    m_deleted.push_back(chosen);
    Q_EMIT undoOffered(chosen.size() == 1 ? tr("Run deleted") : tr("%1 runs deleted").arg(chosen.size()), [this] { undoDelete(); });
}

void RunsPage::undoDelete()
{
    if (m_deleted.empty())
        return;
    m_history.restore(m_deleted.back());
    m_deleted.pop_back();
}

void RunsPage::showMenu(const QPoint& at)
{
    const auto chosen = selected();
    if (chosen.empty())
        return;
    QMenu menu;
    menu.addAction(tr("Compare"), this, [&] { Q_EMIT compareChosen(chosen); });
    if (chosen.size() == 1) {
        menu.addAction(tr("Rename"), this, [this] {
            const QModelIndex row = m_table->selectionModel()->selectedRows().front();
            m_table->edit(row.siblingAtColumn(RunsModel::name));
        });
        menu.addAction(tr("Edit tags"), this, [this] {
            const QModelIndex row = m_table->selectionModel()->selectedRows().front();
            m_table->scrollTo(row.siblingAtColumn(RunsModel::tags));
            m_table->edit(row.siblingAtColumn(RunsModel::tags));
        });
    }
    if (chosen.size() == 1 && m_details->run() == chosen.front() && m_details->canBeStartedFrom())
        menu.addAction(tr("Start a new run from this"), m_details, &RunDetailsPanel::chooseStart);
    if (chosen.size() == 1 && m_details->run() == chosen.front() && m_details->canGoOn()) {
        menu.addAction(tr("Go on with it"), m_details, &RunDetailsPanel::chooseGoOn);
        menu.addAction(tr("Branch off with other options"), m_details, &RunDetailsPanel::chooseBranch);
    }
    if (chosen.size() == 1 && m_details->run() == chosen.front() && m_details->canBeTried())
        menu.addAction(tr("Try it"), m_details, &RunDetailsPanel::chooseTry);
    menu.addSeparator();
    menu.addAction(tr("Delete"), this, &RunsPage::deleteSelected);
    menu.exec(m_table->viewport()->mapToGlobal(at));
}

bool RunsPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Delete || key->key() == Qt::Key_Backspace) {
            deleteSelected();
            return true;
        }
        if ((key->key() == Qt::Key_C && key->modifiers() == Qt::NoModifier) || key->key() == Qt::Key_Return) {
            if (!selected().empty())
                Q_EMIT compareChosen(selected());
            return true;
        }
        if (key->key() == Qt::Key_Escape) {
            m_table->clearSelection();
            return true;
        }
        if (key->key() == Qt::Key_F2 && m_table->currentIndex().isValid()) {
            m_table->edit(m_table->currentIndex().siblingAtColumn(RunsModel::name));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}
