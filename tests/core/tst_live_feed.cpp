// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/run/live_feed.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace descent;

namespace {

MetricsLogged points(std::int64_t from, std::int64_t count)
{
    MetricsLogged metrics;
    for (std::int64_t step = from; step < from + count; ++step)
        metrics.points.push_back({"loss/train", step, 1.0, 0.0});
    return metrics;
}

}

class TestLiveFeed : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsTakenIsGone()
    {
        LiveFeed feed;
        QVERIFY(feed.take().empty());
        feed.onEvent(points(1, 3));
        feed.onEvent(points(4, 2));
        const LiveFeed::Batch batch = feed.take();
        QCOMPARE(batch.points.size(), 5u);
        for (std::size_t i = 0; i < 5; ++i)
            QCOMPARE(batch.points[i].step, static_cast<qint64>(i + 1));
        QVERIFY(feed.take().empty());
    }

    void onlyTheNewestOfWhatPassesIsKept()
    {
        LiveFeed feed;
        for (std::int64_t step = 1; step <= 3; ++step) {
            feed.onEvent(Progress{.step = step});
            feed.onEvent(Preview{PredictionPreview{.step = step}});
            feed.onEvent(Preview{DecisionSurface{.step = step}});
        }
        const LiveFeed::Batch batch = feed.take();
        QCOMPARE(batch.progress->step, std::int64_t{3});
        QCOMPARE(batch.previews.size(), 2U);
        QCOMPARE(std::get<PredictionPreview>(batch.previews.at(0)).step, std::int64_t{3});
        QCOMPARE(std::get<DecisionSurface>(batch.previews.at(1)).step, std::int64_t{3});
        QVERIFY(batch.events.empty());
    }

    void whatHappensOnceIsKeptInOrder()
    {
        LiveFeed feed;
        feed.onEvent(RunStarted{});
        feed.onEvent(EpochFinished{.epoch = 1});
        feed.onEvent(CheckpointWritten{});
        feed.onEvent(Message{});
        feed.onEvent(EpochFinished{.epoch = 2});
        feed.onEvent(RunEnded{});
        const LiveFeed::Batch batch = feed.take();
        QCOMPARE(batch.events.size(), 6u);
        QVERIFY(std::holds_alternative<RunStarted>(batch.events.front()));
        QCOMPARE(std::get<EpochFinished>(batch.events[4]).epoch, std::int64_t{2});
        QVERIFY(std::holds_alternative<RunEnded>(batch.events.back()));
    }

    void aFeedNobodyReadsKeepsTheNewestPointsAndCountsTheOthers()
    {
        LiveFeed feed{1000};
        for (std::int64_t step = 1; step <= 100'000; step += 10)
            feed.onEvent(points(step, 10));
        const LiveFeed::Batch batch = feed.take();
        QVERIFY(batch.points.size() <= 1000 && batch.points.size() >= 500);
        QCOMPARE(batch.points.size() + batch.droppedPoints, 100'000u);
        QCOMPARE(batch.points.back().step, std::int64_t{100'000});
        for (std::size_t i = 1; i < batch.points.size(); ++i)
            QCOMPARE(batch.points[i].step, batch.points[i - 1].step + 1);
    }

    void nothingIsLostOrDoubledBetweenTwoThreads()
    {
        LiveFeed feed;
        constexpr std::int64_t count = 50'000;
        std::atomic<bool> done = false;
        std::jthread worker{[&] {
            for (std::int64_t step = 1; step <= count; ++step)
                feed.onEvent(points(step, 1));
            done = true;
        }};
        std::int64_t expected = 1;
        for (bool last = false; !last;) {
            last = done; // before taking: what was given until then is taken now
            for (const MetricPoint& point : feed.take().points)
                QCOMPARE(point.step, expected++);
        }
        QCOMPARE(expected, count + 1);
    }
};

QTEST_GUILESS_MAIN(TestLiveFeed)
#include "tst_live_feed.moc"
