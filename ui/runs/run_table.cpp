// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_table.h"

#include "ui/runs/run_columns.h"
#include "ui/runs/run_delegate.h"
#include "ui/runs/runs_model.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>

#include <algorithm>
#include <unordered_set>

namespace descent {

namespace {

/// A column of curves is put in order by where they end.
std::string orderField(const std::string& column)
{
    return column == "curve" ? "best.loss/validation" : column;
}

}

RunTable::RunTable(QWidget* parent) : PinnedTable{parent}
{
    m_model = new RunsModel{this};
    setModel(m_model);
    auto *behind = new RunDelegate{this}, *front = new RunDelegate{this};
    setDelegates(behind, front);
    setAccessibleName(tr("Runs"));
    setMouseTracking(true);
    horizontalHeader()->setStretchLastSection(true);
    for (const RunDelegate* delegate : {behind, front}) {
        connect(delegate, &RunDelegate::starClicked, this, [this](const QModelIndex& index) {
            if (const RunSummary* run = m_model->runAt(index.row()))
                Q_EMIT starToggled(run->id, !run->starred);
        });
        connect(delegate, &RunDelegate::groupClicked, this, [this](const QModelIndex& index) {
            if (const RunGroup* group = m_model->groupAt(index.row()))
                Q_EMIT groupToggled(QString::fromStdString(group->key));
        });
    }
    connect(this, &PinnedTable::headerClicked, this, &RunTable::order);
    connect(this, &PinnedTable::headerMenuWanted, this, &RunTable::showHeaderMenu);
    connect(this, &PinnedTable::editEnded, this, [this] {
        if (m_waiting)
            setListing(std::exchange(m_waiting, nullptr));
    });
    // When the header is done with the drag: the model's columns take the places that its sections have.
    connect(horizontalHeader(), &QHeaderView::sectionMoved, this, &RunTable::readColumns, Qt::QueuedConnection);
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, &RunTable::readColumns);
}

void RunTable::setView(const RunsView& view)
{
    const std::vector<RunId> chosen = selected();
    m_view = view;
    m_showing = true;
    m_model->setColumns(m_view.columns);
    QHeaderView* header = horizontalHeader();
    for (int column = 0; column < static_cast<int>(m_view.columns.size()); ++column) {
        const RunsView::Column& one = m_view.columns[static_cast<std::size_t>(column)];
        header->moveSection(header->visualIndex(column), column);
        setColumnWidth(column, one.width > 0 ? one.width : usualWidth(one.field));
    }
    const RunOrder first = m_view.order.empty() ? RunOrder{"created", true} : m_view.order.front();
    const auto shown = std::find_if(m_view.columns.begin(), m_view.columns.end(), [&](const RunsView::Column& column) { return orderField(column.field) == first.field; });
    header->setSortIndicator(shown == m_view.columns.end() ? -1 : static_cast<int>(shown - m_view.columns.begin()),
                             first.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    setPinned(m_view.pinned);
    m_showing = false;
    select(chosen, 0);
}

void RunTable::setListing(const SharedListing& listing)
{
    if (isEdited()) {
        m_waiting = listing; // rows must not move under a person's hands
        return;
    }
    m_waiting = nullptr; // an older one
    if (m_model->hasRowsOf(listing)) {
        m_model->setListing(listing);
    } else {
        const std::vector<RunId> chosen = selected();
        const RunSummary* current = currentIndex().isValid() ? m_model->runAt(currentIndex().row()) : nullptr;
        const RunId currentRun = current ? current->id : 0;
        const int scrolled = verticalScrollBar()->value();
        m_showing = true;
        m_model->setListing(listing);
        m_showing = false;
        verticalScrollBar()->setValue(scrolled);
        select(chosen, currentRun);
    }
    Q_EMIT listed();
}

int RunTable::rowOf(RunId run) const
{
    for (int row = 0; row < m_model->rowCount(); ++row)
        if (const RunSummary* one = m_model->runAt(row); one && one->id == run)
            return row;
    return -1;
}

std::vector<RunId> RunTable::selected() const
{
    // By ranges: asked one by one, 100,000 rows take seconds.
    std::vector<RunId> runs;
    std::unordered_set<RunId> seen;
    const auto take = [&](const RunSummary& run) {
        if (seen.insert(run.id).second)
            runs.push_back(run.id);
    };
    const QItemSelection ranges = selectionModel()->selection();
    for (const QItemSelectionRange& range : ranges)
        for (int row = range.top(); row <= range.bottom(); ++row) {
            if (const RunSummary* run = m_model->runAt(row))
                take(*run);
            else
                for (const SharedRun& member : m_model->groupAt(row)->runs)
                    take(*member);
        }
    return runs;
}

void RunTable::select(const std::vector<RunId>& runs, RunId current)
{
    if (runs.empty() && current == 0)
        return;
    const std::unordered_set<RunId> wanted{runs.begin(), runs.end()};
    QItemSelection selection;
    QModelIndex currentIndex;
    const int last = m_model->columnCount() - 1;
    for (int row = 0, begin = -1; row <= m_model->rowCount(); ++row) {
        const RunSummary* run = row < m_model->rowCount() ? m_model->runAt(row) : nullptr;
        if (run && run->id == current)
            currentIndex = m_model->index(row, 0);
        const bool chosen = run && wanted.contains(run->id);
        if (chosen && begin < 0)
            begin = row;
        if (!chosen && begin >= 0) {
            selection.append({m_model->index(begin, 0), m_model->index(row - 1, last)});
            begin = -1;
        }
    }
    if (currentIndex.isValid())
        selectionModel()->setCurrentIndex(currentIndex, QItemSelectionModel::NoUpdate);
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
}

void RunTable::edit(const char* field)
{
    const int column = m_model->columnOf(field);
    if (column >= 0 && currentIndex().isValid())
        editCell(currentIndex().siblingAtColumn(column));
}

/// Left and Right close and open a group, as in a tree; Enter does either.
void RunTable::keyPressEvent(QKeyEvent* event)
{
    const RunGroup* group = currentIndex().isValid() ? m_model->groupAt(currentIndex().row()) : nullptr;
    const int key = event->key();
    const bool opens = key == Qt::Key_Right || key == Qt::Key_Plus, closes = key == Qt::Key_Left || key == Qt::Key_Minus;
    if (group && ((opens && !group->open) || (closes && group->open) || key == Qt::Key_Return)) {
        Q_EMIT groupToggled(QString::fromStdString(group->key));
        return;
    }
    PinnedTable::keyPressEvent(event);
}

void RunTable::order(int column, Qt::KeyboardModifiers modifiers)
{
    const std::string field = orderField(m_model->columns()[static_cast<std::size_t>(column)].field);
    RunsView view = m_view;
    const auto known = std::find_if(view.order.begin(), view.order.end(), [&](const RunOrder& one) { return one.field == field; });
    if (modifiers & Qt::ShiftModifier) { // among those that are equal so far
        if (known == view.order.end())
            view.order.push_back({field, isNumberColumn(field)});
        else
            known->descending = !known->descending;
    } else if (!view.order.empty() && view.order.front().field == field) {
        view.order = {{field, !view.order.front().descending}};
    } else {
        view.order = {{field, isNumberColumn(field) ? !field.ends_with("loss/validation") : field == "created" && !view.order.empty()}};
    }
    Q_EMIT viewChosen(view);
}

void RunTable::readColumns()
{
    if (m_showing)
        return;
    RunsView view = m_view;
    view.columns.clear();
    const QHeaderView* header = horizontalHeader();
    for (int visual = 0; visual < header->count(); ++visual) {
        const int column = header->logicalIndex(visual);
        RunsView::Column one = m_model->columns()[static_cast<std::size_t>(column)];
        // The last is as wide as there is room.
        if (visual + 1 < header->count() && header->sectionSize(column) != usualWidth(one.field))
            one.width = header->sectionSize(column);
        view.columns.push_back(one);
    }
    if (view == m_view)
        return;
    const bool moved = !std::equal(view.columns.begin(), view.columns.end(), m_view.columns.begin(), m_view.columns.end(),
                                   [](const RunsView::Column& a, const RunsView::Column& b) { return a.field == b.field; });
    if (moved) {
        Q_EMIT viewChosen(view);
    } else {
        m_view = view;
        Q_EMIT resized(view);
    }
}

void RunTable::setColumns(std::vector<RunsView::Column> columns)
{
    RunsView view = m_view;
    view.columns = std::move(columns);
    view.pinned = std::min(view.pinned, static_cast<int>(view.columns.size()));
    Q_EMIT viewChosen(view);
}

void RunTable::showHeaderMenu(int column, const QPoint& global)
{
    if (column < 0)
        return;
    const auto place = static_cast<std::size_t>(column);
    const std::string field = m_model->columns()[place].field;
    const auto orderBy = [this, field](bool descending) {
        RunsView view = m_view;
        view.order = {{orderField(field), descending}};
        Q_EMIT viewChosen(view);
    };
    const auto pin = [this](int columns) {
        RunsView view = m_view;
        view.pinned = columns;
        Q_EMIT viewChosen(view);
    };
    QMenu menu;
    menu.addAction(tr("Ascending"), this, [&] { orderBy(false); });
    menu.addAction(tr("Descending"), this, [&] { orderBy(true); });
    menu.addSeparator();
    if (field != "curve" && field != "name")
        menu.addAction(tr("Group by this"), this, [&] {
            RunsView view = m_view;
            view.groupBy = {field};
            Q_EMIT viewChosen(view);
        });
    if (m_view.pinned != column + 1)
        menu.addAction(tr("Pin up to here"), this, [&] { pin(column + 1); });
    if (m_view.pinned > 0)
        menu.addAction(tr("Pin none"), this, [&] { pin(0); });
    if (m_view.columns.size() > 1)
        menu.addAction(tr("Hide"), this, [&] {
            std::vector<RunsView::Column> columns = m_view.columns;
            columns.erase(columns.begin() + column);
            setColumns(std::move(columns));
        });
    menu.addSeparator();
    menu.addAction(tr("Columns…"), this, &RunTable::columnsWanted);
    menu.exec(global);
}

}
