// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_page.h"

#include "engine/core/base/files.h"
#include "engine/core/recipe/recipe_comparison.h"
#include "engine/core/task/task.h"
#include "ui/history/run_text.h"
#include "ui/plot/metric_text.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QApplication>
#include <QButtonGroup>
#include <QCheckBox>
#include <QClipboard>
#include <QFileDialog>
#include <QGridLayout>
#include <QHeaderView>
#include <QListWidget>
#include <QMenu>
#include <QPainter>
#include <QScrollArea>
#include <QShortcut>
#include <QSlider>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace descent {

namespace {

constexpr std::size_t mostDrawn = 64;         // curves of more runs than this cannot be told apart; the page says so
constexpr int sliderSteps = 100;

/// A square of the run's colour.
QIcon swatch(const QColor& color)
{
    QPixmap pixmap{24, 24};
    pixmap.fill(Qt::transparent);
    QPainter painter{&pixmap};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(4, 4, 16, 16);
    return QIcon{pixmap};
}

QTableWidget* makeTable()
{
    auto* table = new QTableWidget;
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(30);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    return table;
}

void emphasize(QTableWidgetItem* item, const QColor& color)
{
    QFont font = item->font();
    font.setBold(true);
    item->setFont(font);
    item->setForeground(color);
}

}

ComparePage::ComparePage(RunHistory& history, QWidget* parent) : QWidget{parent}, m_history{history}
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
    auto* pageLayout = new QVBoxLayout{page};
    pageLayout->setContentsMargins(0, 0, 0, 0);
    pageLayout->setSpacing(Theme::space3);
    pageLayout->addWidget(makeToolbar());
    auto* body = new QHBoxLayout;
    body->setSpacing(Theme::space3);
    body->addWidget(makeSide());
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_chartArea = new QWidget;
    m_chartArea->setProperty("scrollBody", true);
    m_grid = new QGridLayout{m_chartArea};
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(Theme::space3);
    scroll->setWidget(m_chartArea);
    auto* tables = new QFrame;
    tables->setProperty("card", true);
    auto* tablesLayout = new QHBoxLayout{tables};
    tablesLayout->setContentsMargins(Theme::space3, Theme::space2, Theme::space3, Theme::space2);
    tablesLayout->setSpacing(Theme::space4);
    auto* figures = new QVBoxLayout;
    figures->addWidget(makeLabel(tr("Figures, the best marked"), "heading"));
    m_figures = makeTable();
    figures->addWidget(m_figures);
    auto* differences = new QVBoxLayout;
    auto* differencesHead = new QHBoxLayout;
    differencesHead->addWidget(makeLabel(tr("Recipes"), "heading"));
    differencesHead->addStretch(1);
    m_all = new QCheckBox{tr("Also what is equal")};
    differencesHead->addWidget(m_all);
    differences->addLayout(differencesHead);
    m_differences = makeTable();
    differences->addWidget(m_differences);
    tablesLayout->addLayout(figures, 1);
    tablesLayout->addLayout(differences, 1);
    auto* splitter = new QSplitter{Qt::Vertical};
    splitter->addWidget(scroll);
    splitter->addWidget(tables);
    splitter->setStretchFactor(0, 5);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    scroll->setMinimumHeight(260);
    tables->setMinimumHeight(150);
    splitter->setSizes({640, 260});
    body->addWidget(splitter, 1);
    pageLayout->addLayout(body, 1);
    m_stack->addWidget(page);

    connect(m_all, &QCheckBox::toggled, this, &ComparePage::fillDifferences);
    connect(&m_history, &RunHistory::changed, this, &ComparePage::showRuns);
    connect(&m_history, &RunHistory::curvesArrived, this, &ComparePage::takeCurves);
    connect(&m_history, &RunHistory::detailsArrived, this, [this](const RunDetails& details) {
        if (std::find(m_chosen.begin(), m_chosen.end(), details.summary.id) == m_chosen.end())
            return;
        if (const Result<Recipe> recipe = recipeFromJson(details.recipeJson))
            m_recipes.insert_or_assign(details.summary.id, *recipe);
        fillDifferences();
    });
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        showRuns();
        drawCharts();
    });
    connect(new QShortcut{QKeySequence{Qt::Key_Escape}, this}, &QShortcut::activated, this, [this] {
        m_alone = -1;
        layOut();
    });
}

QWidget* ComparePage::makeToolbar()
{
    auto* bar = new QWidget;
    auto* layout = new QHBoxLayout{bar};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    layout->addWidget(makeLabel(tr("Compare"), "title"));
    m_note = makeLabel({}, "muted");
    layout->addSpacing(Theme::space2);
    layout->addWidget(m_note);
    layout->addStretch(1);
    layout->addWidget(makeLabel(tr("Smoothing"), "muted"));
    m_slider = new QSlider{Qt::Horizontal};
    m_slider->setObjectName(QStringLiteral("smoothing"));
    m_slider->setRange(0, sliderSteps - 1);
    m_slider->setValue(static_cast<int>(m_options.smoothing * sliderSteps));
    m_slider->setFixedWidth(110);
    m_slider->setAccessibleName(tr("Smoothing of training curves"));
    layout->addWidget(m_slider);
    m_smoothing = makeLabel(QString::number(m_options.smoothing, 'f', 2), "muted");
    m_smoothing->setFixedWidth(32);
    layout->addWidget(m_smoothing);
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) {
        m_options.smoothing = static_cast<double>(value) / sliderSteps;
        m_smoothing->setText(QString::number(m_options.smoothing, 'f', 2));
        drawCharts();
    });

    auto* segments = new QFrame;
    segments->setProperty("segments", true);
    auto* segmentsLayout = new QHBoxLayout{segments};
    segmentsLayout->setContentsMargins(2, 2, 2, 2);
    segmentsLayout->setSpacing(2);
    m_along = new QButtonGroup{segments};
    const QList<QPair<QString, AlongX>> choices{{tr("Step"), AlongX::step}, {tr("Epoch"), AlongX::epoch}, {tr("Time"), AlongX::time}};
    for (const auto& [text, along] : choices) {
        auto* button = new QToolButton;
        button->setProperty("kind", "segment");
        button->setText(text);
        button->setCheckable(true);
        button->setChecked(along == m_options.x);
        button->setFocusPolicy(Qt::StrongFocus);
        m_along->addButton(button, static_cast<int>(along));
        segmentsLayout->addWidget(button);
    }
    layout->addWidget(segments);
    connect(m_along, &QButtonGroup::idClicked, this, [this](int id) {
        m_options.x = static_cast<AlongX>(id);
        for (CurvePlot* plot : m_plots)
            plot->resetZoom();
        drawCharts();
    });
    const auto toggle = [&](const QString& text, const QString& tip, const char* name) {
        auto* button = new QToolButton;
        button->setProperty("kind", "ghost");
        button->setText(text);
        button->setToolTip(tip);
        button->setCheckable(true);
        button->setObjectName(QString::fromLatin1(name));
        button->setFocusPolicy(Qt::StrongFocus);
        layout->addWidget(button);
        connect(button, &QToolButton::toggled, this, &ComparePage::drawCharts);
        return button;
    };
    m_logX = toggle(tr("Log x"), tr("Logarithmic along x"), "logX");
    m_logY = toggle(tr("Log y"), tr("Logarithmic upwards; values at or below 0 become gaps"), "logY");
    m_clip = toggle(tr("Clip spikes"), tr("Scale to the middle 90 % of the values; says how many lie outside"), "clip");
    m_training = toggle(tr("Training"), tr("Show training curves, dashed"), "training");
    const QSignalBlocker blocker{m_training};   // there is nothing to draw yet
    m_training->setChecked(true);
    return bar;
}

QWidget* ComparePage::makeSide()
{
    auto* side = new QFrame;
    side->setProperty("card", true);
    side->setFixedWidth(232);
    auto* layout = new QVBoxLayout{side};
    layout->setContentsMargins(Theme::space2, Theme::space3, Theme::space2, Theme::space2);
    QLabel* heading = makeLabel(tr("Runs"), "heading");
    heading->setContentsMargins(Theme::space2, 0, 0, 0);
    layout->addWidget(heading);
    m_list = new QListWidget;
    m_list->setObjectName(QStringLiteral("comparedRuns"));
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMouseTracking(true);
    m_list->setAccessibleName(tr("Compared runs"));
    layout->addWidget(m_list, 1);
    auto* choose = new QToolButton;
    choose->setProperty("kind", "ghost");
    choose->setText(tr("Choose others…"));
    choose->setFocusPolicy(Qt::StrongFocus);
    layout->addWidget(choose);
    connect(choose, &QToolButton::clicked, this, &ComparePage::runsChosen);
    connect(m_list, &QListWidget::itemChanged, this, &ComparePage::drawCharts);
    connect(m_list, &QListWidget::itemEntered, this, [this](QListWidgetItem* item) { highlight(item->data(Qt::UserRole).toLongLong()); });
    connect(m_list, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
        if (item && m_list->hasFocus())
            highlight(item->data(Qt::UserRole).toLongLong());
    });
    connect(m_list, &QListWidget::viewportEntered, this, [this] { highlight(-1); });
    return side;
}

void ComparePage::setRuns(const std::vector<RunId>& runs)
{
    m_chosen = runs;
    m_curves.clear();
    m_recipes.clear();
    m_seenSteps.clear();
    m_highlighted = -1;
    m_alone = -1;
    m_awaitingCurves = false;   // of other runs
    showRuns();
}

void ComparePage::showRuns()
{
    std::erase_if(m_chosen, [this](RunId run) { return m_history.isLoaded() && !m_history.find(run); });
    m_stack->setCurrentIndex(m_chosen.empty() ? 0 : 1);
    const QSignalBlocker blocker{m_list};
    // Kept where they are when they are the same: a refresh must not untick what a person has ticked.
    bool same = m_list->count() == static_cast<int>(m_chosen.size());
    for (int i = 0; same && i < m_list->count(); ++i)
        same = m_list->item(i)->data(Qt::UserRole).toLongLong() == m_chosen[static_cast<std::size_t>(i)];
    if (!same) {
        m_list->clear();
        for (const RunId run : m_chosen) {
            auto* item = new QListWidgetItem;
            item->setData(Qt::UserRole, static_cast<qlonglong>(run));
            item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
            item->setCheckState(Qt::Checked);
            m_list->addItem(item);
        }
    }
    std::vector<RunId> stale;
    for (int i = 0; i < m_list->count(); ++i) {
        const RunId run = m_chosen[static_cast<std::size_t>(i)];
        const RunSummary* summary = m_history.find(run);
        if (!summary)
            continue;
        QListWidgetItem* item = m_list->item(i);
        item->setText(nameOf(run));
        item->setToolTip(QStringLiteral("%1\n%2").arg(nameOf(run), statusLabel(summary->status)));
        item->setIcon(swatch(colorOf(*summary)));
        // Fetched when never seen, and again when the run has gone on.
        if (!m_curves.contains(run) || m_seenSteps[run] != summary->step)
            stale.push_back(run);
        if (!m_recipes.contains(run))
            m_history.requestDetails(run);
    }
    const std::size_t drawn = std::min(mostDrawn, m_chosen.size());
    m_note->setText(drawn < m_chosen.size() ? tr("%1 of %2 runs drawn").arg(drawn).arg(m_chosen.size()) : drawn == 1 ? tr("1 run") : tr("%1 runs").arg(drawn));
    stale.resize(std::min(stale.size(), mostDrawn));
    // One request at a time: a newer one would make the store forget the older, and with runs that go on none would end.
    if (!stale.empty() && !std::exchange(m_awaitingCurves, true)) {
        for (const RunId run : stale)
            m_seenSteps[run] = m_history.find(run)->step;
        m_history.requestCurves(stale);
    }
    fillFigures();
    fillDifferences();
}

void ComparePage::takeCurves(const std::vector<RunCurves>& curves)
{
    m_awaitingCurves = false;
    for (const RunCurves& one : curves)
        m_curves.insert_or_assign(one.run, one);
    drawCharts();
}

std::vector<ComparedRun> ComparePage::visibleRuns() const
{
    std::vector<ComparedRun> runs;
    for (int i = 0; i < m_list->count() && runs.size() < mostDrawn; ++i) {
        const RunId run = m_list->item(i)->data(Qt::UserRole).toLongLong();
        const RunSummary* summary = m_history.find(run);
        if (m_list->item(i)->checkState() != Qt::Checked || !summary)
            continue;
        const auto curves = m_curves.find(run);
        runs.push_back({*summary, colorOf(*summary), curves == m_curves.end() ? nullptr : &curves->second});
        runs.back().summary.name = nameOf(run).toStdString();
    }
    return runs;
}

QString ComparePage::nameOf(RunId run) const
{
    const RunSummary* summary = m_history.find(run);
    if (!summary)
        return {};
    const bool shared = std::any_of(m_chosen.begin(), m_chosen.end(), [&](RunId other) {
        const RunSummary* another = m_history.find(other);
        return other != run && another && another->name == summary->name;
    });
    const QString name = QString::fromStdString(summary->name);
    return shared ? QStringLiteral("%1 #%2").arg(name).arg(run) : name;
}

void ComparePage::drawCharts()
{
    m_options.showTraining = m_training->isChecked();
    std::vector<ChartData> charts = makeCharts(visibleRuns(), m_options);
    std::vector<std::string> metrics;
    for (const ChartData& chart : charts)
        metrics.push_back(chart.metric);
    if (metrics != m_metrics) {
        for (QWidget* card : m_cards)
            card->deleteLater();
        m_cards.clear();
        m_plots.clear();
        m_metrics = metrics;
        for (int i = 0; i < static_cast<int>(charts.size()); ++i) {
            auto* card = new QFrame;
            card->setProperty("card", true);
            card->setMinimumHeight(230);
            auto* cardLayout = new QGridLayout{card};   // the button lies over the title row's end
            cardLayout->setContentsMargins(Theme::space4, Theme::space3, Theme::space2, Theme::space2);
            auto* plot = new CurvePlot;
            plot->setLegendVisible(false);   // the list of runs is the legend
            plot->setTitle(metricLabel(metrics[static_cast<std::size_t>(i)]));
            plot->setObjectName(QStringLiteral("chart-") + QString::fromStdString(metrics[static_cast<std::size_t>(i)]));
            cardLayout->addWidget(plot, 0, 0);
            auto* menu = new QToolButton;
            menu->setProperty("kind", "ghost");
            menu->setToolTip(tr("Export, copy, enlarge"));
            menu->setAccessibleName(menu->toolTip());
            menu->setFocusPolicy(Qt::StrongFocus);
            setThemedIcon(menu, QStringLiteral("download"));
            cardLayout->addWidget(menu, 0, 0, Qt::AlignTop | Qt::AlignRight);
            connect(menu, &QToolButton::clicked, this, [this, i, menu] { showChartMenu(i, menu->mapToGlobal(QPoint{0, menu->height()})); });
            connect(plot, &CurvePlot::curveClicked, this, &ComparePage::highlight);
            connect(plot, &CurvePlot::hovered, this, [this, plot](double x) {
                for (CurvePlot* other : m_plots)
                    if (other != plot)
                        other->showCrosshair(x);
            });
            m_cards.push_back(card);
            m_plots.push_back(plot);
        }
        layOut();
    }
    const QString xLabels[] = {tr("step"), tr("epoch"), tr("time")};
    for (std::size_t i = 0; i < charts.size(); ++i) {
        CurvePlot* plot = m_plots[i];
        plot->setXLabel(xLabels[static_cast<int>(m_options.x)]);
        plot->setTimeAxis(m_options.x == AlongX::time);
        plot->setLogX(m_logX->isChecked());
        plot->setLogY(m_logY->isChecked());
        plot->setClipOutliers(m_clip->isChecked());
        plot->setCurves(std::move(charts[i].curves));
    }
}

/// Two charts a row; one alone fills the page.
void ComparePage::layOut()
{
    for (QWidget* card : m_cards)
        m_grid->removeWidget(card);
    for (int i = 0; i < static_cast<int>(m_cards.size()); ++i) {
        QWidget* card = m_cards[static_cast<std::size_t>(i)];
        card->setVisible(m_alone < 0 || m_alone == i);
        if (m_alone == i)
            m_grid->addWidget(card, 0, 0, 1, 2);
        else if (m_alone < 0)
            m_grid->addWidget(card, i / 2, i % 2);
    }
}

void ComparePage::highlight(qint64 run)
{
    m_highlighted = run;
    for (CurvePlot* plot : m_plots)
        plot->highlight(run);
    for (int i = 0; i < m_list->count() && !m_list->underMouse(); ++i)
        if (m_list->item(i)->data(Qt::UserRole).toLongLong() == run)
            m_list->setCurrentRow(i);
}

void ComparePage::fillFigures()
{
    std::vector<const RunSummary*> runs;
    for (const RunId run : m_chosen)
        if (const RunSummary* summary = m_history.find(run))
            runs.push_back(summary);
    struct Figure {
        QString label;
        std::vector<double> values;
        bool higherIsBetter = false;
        bool isDuration = false;
    };
    std::vector<Figure> figures;
    const auto add = [&](const QString& label, bool higherIsBetter, auto&& value, bool isDuration = false) {
        Figure figure{label, {}, higherIsBetter, isDuration};
        for (const RunSummary* run : runs)
            figure.values.push_back(value(*run));
        if (std::any_of(figure.values.begin(), figure.values.end(), [](double v) { return std::isfinite(v); }))
            figures.push_back(std::move(figure));
    };
    const auto valueOr = [](const Figures& values, const std::string& key) {
        const auto found = values.find(key);
        return found == values.end() ? std::nan("") : found->second;
    };
    for (const MetricKind& metric : metricKinds()) {
        const QString label = metricLabel(metric.id);
        add(tr("Test: %1").arg(label), metric.higherIsBetter, [&](const RunSummary& run) { return valueOr(run.test, metric.id); });
        add(tr("Best validation: %1").arg(label), metric.higherIsBetter, [&](const RunSummary& run) { return valueOr(run.best, metric.id + "/validation"); });
    }
    add(tr("Duration"), false, [](const RunSummary& run) { return run.seconds; }, true);
    add(tr("Parameters"), false, [](const RunSummary& run) { return static_cast<double>(run.parameterCount); });

    m_figures->clear();
    m_figures->setRowCount(static_cast<int>(figures.size()));
    m_figures->setColumnCount(static_cast<int>(runs.size()) + 1);
    m_figures->setHorizontalHeaderItem(0, new QTableWidgetItem{tr("Figure")});
    for (int column = 0; column < static_cast<int>(runs.size()); ++column) {
        const RunSummary& run = *runs[static_cast<std::size_t>(column)];
        auto* header = new QTableWidgetItem{swatch(colorOf(run)), nameOf(run.id)};
        header->setToolTip(nameOf(run.id));
        m_figures->setHorizontalHeaderItem(column + 1, header);
        m_figures->setColumnWidth(column + 1, 120);
    }
    m_figures->setColumnWidth(0, 170);
    for (int row = 0; row < static_cast<int>(figures.size()); ++row) {
        const Figure& figure = figures[static_cast<std::size_t>(row)];
        m_figures->setItem(row, 0, new QTableWidgetItem{figure.label});
        const int best = bestIndex(figure.values, figure.higherIsBetter);
        for (int column = 0; column < static_cast<int>(figure.values.size()); ++column) {
            const double value = figure.values[static_cast<std::size_t>(column)];
            auto* item = new QTableWidgetItem{!std::isfinite(value) ? QString{} : figure.isDuration ? shortDuration(value) : shortNumber(value)};
            if (column == best)
                emphasize(item, Theme::instance().colors().success);
            m_figures->setItem(row, column + 1, item);
        }
    }
}

void ComparePage::fillDifferences()
{
    std::vector<Recipe> recipes;
    std::vector<RunId> runs;
    for (const RunId run : m_chosen)
        if (const auto found = m_recipes.find(run); found != m_recipes.end()) {
            recipes.push_back(found->second);
            runs.push_back(run);
        }
    std::vector<RecipeComparisonRow> rows = compareRecipes(recipes);
    if (!m_all->isChecked())
        std::erase_if(rows, [](const RecipeComparisonRow& row) { return !row.differs; });
    m_differences->clear();
    m_differences->clearSpans();
    m_differences->setColumnCount(static_cast<int>(runs.size()) + 1);
    m_differences->setHorizontalHeaderItem(0, new QTableWidgetItem{tr("Setting")});
    for (int column = 0; column < static_cast<int>(runs.size()); ++column) {
        const RunId run = runs[static_cast<std::size_t>(column)];
        m_differences->setHorizontalHeaderItem(column + 1, new QTableWidgetItem{swatch(Theme::instance().seriesColor(run - 1)), nameOf(run)});
        m_differences->setColumnWidth(column + 1, 120);
    }
    m_differences->setColumnWidth(0, 170);
    if (rows.empty()) {
        m_differences->setRowCount(runs.size() > 1 ? 1 : 0);
        if (runs.size() > 1) {
            m_differences->setItem(0, 0, new QTableWidgetItem{tr("The recipes are the same.")});
            m_differences->setSpan(0, 0, 1, m_differences->columnCount());
        }
        return;
    }
    m_differences->setRowCount(static_cast<int>(rows.size()));
    for (int row = 0; row < static_cast<int>(rows.size()); ++row) {
        const RecipeComparisonRow& one = rows[static_cast<std::size_t>(row)];
        m_differences->setItem(row, 0, new QTableWidgetItem{QString::fromStdString(one.path)});
        for (int column = 0; column < static_cast<int>(one.values.size()); ++column) {
            auto* item = new QTableWidgetItem{QString::fromStdString(one.values[static_cast<std::size_t>(column)])};
            item->setToolTip(item->text());
            if (one.differs && m_all->isChecked())
                emphasize(item, Theme::instance().colors().accent);
            m_differences->setItem(row, column + 1, item);
        }
    }
}

void ComparePage::showChartMenu(int chart, const QPoint& at)
{
    QMenu menu;
    for (const char* kind : {"png", "svg", "pdf", "csv"})
        menu.addAction(tr("Export as %1…").arg(QString::fromLatin1(kind).toUpper()), this, [this, chart, kind] { exportChart(chart, QString::fromLatin1(kind)); });
    menu.addAction(tr("Copy picture"), this, [this, chart] {
        CurvePlot* plot = m_plots[static_cast<std::size_t>(chart)];
        QApplication::clipboard()->setPixmap(plot->picture(plot->width(), plot->height()));
        Q_EMIT messageRaised(tr("Chart copied"));
    });
    menu.addSeparator();
    menu.addAction(m_alone == chart ? tr("Show all charts (Esc)") : tr("Enlarge"), this, [this, chart] {
        m_alone = m_alone == chart ? -1 : chart;
        layOut();
    });
    menu.addAction(tr("Show everything"), m_plots[static_cast<std::size_t>(chart)], &CurvePlot::resetZoom);
    menu.exec(at);
}

void ComparePage::exportChart(int chart, const QString& kind)
{
    CurvePlot* plot = m_plots[static_cast<std::size_t>(chart)];
    const QString suggested = QString::fromStdString(m_metrics[static_cast<std::size_t>(chart)]) + QLatin1Char('.') + kind;
    const QString file = QFileDialog::getSaveFileName(window(), tr("Export chart"), suggested);
    if (file.isEmpty())
        return;
    constexpr int width = 900, height = 520;
    const QString xNames[] = {QStringLiteral("step"), QStringLiteral("epoch"), QStringLiteral("seconds")};
    const QByteArray content = kind == QLatin1String("png") ? plot->exported(CurvePlot::Format::png, width, height)
        : kind == QLatin1String("svg")                      ? plot->exported(CurvePlot::Format::svg, width, height)
        : kind == QLatin1String("pdf")                      ? plot->exported(CurvePlot::Format::pdf, width, height)
                                       : curvesToCsv(plot->curves(), xNames[static_cast<int>(m_options.x)]).toUtf8();
    m_writer = std::jthread{[this, path = std::filesystem::path{file.toStdString()}, content = content.toStdString()] {
        QString said;
        try {
            writeFileAtomically(path, content);
            said = tr("Written: %1").arg(QString::fromStdString(path.string()));
        } catch (const DescentError& error) {
            said = translated(error.message());
        }
        QMetaObject::invokeMethod(this, [this, said] { Q_EMIT messageRaised(said); });
    }};
}

}
