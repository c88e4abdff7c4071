// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/recipe_tables.h"

#include "ui/summary/column_text.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QTableWidget>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

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

/// The item of a path's folder, "training" of "training.optimizer.momentum", made where there is none.
QTreeWidgetItem* folderOf(QTreeWidget& tree, std::map<std::string, QTreeWidgetItem*>& folders, const std::string& path)
{
    const auto dot = path.rfind('.');
    if (dot == std::string::npos)
        return tree.invisibleRootItem();
    const std::string folder = path.substr(0, dot);
    QTreeWidgetItem*& known = folders[folder];
    if (!known) {
        QTreeWidgetItem* parent = folderOf(tree, folders, folder);
        known = new QTreeWidgetItem{parent, {QString::fromStdString(folder.substr(folder.rfind('.') + 1))}}; // npos + 1 is 0
        known->setForeground(0, Theme::instance().colors().muted);
    }
    return known;
}

}

RecipeTables::RecipeTables(QWidget* parent) : QFrame{parent}
{
    m_pool.setMaxThreadCount(1);
    setProperty("card", true);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space3, Theme::space4, Theme::space3);
    auto* top = new QHBoxLayout;
    top->addWidget(makeLabel(tr("Figures, the best marked"), "heading"));
    top->addStretch(1);
    m_note = makeLabel({}, "muted");
    top->addWidget(m_note);
    top->addWidget(makeCopyButton());
    layout->addLayout(top);
    m_figures = makeTable();
    m_figures->setObjectName(QStringLiteral("comparedFigures"));
    layout->addWidget(m_figures, 2);
    auto* head = new QHBoxLayout;
    head->addWidget(makeLabel(tr("Where the recipes differ"), "heading"));
    head->addStretch(1);
    m_all = new QCheckBox{tr("Also what is equal")};
    m_all->setObjectName(QStringLiteral("alsoEqual"));
    head->addWidget(m_all);
    layout->addSpacing(Theme::space2);
    layout->addLayout(head);
    m_same = makeLabel({}, "muted");
    layout->addWidget(m_same);
    m_differences = new QTreeWidget;
    m_differences->setObjectName(QStringLiteral("recipeDifferences"));
    m_differences->setUniformRowHeights(true);
    m_differences->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_differences->header()->setStretchLastSection(false);
    m_differences->setTextElideMode(Qt::ElideMiddle);
    layout->addWidget(m_differences, 3);
    connect(m_all, &QCheckBox::toggled, this, &RecipeTables::fillDifferences);
}

QToolButton* RecipeTables::makeCopyButton()
{
    auto* button = new QToolButton;
    button->setObjectName(QStringLiteral("copyTable"));
    button->setProperty("kind", "ghost");
    button->setText(tr("Copy"));
    button->setToolTip(tr("The table for a paper, an issue or a spreadsheet; repeats of a recipe as mean ± standard deviation"));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::StrongFocus);
    setThemedIcon(button, QStringLiteral("copy"));
    button->setMenu(new QMenu{button});
    button->menu()->addAction(tr("As Markdown"), this, [this] { copy(TableFormat::markdown); });
    button->menu()->addAction(tr("As LaTeX (booktabs)"), this, [this] { copy(TableFormat::latex); });
    button->menu()->addAction(tr("As CSV, a row a run"), this, [this] { copy(TableFormat::csv); });
    return button;
}

void RecipeTables::copy(TableFormat format)
{
    if (!m_whole)
        return;
    QApplication::clipboard()->setText(QString::fromStdString(comparisonText(*m_whole, format, tableWords(*m_whole))));
    Q_EMIT messageRaised(tr("Table copied"));
}

RecipeTables::~RecipeTables()
{
    ++m_generation; // what is still worked out is for nobody
}

void RecipeTables::setRuns(std::vector<ComparedRun> runs, std::vector<RunDetails> details, const Directions& directions)
{
    const std::size_t all = runs.size();
    runs.resize(std::min(all, mostColumns));
    m_pool.start([this, mine = ++m_generation, all, runs = std::move(runs), details = std::move(details), directions]() mutable {
        if (mine != m_generation)
            return; // newer work waits behind
        const auto whole = std::make_shared<const FigureTable>(figureTable(details, directions));
        auto table = whole;
        if (details.size() > runs.size()) {
            details.resize(runs.size());
            table = std::make_shared<const FigureTable>(figureTable(details, directions));
        }
        QMetaObject::invokeMethod(this, [this, mine, all, runs = std::move(runs), whole, table = std::move(table)]() mutable {
            if (mine != m_generation)
                return;
            m_whole = whole;
            m_note->setText(runs.size() < all ? tr("The first %1 of %2 runs").arg(runs.size()).arg(all) : QString{});
            m_runs = std::move(runs);
            m_table = std::move(table);
            fillFigures();
            fillDifferences();
            Q_EMIT shown();
        });
    });
}

void RecipeTables::fillFigures()
{
    std::vector<const FigureColumn*> figures;
    for (const FigureColumn& column : m_table->columns)
        if (column.role == FigureColumn::Role::metric || column.role == FigureColumn::Role::cost)
            figures.push_back(&column);
    m_figures->clear();
    m_figures->setColumnCount(static_cast<int>(m_runs.size()) + 1);
    m_figures->setRowCount(static_cast<int>(figures.size()));
    m_figures->setHorizontalHeaderItem(0, new QTableWidgetItem{tr("Figure")});
    m_figures->setColumnWidth(0, labelWidth);
    for (int column = 0; column < static_cast<int>(m_runs.size()); ++column) {
        const ComparedRun& run = m_runs[static_cast<std::size_t>(column)];
        auto* header = new QTableWidgetItem{swatch(run.color), run.name};
        header->setToolTip(run.name);
        m_figures->setHorizontalHeaderItem(column + 1, header);
        m_figures->setColumnWidth(column + 1, runWidth);
    }
    const QColor success = Theme::instance().colors().success;
    for (int row = 0; row < static_cast<int>(figures.size()); ++row) {
        const FigureColumn& figure = *figures[static_cast<std::size_t>(row)];
        m_figures->setItem(row, 0, new QTableWidgetItem{columnLabel(figure)});
        const int best = figure.isJudged ? bestIndex(figure.numbers, figure.higherIsBetter) : -1;
        for (int column = 0; column < static_cast<int>(m_runs.size()); ++column) {
            auto* item = new QTableWidgetItem{columnValueOf(figure, static_cast<std::size_t>(column))};
            if (column == best) {
                QFont font = item->font();
                font.setBold(true);
                item->setFont(font);
                item->setForeground(success);
            }
            m_figures->setItem(row, column + 1, item);
        }
    }
}

void RecipeTables::fillDifferences()
{
    if (!m_table)
        return;
    m_differences->clear();
    m_differences->setColumnCount(static_cast<int>(m_runs.size()) + 1);
    QTreeWidgetItem* header = m_differences->headerItem();
    header->setText(0, tr("Setting"));
    m_differences->setColumnWidth(0, labelWidth + 40);
    for (int column = 0; column < static_cast<int>(m_runs.size()); ++column) {
        const ComparedRun& run = m_runs[static_cast<std::size_t>(column)];
        header->setText(column + 1, run.name);
        header->setToolTip(column + 1, run.name);
        header->setIcon(column + 1, swatch(run.color));
        m_differences->setColumnWidth(column + 1, runWidth);
    }
    std::map<std::string, QTreeWidgetItem*> folders;
    std::size_t settings = 0, shown = 0;
    const QColor accent = Theme::instance().colors().accent;
    for (const FigureColumn& setting : m_table->columns) {
        if (setting.role != FigureColumn::Role::setting)
            continue;
        ++settings;
        if (!setting.differs && !m_all->isChecked())
            continue;
        ++shown;
        auto* item = new QTreeWidgetItem{folderOf(*m_differences, folders, setting.name), {QString::fromStdString(setting.name.substr(setting.name.rfind('.') + 1))}};
        item->setToolTip(0, setting.label.empty() ? QString::fromStdString(setting.name) : columnLabel(setting));
        for (int column = 0; column < static_cast<int>(m_runs.size()); ++column) {
            item->setText(column + 1, columnValueOf(setting, static_cast<std::size_t>(column)));
            item->setToolTip(column + 1, item->text(column + 1));
            if (setting.differs && m_all->isChecked())
                item->setForeground(column + 1, accent);
        }
    }
    m_differences->expandAll();
    m_differences->setVisible(shown > 0);
    m_same->setVisible(shown == 0);
    m_same->setText(settings == 0 ? tr("No recipe of these runs is known.") : m_runs.size() < 2 ? tr("One run alone differs from nothing.") : tr("The recipes are the same."));
}

}
