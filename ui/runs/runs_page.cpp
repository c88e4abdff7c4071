// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_page.h"

#include "ui/runs/folder_pane.h"
#include "ui/runs/run_details_panel.h"
#include "ui/runs/run_edits.h"
#include "ui/runs/run_inspector.h"
#include "ui/runs/run_table.h"
#include "ui/runs/runs_head.h"
#include "ui/runs/runs_model.h"
#include "ui/runs/view_bar.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QShortcut>
#include <QStackedWidget>
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
    m_head = new RunsHead;
    m_bar = m_head->bar();
    layout->addWidget(m_head);
    m_problem = makeLabel({}, "danger");
    m_problem->setObjectName(QStringLiteral("queryProblem"));
    m_problem->setAlignment(Qt::AlignRight);
    m_problem->hide();
    layout->addWidget(m_problem);
    auto* body = new QHBoxLayout;
    body->setSpacing(Theme::space3);
    m_folderCard = new QFrame;
    m_folderCard->setProperty("card", true);
    m_folderCard->setFixedWidth(folderWidth);
    auto* folderLayout = new QVBoxLayout{m_folderCard};
    folderLayout->setContentsMargins(2, 2, 2, 2);
    m_folders = new FolderPane;
    folderLayout->addWidget(m_folders);
    body->addWidget(m_folderCard);
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
        m_head->askForAll();
        askListing();
    };
    connect(nothing, &EmptyState::actionChosen, this, showAll);
    connect(bare, &EmptyState::actionChosen, this, showAll);
    connect(&m_history, &RunHistory::listingArrived, this, [this](const SharedListing& listing) {
        m_folders->setListing(*listing);
        m_table->setListing(listing);
    });
    connect(&m_history, &RunHistory::fieldsArrived, m_head, &RunsHead::setFields);
    connect(m_head, &RunsHead::problemFound, this, [this](const QString& problem) {
        m_problem->setText(problem);
        m_problem->setVisible(!problem.isEmpty());
    });
    connect(&m_history, &RunHistory::viewsArrived, m_bar, &ViewBar::setViews);
    connect(&m_history, &RunHistory::thumbnailsArrived, m_model, &RunsModel::takeThumbnails);
    connect(m_model, &RunsModel::thumbnailsWanted, &m_history, &RunHistory::requestThumbnails);
    connect(m_edits, &RunEdits::messageRaised, this, &RunsPage::messageRaised);
    connect(m_edits, &RunEdits::undoOffered, this, &RunsPage::undoOffered);
    connectHead();
    connectTable();
    connectDetails();
    connectFolders();
    connect(new QShortcut{QKeySequence{Qt::Key_Slash}, this}, &QShortcut::activated, m_head, &RunsHead::focusQuery);
    connect(new QShortcut{QKeySequence::Undo, this}, &QShortcut::activated, m_edits, &RunEdits::undo);
    setView(m_view);
    m_history.requestViews();
    m_history.requestFields();
    showSelection();
}

void RunsPage::askListing()
{
    RunWish wish;
    wish.place = m_folders->place();
    wish.experiment = m_folders->experiment();
    wish.status = m_head->status();
    wish.query = m_head->query();
    wish.order = m_view.order;
    wish.groupBy = m_view.groupBy;
    for (const RunsView::Column& column : m_view.columns)
        wish.columns.push_back(column.field);
    wish.open = m_open;
    m_history.requestListing(wish);
    if (std::string query = m_head->queryText().toStdString(); m_view.query != query || m_view.experiment != wish.experiment) {
        m_view.query = std::move(query);
        m_view.experiment = wish.experiment;
        Q_EMIT viewChanged();
    }
}

void RunsPage::setView(const RunsView& view)
{
    m_view = view;
    m_bar->setGrouping(m_view.groupBy);
    m_head->setQuery(QString::fromStdString(m_view.query));
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
    m_head->setCount(count);
    const bool inTrash = listing.wish.place == RunWish::Place::trash;
    m_head->setSelected(chosen.size(), inTrash);
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
    m_head->askForAll();
    m_view.groupBy.clear();
    m_bar->setGrouping({});
    askListing();
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

bool RunsPage::areFoldersShown() const
{
    return !m_folderCard->isHidden();
}

void RunsPage::setFoldersShown(bool shown)
{
    m_head->setFoldersShown(shown);
}

RunId RunsPage::baseline() const
{
    return m_inspector->baseline();
}

void RunsPage::setBaseline(RunId run)
{
    m_inspector->setBaseline(run);
}

}
