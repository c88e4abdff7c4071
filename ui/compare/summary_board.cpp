// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/summary_board.h"

#include "ui/summary/chart_card.h"
#include "ui/summary/parallel_view.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QGridLayout>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace descent {

SummaryBoard::SummaryBoard(QWidget* parent) : QWidget{parent}
{
    m_pool.setMaxThreadCount(1);
    m_summary.table = std::make_shared<FigureTable>();
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    m_stack = new QStackedWidget;
    layout->addWidget(m_stack);
    auto* empty = new EmptyState{QStringLiteral("compare"), tr("Nothing to sum up yet"),
                                 tr("Choose some runs in the table: what they came to, which recipe is better and which setting explains it is shown here."),
                                 tr("Choose runs")};
    connect(empty, &EmptyState::actionChosen, this, &SummaryBoard::runsWanted);
    m_stack->addWidget(empty);
    auto* page = new QWidget;
    auto* pageLayout = new QVBoxLayout{page};
    pageLayout->setContentsMargins(0, 0, 0, 0);
    pageLayout->setSpacing(Theme::space3);
    pageLayout->addWidget(makeBar());
    m_strip = new SummaryStrip;
    pageLayout->addWidget(m_strip);
    m_scroll = new QScrollArea;
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area = new QWidget;
    m_area->setProperty("scrollBody", true);
    m_grid = new QGridLayout{m_area};
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(Theme::space3);
    m_scroll->setWidget(m_area);
    pageLayout->addWidget(m_scroll, 1);
    m_stack->addWidget(page);

    connect(m_strip, &SummaryStrip::figureChosen, this, &SummaryBoard::chooseFigure);
    connect(m_strip, &SummaryStrip::directionChosen, this, &SummaryBoard::directionChosen);
    connect(m_strip, &SummaryStrip::settingChosen, this, [this](const QString& setting) {
        ChartSpec chart = suggestedChart(ChartKind::scatter, *m_summary.table, m_summary.explanation, m_summary.figure);
        chart.x = setting.toStdString();
        const FigureColumn* column = m_summary.table->find(chart.x);
        chart.logX = column && column->isLogarithmic;
        addChart(chart);
    });
    auto* undoKey = new QShortcut{QKeySequence::Undo, this};
    undoKey->setContext(Qt::WidgetWithChildrenShortcut);
    connect(undoKey, &QShortcut::activated, this, &SummaryBoard::undo);
    connect(&Theme::instance(), &Theme::changed, this, &SummaryBoard::feed);
}

SummaryBoard::~SummaryBoard()
{
    ++m_generation; // what has not begun need not
    m_pool.waitForDone();
    if (m_fullScreen)
        delete m_fullScreen->window();
    delete m_area; // the charts, before what paints them
}

void SummaryBoard::setRuns(std::vector<RunDetails> runs, const Directions& directions)
{
    std::vector<RunId> ids;
    for (const RunDetails& run : runs)
        ids.push_back(run.summary.id);
    m_isNewSelection = m_isNewSelection || ids != m_runs;
    m_runs = std::move(ids);
    m_stack->setCurrentIndex(m_runs.empty() ? 0 : 1);
    work([runs = std::make_shared<const std::vector<RunDetails>>(std::move(runs)), directions, figure = m_figure] {
        return summaryOf(std::make_shared<const FigureTable>(figureTable(*runs, directions)), figure);
    });
}

void SummaryBoard::chooseFigure(const QString& name)
{
    m_figure = name.toStdString();
    m_isNewSelection = true;
    work([table = m_summary.table, figure = m_figure] { return summaryOf(table, figure); });
}

void SummaryBoard::work(std::function<SelectionSummary()> make)
{
    m_pool.start([this, make = std::move(make), mine = ++m_generation] {
        if (mine != m_generation)
            return; // newer work waits behind
        try {
            auto made = std::make_shared<SelectionSummary>(make());
            QMetaObject::invokeMethod(this, [this, made, mine] {
                if (mine == m_generation)
                    take(std::move(*made));
            });
        } catch (const std::exception& error) { // the thread's outermost frame
            QMetaObject::invokeMethod(this, [this, what = QString::fromUtf8(error.what())] { Q_EMIT messageRaised(what); });
        }
    });
}

void SummaryBoard::take(SelectionSummary summary)
{
    m_summary = std::move(summary);
    m_strip->setSummary(m_summary);
    // Suggested once a selection: while its runs go on, no chart moves under a person's eyes.
    if (std::exchange(m_isNewSelection, false) && !m_layouts.last)
        showCharts(suggestedBoard(*m_summary.table, m_summary.explanation, m_summary.figure));
    else
        feed();
    Q_EMIT summaryShown();
}

void SummaryBoard::setLayouts(BoardLayouts layouts)
{
    m_layouts = std::move(layouts);
    showCharts(m_layouts.last ? *m_layouts.last : suggestedBoard(*m_summary.table, m_summary.explanation, m_summary.figure));
}

ChartCard* SummaryBoard::makeCard(ChartKind kind)
{
    auto* card = new ChartCard{kind, m_painter, m_area};
    link(card->view());
    connect(card, &ChartCard::specChosen, this, [this, card](const ChartSpec& spec) {
        std::vector<ChartSpec> charts = this->charts();
        charts[indexOf(card)] = spec;
        arrange(std::move(charts));
    });
    connect(card, &ChartCard::brushesChanged, this, [this, card](const auto& brushes) {
        m_brushes[card] = brushes;
        feed();
    });
    connect(card, &ChartCard::removed, this, [this, card] { remove(card); });
    connect(card, &ChartCard::moved, this, [this, card](int by) { moveCard(card, static_cast<int>(indexOf(card)) + by); });
    connect(card, &ChartCard::dragged, this, [this, card](const QPoint& global, bool dropped) { drag(card, global, dropped); });
    connect(card, &ChartCard::fullScreenChosen, this, [this, card] { showFullScreen(card); });
    connect(card, &ChartCard::exportChosen, this, [this, card](ChartFormat format) { askExport(card, format); });
    connect(card, &ChartCard::copyChosen, this, [this, card] { copy(card); });
    return card;
}

void SummaryBoard::link(ChartView* view)
{
    connect(view, &ChartView::runPointedAt, this, [this](qint64 run) {
        setPointedAt(run);
        Q_EMIT runPointedAt(run);
    });
    connect(view, &ChartView::runChosen, this, [this](qint64 run) {
        setChosen(run == m_chosen ? 0 : run);
        Q_EMIT runChosen(m_chosen);
    });
    view->setChosen(m_chosen);
}

std::size_t SummaryBoard::indexOf(const ChartCard* card) const
{
    return static_cast<std::size_t>(std::find(m_cards.begin(), m_cards.end(), card) - m_cards.begin());
}

ChartInput SummaryBoard::inputFor(ChartCard* card) const
{
    const auto brushes = m_brushes.find(card);
    ChartInput input{.table = m_summary.table, .spec = card->spec(), .passing = m_passing, .brushes = {}, .colors = Theme::instance().colors()};
    if (brushes != m_brushes.end())
        input.brushes = brushes->second;
    return input;
}

std::vector<ChartInput> SummaryBoard::inputs() const
{
    std::vector<ChartInput> inputs;
    for (ChartCard* card : m_cards)
        inputs.push_back(inputFor(card));
    return inputs;
}

void SummaryBoard::feed()
{
    std::vector<bool> passing;
    for (ChartCard* card : m_cards) {
        const std::vector<bool> within = withinBrushes(inputFor(card));
        if (passing.empty())
            passing = within;
        else if (!within.empty())
            std::transform(passing.begin(), passing.end(), within.begin(), passing.begin(), std::logical_and{});
    }
    const bool changed = passing != m_passing;
    m_passing = std::move(passing);
    for (ChartCard* card : m_cards)
        card->setInput(inputFor(card));
    if (m_fullScreen && m_fullScreenOf)
        m_fullScreen->setInput(inputFor(m_fullScreenOf));
    sayBrushed();
    if (!changed)
        return;
    std::vector<RunId> within;
    for (std::size_t run = 0; run < m_passing.size(); ++run)
        if (m_passing[run])
            within.push_back(m_summary.table->runs[run].id);
    Q_EMIT runsBrushed(within, !m_passing.empty());
}

void SummaryBoard::setPointedAt(qint64 run)
{
    for (ChartCard* card : m_cards)
        card->view()->setPointedAt(run);
}

void SummaryBoard::setChosen(qint64 run)
{
    m_chosen = run;
    for (ChartCard* card : m_cards)
        card->view()->setChosen(run);
    if (m_fullScreen)
        m_fullScreen->view()->setChosen(run);
}

}
