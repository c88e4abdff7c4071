// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_recorder.h"

#include "engine/core/base/files.h"

#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <sys/wait.h>
#include <unistd.h>

using namespace descent;
using namespace std::chrono_literals;

namespace {

RunEvent lossAt(std::int64_t step)
{
    return MetricsLogged{{{"loss/train", step, 1.0 / static_cast<double>(step), 0.0}}};
}

}

class TestRunRecorder : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_home;
    std::filesystem::path folder() const { return m_home->path().toStdString(); }
    RunId newRun() const { return RunStore{folder()}.createRun({.name = "run"}); }
    std::size_t storedPoints(RunId run) const { return RunStore{folder()}.points(run, "loss/train").size(); }

private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void whatIsFlushedIsInTheStore()
    {
        const RunId run = newRun();
        RunRecorder recorder{folder(), run};
        for (int step = 1; step <= 500; ++step)
            recorder.onEvent(lossAt(step));
        QVERIFY(recorder.flush());
        QCOMPARE(storedPoints(run), 500u);
    }

    void theDestructorWritesWhatIsQueued()
    {
        const RunId run = newRun();
        {
            RunRecorder recorder{folder(), run};
            for (int step = 1; step <= 500; ++step)
                recorder.onEvent(lossAt(step));
        }
        QCOMPARE(storedPoints(run), 500u);
    }

    void listenersHearOnlyOfWhatIsAlreadyStored()
    {
        const RunId run = newRun();
        std::vector<std::int64_t> heard, stored;
        {
            RunRecorder recorder{folder(), run, {.committed = [&](const RunEvent& event) {
                                     heard.push_back(std::get<MetricsLogged>(event).points.front().step);
                                     stored.push_back(static_cast<std::int64_t>(storedPoints(run)));
                                 }}};
            for (int step = 1; step <= 50; ++step) {
                recorder.onEvent(lossAt(step));
                if (step % 10 == 0)
                    recorder.flush();
            }
        }
        QCOMPARE(heard.size(), 50u);
        QVERIFY(std::is_sorted(heard.begin(), heard.end()));
        for (std::size_t i = 0; i < heard.size(); ++i)
            QVERIFY(stored[i] >= heard[i]);
    }

    void theEndIsToldWithoutAskingForIt()
    {
        const RunId run = newRun();
        std::promise<RunStatus> told;
        RunRecorder recorder{folder(), run, {.committed = [&](const RunEvent& event) {
                                 if (std::holds_alternative<RunEnded>(event))
                                     told.set_value(RunStore{folder()}.runs().front().status);
                             }}};
        recorder.onEvent(RunEnded{.status = RunStatus::stopped});
        auto ended = told.get_future();
        QCOMPARE(ended.wait_for(10s), std::future_status::ready);
        QVERIFY(ended.get() == RunStatus::stopped);
    }

    void passingEventsAreToldAndNotStored()
    {
        const RunId run = newRun();
        int passing = 0;
        RunRecorder recorder{folder(), run, {.committed = [&](const RunEvent&) { ++passing; }}};
        recorder.onEvent(Progress{.step = 3});
        recorder.onEvent(Preview{PredictionPreview{}});
        recorder.onEvent(Preview{DecisionSurface{}});
        QVERIFY(recorder.flush());
        QCOMPARE(passing, 3);
        QCOMPARE(RunStore{folder()}.runs().front().step, std::int64_t{0});
    }

    void aStoreThatFailsIsToldOnceAndNothingIsLostWhenItRecovers()
    {
        const RunId run = newRun();
        int failures = 0, committed = 0;
        {
            RunRecorder recorder{
                folder(),
                run,
                {.committed = [&](const RunEvent&) { ++committed; }, .failed = [&](const StoreError&) { ++failures; }}};
            SQLite::Database db{(folder() / "descent.db").string(), SQLite::OPEN_READWRITE, 10'000};
            db.exec("CREATE TRIGGER broken BEFORE INSERT ON point BEGIN SELECT raise(ABORT, 'disk on fire'); END");
            recorder.onEvent(lossAt(1));
            QVERIFY(!recorder.flush());
            recorder.onEvent(lossAt(2));
            QVERIFY(!recorder.flush());
            QCOMPARE(failures, 1);
            QCOMPARE(committed, 0);
            db.exec("DROP TRIGGER broken");
            recorder.onEvent(lossAt(3));
            QVERIFY(recorder.flush());
            QCOMPARE(committed, 3);
        }
        QCOMPARE(storedPoints(run), 3u);
    }

    void aStoreThatCannotBeOpenedIsTold()
    {
        std::string message;
        const std::filesystem::path place = folder() / "file";
        writeFileAtomically(place, std::string_view{"no folder"});
        RunRecorder recorder{place, 1, {.failed = [&](const StoreError& error) { message = error.what(); }}};
        recorder.onEvent(RunEnded{});
        QVERIFY(!recorder.flush());
        QVERIFY(message.find(place.string()) != std::string::npos);
    }

    void pointsBeyondTheBoundAreCountedInAMessage()
    {
        const RunId run = newRun();
        {
            RunRecorder recorder{folder(), run, {}, 100};
            SQLite::Database db{(folder() / "descent.db").string(), SQLite::OPEN_READWRITE, 10'000};
            db.exec("CREATE TRIGGER broken BEFORE INSERT ON point BEGIN SELECT raise(ABORT, 'disk on fire'); END");
            for (int step = 1; step <= 150; ++step)
                recorder.onEvent(lossAt(step));
            QVERIFY(!recorder.flush());
            recorder.onEvent(EpochFinished{.epoch = 7, .step = 150}); // few and dear: never dropped
            db.exec("DROP TRIGGER broken");
            QVERIFY(recorder.flush());
        }
        QCOMPARE(storedPoints(run), 100u);
        const RunDetails details = *RunStore{folder()}.run(run);
        QCOMPARE(details.summary.epoch, std::int64_t{7});
        QCOMPARE(details.messages.size(), 1u);
        QCOMPARE(details.messages[0].text.arguments, (std::vector<std::string>{"50"}));
    }

    void theTrainerDoesNotWaitForTheDisk()
    {
        const RunId run = newRun();
        std::vector<double> microseconds;
        {
            RunRecorder recorder{folder(), run};
            // Somebody else holds the lock, so nothing can be written all the while.
            SQLite::Database db{(folder() / "descent.db").string(), SQLite::OPEN_READWRITE, 10'000};
            SQLite::Transaction lock{db, SQLite::TransactionBehavior::IMMEDIATE};
            const auto end = std::chrono::steady_clock::now() + 400ms;
            for (int step = 1; std::chrono::steady_clock::now() < end; ++step) {
                const RunEvent event = lossAt(step);
                const auto before = std::chrono::steady_clock::now();
                recorder.onEvent(event);
                microseconds.push_back(
                    std::chrono::duration<double, std::micro>{std::chrono::steady_clock::now() - before}.count());
                std::this_thread::yield(); // as a trainer would, doing a step
            }
        }
        std::sort(microseconds.begin(), microseconds.end());
        const double p99 = microseconds[microseconds.size() * 99 / 100];
        qInfo("%zu events given: median %.2f, p99 %.2f, longest %.0f microseconds", microseconds.size(),
              microseconds[microseconds.size() / 2], p99, microseconds.back());
        QVERIFY2(p99 < 50, "the budget of the trainer's wait"); // the longest one is the scheduler's
        QCOMPARE(storedPoints(run), microseconds.size());
    }

    void whatWasToldSurvivesAKill()
    {
        const RunId run = newRun();
        int pipes[2];
        QCOMPARE(pipe(pipes), 0);
        const pid_t child = fork();
        if (child == 0) {
            RunRecorder recorder{folder(), run, {.committed = [&](const RunEvent& event) {
                                     const std::int64_t step = std::get<MetricsLogged>(event).points.front().step;
                                     (void)!write(pipes[1], &step, sizeof step);
                                 }}};
            for (std::int64_t step = 1;; ++step) {
                recorder.onEvent(lossAt(step));
                std::this_thread::sleep_for(100us);
            }
        }
        close(pipes[1]);
        std::int64_t step = 0, last = 0;
        while (last < 1500 && read(pipes[0], &step, sizeof step) == sizeof step)
            last = step;
        kill(child, SIGKILL);
        while (read(pipes[0], &step, sizeof step) == sizeof step)
            last = step;
        close(pipes[0]);
        waitpid(child, nullptr, 0);
        QVERIFY(last >= 1500);
        QVERIFY(storedPoints(run) >= static_cast<std::size_t>(last));
    }
};

QTEST_GUILESS_MAIN(TestRunRecorder)
#include "tst_run_recorder.moc"
