// SPDX-License-Identifier: GPL-3.0-or-later
// What looking at the Compare page's summary costs the window's thread: every event that it handles is timed.
//
//   QT_QPA_PLATFORM=offscreen build/release/bench/bench_summary [runs]
//       a grid of runs with all kinds of charts: opened, an axis brushed, runs pointed at, the window made smaller
#include "tests/core/summary_runs.h"
#include "ui/compare/compare_page.h"
#include "ui/compare/summary_board.h"
#include "ui/history/run_history.h"
#include "ui/summary/chart_card.h"
#include "ui/summary/parallel_view.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QTemporaryDir>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

using namespace descent;
using Json = nlohmann::ordered_json;

namespace {

constexpr QSize pageSize{1600, 900};
constexpr int frames = 300, frameMs = 16;
constexpr double budgetMs = 8;

/// Times every event from where the loop hands it over to where it is done with.
class TimedApplication : public QApplication
{
public:
    using QApplication::QApplication;
    bool notify(QObject* receiver, QEvent* event) override
    {
        if (m_depth > 0)
            return QApplication::notify(receiver, event);
        ++m_depth;
        QElapsedTimer clock;
        clock.start();
        const bool done = QApplication::notify(receiver, event);
        milliseconds.push_back(static_cast<double>(clock.nsecsElapsed()) * 1e-6);
        --m_depth;
        return done;
    }
    std::vector<double> milliseconds;

private:
    int m_depth = 0;
};

Json told(std::vector<double> values)
{
    std::ranges::sort(values);
    const auto quantile = [&](double p) { return values.empty() ? 0 : values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1))]; };
    return {{"events", values.size()},
            {"p99", quantile(0.99)},
            {"most", quantile(1)},
            {"overBudget", std::ranges::count_if(values, [](double one) { return one > budgetMs; })}};
}

void fill(RunStore& store, int runs)
{
    constexpr int recipes = 12;
    for (const RunDetails& run : gridOfRuns((runs + recipes - 1) / recipes)) {
        const RunId id = store.createRun({.name = run.summary.name, .recipeJson = run.recipeJson, .datasetName = "Spirals", .architecture = "mlp", .primaryMetric = "accuracy"});
        MetricsLogged logged;
        for (const auto& [metric, value] : run.summary.test)
            logged.points.push_back({metric + "/validation", 100, value, run.summary.seconds});
        store.record(id, std::vector<RunEvent>{logged, RunEnded{}});
    }
}

void wait(int milliseconds)
{
    QElapsedTimer clock;
    for (clock.start(); clock.elapsed() < milliseconds;)
        QApplication::processEvents(QEventLoop::AllEvents, frameMs);
}

bool isDrawn(const SummaryBoard& board)
{
    return std::ranges::all_of(board.cards(), [](const ChartCard* card) { return card->visibleRegion().isEmpty() || card->view()->isUpToDate(); });
}

/// Returns how long that took.
double waitUntilDrawn(const SummaryBoard& board)
{
    QElapsedTimer clock;
    clock.start();
    do
        QApplication::processEvents(QEventLoop::AllEvents, 1);
    while (board.cards().empty() || !isDrawn(board));
    return static_cast<double>(clock.nsecsElapsed()) * 1e-6;
}

void send(QWidget* widget, QEvent::Type type, const QPointF& at, bool pressed)
{
    const Qt::MouseButton button = type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton;
    QApplication::postEvent(widget, new QMouseEvent{type, at, widget->mapToGlobal(at), button, pressed ? Qt::LeftButton : Qt::NoButton, Qt::NoModifier});
}

}

int main(int argc, char** argv)
{
    TimedApplication application{argc, argv};
    Theme::instance().apply(Theme::Mode::light);
    const int count = argc > 1 ? std::atoi(argv[1]) : 1000;
    const QTemporaryDir folder;
    const std::filesystem::path path{folder.path().toStdString()};
    {
        RunStore store{path};
        fill(store, count);
    }
    RunHistory history{path};
    ComparePage page{history};
    page.resize(pageSize);
    page.show();
    while (!history.isLoaded())
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    std::vector<RunId> runs;
    for (RunId run = 1; run <= static_cast<RunId>(history.runs().size()); ++run)
        runs.push_back(run);
    page.setRuns(runs);
    page.findChild<QToolButton*>(QStringLiteral("viewSummary"))->click();
    SummaryBoard& board = *page.summary();

    Json report{{"runs", runs.size()}};
    const auto measured = [&](const char* what, auto act) {
        application.milliseconds.clear();
        QElapsedTimer clock;
        clock.start();
        act();
        const double drawn = waitUntilDrawn(board);
        report[what] = told(application.milliseconds);
        report[what]["behindMs"] = drawn; // from the last event until all that is seen is up to date
    };
    measured("open", [&] { wait(3000); });
    measured("charts", [&] {
        for (const ChartKind kind : chartKinds)
            board.addChart(kind);
    });
    const auto card = std::ranges::find_if(board.cards(), [](const ChartCard* one) { return one->spec().kind == ChartKind::parallel; });
    auto* view = qobject_cast<ParallelView*>((*card)->view());
    const auto along = [&](double place) { return QPointF{view->layoutOfAxes().axes[0].x, view->layoutOfAxes().yAt(0, place)}; };
    measured("brush", [&] {
        send(view, QEvent::MouseButtonPress, along(0), true);
        for (int frame = 1; frame <= frames; ++frame) {
            send(view, QEvent::MouseMove, along(0.5 - 0.5 * std::cos(frame * 0.05)), true);
            wait(frameMs);
        }
        send(view, QEvent::MouseButtonRelease, along(0.5), false);
    });
    measured("point", [&] {
        for (int frame = 0; frame < frames; ++frame) {
            ChartView* target = board.cards()[static_cast<std::size_t>(frame / 50) % board.cards().size()]->view();
            send(target, QEvent::MouseMove, QPointF{(0.1 + 0.8 * (frame % 50) / 50.0) * target->width(), target->height() * 0.5}, false);
            wait(frameMs);
        }
    });
    measured("resize", [&] {
        for (int frame = 0; frame < 30; ++frame) {
            page.resize(pageSize - QSize{8 * frame, 4 * frame});
            wait(frameMs);
        }
    });
    std::printf("%s\n", report.dump(2).c_str());
    return 0;
}
