// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/recipe_tables.h"

#include "engine/core/recipe/recipe_comparison.h"
#include "engine/core/task/task.h"
#include "ui/plot/curve_plot.h"
#include "ui/plot/metric_text.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableWidget>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr std::size_t mostColumns = 100; // nobody reads more beside each other
constexpr int labelWidth = 200, runWidth = 120;

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

void setColumns(QTableWidget* table, const QString& first, const std::vector<const ComparedRun*>& runs)
{
    table->clear();
    table->clearSpans();
    table->setColumnCount(static_cast<int>(runs.size()) + 1);
    table->setHorizontalHeaderItem(0, new QTableWidgetItem{first});
    table->setColumnWidth(0, labelWidth);
    for (int column = 0; column < static_cast<int>(runs.size()); ++column) {
        const ComparedRun& run = *runs[static_cast<std::size_t>(column)];
        auto* header = new QTableWidgetItem{swatch(run.color), run.name};
        header->setToolTip(run.name);
        table->setHorizontalHeaderItem(column + 1, header);
        table->setColumnWidth(column + 1, runWidth);
    }
}

}

RecipeTables::RecipeTables(QWidget* parent) : QFrame{parent}
{
    setProperty("card", true);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space3, Theme::space4, Theme::space3);
    auto* top = new QHBoxLayout;
    top->addWidget(makeLabel(tr("Figures, the best marked"), "heading"));
    top->addStretch(1);
    m_note = makeLabel({}, "muted");
    top->addWidget(m_note);
    layout->addLayout(top);
    m_figures = makeTable();
    layout->addWidget(m_figures, 2);
    auto* head = new QHBoxLayout;
    head->addWidget(makeLabel(tr("Recipes"), "heading"));
    head->addStretch(1);
    m_all = new QCheckBox{tr("Also what is equal")};
    head->addWidget(m_all);
    layout->addSpacing(Theme::space2);
    layout->addLayout(head);
    m_differences = makeTable();
    m_differences->setObjectName(QStringLiteral("recipeDifferences"));
    layout->addWidget(m_differences, 3);
    connect(m_all, &QCheckBox::toggled, this, &RecipeTables::fillDifferences);
}

void RecipeTables::setRuns(std::vector<ComparedRun> runs, const std::map<RunId, Recipe>& recipes)
{
    const std::size_t all = runs.size();
    runs.resize(std::min(all, mostColumns));
    m_note->setText(runs.size() < all ? tr("The first %1 of %2 runs").arg(runs.size()).arg(all) : QString{});
    m_runs = std::move(runs);
    m_recipes.clear();
    m_recipeRuns.clear();
    for (std::size_t i = 0; i < m_runs.size(); ++i)
        if (const auto found = recipes.find(m_runs[i].summary.id); found != recipes.end()) {
            m_recipes.push_back(found->second);
            m_recipeRuns.push_back(i);
        }
    fillFigures();
    fillDifferences();
}

void RecipeTables::fillFigures()
{
    struct Figure {
        QString label;
        std::vector<double> values;
        bool higherIsBetter = false;
        bool isDuration = false;
    };
    std::vector<Figure> figures;
    const auto add = [&](const QString& label, bool higherIsBetter, auto&& value, bool isDuration = false) {
        Figure figure{label, {}, higherIsBetter, isDuration};
        for (const ComparedRun& run : m_runs)
            figure.values.push_back(value(run.summary));
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

    std::vector<const ComparedRun*> columns;
    for (const ComparedRun& run : m_runs)
        columns.push_back(&run);
    setColumns(m_figures, tr("Figure"), columns);
    m_figures->setRowCount(static_cast<int>(figures.size()));
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

void RecipeTables::fillDifferences()
{
    std::vector<RecipeComparisonRow> rows = compareRecipes(m_recipes);
    if (!m_all->isChecked())
        std::erase_if(rows, [](const RecipeComparisonRow& row) { return !row.differs; });
    std::vector<const ComparedRun*> columns;
    for (const std::size_t run : m_recipeRuns)
        columns.push_back(&m_runs[run]);
    setColumns(m_differences, tr("Setting"), columns);
    if (rows.empty()) {
        m_differences->setRowCount(m_runs.size() > 1 ? 1 : 0);
        if (m_runs.size() > 1) {
            m_differences->setItem(0, 0, new QTableWidgetItem{columns.size() > 1 ? tr("The recipes are the same.") : tr("There are no two recipes here: other programs keep none.")});
            m_differences->setSpan(0, 0, 1, m_differences->columnCount());
            m_differences->setColumnWidth(0, columns.empty() ? 4 * labelWidth : labelWidth);
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

}
