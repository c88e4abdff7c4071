// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/queue_store.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <csignal>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace descent;

namespace {

std::vector<NewQueueEntry> named(std::initializer_list<const char*> names)
{
    std::vector<NewQueueEntry> entries;
    for (const char* name : names)
        entries.push_back({.name = name, .recipeJson = std::string{"{\"name\": \""} + name + "\"}"});
    return entries;
}

QString order(QueueStore& store)
{
    QString names;
    for (const QueueEntry& entry : store.entries())
        names += QString::fromStdString(entry.name);
    return names;
}

QString states(QueueStore& store)
{
    QStringList states;
    for (const QueueEntry& entry : store.entries())
        states << QString::fromStdString(toString(entry.state));
    return states.join(' ');
}

}

class TestQueueStore : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_home;
    std::filesystem::path folder() const { return m_home->filePath("data").toStdString(); }

    /// A process that claims the first entry, gives it `run` where that is not 0, and is killed.
    void claimAndDie(RunId run, RunStatus status)
    {
        const pid_t child = fork();
        if (child == 0) {
            QueueStore store{folder()};
            const auto entry = store.claim(10);
            if (entry && run != 0) {
                RunStore runs{folder()};
                const RunId made = runs.createRun({.name = entry->name});
                store.setRun(entry->id, made);
                if (status != RunStatus::running)
                    runs.record(made, std::vector<RunEvent>{RunStarted{.run = made}, RunEnded{.status = status, .reason = text("it was %1", "so")}});
            }
            kill(getpid(), SIGKILL);
        }
        waitpid(child, nullptr, 0);
    }

private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void anEntryReadsBackAsItWasWritten()
    {
        const NewQueueEntry given{.name = "我的 \"run\"", .recipeJson = "{}", .experiment = "Rates", .tags = {"a", "b"},
                                  .settings = {{"training.learningRate", "0.1"}, {"seed", "2"}}, .batch = "Rates, 1 of 2"};
        const auto ids = QueueStore{folder()}.add(std::vector{given});
        QueueStore store{folder()};
        const QueueEntry entry = store.entries().front();
        QCOMPARE(entry.id, ids.front());
        QCOMPARE(entry.name, given.name);
        QCOMPARE(entry.experiment, given.experiment);
        QCOMPARE(entry.tags, given.tags);
        QVERIFY(entry.settings == given.settings);
        QCOMPARE(entry.batch, given.batch);
        QVERIFY(entry.state == QueueState::waiting);
        QVERIFY(!entry.run && !entry.startedAt && !entry.endedAt);
        QCOMPARE(store.recipeJson(entry.id), std::optional{given.recipeJson});
        QVERIFY(!store.recipeJson(entry.id + 1));
    }

    void settingsAreKept()
    {
        QVERIFY(QueueStore{folder()}.settings() == QueueSettings{});
        const QueueSettings settings{.paused = true, .pauseReason = text("the disk is full"), .atOnce = 3, .threads = 8, .memoryBytes = 1 << 30};
        QueueStore{folder()}.setSettings(settings);
        QVERIFY(QueueStore{folder()}.settings() == settings);
    }

    void entriesMove_data()
    {
        QTest::addColumn<QList<int>>("moved");
        QTest::addColumn<int>("before");
        QTest::addColumn<QString>("after");
        QTest::newRow("up") << QList{3} << 1 << "acbd";
        QTest::newRow("to the top") << QList{4} << 0 << "dabc";
        QTest::newRow("to the end") << QList{1} << -1 << "bcda";
        QTest::newRow("several, in the order given") << QList{4, 3} << 0 << "dcab";
        QTest::newRow("before one of themselves") << QList{1, 2} << 1 << "abcd";
        QTest::newRow("one that is not there") << QList{99, 2} << 0 << "bacd";
    }
    void entriesMove()
    {
        QFETCH(QList<int>, moved);
        QFETCH(int, before);
        QueueStore store{folder()};
        const auto ids = store.add(named({"a", "b", "c", "d"}));
        std::vector<QueueEntryId> chosen;
        for (const int number : moved)
            chosen.push_back(number);
        store.move(chosen, before < 0 ? std::nullopt : std::optional{ids[static_cast<std::size_t>(before)]});
        QTEST(order(store), "after");
    }

    void whatRunsOrIsDoneDoesNotMove()
    {
        QueueStore store{folder()};
        const auto ids = store.add(named({"a", "b", "c"}));
        store.claim(1);
        QCOMPARE(store.move(std::vector{ids[0]}, std::nullopt).size(), 0U);
        store.finish(ids[0], QueueState::done);
        QCOMPARE(store.move(std::vector{ids[0], ids[1]}, std::nullopt), std::vector{ids[1]});
        QCOMPARE(order(store), QString("acb"));
    }

    void whatIsRemovedComesBackToItsPlace()
    {
        QueueStore store{folder()};
        const auto ids = store.add(named({"a", "b", "c"}));
        QCOMPARE(store.remove(std::vector{ids[1]}), std::vector{ids[1]});
        QCOMPARE(order(store), QString("ac"));
        store.move(std::vector{ids[2]}, ids[0]);
        store.giveBack(std::vector{ids[1]});
        QCOMPARE(order(store), QString("cab"));
        QCOMPARE(store.claim(1)->id, ids[2]);
        QCOMPARE(store.remove(ids), (std::vector{ids[0], ids[1]})); // not the one that runs
        QVERIFY(!store.claim(2));                                   // nor is what is removed ever begun
    }

    void onlyWhatFailedOrWasStoppedIsTriedAgain()
    {
        QueueStore store{folder()};
        const auto ids = store.add(named({"a", "b", "c", "d"}));
        for (const QueueState state : {QueueState::failed, QueueState::done, QueueState::stopped})
            store.finish(store.claim(1)->id, state, {"training.batchSize", text("too %1", "large"), text("less")});
        const QueueEntry failed = store.entries().front();
        QVERIFY((failed.cause == Problem{"training.batchSize", text("too %1", "large"), text("less")}));
        QVERIFY(failed.endedAt.has_value());
        QCOMPARE(store.retry(ids), (std::vector{ids[0], ids[2]}));
        QCOMPARE(order(store), QString("bdac"));
        QCOMPARE(states(store), QString("done waiting waiting waiting"));
        QVERIFY(store.entries()[2].cause == Problem{});
    }

    void noMoreAreClaimedThanMayRunAndNoneWhilePaused()
    {
        QueueStore store{folder()};
        store.add(named({"a", "b", "c"}));
        QCOMPARE(store.claim(2)->name, std::string{"a"});
        QCOMPARE(QueueStore{folder()}.claim(2)->name, std::string{"b"});
        QVERIFY(!store.claim(2));
        store.setSettings({.paused = true});
        QVERIFY(!store.claim(3));
        store.setSettings({});
        QCOMPARE(store.claim(3)->name, std::string{"c"});
    }

    void threadsThatClaimAtOnceGetEachEntryOnce()
    {
        {
            QueueStore store{folder()};
            std::vector<NewQueueEntry> entries(60, NewQueueEntry{.name = "x"});
            store.add(entries);
        }
        std::mutex mutex;
        std::multiset<QueueEntryId> claimed;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i)
                threads.emplace_back([&] {
                    QueueStore store{folder()};
                    while (const auto entry = store.claim(1000)) {
                        const std::lock_guard lock{mutex};
                        claimed.insert(entry->id);
                    }
                });
        }
        QCOMPARE(claimed.size(), 60U);
        QCOMPARE((std::set<QueueEntryId>{claimed.begin(), claimed.end()}.size()), 60U);
    }

    void anEntryOfADeadProcessWaitsAgain()
    {
        QueueStore store{folder()};
        store.add(named({"a", "b"}));
        claimAndDie(0, RunStatus::running);
        QCOMPARE(states(store), QString("running waiting"));
        QCOMPARE(store.takeBackOrphans().size(), 1U);
        QCOMPARE(states(store), QString("waiting waiting"));
        QCOMPARE(order(store), QString("ab"));
        QCOMPARE(store.takeBackOrphans().size(), 0U);
        store.claim(1);
        QCOMPARE(store.takeBackOrphans().size(), 0U); // ours: we live
    }

    void aRunThatEndedBeforeTheKillIsNotBegunAgain()
    {
        QueueStore store{folder()};
        store.add(named({"a", "b", "c"}));
        claimAndDie(1, RunStatus::completed);
        claimAndDie(1, RunStatus::failed);
        claimAndDie(1, RunStatus::running);
        store.takeBackOrphans();
        QCOMPARE(states(store), QString("done failed waiting"));
        QVERIFY(store.entries()[1].cause.message == text("it was %1", "so"));
        QCOMPARE(store.entries()[2].run, std::optional<RunId>{3}); // the one that may be gone on with
    }

    void whatTakesTheProgramDownAgainAndAgainIsGivenUp()
    {
        QueueStore store{folder()};
        store.add(named({"a", "b"}));
        for (int i = 0; i < QueueStore::mostStarts; ++i) {
            QCOMPARE(states(store), QString("waiting waiting"));
            claimAndDie(0, RunStatus::running);
            store.takeBackOrphans();
        }
        QCOMPARE(states(store), QString("failed waiting"));
        QVERIFY(!store.entries().front().cause.hint.empty());
    }

    void whatIsReleasedCountsAsNeverBegun()
    {
        QueueStore store{folder()};
        const auto ids = store.add(named({"a"}));
        for (int i = 0; i < 10; ++i) {
            QVERIFY(store.claim(1).has_value());
            store.release(ids[0]);
        }
        QCOMPARE(store.entries().front().starts, 0);
    }

    void everyChangeIsSeenByItsRevision()
    {
        QueueStore store{folder()}, other{folder()};
        std::int64_t last = store.revision();
        const auto changed = [&] { return std::exchange(last, store.revision()) != last; };
        const auto ids = other.add(named({"a", "b"}));
        QVERIFY(changed());
        QVERIFY(!changed());
        other.move(std::vector{ids[1]}, ids[0]);
        QVERIFY(changed());
        other.claim(1);
        QVERIFY(changed());
        QVERIFY(!other.claim(1));
        QVERIFY(!changed());
        other.finish(ids[1], QueueState::failed);
        QVERIFY(changed());
        other.retry(std::vector{ids[1]});
        QVERIFY(changed());
        other.setSettings({.atOnce = 2});
        QVERIFY(changed());
        RunStore{folder()}.createRun({.name = "no business of the queue's"});
        QVERIFY(!changed());
    }

    void aThousandAreListedQuickly()
    {
        QueueStore store{folder()};
        store.add(std::vector<NewQueueEntry>(1000, NewQueueEntry{.name = "x", .recipeJson = std::string(4000, 'r'), .settings = {{"a", "b"}}}));
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(store.entries().size(), 1000U);
        qInfo("a thousand entries in %lld ms", static_cast<long long>(timer.elapsed()));
        QVERIFY(timer.elapsed() < 1000);
    }
};

QTEST_GUILESS_MAIN(TestQueueStore)
#include "tst_queue_store.moc"
