// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_page.h"

#include "ui/compare/curve_board.h"
#include "ui/compare/curve_tools.h"
#include "ui/compare/curve_wishes.h"
#include "ui/compare/recipe_tables.h"
#include "ui/compare/run_legend.h"
#include "ui/compare/summary_board.h"
#include "ui/history/run_history.h"
#include "ui/plot/curve_chart.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QApplication>
#include <QClipboard>
#include <QImage>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace descent {

namespace {

constexpr std::size_t mostDrawn = 100;    // unless a person wants all: the page says so
constexpr std::size_t mostSettings = 2000; // runs of which is found out what they may be grouped by: each recipe is read

}

ComparePage::ComparePage(RunHistory& history, const QString& settingsFile, QWidget* parent)
    : QWidget{parent}, m_history{history}, m_layouts{settingsFile}, m_export{history.folder()}, m_feed{history.folder()}
{
    m_look = m_layouts.current();
    m_directions = m_layouts.directions();
    makeViews();
    join();
    joinSummary();
    rememberLayouts(*m_summary, settingsFile);
    takeLook(m_look);
}

void ComparePage::makeViews()
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space5, Theme::space4, Theme::space5, Theme::space4);
    m_stack = new QStackedWidget;
    layout->addWidget(m_stack);
    auto* empty = new EmptyState{QStringLiteral("compare"), tr("Nothing to compare yet"),
                                 tr("Choose one or more runs in the table; their curves and recipes are laid side by side here."), tr("Choose runs")};
    connect(empty, &EmptyState::actionChosen, this, &ComparePage::runsChosen);
    m_stack->addWidget(empty);

    auto* page = new QWidget;
    auto* rows = new QVBoxLayout{page};
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Theme::space3);
    m_header = new CompareHeader{m_layouts};
    rows->addWidget(m_header);
    m_tools = new CurveTools;
    rows->addWidget(m_tools);
    auto* body = new QHBoxLayout;
    body->setSpacing(Theme::space3);
    m_list = new RunLegend;
    body->addWidget(m_list);
    m_views = new QStackedWidget;
    m_board = new CurveBoard;
    m_views->addWidget(m_board);
    m_summary = new SummaryBoard;
    m_views->addWidget(m_summary);
    m_tables = new RecipeTables;
    m_views->addWidget(m_tables);
    body->addWidget(m_views, 1);
    rows->addLayout(body, 1);
    m_stack->addWidget(page);
}

void ComparePage::join()
{
    connect(&m_history, &RunHistory::changed, this, &ComparePage::showRuns);
    connect(&m_history, &RunHistory::recipesArrived, this, [this](const std::map<RunId, std::string>& recipes) {
        for (const auto& [run, json] : recipes)
            if (const auto asked = m_recipeTexts.find(run); asked != m_recipeTexts.end()) { // else other runs have been chosen since
                asked->second = json;
                m_awaitsRecipes = false;
            }
        showRuns();
    });
    connect(&m_history, &RunHistory::groupsArrived, this, [this](const RunGrouping& grouping) {
        if (grouping.runs == m_chosen && grouping.by == m_look.groupBy) // else others are wanted by now
            takeGroups(meanGroups(grouping));
    });
    connect(&m_history, &RunHistory::differingSettingsArrived, this, [this](const DifferingSettings& settings) { m_tools->setGroupFields(groupFields(settings)); });
    connect(&Theme::instance(), &Theme::changed, this, &ComparePage::showRuns);

    connect(m_header, &CompareHeader::viewChosen, this, [this](CompareHeader::View view) {
        m_header->setView(view);
        m_tools->setVisible(view == CompareHeader::View::curves);
        m_list->setVisible(view != CompareHeader::View::recipes);
        m_views->setCurrentWidget(view == CompareHeader::View::curves ? m_board : view == CompareHeader::View::recipes ? static_cast<QWidget*>(m_tables) : m_summary);
        askRecipes();
        showTables();
        sendWishes();
    });
    connect(m_header, &CompareHeader::reportWanted, this, [this] {
        m_isReportWanted = true; // it is asked for once the summary knows all recipes
        askRecipes();
        showTables();
    });
    connect(m_header, &CompareHeader::allWanted, this, [this] {
        m_drawsAll = true;
        sendWishes();
    });
    connect(m_header, &CompareHeader::lookEdited, this, &ComparePage::takeLook);
    connect(m_tools, &CurveTools::lookEdited, this, &ComparePage::takeLook);
    connect(m_board, &CurveBoard::lookEdited, this, &ComparePage::takeLook);

    connect(m_list, &RunLegend::othersWanted, this, &ComparePage::runsChosen);
    connect(m_list, &RunLegend::hiddenChanged, this, [this] {
        showTables();
        sendWishes();
    });
    connect(m_list, &RunLegend::highlighted, m_board, &CurveBoard::highlight);
    connect(m_board, &CurveBoard::highlighted, this, [this](qint64 id) {
        m_board->highlight(id);
        m_list->showHighlighted(id);
    });
    connect(m_board, &CurveBoard::wantedChanged, this, &ComparePage::sendWishes);
    connect(m_board, &CurveBoard::exportWanted, this, &ComparePage::exportChart);
    connect(m_board, &CurveBoard::aloneChanged, this, [this](bool alone) {
        for (QWidget* around : {static_cast<QWidget*>(m_header), static_cast<QWidget*>(m_tools), static_cast<QWidget*>(m_list)})
            around->setVisible(!alone);
    });
    const auto onKey = [this](Qt::Key key, auto action) {
        connect(new QShortcut{QKeySequence{key}, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut}, &QShortcut::activated, this, action);
    };
    onKey(Qt::Key_F11, [this] {
        const std::vector<CurveCard*> cards = m_board->shownCards();
        if (m_board->aloneCard() || cards.empty()) {
            m_board->setAlone(nullptr);
            return;
        }
        auto chosen = std::ranges::find_if(cards, [](const CurveCard* card) { return card->chart()->hasFocus(); });
        if (chosen == cards.end())
            chosen = std::ranges::find_if(cards, &CurveCard::underMouse);
        m_board->setAlone(chosen == cards.end() ? cards.front() : *chosen);
    });
    onKey(Qt::Key_Escape, [this] { m_board->setAlone(nullptr); });

    connect(&m_feed, &CurveFeed::metricsArrived, m_board, &CurveBoard::setMetrics);
    connect(&m_feed, &CurveFeed::chartFilled, m_board, &CurveBoard::take);
    connect(&m_feed, &CurveFeed::failed, this, &ComparePage::messageRaised);
    connect(&m_export, &CurveExport::copied, this, [this](const QImage& picture) {
        QApplication::clipboard()->setImage(picture);
        Q_EMIT messageRaised(tr("Chart copied"));
    });
    connect(&m_export, &CurveExport::done, this, &ComparePage::messageRaised);
}

/// One selection for curves, charts and list: what is pointed at in one is brought to the front in the others, and what lies outside a
/// brush is neither drawn nor listed.
void ComparePage::joinSummary()
{
    connect(m_summary, &SummaryBoard::runsWanted, this, &ComparePage::runsChosen);
    connect(m_tables, &RecipeTables::messageRaised, this, &ComparePage::messageRaised);
    connect(m_summary, &SummaryBoard::messageRaised, this, &ComparePage::messageRaised);
    connect(m_summary, &SummaryBoard::undoOffered, this, &ComparePage::undoOffered);
    connect(m_summary, &SummaryBoard::runPointedAt, this, [this](qint64 run) { m_list->showHighlighted(run == 0 ? -1 : run); });
    connect(m_summary, &SummaryBoard::runChosen, this, [this](qint64 run) {
        m_board->highlight(run == 0 ? -1 : run);
        m_list->showHighlighted(run == 0 ? -1 : run);
    });
    connect(m_summary, &SummaryBoard::directionChosen, this, [this](const QString& metric, bool higherIsBetter) {
        m_directions[metric.toStdString()] = higherIsBetter;
        m_layouts.setDirections(m_directions);
        showTables();
    });
    connect(m_summary, &SummaryBoard::summaryShown, this, [this] {
        if (m_isReportWanted && !m_awaitsRecipes)
            askReport();
    });
    connect(m_summary, &SummaryBoard::runsBrushed, m_list, &RunLegend::showOnly);
    connect(m_list, &RunLegend::highlighted, m_summary, [this](qint64 id) { m_summary->setPointedAt(m_groups.empty() ? std::max<qint64>(id, 0) : 0); });
}

void ComparePage::askRecipes()
{
    if (m_views->currentWidget() == m_board && !m_isReportWanted)
        return; // curves need none
    std::vector<RunId> unknown;
    for (const RunId run : m_chosen)
        if (m_recipeTexts.try_emplace(run).second)
            unknown.push_back(run);
    if (unknown.empty())
        return;
    m_awaitsRecipes = true;
    m_history.requestRecipes(std::move(unknown));
}

void ComparePage::setRuns(const std::vector<RunId>& runs)
{
    m_chosen = runs;
    m_recipeTexts.clear();
    m_awaitsGroups = !m_look.groupBy.empty();
    m_history.requestDifferingSettings(runs.size() <= mostSettings ? runs : std::vector<RunId>{});
    m_drawsAll = m_awaitsRecipes = m_isReportWanted = false;
    m_board->setAlone(nullptr);
    m_board->showAll();
    showRuns();
}

void ComparePage::showRuns()
{
    if (!m_history.isLoaded())
        return;
    m_runs = comparedRuns(m_chosen, m_history.runs());
    std::vector<RunId> left;
    for (const ComparedRun& run : m_runs)
        left.push_back(run.summary.id);
    m_chosen = std::move(left);
    m_stack->setCurrentIndex(m_chosen.empty() ? 0 : 1);
    askRecipes();
    if (!m_look.groupBy.empty())
        m_history.requestGroups({.runs = m_chosen, .by = m_look.groupBy, .groups = {}});
    else
        takeGroups({});
}

/// Until they are there nothing is drawn of other runs, or in other groups: single curves would flash up.
void ComparePage::takeGroups(std::vector<MeanGroup> groups)
{
    m_awaitsGroups = false;
    m_groups = std::move(groups);
    m_list->setRuns(m_runs, m_groups);
    showTables();
    sendWishes();
}

std::vector<RunDetails> ComparePage::detailsOf(const std::vector<ComparedRun>& runs) const
{
    std::vector<RunDetails> all;
    for (const ComparedRun& run : runs) {
        RunDetails& details = all.emplace_back();
        details.summary = run.summary;
        if (const auto recipe = m_recipeTexts.find(run.summary.id); recipe != m_recipeTexts.end())
            details.recipeJson = recipe->second;
    }
    return all;
}

/// Of the view that is seen: the others are given theirs when they are.
void ComparePage::showTables()
{
    if (m_views->currentWidget() == m_tables) {
        std::vector<ComparedRun> shown;
        std::ranges::copy_if(m_runs, std::back_inserter(shown), [this](const ComparedRun& run) { return !m_list->hidden().contains(run.summary.id); });
        std::vector<RunDetails> details = detailsOf(shown);
        m_tables->setRuns(std::move(shown), std::move(details), m_directions);
    }
    if (m_views->currentWidget() == m_summary || m_isReportWanted)
        m_summary->setRuns(detailsOf(m_runs), m_directions);
}

void ComparePage::takeLook(const CompareLook& look)
{
    const bool isGroupedAnew = look.groupBy != m_look.groupBy;
    if (look != m_look) {
        m_look = look;
        m_layouts.setCurrent(look);
    }
    m_header->setLook(look);
    m_tools->setLook(look);
    m_board->setLook(look);
    if (isGroupedAnew) {
        m_board->highlight(-1);
        m_awaitsGroups = !look.groupBy.empty();
        showRuns();
    }
    sendWishes();
}

std::vector<ComparedRun> ComparePage::drawnRuns() const
{
    std::vector<ComparedRun> drawn;
    if (m_awaitsGroups)
        return drawn;
    for (const ComparedRun& run : m_runs)
        if (!m_list->hidden().contains(run.summary.id) && (m_drawsAll || drawn.size() < mostDrawn || !m_groups.empty()))
            drawn.push_back(run);
    return drawn;
}

CurveWishes ComparePage::wishes() const
{
    CurveWishes wishes = wishesFor(m_look, drawnRuns(), m_groups);
    wishes.x = m_board->range();
    wishes.charts = m_board->wanted();
    return wishes;
}

void ComparePage::sendWishes()
{
    CurveWishes wishes = this->wishes();
    m_header->setCounts(wishes.runs.size(), m_runs.size());
    m_header->setMoreThere(!m_drawsAll && wishes.runs.size() == mostDrawn && m_runs.size() - m_list->hidden().size() > mostDrawn);
    std::vector<std::string> primaryMetrics;
    for (const ComparedRun& run : m_runs)
        if (std::ranges::find(primaryMetrics, run.summary.primaryMetric) == primaryMetrics.end())
            primaryMetrics.push_back(run.summary.primaryMetric);
    m_feed.setPrimaryMetrics(std::move(primaryMetrics));
    m_feed.wish(std::move(wishes));
}

void ComparePage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    sendWishes();
}

void ComparePage::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    sendWishes(); // for no charts: nothing is followed that nobody sees
}

}
