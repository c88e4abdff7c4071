// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/figure_table.h"
#include "engine/core/summary/table_text.h"
#include "ui/compare/compared_runs.h"

#include <QFrame>
#include <QThreadPool>

#include <atomic>
#include <memory>
#include <vector>

class QCheckBox;
class QLabel;
class QTableWidget;
class QToolButton;
class QTreeWidget;

namespace descent {

/// The runs side by side as numbers: their figures, the best marked, and where their recipes differ, nested as recipes are. Recipes are
/// read on a thread of its own; of several wishes the newest is shown.
class RecipeTables : public QFrame
{
    Q_OBJECT
public:
    explicit RecipeTables(QWidget* parent = nullptr);
    ~RecipeTables() override;
    /// details: of the same runs; of each summary and recipeJson are read, and a recipe that has not arrived yet may be empty.
    void setRuns(std::vector<ComparedRun> runs, std::vector<RunDetails> details, const Directions& directions = {});

Q_SIGNALS:
    void shown(); ///< what setRuns() asked for is there
    void messageRaised(const QString& message);

private:
    QToolButton* makeCopyButton();
    void copy(TableFormat format);
    void fillFigures();
    void fillDifferences();

    std::vector<ComparedRun> m_runs; // at most as many as have a column
    std::shared_ptr<const FigureTable> m_table; // of them
    std::shared_ptr<const FigureTable> m_whole; // of all, for copies
    QTableWidget* m_figures = nullptr;
    QTreeWidget* m_differences = nullptr;
    QCheckBox* m_all = nullptr;
    QLabel *m_note = nullptr, *m_same = nullptr;
    std::atomic<std::uint64_t> m_generation = 0;
    QThreadPool m_pool; // one thread; last: it is waited for before what it posts to goes
};

}
