// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/queue_store.h"
#include "tests/app/descent_process.h"

#include <QFile>
#include <QJsonArray>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <map>
#include <set>

using namespace descent;

namespace {

const QStringList tiny{"--set", "dataset.samples=200", "--set", "architecture.hidden=8", "--set", "training.epochs=2", "--set", "training.threads=1"};

QStringList adding(const QStringList& more)
{
    return QStringList{"queue", "add"} + tiny + more;
}

}

/// The queue as a person and a script use it, with the real engine.
class TestQueueRun : public QObject
{
    Q_OBJECT
    std::unique_ptr<DescentHome> m_home;

    std::map<QString, QJsonObject> entries()
    {
        std::map<QString, QJsonObject> byName;
        for (const QJsonValue& value : m_home->run({"queue", "list", "--json"}).json().object()["entries"].toArray())
            byName[value.toObject()["name"].toString()] = value.toObject();
        return byName;
    }
    QString states()
    {
        QStringList states;
        for (const QJsonValue& value : m_home->run({"queue", "list", "--json"}).json().object()["entries"].toArray())
            states << QString::number(value.toObject()["entry"].toInt()) + value.toObject()["state"].toString().left(1);
        return states.join(' ');
    }
    void add(const QStringList& more)
    {
        const auto outcome = m_home->run(adding(more));
        QVERIFY2(outcome.code == 0, outcome.err);
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!canTrain())
            QSKIP("built without the training module");
    }
    void init() { m_home = std::make_unique<DescentHome>(); }

    void twentyRecipesOfWhichThreeFail()
    {
        add({"--name", "good", "--grid", "training.learningRate=0.001..0.01/4", "--seeds", "2"});
        add({"--name", "no number", "--set", "training.optimizer=sgd", "--set", "training.learningRate=100", "--set", "architecture.hidden=64, 64, 64", "--set",
             "architecture.activation=gelu"});
        add({"--name", "too large a batch", "--set", "training.batchSize=60000"});
        const auto missing = m_home->run({"queue", "add", "--set", "dataset.kind=csv", "--set", "dataset.path=/nowhere/at/all.csv", "--name", "no data"});
        QVERIFY2(missing.code == 0, missing.err);
        add({"--name", "more", "--seeds", "9"});
        const auto outcome = m_home->run({"queue", "run"});
        QCOMPARE(outcome.code, 1); // some failed
        const auto all = entries();
        QCOMPARE(all.size(), 20U);
        std::map<QString, int> count;
        for (const auto& [name, entry] : all)
            ++count[entry["state"].toString()];
        QCOMPARE(count, (std::map<QString, int>{{"done", 17}, {"failed", 3}}));
        QVERIFY2(all.at("no number")["reason"].toString().contains("no longer a number"), qPrintable(all.at("no number")["reason"].toString()));
        QVERIFY(all.at("no data")["reason"].toString().contains("/nowhere/at/all.csv"));
        QCOMPARE(all.at("too large a batch")["where"].toString(), QString{"training.batchSize"});
        for (const char* name : {"no number", "too large a batch"})
            QVERIFY2(!all.at(name)["hint"].toString().isEmpty(), name);
        RunStore store{m_home->folder()};
        const auto runs = store.runs();
        QCOMPARE(std::count_if(runs.begin(), runs.end(), [](const RunSummary& run) { return run.status == RunStatus::completed; }), 17);
        QVERIFY2(outcome.out.contains("no data: failed"), outcome.out);
    }

    void whatMemoryIsNotEnoughForFailsAndTheNextIsTrained()
    {
        add({"--name", "giant", "--set", "architecture.hidden=40000, 40000"});
        add({"--name", "small"});
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("DESCENT_HOME", QString::fromStdString(m_home->folder().string()));
        process.setProcessEnvironment(environment);
        process.start("/bin/sh", {"-c", "ulimit -v 6000000; exec " BIN_DIR "/descent queue run"}); // its weights alone take 6.4 GB
        QVERIFY(process.waitForFinished(120'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        const auto all = entries();
        QCOMPARE(all.at("small")["state"].toString(), QString{"done"});
        QCOMPARE(all.at("giant")["state"].toString(), QString{"failed"});
        QVERIFY2(all.at("giant")["reason"].toString().contains("memory"), qPrintable(all.at("giant")["reason"].toString()));
        QVERIFY(!all.at("giant")["hint"].toString().isEmpty());
    }

    void killedInTheMiddleEachIsStillTrainedOnce()
    {
        constexpr int count = 8, kills = 4;
        add({"--seeds", QString::number(count), "--set", "training.epochs=400"});
        for (int i = 0; i < kills; ++i) {
            QProcess process;
            m_home->start(process, {"queue", "run", "--json"});
            QByteArray out;
            // Dies after an entry, while the next is under way.
            const auto told = [&out](const char* event) { return out.count(QByteArray{"\"event\":\""} + event + '"'); };
            while ((told("entry") < 1 || told("started") <= told("entry")) && process.waitForReadyRead(60'000))
                out += process.readAllStandardOutput();
            QVERIFY2(process.state() == QProcess::Running, "it came to its end before it could be killed");
            ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
            QVERIFY(process.waitForFinished());
            QCOMPARE(process.exitStatus(), QProcess::CrashExit);
        }
        QVERIFY2(!states().contains('r'), qPrintable(states())); // nothing is told to run that does not
        QCOMPARE(m_home->run({"queue", "run"}).code, 0);
        for (const auto& [name, entry] : entries())
            QCOMPARE(entry["state"].toString(), QString{"done"});
        RunStore store{m_home->folder()};
        std::multiset<std::string> completed;
        int interrupted = 0;
        for (const RunSummary& run : store.runs()) {
            if (run.status == RunStatus::completed)
                completed.insert(run.name);
            interrupted += run.status == RunStatus::interrupted;
        }
        QCOMPARE(completed.size(), std::size_t{count});
        QCOMPARE((std::set<std::string>{completed.begin(), completed.end()}.size()), std::size_t{count});
        QVERIFY2(interrupted > 0, "no kill hit a run");
    }

    void twoProgramsShareOneQueue()
    {
        add({"--seeds", "10"});
        m_home->run({"queue", "limits", "--at-once", "2", "--threads", "2"});
        QProcess one, other;
        m_home->start(one, {"queue", "run", "--quiet"});
        m_home->start(other, {"queue", "run", "--quiet"});
        QVERIFY(one.waitForFinished(120'000) && other.waitForFinished(120'000));
        QCOMPARE(one.exitCode() + other.exitCode(), 0);
        RunStore store{m_home->folder()};
        QCOMPARE(store.runs().size(), 10U);
        QVERIFY(!states().contains('w'));
    }

    void aFileIsFoundFromAnotherFolder()
    {
        QFile table{m_home->path("table.csv")};
        QVERIFY(table.open(QIODevice::WriteOnly));
        table.write("x,y,kind\n");
        for (int i = 0; i < 60; ++i)
            table.write(QByteArray::number(i) + ',' + QByteArray::number(i % 7) + (i % 2 ? ",odd\n" : ",even\n"));
        table.close();
        QProcess adding;
        adding.setWorkingDirectory(QString::fromStdString(m_home->folder().string()));
        m_home->start(adding, {"queue", "add", "--set", "dataset.path=table.csv", "--set", "training.epochs=1", "--name", "table"});
        QVERIFY(adding.waitForFinished(30'000));
        QCOMPARE(adding.exitCode(), 0);
        const auto outcome = m_home->run({"queue", "run"}); // from where this test was started
        QVERIFY2(outcome.code == 0, outcome.out);
    }

    void runsAtOnceShareTheThreads()
    {
        // A step that would feed more threads than there are.
        const QStringList wide{"queue", "add", "--set", "dataset.samples=200", "--set", "architecture.hidden=1024, 1024", "--set", "training.epochs=2", "--seeds", "4"};
        QCOMPARE(m_home->run(wide).code, 0);
        m_home->run({"queue", "limits", "--at-once", "2", "--threads", "2"});
        QStringList devices;
        for (const QJsonObject& line : m_home->run({"queue", "run", "--json"}).lines())
            if (line["event"] == "started")
                devices << line["device"].toString();
        QCOMPARE(devices.size(), 4);
        // While two run, each has one; the last may have what the other gave back.
        QCOMPARE(devices[0], QString{"cpu, 1 thread"});
        QCOMPARE(devices[1], QString{"cpu, 1 thread"});
    }

    void ctrlCStopsInOrderAndWhatRanWaitsAgain()
    {
        add({"--name", "endless", "--set", "training.epochs=100000"});
        QProcess process;
        m_home->start(process, {"queue", "run", "--json"});
        QByteArray out;
        while (!out.contains("\"event\":\"epoch\"") && process.waitForReadyRead(60'000))
            out += process.readAllStandardOutput();
        QVERIFY(process.state() == QProcess::Running);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(states(), QString{"1w"});
        RunStore store{m_home->folder()};
        QVERIFY(store.runs().front().status == RunStatus::stopped);
        QVERIFY(std::filesystem::exists(store.runFolder(1) / "checkpoints"));
    }

    void aScriptEditsTheQueue()
    {
        add({"--seeds", "4"});
        QCOMPARE(m_home->run({"queue", "move", "4", "3", "--top"}).code, 0);
        QCOMPARE(states(), QString{"4w 3w 1w 2w"});
        m_home->run({"queue", "move", "4"});
        QCOMPARE(states(), QString{"3w 1w 2w 4w"});
        m_home->run({"queue", "move", "4", "--before", "1"});
        QCOMPARE(states(), QString{"3w 4w 1w 2w"});
        const auto removed = m_home->run({"queue", "remove", "4", "1", "--json"});
        QCOMPARE(removed.json().object()["entries"].toArray().size(), 2);
        QCOMPARE(states(), QString{"3w 2w"});
        m_home->run({"queue", "pause"});
        const auto paused = m_home->run({"queue", "run"});
        QCOMPARE(paused.code, 1);
        QVERIFY2(paused.err.contains("descent queue resume"), paused.err);
        QCOMPARE(states(), QString{"3w 2w"});
        m_home->run({"queue", "resume"});
        QCOMPARE(m_home->run({"queue", "run", "--jobs", "2"}).code, 0);
        QCOMPARE(states(), QString{"3d 2d"});
        m_home->run({"queue", "clear"});
        QCOMPARE(states(), QString{});
    }

    void whatCannotBeIsSaid_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no such entry") << QStringList{"queue", "move", "7", "x"} << QByteArray{"x: there is no such entry"};
        QTest::newRow("no such setting") << QStringList{"queue", "add", "--grid", "training.learningRat=1"} << QByteArray{"did you mean \"learningRate\"?"};
        QTest::newRow("no values") << QStringList{"queue", "add", "--grid", "training.learningRate"} << QByteArray{"PATH=VALUES"};
        QTest::newRow("too many") << QStringList{"queue", "add", "--seeds", "5000"} << QByteArray{"1000 is the most"};
        QTest::newRow("no state") << QStringList{"queue", "list", "--state", "lost"} << QByteArray{"one of waiting"};
        QTest::newRow("nothing to retry") << QStringList{"queue", "retry"} << QByteArray{"--failed"};
        QTest::newRow("no size") << QStringList{"queue", "limits", "--memory", "much"} << QByteArray{"as in 8G"};
    }
    void whatCannotBeIsSaid()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        const auto outcome = m_home->run(arguments);
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains(says), outcome.err);
        QCOMPARE(states(), QString{});
    }
};

QTEST_GUILESS_MAIN(TestQueueRun)
#include "tst_queue_run.moc"
