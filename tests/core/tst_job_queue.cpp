// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/memory.h"
#include "engine/core/job/job_queue.h"
#include "engine/core/job/training_memory.h"
#include "engine/core/recipe/catalog.h"
#include "tests/core/fake_backend.h"

#include <QDir>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/mount.h>
#include <unistd.h>

using namespace descent;

namespace {

NewQueueEntry entryOf(const std::string& name, const std::function<void(Recipe&)>& edit = {})
{
    Recipe recipe = findRecipeTemplate("spirals")->recipe;
    setByPath(recipe, "dataset.samples", "60");
    setByPath(recipe, "training.epochs", "1");
    if (edit)
        edit(recipe);
    return {.name = name, .recipeJson = toJson(recipe)};
}

std::vector<NewQueueEntry> entriesOf(std::initializer_list<const char*> names)
{
    std::vector<NewQueueEntry> entries;
    for (const char* name : names)
        entries.push_back(entryOf(name));
    return entries;
}

}

class TestJobQueue : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<FakeBackend> m_backend;
    std::mutex m_mutex; // guards what the listener writes
    std::vector<std::string> m_ended, m_troubles;
    std::atomic<int> m_idle = 0;

    std::filesystem::path folder() const { return m_home->filePath("data").toStdString(); }
    std::unique_ptr<JobQueue> makeQueue(std::optional<std::int64_t> atOnce = {})
    {
        return std::make_unique<JobQueue>(QueueOptions{folder(), [this]() -> Backend& { return *m_backend; }, atOnce},
                                          QueueListener{.changed = {},
                                                        .progress = {},
                                                        .ended =
                                                            [this](const QueueEntry& entry) {
                                                                const std::lock_guard lock{m_mutex};
                                                                m_ended.push_back(entry.name + " " + toString(entry.state));
                                                            },
                                                        .idle = [this](std::int64_t) { ++m_idle; },
                                                        .troubled =
                                                            [this](const Text& what) {
                                                                const std::lock_guard lock{m_mutex};
                                                                m_troubles.push_back(english(what));
                                                            },
                                                        .committed = {}});
    }
    std::string states()
    {
        QueueStore store{folder()};
        std::string states;
        for (const QueueEntry& entry : store.entries())
            states += (states.empty() ? "" : ", ") + entry.name + ' ' + toString(entry.state);
        return states;
    }
    QueueEntry entryCalled(const std::string& name)
    {
        QueueStore store{folder()};
        for (QueueEntry& entry : store.entries())
            if (entry.name == name)
                return entry;
        return {};
    }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        m_backend = std::make_unique<FakeBackend>();
        m_ended.clear();
        m_troubles.clear();
        m_idle = 0;
    }

    void entriesAreTrainedInTheirOrderAndNothingBeforeItBegins()
    {
        const auto ids = QueueStore{folder()}.add(entriesOf({"a", "b", "c"}));
        QueueStore{folder()}.move(std::vector{ids[2]}, ids[0]);
        NewQueueEntry labelled = entryOf("d");
        labelled.tags = {"demo"};
        labelled.experiment = "Rates";
        QueueStore{folder()}.add(std::vector{labelled});
        auto queue = makeQueue();
        std::atomic<bool> looked = false;
        queue->post([&](QueueStore&) { looked = true; });
        QTRY_VERIFY(looked);
        QVERIFY(m_backend->begun().empty());
        queue->begin();
        QTRY_COMPARE_WITH_TIMEOUT(m_idle.load(), 1, 20000);
        QCOMPARE(m_backend->begun(), (std::vector<std::string>{"c", "a", "b", "d"}));
        QCOMPARE(states(), std::string{"c done, a done, b done, d done"});
        QCOMPARE(m_backend->mostAtOnce.load(), 1);
        const auto runs = RunStore{folder()}.runs();
        QCOMPARE(runs.size(), 4U);
        QCOMPARE(runs.front().tags, std::vector<std::string>{"demo"});
        QCOMPARE(runs.front().experiment, std::string{"Rates"});
        QCOMPARE(entryCalled("c").run, std::optional{runs.back().id});
        QCOMPARE(runs.back().name, std::string{"c"});
    }

    void aFailureStopsNothingAndKeepsItsCause()
    {
        m_backend->training = [](const TrainingRequest& request, RunControl&, RunObserver&) -> RunEnded {
            if (request.recipe.name == "nan")
                return {.status = RunStatus::failed, .reason = text("the loss is NaN at step %1", 3), .hint = text("a smaller rate")};
            return {};
        };
        QueueStore{folder()}.add(std::vector{
            entryOf("nan"), entryOf("no data", [](Recipe& recipe) { recipe.dataset = {"csv", {{"path", std::string{"/nowhere/x.csv"}}}}; }),
            entryOf("large batch", [](Recipe& recipe) { setByPath(recipe, "training.batchSize", "60000"); }),
            NewQueueEntry{.name = "no recipe", .recipeJson = "{\"training\": 3"}, entryOf("good")});
        auto queue = makeQueue();
        queue->begin();
        QTRY_COMPARE_WITH_TIMEOUT(m_idle.load(), 1, 20000);
        QCOMPARE(states(), std::string{"nan failed, no data failed, large batch failed, no recipe failed, good done"});
        QVERIFY((entryCalled("nan").cause == Problem{{}, text("the loss is NaN at step %1", 3), text("a smaller rate")}));
        QVERIFY(english(entryCalled("no data").cause).find("/nowhere/x.csv") != std::string::npos);
        QCOMPARE(entryCalled("large batch").cause.path, std::string{"training.batchSize"});
        for (const char* name : {"no data", "large batch", "no recipe"})
            QVERIFY2(!entryCalled(name).run && !entryCalled(name).cause.message.empty(), name);
        const std::lock_guard lock{m_mutex};
        QCOMPARE(m_ended.size(), 5U);
    }

    void anExceptionFromTheEngineIsAFailureOfOneRun()
    {
        QueueStore{folder()}.add(entriesOf({"a", "b"}));
        auto unready = std::make_shared<std::atomic<int>>(0);
        JobQueue queue{{folder(),
                        [this, unready]() -> Backend& {
                            if ((*unready)++ == 0)
                                throw std::runtime_error{"the engine fell over"};
                            return *m_backend;
                        },
                        {}},
                       {.changed = {}, .progress = {}, .ended = {}, .idle = [this](std::int64_t) { ++m_idle; }, .troubled = {}, .committed = {}}};
        queue.begin();
        QTRY_COMPARE_WITH_TIMEOUT(m_idle.load(), 1, 20000);
        QCOMPARE(states(), std::string{"a failed, b done"});
        QCOMPARE(english(entryCalled("a").cause.message), std::string{"the engine fell over"});
    }

    void asManyRunAtOnceAsMayAndShareTheThreads()
    {
        QueueStore store{folder()};
        store.setSettings({.atOnce = 2, .threads = 6});
        store.add(entriesOf({"a", "b", "c", "d"}));
        std::atomic<bool> goOn = false;
        m_backend->training = [&](const auto&, auto&, auto&) -> RunEnded {
            while (!goOn)
                std::this_thread::sleep_for(std::chrono::milliseconds{1});
            return {};
        };
        auto queue = makeQueue();
        queue->begin();
        QTRY_COMPARE_WITH_TIMEOUT(m_backend->running.load(), 2, 20000);
        QTest::qWait(1200); // two looks of the queue: a third would have begun
        QCOMPARE(m_backend->running.load(), 2);
        goOn = true;
        QTRY_COMPARE_WITH_TIMEOUT(m_idle.load(), 1, 20000);
        QCOMPARE(m_backend->mostAtOnce.load(), 2);
        QCOMPARE(m_backend->threadsGiven()[0], 3);
        QCOMPARE(m_backend->threadsGiven()[1], 3);
    }

    void aRunElsewhereTakesAPlace()
    {
        QueueStore{folder()}.add(entriesOf({"a"}));
        auto queue = makeQueue();
        queue->setRunsElsewhere(1);
        queue->begin();
        QTest::qWait(1200);
        QVERIFY(m_backend->begun().empty());
        QCOMPARE(queue->threadsForOneMore(), 0);
        queue->setRunsElsewhere(0);
        QTRY_COMPARE_WITH_TIMEOUT(m_idle.load(), 1, 20000);
        QCOMPARE(states(), std::string{"a done"});
    }

    void aRunThatMemoryHasNoRoomForWaitsForTheOthers()
    {
        QueueStore store{folder()};
        store.setSettings({.atOnce = 2, .threads = 2, .memoryBytes = 1}); // less than any training takes
        store.add(entriesOf({"a", "b"}));
        auto queue = makeQueue();
        queue->begin();
        QTRY_COMPARE_WITH_TIMEOUT(m_idle.load(), 1, 20000);
        QCOMPARE(states(), std::string{"a done, b done"}); // alone, each may
        QCOMPARE(m_backend->mostAtOnce.load(), 1);
    }

    void memoryGrowsWithWeightsAndBatches()
    {
        const NetworkSpec network{.inputs = {}, .layers = {{.name = "fc", .layer = layer::Linear{}, .inputs = {}, .outputShape = {10}, .parameterCount = 100}}};
        QCOMPARE(trainingMemory(network, 1), 4 * (4 * 100 + 2 * 10));
        QCOMPARE(trainingMemory(network, 32), 4 * (4 * 100 + 2 * 10 * 32));
        QVERIFY(freeMemory() > 1 << 20);
    }

    void pausedNothingBeginsAndWhatRunsGoesOn()
    {
        QueueStore{folder()}.add(entriesOf({"a", "b"}));
        std::atomic<bool> goOn = false;
        m_backend->training = [&](const auto&, auto&, auto&) -> RunEnded {
            while (!goOn)
                std::this_thread::sleep_for(std::chrono::milliseconds{1});
            return {};
        };
        auto queue = makeQueue();
        queue->begin();
        QTRY_COMPARE_WITH_TIMEOUT(m_backend->running.load(), 1, 20000);
        queue->post([](QueueStore& store) {
            QueueSettings settings = store.settings();
            settings.paused = true;
            store.setSettings(settings);
        });
        goOn = true;
        QTRY_COMPARE_WITH_TIMEOUT(m_idle.load(), 1, 20000);
        QCOMPARE(states(), std::string{"a done, b waiting"});
        QueueStore{folder()}.setSettings({}); // by another program: it is seen
        QTRY_COMPARE_WITH_TIMEOUT(states(), std::string{"a done, b done"}, 20000);
    }

    void aPersonStopsOneAndTheNextBegins()
    {
        const auto ids = QueueStore{folder()}.add(entriesOf({"long", "next"}));
        m_backend->training = [](const TrainingRequest& request, RunControl& control, RunObserver&) -> RunEnded {
            return request.recipe.name == "long" ? untilStopped(control) : RunEnded{};
        };
        auto queue = makeQueue();
        queue->begin();
        QTRY_COMPARE_WITH_TIMEOUT(m_backend->running.load(), 1, 20000);
        queue->stop(ids[0]);
        QTRY_COMPARE_WITH_TIMEOUT(m_idle.load(), 1, 20000);
        QCOMPARE(states(), std::string{"long stopped, next done"});
        QVERIFY(RunStore{folder()}.run(*entryCalled("long").run)->summary.status == RunStatus::stopped);
    }

    void endedWithTheProgramWhatRanWaitsAgain()
    {
        QueueStore{folder()}.add(entriesOf({"a", "b"}));
        m_backend->training = [](const auto&, RunControl& control, auto&) { return untilStopped(control); };
        auto queue = makeQueue();
        queue->begin();
        QTRY_COMPARE_WITH_TIMEOUT(m_backend->running.load(), 1, 20000);
        queue.reset();
        QCOMPARE(states(), std::string{"a waiting, b waiting"});
        QVERIFY(RunStore{folder()}.runs().front().status == RunStatus::stopped); // with its checkpoint
        QCOMPARE(entryCalled("a").starts, 0);

        m_backend->training = [](const auto&, auto&, auto&) { return RunEnded{}; };
        queue = makeQueue();
        queue->begin();
        QTRY_COMPARE_WITH_TIMEOUT(m_idle.load(), 1, 20000);
        QCOMPARE(states(), std::string{"a done, b done"});
        QCOMPARE(m_backend->begun(), (std::vector<std::string>{"a", "a", "b"}));
    }

    void twoQueuesTrainEachEntryOnce()
    {
        std::vector<NewQueueEntry> entries;
        for (int i = 0; i < 20; ++i)
            entries.push_back(entryOf(std::to_string(i)));
        QueueStore store{folder()};
        store.setSettings({.atOnce = 4, .threads = 4});
        store.add(entries);
        auto one = makeQueue(), other = makeQueue();
        one->begin();
        other->begin();
        QTRY_COMPARE_WITH_TIMEOUT(m_idle.load(), 2, 60000);
        QCOMPARE(m_backend->begun().size(), 20U);
        QVERIFY(m_backend->mostAtOnce <= 4);
        QCOMPARE(RunStore{folder()}.runs().size(), 20U);
    }

    void aHistoryThatIsLockedIsWaitedFor()
    {
        QueueStore{folder()}.add(entriesOf({"a", "b", "c"}));
        auto queue = makeQueue();
        {
            SQLite::Database other{(folder() / "descent.db").string(), SQLite::OPEN_READWRITE, 10'000};
            SQLite::Transaction lock{other, SQLite::TransactionBehavior::IMMEDIATE};
            queue->begin();
            QTest::qWait(3000);
            QVERIFY(m_backend->begun().empty());
        }
        QTRY_COMPARE_WITH_TIMEOUT(m_idle.load(), 1, 20000);
        QCOMPARE(states(), std::string{"a done, b done, c done"});
    }

    void aHistoryLockedForLongerThanThePatienceFailsNoRun()
    {
        QueueStore{folder()}.add(entriesOf({"a", "b"}));
        std::atomic<bool> goOn = false;
        m_backend->training = [&](const auto&, RunControl& control, RunObserver& observer) -> RunEnded {
            for (std::int64_t step = 1; !goOn; ++step) {
                if (control.stopRequested())
                    return {.status = RunStatus::stopped};
                observer.onEvent(MetricsLogged{{{"loss/train", step, 1, 0}}});
                std::this_thread::sleep_for(std::chrono::milliseconds{20});
            }
            return {};
        };
        auto queue = makeQueue();
        queue->begin();
        QTRY_COMPARE_WITH_TIMEOUT(m_backend->running.load(), 1, 20000);
        {
            SQLite::Database other{(folder() / "descent.db").string(), SQLite::OPEN_READWRITE, 10'000};
            SQLite::Transaction lock{other, SQLite::TransactionBehavior::IMMEDIATE};
            QTest::qWait(33'000);
            QCOMPARE(m_backend->running.load(), 1);
        }
        goOn = true;
        QTRY_COMPARE_WITH_TIMEOUT(m_idle.load(), 1, 60000);
        QCOMPARE(states(), std::string{"a done, b done"});
    }

    void aFullDiskPausesTheQueueAndFailsOneRunAlone()
    {
        const QString mounted = m_home->filePath("data");
        QVERIFY(QDir{}.mkpath(mounted));
        if (mount("tmpfs", mounted.toUtf8().constData(), "tmpfs", 0, "size=12M") != 0)
            QSKIP("a small file system can be mounted by root alone");
        const auto unmount = qScopeGuard([&] { umount2(mounted.toUtf8().constData(), MNT_DETACH); });
        QueueStore{folder()}.add(entriesOf({"a", "b", "c"}));
        m_backend->training = [this](const TrainingRequest& request, RunControl&, RunObserver&) -> RunEnded {
            if (request.recipe.name != "a")
                return {};
            std::FILE* file = std::fopen((folder() / "ballast").c_str(), "w");
            std::vector<char> block(1 << 16);
            while (std::fwrite(block.data(), 1, block.size(), file) == block.size() && std::fflush(file) == 0) {
            }
            const std::string reason = std::strerror(errno);
            std::fclose(file);
            return {.status = RunStatus::failed, .reason = text("cannot write %1: %2", "last.safetensors", reason)};
        };
        auto queue = makeQueue();
        queue->begin();
        QTRY_COMPARE_WITH_TIMEOUT(m_backend->begun().size(), 1U, 20000);
        QTRY_COMPARE_WITH_TIMEOUT(m_backend->running.load(), 0, 20000);
        QTest::qWait(2500); // while it is full, nothing more is begun
        QCOMPARE(m_backend->begun().size(), 1U);
        std::filesystem::remove(folder() / "ballast");
        QTRY_COMPARE_WITH_TIMEOUT(states(), std::string{"a failed, b waiting, c waiting"}, 20000);
        QTRY_VERIFY_WITH_TIMEOUT(QueueStore{folder()}.settings().paused, 20000);
        QCOMPARE(english(QueueStore{folder()}.settings().pauseReason), std::string{"the disk is full"});
        QVERIFY2(english(entryCalled("a").cause.hint).find("make some room") != std::string::npos, english(entryCalled("a").cause).c_str());
        QVERIFY(RunStore{folder()}.runs().front().status == RunStatus::failed); // told to the history as well, once there was room
        QueueStore{folder()}.setSettings({});
        QTRY_COMPARE_WITH_TIMEOUT(m_idle.load(), 2, 20000); // paused, then worked off
        QCOMPARE(states(), std::string{"a failed, b done, c done"});
        queue.reset();
    }
};

QTEST_GUILESS_MAIN(TestJobQueue)
#include "tst_job_queue.moc"
