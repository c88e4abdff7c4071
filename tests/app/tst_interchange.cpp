// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/store/run_store.h"
#include "tests/app/descent_process.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <utility>

using namespace descent;

class TestInterchange : public QObject {
    Q_OBJECT
    std::unique_ptr<DescentHome> m_home;
    DescentHome::Outcome descent(const QStringList& arguments) const { return m_home->run(arguments); }

private Q_SLOTS:
    void init() { m_home = std::make_unique<DescentHome>(); }

    void runsGoToAnotherMachineAndBackInEveryForm()
    {
        const QStringList names{"archive", "csv", "json", "mlflow", "tensorboard"};
        {
            RunStore store{m_home->folder()};
            const RunId run = store.createRun({.name = "one", .recipeJson = R"({"seed": 1})"});
            writeFileAtomically(store.runFolder(run) / "best.safetensors", "weights");
            store.record(run, std::vector<RunEvent>{MetricsLogged{{{"loss/train", 1, 2, 3}, {"loss/train", 2, 1, 4}}},
                                                    CheckpointWritten{.path = "best.safetensors", .step = 2, .best = true, .sha256 = {}, .removed = {}}, RunEnded{}});
        }
        QTemporaryDir folder;
        const QStringList places{"runs.descent", "runs.csv", "runs.json", "mlflow.db", "board"};
        for (qsizetype i = 0; i < names.size(); ++i) {
            const QString to = folder.filePath(places[i]);
            const auto written = descent({"export", names[i], "last", "--to", to, "--json"});
            QVERIFY2(written.code == 0, written.err);
            QVERIFY(written.json().array().at(0).toString().startsWith(to));
        }
        const auto home = std::exchange(m_home, std::make_unique<DescentHome>());
        for (qsizetype i = 0; i < names.size(); ++i) {
            if (names[i] == "json")
                continue;
            const QString from = folder.filePath(places[i]);
            const auto seen = descent({"import", from, "--dry-run", "--json"});
            QVERIFY2(seen.code == 0, seen.err);
            QCOMPARE(seen.json().object()["newRuns"].toInt(), i == 3 ? 0 : 1); // MLflow's is the run that came with the archive
            const auto taken = descent({"import", names[i], from, "--json"});
            QVERIFY2(taken.code == 0, taken.err);
            QCOMPARE(taken.json().object()["newRuns"].toInt(), i == 3 ? 0 : 1);
            QCOMPARE(descent({"import", from, "--json"}).json().object()["newRuns"].toInt(), 0);
            for (const QString& key : taken.json().object().keys()) {
                QFile readme{SOURCE_DIR "/README.md"};
                QVERIFY(readme.open(QFile::ReadOnly));
                QVERIFY2(readme.readAll().contains('`' + key.toUtf8() + '`'), qPrintable(key));
            }
        }
        QCOMPARE(descent({"runs", "--json"}).json().array().size(), 3);
        QCOMPARE(readFile(m_home->folder() / "runs/1/best.safetensors", 100), std::string{"weights"});
    }

    void aFileIsFollowedUntilCtrlC()
    {
        QTemporaryDir folder;
        QFile file{folder.filePath("live.csv")};
        QVERIFY(file.open(QFile::WriteOnly));
        file.write("step,loss\n1,0.5\n");
        file.flush();
        QProcess process;
        m_home->start(process, {"import", file.fileName(), "--follow", "--json"});
        const auto points = [this] {
            RunStore store{m_home->folder()};
            const auto runs = store.runs();
            return runs.empty() ? 0U : store.points(runs[0].id, "loss").size();
        };
        QTRY_COMPARE_WITH_TIMEOUT(points(), 1U, 30'000);
        file.write("2,0.25\n3,0.2");
        file.flush();
        QTRY_COMPARE_WITH_TIMEOUT(points(), 2U, 30'000);
        QVERIFY(RunStore{m_home->folder()}.runs()[0].status == RunStatus::running);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 0);
        QCOMPARE(points(), 3U); // what stood there without its end
        QVERIFY(RunStore{m_home->folder()}.runs()[0].status == RunStatus::completed);
    }
};

QTEST_GUILESS_MAIN(TestInterchange)
#include "tst_interchange.moc"
