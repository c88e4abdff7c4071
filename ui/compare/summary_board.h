// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/board_layouts.h"
#include "ui/plot/paint_thread.h"
#include "ui/summary/chart_export.h"
#include "ui/summary/summary_strip.h"

#include <QPointer>
#include <QThreadPool>
#include <QWidget>

#include <atomic>
#include <functional>

class QGridLayout;
class QLabel;
class QMenu;
class QScrollArea;
class QStackedWidget;
class QToolButton;

namespace descent {

class ChartCard;
class ChartView;

/// Charts of the figures of chosen runs, arranged by a person, with what may be said of them in sentences. Values in, signals out; one
/// selection for all charts. Tables, tests and files are made on a thread of its own, of which only the newest result is shown.
class SummaryBoard : public QWidget
{
    Q_OBJECT
public:
    explicit SummaryBoard(QWidget* parent = nullptr);
    ~SummaryBoard() override;

    /// Replaces what is shown. Of each run summary and recipeJson are read; a recipe that has not arrived yet may be empty. Given again
    /// when the runs go on: brushes and arrangement stay.
    void setRuns(std::vector<RunDetails> runs, const Directions& directions = {});
    void setPointedAt(qint64 run);  ///< from elsewhere on the page; 0: none
    void setChosen(qint64 run);
    void setLayouts(BoardLayouts layouts);
    const BoardLayouts& layouts() const { return m_layouts; }

    const std::vector<ChartCard*>& cards() const { return m_cards; }
    std::vector<ChartSpec> charts() const;
    const SelectionSummary& summary() const { return m_summary; }
    std::vector<ChartInput> inputs() const; ///< what the charts are painted from, in their order
    void addChart(ChartKind kind);  ///< with the columns that suit the selection best
    /// Writes the chart on the board's thread; messageRaised says when it is there, or why not.
    void exportChart(std::size_t card, ChartFormat format, const QString& file);

public Q_SLOTS:
    void undo();                    ///< the last change of the arrangement

Q_SIGNALS:
    void runsWanted();              ///< a person wants to choose some
    void runPointedAt(qint64 run);  ///< 0: none any more
    void runChosen(qint64 run);
    void runsBrushed(const std::vector<descent::RunId>& runs, bool any); ///< those within all brushes; any false: there is no brush
    void directionChosen(const QString& metric, bool higherIsBetter); ///< setRuns() is to be told
    void layoutsChanged(const descent::BoardLayouts& layouts);
    void messageRaised(const QString& message);
    void undoOffered(const QString& message, const std::function<void()>& undo);
    void summaryShown();            ///< what setRuns() or another figure asked for is known to the charts

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeBar();
    void work(std::function<SelectionSummary()> make);
    void take(SelectionSummary summary);
    void chooseFigure(const QString& name);
    void addChart(const ChartSpec& chart);
    void arrange(std::vector<ChartSpec> charts); ///< by a person: remembered, and taken back by undo()
    void showCharts(const std::vector<ChartSpec>& charts);
    ChartCard* makeCard(ChartKind kind);
    void layOut();
    void feed();                    ///< hands every card what it draws
    void drag(ChartCard* card, const QPoint& global, bool dropped);
    void moveCard(ChartCard* card, int to);
    void remove(ChartCard* card);
    void showFullScreen(ChartCard* card);
    void askExport(ChartCard* card, ChartFormat format);
    void copy(ChartCard* card);
    void write(std::function<QByteArray()> make, const QString& file);
    void sayBrushed();
    void fillLayoutMenu(QMenu& menu);
    ChartInput inputFor(ChartCard* card) const;
    std::size_t indexOf(const ChartCard* card) const;
    void link(ChartView* view);

    SelectionSummary m_summary;
    std::vector<RunId> m_runs;
    std::string m_figure;           // as a person chose it; "": the table's primary
    BoardLayouts m_layouts;
    struct Arrangement {
        std::vector<ChartSpec> charts;
        std::optional<std::vector<ChartSpec>> last; // see BoardLayouts
    };
    std::vector<Arrangement> m_undo;
    std::vector<ChartCard*> m_cards; // children of the board
    std::map<ChartCard*, std::map<std::string, std::pair<double, double>>> m_brushes;
    std::vector<bool> m_passing;
    bool m_isNewSelection = true;   // the charts are to be suggested anew
    qint64 m_chosen = 0;
    int m_columns = 2;

    QStackedWidget* m_stack = nullptr;
    SummaryStrip* m_strip = nullptr;
    QScrollArea* m_scroll = nullptr;
    QWidget* m_area = nullptr;
    QGridLayout* m_grid = nullptr;
    QLabel* m_brushed = nullptr;
    QToolButton* m_clear = nullptr;
    QPointer<ChartCard> m_fullScreen, m_fullScreenOf;
    std::atomic<std::uint64_t> m_generation = 0;
    PaintThread m_painter;
    QThreadPool m_pool;             // one thread; last: it is waited for before what it posts to goes
};

/// Keeps the layouts of a board in the studio's settings file, and puts back those that lie there.
void rememberLayouts(SummaryBoard& board, const QString& settingsFile);

}
