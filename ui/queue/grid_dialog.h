// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/recipe/grid.h"

#include <QDialog>

#include <vector>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QTimer;
class QVBoxLayout;

namespace descent {

/// Makes many recipes of one: any settings, each with the values it is to take, and seeds. Shows the runs that will be made
/// while it is typed, and what is wrong at its field.
class GridDialog : public QDialog
{
    Q_OBJECT
public:
    explicit GridDialog(Recipe recipe, QWidget* parent = nullptr);

Q_SIGNALS:
    void chosen(const std::vector<descent::GridRecipe>& recipes);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override; // arrow keys in the search move in the list

private:
    struct Setting {
        QString path, label, about, value; ///< value: as it is now, or "all"
    };
    struct Axis {
        std::string path;
        QLineEdit* values = nullptr;
        QLabel* problem = nullptr;
        QWidget* widget = nullptr;
    };
    std::vector<Setting> settingsOfRecipe() const;
    QWidget* makeSettings();
    QWidget* makeAxes();
    QWidget* makeRuns();
    void narrow();
    void addCurrent();
    void addAxis(const Setting& setting);
    void removeAxis(const std::string& path);
    void work(); ///< recipes, count and problems from what is typed

    const Recipe m_recipe;
    std::vector<Setting> m_settings;
    std::vector<Axis> m_axes;
    std::vector<GridRecipe> m_recipes;
    QLineEdit *m_search = nullptr, *m_seeds = nullptr;
    QListWidget *m_list = nullptr, *m_runs = nullptr;
    QVBoxLayout* m_axesLayout = nullptr;
    QLabel *m_nothing = nullptr, *m_seedsProblem = nullptr, *m_problem = nullptr, *m_count = nullptr;
    QPushButton* m_add = nullptr;
    QTimer* m_delay = nullptr; // a thousand recipes take a moment: not at every letter
};

}
