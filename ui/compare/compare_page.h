// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/recipe/recipe.h"
#include "ui/compare/chart_data.h"

#include <QWidget>

#include <map>
#include <thread>
#include <vector>

class QButtonGroup;
class QCheckBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QListWidget;
class QSlider;
class QStackedWidget;
class QTableWidget;
class QToolButton;

namespace descent {

class RunHistory;

/// Any runs laid over each other: curves, figures with the best marked, and where their recipes differ.
class ComparePage : public QWidget
{
    Q_OBJECT
public:
    explicit ComparePage(RunHistory& history, QWidget* parent = nullptr);
    void setRuns(const std::vector<RunId>& runs);
    const std::vector<CurvePlot*>& plots() const { return m_plots; }

Q_SIGNALS:
    void runsChosen();                                ///< the person wants to pick some
    void messageRaised(const QString& message);

private:
    QWidget* makeToolbar();
    QWidget* makeSide();
    void showRuns();
    void takeCurves(const std::vector<RunCurves>& curves);
    void drawCharts();
    void layOut();
    void fillFigures();
    void fillDifferences();
    void highlight(qint64 run);
    void showChartMenu(int chart, const QPoint& at);
    void exportChart(int chart, const QString& kind);
    std::vector<ComparedRun> visibleRuns() const;
    QString nameOf(RunId run) const;                  ///< with its number, where another chosen run has the same name

    RunHistory& m_history;
    std::vector<RunId> m_chosen;
    std::map<RunId, RunCurves> m_curves;
    std::map<RunId, Recipe> m_recipes;
    std::map<RunId, std::int64_t> m_seenSteps;        // what was fetched of a run: a running one is fetched again
    bool m_awaitingCurves = false;
    ChartOptions m_options;
    qint64 m_highlighted = -1;
    int m_alone = -1;                                 // the chart that fills the page; -1: all

    QStackedWidget* m_stack = nullptr;
    QListWidget* m_list = nullptr;
    QSlider* m_slider = nullptr;
    QLabel *m_smoothing = nullptr, *m_note = nullptr;
    QButtonGroup* m_along = nullptr;
    QToolButton *m_logY = nullptr, *m_logX = nullptr, *m_clip = nullptr, *m_training = nullptr;
    QWidget* m_chartArea = nullptr;
    QGridLayout* m_grid = nullptr;
    std::vector<QWidget*> m_cards;
    std::vector<CurvePlot*> m_plots;                  // children of the cards
    std::vector<std::string> m_metrics;
    QTableWidget *m_figures = nullptr, *m_differences = nullptr;
    QCheckBox* m_all = nullptr;
    std::jthread m_writer;                            // of an exported chart; last: joined before what it posts to goes
};

}
