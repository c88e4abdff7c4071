// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_page.h"

#include "ui/history/run_text.h"
#include "ui/runs/columns_dialog.h"
#include "ui/runs/export_dialog.h"
#include "ui/runs/folder_pane.h"
#include "ui/runs/history_care_dialog.h"
#include "ui/runs/import_dialog.h"
#include "ui/runs/query_edit.h"
#include "ui/runs/run_columns.h"
#include "ui/runs/run_details_panel.h"
#include "ui/runs/run_edits.h"
#include "ui/runs/run_inspector.h"
#include "ui/runs/run_menu.h"
#include "ui/runs/run_table.h"
#include "ui/runs/runs_model.h"
#include "ui/runs/view_bar.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

namespace {

constexpr int folderWidth = 190;

}

RunsPage::RunsPage(RunHistory& history, QWidget* parent) : QWidget{parent}, m_history{history}
{
    m_edits = new RunEdits{m_history, this};
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space5, Theme::space4, Theme::space5, Theme::space4);
    layout->setSpacing(Theme::space3);
    layout->addWidget(makeHead());
    m_problem = makeLabel({}, "danger");
    m_problem->setObjectName(QStringLiteral("queryProblem"));
    m_problem->setAlignment(Qt::AlignRight);
    m_problem->hide();
    layout->addWidget(m_problem);
    auto* body = new QHBoxLayout;
    body->setSpacing(Theme::space3);
    auto* folderCard = new QFrame;
    folderCard->setProperty("card", true);
    folderCard->setFixedWidth(folderWidth);
    auto* folderLayout = new QVBoxLayout{folderCard};
    folderLayout->setContentsMargins(2, 2, 2, 2);
    m_folders = new FolderPane;
    folderLayout->addWidget(m_folders);
    body->addWidget(folderCard);
    m_stack = new QStackedWidget;
    auto* tableCard = new QFrame;
    tableCard->setProperty("card", true);
    auto* tableLayout = new QVBoxLayout{tableCard};
    tableLayout->setContentsMargins(2, 2, 2, 2);
    m_table = new RunTable;
    m_model = m_table->runs();
    m_table->installEventFilter(this);
    tableLayout->addWidget(m_table);
    m_stack->addWidget(tableCard);
    auto* empty = new EmptyState{QStringLiteral("runs"), tr("No runs yet"), tr("Every training is kept here with its curve, its recipe and its figures."),
                                 tr("Train a first network")};
    m_stack->addWidget(empty);
    auto* nothing = new EmptyState{QStringLiteral("search"), tr("No run fits"), tr("What is asked for above is true of none of them."), tr("Show all runs")};
    nothing->setObjectName(QStringLiteral("noRunFits"));
    m_stack->addWidget(nothing);
    auto* bare = new EmptyState{QStringLiteral("folder"), tr("Nothing here"), tr("No run lies here at present."), tr("Show all runs")};
    m_stack->addWidget(bare);
    body->addWidget(m_stack, 1);
    m_details = new RunDetailsPanel;
    m_details->hide();
    m_inspector = new RunInspector{m_history, *m_edits, *m_details, this};
    body->addWidget(m_details);
    layout->addLayout(body, 1);

    connect(empty, &EmptyState::actionChosen, this, &RunsPage::trainChosen);
    const auto showAll = [this] {
        m_folders->choose(RunWish::Place::present, {});
        m_status->setCurrentIndex(0);
        m_search->clear();
        askListing();
    };
    connect(nothing, &EmptyState::actionChosen, this, showAll);
    connect(bare, &EmptyState::actionChosen, this, showAll);
    connect(&m_history, &RunHistory::listingArrived, this, [this](const SharedListing& listing) {
        m_folders->setListing(*listing);
        m_table->setListing(listing);
    });
    connect(&m_history, &RunHistory::fieldsArrived, this, [this](const std::vector<QueryField>& fields) {
        std::vector<QueryField> offered = fields;
        for (const std::string& setting : knownSettings())
            offered.push_back({setting, {}});
        std::vector<std::string> names;
        for (const QueryField& field : offered)
            names.push_back(field.name);
        m_bar->setFields(std::move(names));
        m_search->setFields(std::move(offered));
    });
    connect(&m_history, &RunHistory::viewsArrived, m_bar, &ViewBar::setViews);
    connect(&m_history, &RunHistory::thumbnailsArrived, m_model, &RunsModel::takeThumbnails);
    connect(m_model, &RunsModel::thumbnailsWanted, &m_history, &RunHistory::requestThumbnails);
    connect(m_edits, &RunEdits::messageRaised, this, &RunsPage::messageRaised);
    connect(m_edits, &RunEdits::undoOffered, this, &RunsPage::undoOffered);
    connectTable();
    connectDetails();
    connectFolders();
    connect(new QShortcut{QKeySequence{Qt::Key_Slash}, this}, &QShortcut::activated, m_search, qOverload<>(&QWidget::setFocus));
    connect(new QShortcut{QKeySequence::Undo, this}, &QShortcut::activated, m_edits, &RunEdits::undo);
    setView(m_view);
    m_history.requestViews();
    m_history.requestFields();
    showSelection();
}

QWidget* RunsPage::makeHead()
{
    auto* head = new QWidget;
    auto* layout = new QHBoxLayout{head};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
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
    auto* more = new QToolButton;
    more->setObjectName(QStringLiteral("historyMenu"));
    more->setProperty("kind", "ghost");
    more->setText(QStringLiteral("\u22ef"));
    more->setToolTip(tr("The history as a whole"));
    more->setAccessibleName(tr("History"));
    more->setPopupMode(QToolButton::InstantPopup);
    more->setMenu(new QMenu{more});
    more->menu()->addAction(tr("Import runs…"), this, [this] {
        auto* dialog = new ImportDialog{m_history.folder(), this};
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &ImportDialog::imported, &m_history, &RunHistory::refresh);
        dialog->open();
    });
    QAction* write = more->menu()->addAction(tr("Export the selected runs…"), this, [this] {
        auto* dialog = new ExportDialog{m_history.folder(), m_table->selected(), this};
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    connect(more->menu(), &QMenu::aboutToShow, this, [this, write] { write->setEnabled(!m_table->selected().empty()); });
    more->menu()->addSeparator();
    more->menu()->addAction(tr("Free room, check, back up…"), this, [this] {
        auto* dialog = new HistoryCareDialog{m_history.folder(), m_table->selected(), this};
        connect(dialog, &HistoryCareDialog::changed, &m_history, &RunHistory::refresh);
        dialog->open();
    });
    m_delete = new QPushButton{tr("Delete")};
    m_delete->setProperty("kind", "danger");
    setThemedIcon(m_delete, QStringLiteral("trash"));
    layout->addWidget(m_delete);
    m_compare = new QPushButton{tr("Compare")};
    m_compare->setObjectName(QStringLiteral("compare"));
    m_compare->setProperty("kind", "primary");
    setThemedIcon(m_compare, QStringLiteral("compare"), true);
    layout->addWidget(m_compare);
    layout->addWidget(more);
    connect(m_search, &QueryEdit::fieldsWanted, &m_history, &RunHistory::requestFields);
    connect(m_search, &QueryEdit::queryChanged, this, &RunsPage::askListing);
    connect(m_search, &QueryEdit::problemFound, this, [this](const QString& problem) {
        m_problem->setText(problem);
        m_problem->setVisible(!problem.isEmpty());
    });
    connect(m_status, &QComboBox::currentIndexChanged, this, &RunsPage::askListing);
    return head;
}

void RunsPage::askListing()
{
    RunWish wish;
    wish.place = m_folders->place();
    wish.experiment = m_folders->experiment();
    if (const QString status = m_status->currentData().toString(); !status.isEmpty())
        wish.status = runStatusFromString(status.toStdString());
    wish.query = m_search->query();
    wish.order = m_view.order;
    wish.groupBy = m_view.groupBy;
    for (const RunsView::Column& column : m_view.columns)
        wish.columns.push_back(column.field);
    wish.open = m_open;
    m_history.requestListing(wish);
    if (m_view.query != m_search->text().toStdString() || m_view.experiment != wish.experiment) {
        m_view.query = m_search->text().toStdString();
        m_view.experiment = wish.experiment;
        Q_EMIT viewChanged();
    }
}

void RunsPage::setView(const RunsView& view)
{
    m_view = view;
    m_bar->setGrouping(m_view.groupBy);
    if (m_search->text().toStdString() != m_view.query)
        m_search->setText(QString::fromStdString(m_view.query));
    m_folders->choose(m_folders->place(), m_view.experiment);
    m_table->setView(m_view);
    askListing();
    Q_EMIT viewChanged();
}

void RunsPage::listed()
{
    if (m_goTo != 0) {
        const RunId run = std::exchange(m_goTo, 0);
        m_table->select({run}, run);
        if (const int row = m_table->rowOf(run); row >= 0)
            m_table->scrollTo(m_model->index(row, 0), QAbstractItemView::PositionAtCenter);
    } else if (const auto chosen = m_table->selected(); chosen.size() == 1 && m_details->run() == chosen.front()) {
        m_inspector->inspect(chosen.front()); // it may have changed
    }
    showSelection();
}

void RunsPage::showSelection()
{
    const auto chosen = m_table->selected();
    const RunListing& listing = *m_model->listing();
    const std::size_t shown = listing.list.fitting, all = listing.list.inPlace;
    const bool everything = listing.wish.place == RunWish::Place::present && listing.wish.experiment.empty();
    m_stack->setCurrentIndex(shown > 0 || !m_history.isLoaded() ? 0 : all > 0 ? 2 : everything && listing.archived == 0 ? 1 : 3);
    const auto number = [](std::size_t count) { return QLocale{}.toString(static_cast<qlonglong>(count)); };
    QString count = shown == all ? (all == 1 ? tr("1 run") : tr("%1 runs").arg(number(all))) : tr("%1 of %2 runs").arg(number(shown), number(all));
    if (!listing.list.groups.empty())
        count += listing.list.groups.size() == 1 ? tr(" in 1 group") : tr(" in %1 groups").arg(number(listing.list.groups.size()));
    if (!chosen.empty())
        count += tr(", %1 selected").arg(number(chosen.size()));
    m_count->setText(count);
    const bool inTrash = listing.wish.place == RunWish::Place::trash;
    m_compare->setEnabled(!chosen.empty() && !inTrash);
    m_delete->setText(inTrash ? tr("Restore") : tr("Delete"));
    m_delete->setEnabled(!chosen.empty());
    m_compare->setToolTip(chosen.empty() ? tr("Select runs first") : tr("Lay them side by side (C)"));
    const bool one = chosen.size() == 1 && !inTrash;
    m_details->setVisible(one);
    if (one && m_details->run() != chosen.front())
        m_inspector->inspect(chosen.front());
}

void RunsPage::goTo(RunId run)
{
    if (const int row = m_table->rowOf(run); row >= 0) {
        m_table->select({run}, run);
        m_table->scrollTo(m_model->index(row, 0));
        return;
    }
    m_goTo = run;
    const RunSummary* known = m_history.find(run);
    m_folders->choose(known && known->archived ? RunWish::Place::archived : RunWish::Place::present, {});
    m_status->setCurrentIndex(0);
    m_search->clear();
    m_view.groupBy.clear();
    m_bar->setGrouping({});
    askListing();
}

void RunsPage::emptyTrash()
{
    auto* box = new QMessageBox{QMessageBox::Warning, tr("Empty the trash"), tr("Delete %1 runs for good?").arg(m_model->listing()->trashed), QMessageBox::NoButton, this};
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("Their curves, recipes and checkpoints are gone then. This cannot be undone."));
    const QAbstractButton* doIt = box->addButton(tr("Delete for good"), QMessageBox::DestructiveRole);
    box->setDefaultButton(box->addButton(tr("Keep them"), QMessageBox::RejectRole));
    connect(box, &QMessageBox::buttonClicked, this, [this, doIt](const QAbstractButton* button) {
        if (button == doIt)
            m_history.change([](RunStore& store) { store.emptyTrash(); });
    });
    box->open();
}

void RunsPage::connectTable()
{
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsPage::showSelection);
    connect(m_table, &RunTable::listed, this, &RunsPage::listed);
    connect(m_table, &RunTable::viewChosen, this, &RunsPage::setView);
    connect(m_table, &RunTable::resized, this, [this](const RunsView& view) {
        m_view.columns = view.columns;
        Q_EMIT viewChanged();
    });
    connect(m_table, &RunTable::columnsWanted, this, &RunsPage::chooseColumns);
    connect(m_table, &RunTable::groupToggled, this, [this](const QString& key) {
        if (!m_open.erase(key.toStdString()))
            m_open.insert(key.toStdString());
        askListing();
    });
    connect(m_table, &RunTable::starToggled, this, [this](RunId run, bool starred) { m_edits->setStarred({run}, starred); });
    connect(m_table, &RunTable::menuWanted, this, &RunsPage::showMenu);
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
        if (const RunGroup* group = m_model->groupAt(index.row()))
            Q_EMIT m_table->groupToggled(QString::fromStdString(group->key));
        else
            Q_EMIT compareChosen(m_table->selected());
    });
    connect(m_compare, &QPushButton::clicked, this, [this] { Q_EMIT compareChosen(m_table->selected()); });
    connect(m_delete, &QPushButton::clicked, this, &RunsPage::deleteOrRestore);
    connect(m_model, &RunsModel::renamed, m_edits, &RunEdits::rename);
    connect(m_model, &RunsModel::retagged, m_edits, &RunEdits::setTags);
    connect(m_bar, &ViewBar::columnsWanted, this, &RunsPage::chooseColumns);
    connect(m_bar, &ViewBar::groupingChosen, this, [this](const std::vector<std::string>& fields) {
        RunsView view = m_view;
        view.groupBy = fields;
        setView(view);
    });
    connect(m_bar, &ViewBar::usualViewChosen, this, [this] { setView(usualView()); });
    connect(m_bar, &ViewBar::viewChosen, this, [this](const QString& json) {
        const Result<RunsView> view = runsViewFromJson(json.toStdString());
        if (view)
            setView(*view);
        else
            Q_EMIT messageRaised(tr("This view cannot be used: %1").arg(translated(view.problems.front())));
    });
    const auto changeViews = [this](std::function<void(RunStore&)> change) {
        m_history.change(std::move(change));
        m_history.requestViews();
    };
    connect(m_bar, &ViewBar::viewSaved, this, [this, changeViews](const QString& name) {
        changeViews([name = name.toStdString(), json = toJson(m_view)](RunStore& store) { store.saveView(name, json); });
    });
    connect(m_bar, &ViewBar::viewRemoved, this, [this, changeViews](const QString& name) {
        const std::string json = m_bar->kept(name.toStdString());
        changeViews([name = name.toStdString()](RunStore& store) { store.removeView(name); });
        Q_EMIT undoOffered(tr("View forgotten"), [changeViews, name = name.toStdString(), json] {
            changeViews([name, json](RunStore& store) { store.saveView(name, json); });
        });
    });
}

void RunsPage::connectFolders()
{
    connect(m_folders, &FolderPane::chosen, this, &RunsPage::askListing);
    connect(m_folders, &FolderPane::dropped, this, [this](const QString& experiment) { m_edits->move(m_table->selected(), experiment); });
    connect(m_folders, &FolderPane::archiveDropped, this, [this] { m_edits->setArchived(m_table->selected(), true); });
    connect(m_folders, &FolderPane::trashDropped, this, [this] { m_edits->moveToTrash(m_table->selected()); });
    connect(m_folders, &FolderPane::renamed, m_edits, &RunEdits::renameExperiment);
    connect(m_folders, &FolderPane::trashEmptied, this, &RunsPage::emptyTrash);
}

void RunsPage::connectDetails()
{
    connect(m_inspector, &RunInspector::baselineChanged, this, &RunsPage::baselineChanged);
    connect(m_inspector, &RunInspector::resumeChosen, this, &RunsPage::resumeChosen);
    connect(m_details, &RunDetailsPanel::recipeChosen, this, &RunsPage::recipeChosen);
    connect(m_details, &RunDetailsPanel::startChosen, this, &RunsPage::startChosen);
    connect(m_details, &RunDetailsPanel::branchChosen, this, &RunsPage::branchChosen);
    connect(m_details, &RunDetailsPanel::runChosen, this, &RunsPage::goTo);
    connect(m_details, &RunDetailsPanel::closed, m_table, &QTableView::clearSelection);
}

RunId RunsPage::baseline() const
{
    return m_inspector->baseline();
}

void RunsPage::setBaseline(RunId run)
{
    m_inspector->setBaseline(run);
}

void RunsPage::chooseColumns()
{
    std::vector<std::string> others = m_bar->fields();
    others.insert(others.begin(), "curve");
    auto* dialog = new ColumnsDialog{m_view.columns, others, this};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ColumnsDialog::chosen, this, [this](const std::vector<RunsView::Column>& columns) {
        RunsView view = m_view;
        view.columns = columns;
        view.pinned = std::min(view.pinned, static_cast<int>(columns.size()));
        setView(view);
    });
    dialog->open();
}

void RunsPage::deleteOrRestore()
{
    if (m_folders->place() == RunWish::Place::trash)
        m_edits->restore(m_table->selected());
    else
        m_edits->moveToTrash(m_table->selected());
}

void RunsPage::showMenu(const QPoint& global)
{
    const auto chosen = m_table->selected();
    if (chosen.empty())
        return;
    QMenu menu{this};
    if (m_folders->place() == RunWish::Place::trash) {
        menu.addAction(tr("Restore"), this, &RunsPage::deleteOrRestore);
        menu.exec(global);
        return;
    }
    const bool one = chosen.size() == 1;
    menu.addAction(tr("Compare"), this, [&] { Q_EMIT compareChosen(chosen); });
    if (one) {
        menu.addAction(tr("Rename"), this, [this] { m_table->edit("name"); });
        menu.addAction(tr("Edit tags"), this, [this] { m_table->edit("tag"); })->setVisible(m_model->columnOf("tag") >= 0);
        const RunId run = chosen.front();
        menu.addAction(run == baseline() ? tr("No baseline any more") : tr("Compare others with this (baseline)"), this,
                       [this, run] { setBaseline(run == baseline() ? 0 : run); });
    }
    if (one && m_details->run() == chosen.front())
        m_details->addActions(menu);
    menu.addSeparator();
    addRunEdits(menu, *m_edits, m_history.runs(), chosen, m_folders->experiments());
    menu.addSeparator();
    menu.addAction(tr("Delete"), this, &RunsPage::deleteOrRestore);
    menu.exec(global);
}

bool RunsPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress && !m_table->isEdited()) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (pressed(key->key(), key->modifiers()))
            return true;
    }
    return QWidget::eventFilter(watched, event);
}

bool RunsPage::pressed(int key, Qt::KeyboardModifiers modifiers)
{
    const auto chosen = m_table->selected();
    const bool plain = modifiers == Qt::NoModifier;
    const QModelIndex current = m_table->currentIndex();
    if (key == Qt::Key_Delete || key == Qt::Key_Backspace) {
        deleteOrRestore();
    } else if ((key == Qt::Key_C && plain) || (key == Qt::Key_Return && current.isValid() && m_model->runAt(current.row()))) {
        if (!chosen.empty())
            Q_EMIT compareChosen(chosen);
    } else if (key == Qt::Key_S && plain && !chosen.empty()) {
        const RunSummary* first = m_history.find(chosen.front());
        m_edits->setStarred(chosen, !first || !first->starred);
    } else if (key == Qt::Key_A && plain && !chosen.empty()) {
        m_edits->setArchived(chosen, m_folders->place() != RunWish::Place::archived);
    } else if (key == Qt::Key_Escape) {
        m_table->clearSelection();
    } else if (key == Qt::Key_F2) {
        m_table->edit("name");
    } else {
        return false;
    }
    return true;
}

}
