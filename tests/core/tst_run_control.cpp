// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/run/run_control.h"

#include <QTest>

#include <atomic>
#include <future>
#include <thread>

using namespace descent;
using namespace std::chrono_literals;

class TestRunControl : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingAskedIsNoRequest()
    {
        RunControl control;
        QVERIFY(!control.hasRequest());
        QVERIFY(!control.stopRequested());
        QVERIFY(!control.takeRequests());
    }

    void aLearningRateIsTakenOnceAndTheNewestWins()
    {
        RunControl control;
        control.requestLearningRate(0.1);
        control.requestLearningRate(0.01);
        QVERIFY(control.hasRequest());
        QCOMPARE(control.takeRequests().value_or(0), 0.01);
        QVERIFY(!control.hasRequest());
        QVERIFY(!control.takeRequests());
    }

    void aPausedWorkerSleepsUntilItMayGoOn()
    {
        RunControl control;
        control.setPaused(true);
        std::promise<void> asleep;
        std::atomic<bool> awake = false;
        std::jthread worker{[&] {
            asleep.set_value();
            control.takeRequests();
            awake = true;
        }};
        asleep.get_future().wait();
        control.requestLearningRate(0.5); // wakes it to look, and it sleeps on
        QVERIFY(!awake);
        control.setPaused(false);
        worker.join();
        QVERIFY(awake);
    }

    void aRateAskedForDuringAPauseIsTakenWhenItEnds()
    {
        RunControl control;
        control.setPaused(true);
        auto taken = std::async(std::launch::async, [&] { return control.takeRequests(); });
        control.requestLearningRate(0.25);
        control.setPaused(false);
        const std::optional<double> first = taken.get();
        // The worker may have been late to the pause: then the rate is still waiting for it.
        QCOMPARE(first ? *first : control.takeRequests().value_or(0), 0.25);
    }

    void aStopWakesAPausedWorkerAndStaysARequest()
    {
        RunControl control;
        control.setPaused(true);
        auto woken = std::async(std::launch::async, [&] { control.takeRequests(); });
        control.requestStop();
        QCOMPARE(woken.wait_for(10s), std::future_status::ready);
        QVERIFY(control.hasRequest());
        control.takeRequests();
        QVERIFY(control.hasRequest());
        QVERIFY(control.stopRequested());
        QVERIFY(control.stopToken().stop_requested());
    }
};

QTEST_GUILESS_MAIN(TestRunControl)
#include "tst_run_control.moc"
