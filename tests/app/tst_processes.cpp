// SPDX-License-Identifier: GPL-3.0-or-later
#include "descent_process.h"

#include <QDir>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTest>
#include <csignal>

namespace {

const QStringList quick{"--set", "dataset.samples=400", "--set", "training.threads=1"};

/// Processes that `parent` started and that still are.
std::vector<pid_t> childrenOf(qint64 parent)
{
    std::vector<pid_t> children;
    for (const QString& name : QDir{"/proc"}.entryList(QDir::Dirs)) {
        QFile file{"/proc/" + name + "/stat"};
        if (name.toLongLong() > 0 && file.open(QIODevice::ReadOnly)) {
            const QByteArray line = file.readAll();
            const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
            if (fields.value(1).toLongLong() == parent)
                children.push_back(static_cast<pid_t>(name.toInt()));
        }
    }
    return children;
}

bool exists(pid_t process)
{
    return ::kill(process, 0) == 0;
}

QJsonObject endOf(const DescentHome::Outcome& outcome)
{
    const auto lines = outcome.lines();
    return lines.empty() ? QJsonObject{} : lines.back();
}

}

class TestProcesses : public QObject
{
    Q_OBJECT

    /// Reads the lines of --json until one of this event has come.
    static bool waitFor(QProcess& process, QByteArray& out, const QByteArray& event, int times = 1)
    {
        while (out.count("{\"event\":\"" + event + "\"") < times) {
            if (!process.waitForReadyRead(60'000))
                return false;
            out += process.readAllStandardOutput();
        }
        return true;
    }

    static bool waitForEnd(QProcess& process, QByteArray& out)
    {
        while (process.state() != QProcess::NotRunning && process.waitForReadyRead(60'000))
            out += process.readAllStandardOutput();
        if (process.state() != QProcess::NotRunning)
            process.waitForFinished(10'000); // it said its last before
        out += process.readAllStandardOutput();
        return process.state() == QProcess::NotRunning;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!canTrain())
            QSKIP("built without the training engine");
    }

    void severalProcessesLearnAsOne()
    {
        const DescentHome home;
        const QStringList arguments = QStringList{"train", "--json", "--set", "training.epochs=5", "--set", "training.batchSize=64"} + quick;
        const QJsonObject alone = endOf(home.run(arguments));
        const auto outcome = home.run(arguments + QStringList{"--set", "training.processes=2"});
        const QJsonObject shared = endOf(outcome);
        QCOMPARE(shared["status"].toString(), "completed");
        QCOMPARE(outcome.err, "");
        for (const char* figures : {"best", "test"}) {
            const QJsonObject ours = shared[figures].toObject(), theirs = alone[figures].toObject();
            QVERIFY(!theirs.isEmpty());
            for (const QString& name : theirs.keys())
                QVERIFY2(std::abs(ours[name].toDouble() - theirs[name].toDouble()) < 1e-3, qPrintable(name));
        }
        // One run of it in the history, and nothing of the other process but what it learnt.
        QCOMPARE(home.run({"runs", "--json"}).json().array().size(), 2);
        QCOMPARE((QDir{home.path("runs/2")}.entryList(QDir::Files)), QStringList{"best.safetensors"});
    }

    void aKilledWorkerEndsTheRunAndLeavesNobody()
    {
        const DescentHome home;
        QProcess process;
        home.start(process, QStringList{"train", "--json", "--set", "training.epochs=100000", "--set", "training.processes=4"} + quick);
        QByteArray out;
        QVERIFY(waitFor(process, out, "epoch", 3));
        const std::vector<pid_t> workers = childrenOf(process.processId());
        QCOMPARE(workers.size(), std::size_t{3});
        QElapsedTimer timer;
        timer.start();
        ::kill(workers[1], SIGKILL);
        QVERIFY(waitForEnd(process, out));
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(process.exitCode(), 1);
        const QJsonObject end = endOf({process.exitCode(), out, {}});
        QCOMPARE(end["status"].toString(), "failed");
        QVERIFY2(end["reason"].toString().startsWith("worker 2 of 4 was lost at step "), qPrintable(end["reason"].toString()));
        QCOMPARE(end["hint"].toString(), "the run's last checkpoint is kept: go on from it");
        for (const pid_t worker : workers)
            QVERIFY(!exists(worker));
        // What is kept can be gone on from.
        QCOMPARE(home.run(QStringList{"train", "--quiet", "--from", "1", "--set", "training.epochs=1"} + quick).code, 0);
    }

    void workersDieWithWhoeverStartedThem()
    {
        const DescentHome home;
        QProcess process;
        home.start(process, QStringList{"train", "--json", "--set", "training.epochs=100000", "--set", "training.processes=3"} + quick);
        QByteArray out;
        QVERIFY(waitFor(process, out, "epoch"));
        const std::vector<pid_t> workers = childrenOf(process.processId());
        QCOMPARE(workers.size(), std::size_t{2});
        process.kill();
        process.waitForFinished();
        for (const pid_t worker : workers)
            QTRY_VERIFY_WITH_TIMEOUT(!exists(worker), 10'000);
    }

    void ctrlCStopsAllOfThem()
    {
        const DescentHome home;
        QProcess process;
        home.start(process, QStringList{"train", "--json", "--set", "training.epochs=100000", "--set", "training.processes=2"} + quick);
        QByteArray out;
        QVERIFY(waitFor(process, out, "epoch"));
        for (const pid_t worker : childrenOf(process.processId()))
            ::kill(worker, SIGINT);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(waitForEnd(process, out));
        QCOMPARE(process.exitCode(), 0);
        QCOMPARE(endOf({0, out, {}})["status"].toString(), "stopped");
    }

    void torchrunsVariablesAreFollowed()
    {
        const DescentHome home;
        const QStringList arguments = QStringList{"train", "--json", "--set", "training.epochs=3"} + quick;
        std::vector<std::unique_ptr<QProcess>> processes;
        for (int rank = 0; rank < 2; ++rank) {
            processes.push_back(std::make_unique<QProcess>());
            home.start(*processes.back(), QStringList{"RANK=" + QString::number(rank), "WORLD_SIZE=2", "MASTER_ADDR=localhost", "MASTER_PORT=29613", BIN_DIR "/descent"} + arguments, "/usr/bin/env");
        }
        for (const auto& process : processes) {
            QVERIFY(process->waitForFinished(120'000));
            QVERIFY2(process->exitCode() == 0, process->readAllStandardError().constData());
        }
        QCOMPARE(endOf({0, processes[0]->readAllStandardOutput(), {}})["status"].toString(), "completed");
        QCOMPARE(processes[1]->readAllStandardOutput(), "");
        QCOMPARE(home.run({"runs", "--json"}).json().array().size(), 1);
        // Half a place is a mistake, not a training of its own.
        QProcess half;
        home.start(half, QStringList{"RANK=1", BIN_DIR "/descent"} + arguments, "/usr/bin/env");
        QVERIFY(half.waitForFinished());
        QCOMPARE(half.exitCode(), 2);
        QVERIFY(half.readAllStandardError().contains("WORLD_SIZE: this variable is missing"));
    }

    void torchrunStartsIt()
    {
        const QString torchrun = SOURCE_DIR "/.venv/bin/torchrun";
        if (!QFile::exists(torchrun))
            QSKIP("there is no torchrun in .venv");
        const DescentHome home;
        QProcess process;
        home.start(process, QStringList{"--nproc-per-node=2", "--master-port=29614", "--no-python", BIN_DIR "/descent", "train", "--json", "--set", "training.epochs=3"} + quick, torchrun);
        QVERIFY(process.waitForFinished(180'000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        QCOMPARE(home.run({"show", "1", "--json"}).json().object()["status"].toString(), "completed");
    }

    /// Under a Slurm that is there already; CONTRIBUTING.md says how to set one up on one machine.
    void slurmRunsItsScript()
    {
        if (QStandardPaths::findExecutable("sbatch").isEmpty())
            QSKIP("Slurm is not installed: apt install slurm-wlm, see CONTRIBUTING.md");
        QProcess nodes;
        nodes.start("sinfo", {"--noheader", "--states=idle,mixed,allocated", "--format=%n"});
        if (!nodes.waitForFinished(10'000) || nodes.exitCode() != 0 || nodes.readAllStandardOutput().trimmed().isEmpty())
            QSKIP("no Slurm controller with a working node answers, see CONTRIBUTING.md");
        const DescentHome home;
        const auto script = home.run(QStringList{"slurm", "--tasks-per-node", "2", "--time", "5", "--program", BIN_DIR "/descent", "--home", home.folder().c_str(), "--set", "training.epochs=3"} + quick);
        QCOMPARE(script.code, 0);
        QFile file{home.path("job.sh")};
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(script.out);
        file.close();
        QProcess sbatch;
        sbatch.setWorkingDirectory(home.folder().c_str());
        sbatch.start("sbatch", {"--wait", home.path("job.sh")});
        QVERIFY(sbatch.waitForFinished(300'000));
        QString log;
        for (const QString& name : QDir{home.folder().c_str()}.entryList({"descent-*.log"})) {
            QFile output{home.path(name)};
            if (output.open(QIODevice::ReadOnly))
                log += QString::fromUtf8(output.readAll());
        }
        QVERIFY2(sbatch.exitCode() == 0, qPrintable(log + sbatch.readAllStandardError()));
        const auto runs = home.run({"runs", "--json"}).json().array();
        QCOMPARE(runs.size(), 1); // of two tasks
        QCOMPARE(runs[0].toObject()["status"].toString(), "completed");
    }
};

QTEST_GUILESS_MAIN(TestProcesses)
#include "tst_processes.moc"
