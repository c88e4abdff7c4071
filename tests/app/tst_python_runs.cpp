// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_store.h"
#include "tests/app/descent_process.h"

#include <QTest>

#include <array>
#include <cmath>
#include <csignal>
#include <memory>

using namespace descent;

/// packaging/python/descent_runs.py, as other people's scripts use it.
class TestPythonRuns : public QObject {
    Q_OBJECT
    std::unique_ptr<DescentHome> m_home;

    void start(QProcess& process, const QByteArray& script) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("DESCENT_HOME", QString::fromStdString(m_home->folder().string()));
        environment.insert("PYTHONPATH", SOURCE_DIR "/packaging/python");
        environment.insert("PYTHONDONTWRITEBYTECODE", "1");
        environment.insert("PATH", QString{BIN_DIR} + ':' + environment.value("PATH"));
        process.setProcessEnvironment(environment);
        process.start("python3", {"-c", "import descent_runs, os, sys, time, math\n" + script});
    }
    DescentHome::Outcome run(const QByteArray& script) const
    {
        QProcess process;
        start(process, script);
        if (!process.waitForFinished(120'000))
            qFatal("python does not end");
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
    }

private Q_SLOTS:
    void init() { m_home = std::make_unique<DescentHome>(); }

    /// The first run makes the history, by the `descent` on its path.
    void whatIsLoggedIsThere()
    {
        const auto outcome = run(R"(
with descent_runs.Run("mine", experiment="Python", config={"training": {"learningRate": 0.1}}, tags=["demo", "demo"]) as run:
    for step in range(1, 10001):
        run.log({"loss/train": math.nan if step == 5 else 1 / step, "größe": step}, step=step)
    run.log({"loss/train": 7}, step=3)
    run.finish(accuracy=0.9)
)");
        QVERIFY2(outcome.code == 0, outcome.err.constData());
        RunStore store{m_home->folder()};
        const std::vector<RunSummary> runs = store.runs();
        QCOMPARE(runs.size(), 1u);
        QCOMPARE(runs[0].name, std::string{"mine"});
        QCOMPARE(runs[0].experiment, std::string{"Python"});
        QVERIFY(runs[0].status == RunStatus::completed);
        QCOMPARE(runs[0].tags, std::vector<std::string>{"demo"});
        QCOMPARE(runs[0].test.at("accuracy"), 0.9);
        QCOMPARE(runs[0].last.at("loss/train"), 7.0);
        QCOMPARE(runs[0].step, 10'000);
        QVERIFY(store.thumbnails(std::array{runs[0].id}).at(runs[0].id).size() > 30);
        const std::vector<SeriesPoint> losses = store.points(runs[0].id, "loss/train");
        QCOMPARE(losses.size(), 10'001u);
        QCOMPARE(losses[3].step, 3); // twice: as it was, and what came later behind it
        QCOMPARE(losses[3].value, 7.0);
        QVERIFY(std::isnan(losses[5].value));
        QCOMPARE(losses.back().value, 1.0 / 10'000);
        QCOMPARE(store.points(runs[0].id, "größe").size(), 10'000u);
        QCOMPARE(std::get<double>(store.settings("training.learningRate").at(runs[0].id)), 0.1);
        QCOMPARE(m_home->run({"runs", "--where", "tag = demo and accuracy > 0.8", "--json"}).json().array().size(), 1);
    }

    void theBestStepOfValidationIsRemembered()
    {
        const auto outcome = run(R"(
with descent_runs.Run("up", dataset="CIFAR-10", architecture="resnet18", parameters=11173962) as run:
    for step, (accuracy, loss) in enumerate([(0.5, 1), (0.9, 2), (math.nan, 3), (0.8, 0.1)]):
        run.log({"loss/validation": loss, "accuracy/train": 1, "accuracy/validation": accuracy, "f1/validation": accuracy / 2}, step=step)
        run.flush()
with descent_runs.Run("down", metric="loss", higher_is_better=False) as run:
    for step, loss in enumerate([3, 1, 2]):
        run.log({"loss/validation": loss}, step=step)
with descent_runs.Run("none") as run:
    run.log({"loss/validation": 1})
)");
        QVERIFY2(outcome.code == 0, outcome.err.constData());
        RunStore store{m_home->folder()};
        const std::vector<RunSummary> runs = store.runs(); // newest first
        QCOMPARE(runs[2].best.at("accuracy/validation"), 0.9);
        QCOMPARE(runs[2].best.at("loss/validation"), 2.0); // of that step
        QCOMPARE(runs[2].best.at("f1/validation"), 0.45);
        QVERIFY(runs[2].best.find("accuracy/train") == runs[2].best.end());
        QCOMPARE(runs[2].datasetName, std::string{"CIFAR-10"});
        QCOMPARE(runs[2].architecture, std::string{"resnet18"});
        QCOMPARE(runs[2].parameterCount, 11'173'962);
        QCOMPARE(runs[1].best.at("loss/validation"), 1.0);
        QVERIFY(runs[0].best.begin() == runs[0].best.end());
    }

    void itEndsAsTheProgramDid()
    {
        RunStore store{m_home->folder()};
        QVERIFY(run("with descent_runs.Run('a') as run:\n    run.log({'loss': 1})\n    raise ValueError('no more data')").code != 0);
        QCOMPARE(run("run = descent_runs.Run('b')\nrun.log({'loss': 1})").code, 0);
        QCOMPARE(run("run = descent_runs.Run('c')\nrun.log({'loss': 1})\nrun.flush()\nos.kill(os.getpid(), 9)").code, -1);
        const std::vector<RunSummary> runs = store.runs(); // newest first
        QCOMPARE(runs.size(), 3u);
        QVERIFY(runs[0].status == RunStatus::interrupted);
        QVERIFY(runs[1].status == RunStatus::stopped);
        QVERIFY(runs[2].status == RunStatus::failed);
        QCOMPARE(english(runs[2].reason), std::string{"ValueError: no more data"});
        for (const RunSummary& one : runs)
            QCOMPARE(store.points(one.id, "loss").size(), 1u);
    }

    /// Four scripts and this program at once, half of the scripts killed: what they had flushed is there.
    void severalWritersLoseNothing()
    {
        RunStore store{m_home->folder()};
        std::vector<std::unique_ptr<QProcess>> scripts;
        for (int i = 0; i < 4; ++i)
            start(*scripts.emplace_back(std::make_unique<QProcess>()), R"(
run = descent_runs.Run("writer")
for step in range(1, 10**9):
    run.log({"loss/train": step * 0.5, "other": -step}, step=step)
    if step % 500 == 0:
        run.flush()
        print(run.id, step, flush=True)
)");
        const RunId mine = store.createRun({.name = "ours"});
        for (std::int64_t step = 1; step <= 200; ++step) {
            store.record(mine, std::vector<RunEvent>{MetricsLogged{{{"loss/train", step, 1, 0}}}});
            QTest::qWait(10);
        }
        for (const auto& script : scripts)
            script->kill();
        for (const auto& script : scripts) {
            QVERIFY(script->waitForFinished());
            const QByteArrayList lines = script->readAllStandardOutput().split('\n');
            QVERIFY2(lines.size() > 1, script->readAllStandardError().constData());
            const QByteArrayList told = lines[lines.size() - 2].split(' '); // the last is cut, or empty
            const RunId id = told[0].toLongLong();
            for (const char* series : {"loss/train", "other"}) {
                const std::vector<SeriesPoint> points = store.points(id, series);
                QVERIFY(static_cast<qlonglong>(points.size()) >= told[1].toLongLong());
                for (std::size_t k = 0; k < points.size(); ++k)
                    QVERIFY(points[k].step == static_cast<std::int64_t>(k) + 1 && points[k].value == (series[0] == 'l' ? 0.5 : -1) * static_cast<double>(k + 1));
            }
        }
        QCOMPARE(store.points(mine, "loss/train").size(), 200u);
    }

    void whatCannotBeIsSaid()
    {
        QVERIFY(run("os.environ['PATH'] = ''\ndescent_runs.Run('a')").err.contains("start Descent once"));
        RunStore{m_home->folder()};
        const auto refusedBy = [&](const QByteArray& script) { return run("run = descent_runs.Run('a')\n" + script).err; };
        QVERIFY(refusedBy("run.finish('happy')").contains("is no way to end"));
        QVERIFY(refusedBy("run.finish()\nrun.log({'loss': 1})").contains("the run has ended"));
        QVERIFY(run("import sqlite3\nc = sqlite3.connect(descent_runs.data_folder() / 'descent.db')\nc.execute('PRAGMA user_version = 999')\ndescent_runs.Run('a')").err.contains("newer Descent"));
    }
};

QTEST_GUILESS_MAIN(TestPythonRuns)
#include "tst_python_runs.moc"
