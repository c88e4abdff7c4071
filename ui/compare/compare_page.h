// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/curve_export.h"
#include "ui/compare/compare_header.h"
#include "ui/compare/compared_runs.h"
#include "ui/compare/curve_feed.h"
#include "ui/compare/run_groups.h"

#include <QWidget>

#include <functional>
#include <map>
#include <vector>

class QStackedWidget;

namespace descent {

class CurveBoard;
class CurveTools;
class RecipeTables;
class RunHistory;
class RunLegend;
class SummaryBoard;

/// Any runs laid over each other, in three views: their curves, a summary, and their recipes beside each other.
/// Joins what shows (CurveBoard, RunLegend, RecipeTables) with what knows (RunHistory, CurveFeed).
class ComparePage : public QWidget
{
    Q_OBJECT
public:
    /// settingsFile: where looks and layouts are remembered; empty: nowhere.
    explicit ComparePage(RunHistory& history, const QString& settingsFile = {}, QWidget* parent = nullptr);

    void setRuns(const std::vector<RunId>& runs);
    const std::vector<RunId>& chosen() const { return m_chosen; }
    SummaryBoard* summary() const { return m_summary; }
    const CurveBoard* board() const { return m_board; }

Q_SIGNALS:
    void runsChosen();                        ///< the person wants to pick some
    void messageRaised(const QString& message);
    void undoOffered(const QString& message, const std::function<void()>& undo);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void makeViews();
    void join();
    void showRuns();        ///< as the history has them now
    void takeGroups(std::vector<MeanGroup> groups);
    void showTables();
    void askRecipes();      ///< those that are not known yet
    void joinSummary();
    void takeLook(const CompareLook& look);
    void sendWishes();
    void askReport();
    void exportChart(const QString& metric, const QString& format);
    std::vector<ComparedRun> drawnRuns() const;
    std::vector<RunDetails> detailsOf(const std::vector<ComparedRun>& runs) const;
    CurveWishes wishes() const;

    RunHistory& m_history;
    CompareLayouts m_layouts;
    CompareLook m_look;
    Directions m_directions;                  // as a person said
    std::vector<RunId> m_chosen;
    std::vector<ComparedRun> m_runs;          // those of m_chosen that there are
    std::vector<MeanGroup> m_groups;
    std::map<RunId, std::string> m_recipeTexts; // as they were asked for: empty until they arrive
    bool m_drawsAll = false, m_awaitsRecipes = false, m_awaitsGroups = false;
    bool m_isReportWanted = false;            // and is asked for when all that it needs is there

    QStackedWidget *m_stack = nullptr, *m_views = nullptr;
    CompareHeader* m_header = nullptr;
    CurveTools* m_tools = nullptr;
    RunLegend* m_list = nullptr;
    CurveBoard* m_board = nullptr;
    RecipeTables* m_tables = nullptr;
    SummaryBoard* m_summary = nullptr;
    CurveExport m_export;
    CurveFeed m_feed;
};

}
