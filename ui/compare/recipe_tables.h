// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/recipe/recipe.h"
#include "ui/compare/compared_runs.h"

#include <QFrame>

#include <map>

class QCheckBox;
class QLabel;
class QTableWidget;

namespace descent {

/// The runs side by side as numbers: their figures, the best marked, and where their recipes differ.
class RecipeTables : public QFrame
{
    Q_OBJECT
public:
    explicit RecipeTables(QWidget* parent = nullptr);
    /// recipes: those that are known so far
    void setRuns(std::vector<ComparedRun> runs, const std::map<RunId, Recipe>& recipes);

private:
    void fillFigures();
    void fillDifferences();

    std::vector<ComparedRun> m_runs; // at most as many as have a column
    std::vector<Recipe> m_recipes;
    std::vector<std::size_t> m_recipeRuns; // the run of each recipe
    QTableWidget *m_figures = nullptr, *m_differences = nullptr;
    QCheckBox* m_all = nullptr;
    QLabel* m_note = nullptr;
};

}
