// SPDX-License-Identifier: GPL-3.0-or-later
// What looking at curves costs, on the Compare page itself.
//
//   QT_QPA_PLATFORM=offscreen build/release/bench/bench_curves live [curves] [points] [seconds]
//       runs that go on, 10,000 new points a second, while a person zooms, pushes and points: how long a frame takes, what the window's thread uses
//   QT_QPA_PLATFORM=offscreen build/release/bench/bench_curves open [points]
//       one long series: from choosing its run to the first picture of it
#include "engine/core/base/random.h"
#include "ui/compare/curve_board.h"
#include "ui/compare/compare_page.h"
#include "ui/history/run_history.h"
#include "ui/plot/curve_chart.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QTemporaryDir>
#include <QTimer>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <thread>

using namespace descent;
using Json = nlohmann::ordered_json;

namespace {

constexpr QSize pageSize{1600, 900};
constexpr int newPointsASecond = 10'000, frameMs = 16;
constexpr std::chrono::milliseconds writtenEvery{250}; // as a training's recorder does

std::vector<RunEvent> losses(std::int64_t step, std::int64_t count, Random& random)
{
    MetricsLogged logged;
    logged.points.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = step; i < step + count; ++i)
        logged.points.push_back({"loss/train", i, std::exp(-static_cast<double>(i) * 1e-6) + 0.1 * random.normal(), static_cast<double>(i) * 0.01});
    std::vector<RunEvent> events;
    events.emplace_back(std::move(logged));
    return events;
}

RunId filledRun(RunStore& store, std::int64_t points, Random& random)
{
    const RunId run = store.createRun({.name = "bench", .recipeJson = "{}"});
    for (std::int64_t step = 1; step <= points; step += 1'000'000)
        store.record(run, losses(step, std::min<std::int64_t>(1'000'000, points - step + 1), random));
    return run;
}

/// Seconds of processor that the calling thread has used.
double threadSeconds()
{
    rusage used{};
    getrusage(RUSAGE_THREAD, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

double quantile(std::vector<double>& values, double p)
{
    std::ranges::sort(values);
    return values.empty() ? 0 : values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1))];
}

CurveChart* lossChart(const ComparePage& page)
{
    return page.findChild<CurveChart*>(QStringLiteral("chart-loss"));
}

/// Until the loss is drawn, all of it.
void waitForPicture(const ComparePage& page, std::size_t curves)
{
    for (const CurveChart* chart = nullptr; !chart || chart->content().curves->size() < curves || !chart->isUpToDate(); chart = lossChart(page))
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

/// One thing that a person does: the pointer moves, now and then the wheel turns, or the picture is pushed, or everything is shown.
void actOn(CurveChart& chart, int frame)
{
    const QRectF area = chartArea(chart.size());
    const QPointF at{area.left() + area.width() * (0.5 + 0.45 * std::sin(frame * 0.05)), area.center().y() + area.height() * 0.3 * std::cos(frame * 0.03)};
    QMouseEvent move{QEvent::MouseMove, at, chart.mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier};
    QApplication::sendEvent(&chart, &move);
    const int phase = frame % 600;
    if (phase < 60 && phase % 6 == 0) {
        QWheelEvent wheel{at, chart.mapToGlobal(at), {}, {0, phase < 40 ? 120 : -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false};
        QApplication::sendEvent(&chart, &wheel);
    } else if (phase >= 100 && phase < 200) {
        QKeyEvent push{QEvent::KeyPress, phase < 150 ? Qt::Key_Right : Qt::Key_Left, Qt::ShiftModifier};
        QApplication::sendEvent(&chart, &push);
    } else if (phase == 300) {
        QKeyEvent all{QEvent::KeyPress, Qt::Key_0, Qt::NoModifier};
        QApplication::sendEvent(&chart, &all);
    }
}

Json live(int curves, std::int64_t points, int seconds)
{
    const QTemporaryDir folder;
    const std::filesystem::path path{folder.path().toStdString()};
    Random random{1};
    std::vector<RunId> runs;
    {
        RunStore store{path};
        for (int i = 0; i < curves; ++i)
            runs.push_back(filledRun(store, points, random));
    }
    RunHistory history{path};
    ComparePage page{history};
    page.resize(pageSize);
    page.show();
    QElapsedTimer clock;
    clock.start();
    page.setRuns(runs);
    waitForPicture(page, runs.size());
    Json report{{"curves", curves}, {"points", points}, {"firstPictureSeconds", static_cast<double>(clock.elapsed()) / 1000}};

    std::int64_t written = 0;
    std::jthread writer{[&](const std::stop_token& stop) {
        RunStore store{path};
        Random noise{2};
        std::int64_t step = points + 1;
        auto next = std::chrono::steady_clock::now();
        while (!stop.stop_requested()) {
            const std::int64_t each = std::max<std::int64_t>(1, newPointsASecond * writtenEvery.count() / 1000 / curves);
            for (const RunId run : runs)
                store.record(run, losses(step, each, noise));
            step += each;
            written += each * curves;
            std::this_thread::sleep_until(next += writtenEvery);
        }
    }};
    std::vector<double> frames, gaps, processor; // the last says what a frame costs where other programs hold the cores
    QElapsedTimer since;
    int frame = 0, pictures = 0;
    QObject::connect(lossChart(page), &CurveChart::drawnAnew, &page, [&] { ++pictures; });
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    timer.setInterval(frameMs);
    QObject::connect(&timer, &QTimer::timeout, &page, [&] {
        if (since.isValid())
            gaps.push_back(static_cast<double>(since.nsecsElapsed()) * 1e-6);
        since.start();
        QElapsedTimer took;
        took.start();
        const double usedBefore = threadSeconds();
        actOn(*lossChart(page), frame++);
        for (CurveChart* chart : page.findChildren<CurveChart*>())
            if (chart->isVisible())
                chart->repaint();
        frames.push_back(static_cast<double>(took.nsecsElapsed()) * 1e-6);
        processor.push_back((threadSeconds() - usedBefore) * 1e3);
    });
    const double before = threadSeconds();
    clock.start();
    timer.start();
    QTimer::singleShot(seconds * 1000, &page, [] { QApplication::quit(); });
    QApplication::exec();
    timer.stop();
    const double elapsed = static_cast<double>(clock.elapsed()) / 1000, used = threadSeconds() - before;
    writer.request_stop();
    writer.join();
    report["newPointsASecond"] = std::round(static_cast<double>(written) / elapsed);
    report["frames"] = frames.size();
    report["picturesASecond"] = pictures / elapsed;
    report["frameMs"] = {{"p50", quantile(frames, 0.5)}, {"p99", quantile(frames, 0.99)}, {"most", quantile(frames, 1)}};
    report["frameProcessorMs"] = {{"p50", quantile(processor, 0.5)}, {"p99", quantile(processor, 0.99)}, {"most", quantile(processor, 1)}};
    report["betweenFramesMs"] = {{"p50", quantile(gaps, 0.5)}, {"p99", quantile(gaps, 0.99)}, {"most", quantile(gaps, 1)}};
    report["windowThreadCores"] = used / elapsed;
    return report;
}

Json open(std::int64_t points)
{
    const QTemporaryDir folder;
    const std::filesystem::path path{folder.path().toStdString()};
    RunId run = 0;
    {
        RunStore store{path};
        Random random{1};
        run = filledRun(store, points, random);
        store.record(run, std::vector<RunEvent>{RunEnded{}});
    }
    Json report{{"points", points}};
    for (const double smoothing : {0.0, 0.6}) {
        RunHistory history{path};
        const QString settings = folder.filePath(QStringLiteral("studio.ini"));
        CompareLayouts{settings}.setCurrent({.smoothing = smoothing});
        ComparePage page{history, settings};
        page.resize(pageSize);
        page.show();
        while (!history.isLoaded())
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QElapsedTimer clock;
        clock.start();
        page.setRuns({run});
        waitForPicture(page, 1);
        lossChart(page)->repaint();
        report["firstPictureSeconds"].push_back({{"smoothing", smoothing}, {"seconds", static_cast<double>(clock.nsecsElapsed()) * 1e-9}});
        clock.start();
        QKeyEvent closer{QEvent::KeyPress, Qt::Key_Plus, Qt::NoModifier};
        QApplication::sendEvent(lossChart(page), &closer);
        while (lossChart(page)->content().x != *lossChart(page)->chosenX() || !lossChart(page)->isUpToDate())
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        report["zoomedSeconds"].push_back({{"smoothing", smoothing}, {"seconds", static_cast<double>(clock.nsecsElapsed()) * 1e-9}});
    }
    return report;
}

}

int main(int argc, char** argv)
{
    const QApplication application{argc, argv};
    Theme::instance().apply(Theme::Mode::light);
    const QStringList arguments = QApplication::arguments();
    const auto number = [&](int at, qint64 otherwise) { return arguments.size() > at ? arguments[at].toLongLong() : otherwise; };
    const QString what = arguments.value(1);
    if (what != QLatin1String("live") && what != QLatin1String("open")) {
        std::fprintf(stderr, "bench_curves live [curves] [points] [seconds] | open [points]\n");
        return 2;
    }
    const Json report = what == QLatin1String("live") ? live(static_cast<int>(number(2, 64)), number(3, 1'000'000), static_cast<int>(number(4, 20))) : open(number(2, 40'000'000));
    std::printf("%s\n", report.dump(2).c_str());
    return 0;
}
