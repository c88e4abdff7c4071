// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/checkpoint/checkpoint_folder.h"
#include "engine/core/store/run_store.h"
#include "tests/app/descent_process.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <memory>
#include <random>

using namespace descent;

namespace {

// Far more epochs than the test lets it live; one thread, so that several at once leave each other room.
const QStringList endlessTraining{"train", "--json",
                                  "--set", "dataset.samples=200",
                                  "--set", "architecture.hidden=8",
                                  "--set", "training.epochs=100000",
                                  "--set", "training.threads=1"};

/// What a reader of the output was told, by series: steps and values in order.
using Told = std::map<std::string, std::vector<std::pair<qint64, double>>>;

Told pointsOf(const DescentHome::Outcome& outcome)
{
    Told told;
    for (const QJsonObject& line : outcome.lines())
        for (const QJsonValue& value : line["points"].toArray()) {
            const QJsonObject point = value.toObject();
            told[point["series"].toString().toStdString()].emplace_back(point["step"].toInteger(), point["value"].toDouble());
        }
    return told;
}

/// DESCENT_KILLS asks for more, in the background.
int killsWanted(int usual)
{
    const int wanted = qEnvironmentVariableIntValue("DESCENT_KILLS");
    return wanted > 0 ? wanted : usual;
}

/// A run's losses and figures of epochs, as the store has them.
std::map<std::string, std::vector<SeriesPoint>> curvesOf(RunStore& store, RunId run)
{
    std::map<std::string, std::vector<SeriesPoint>> curves;
    const std::optional<RunDetails> details = store.run(run);
    for (const std::string& series : details->series)
        if (series == "loss/train" || series.ends_with("/validation"))
            curves[series] = store.points(run, series);
    return curves;
}

RunId runOf(const DescentHome::Outcome& outcome)
{
    const auto lines = outcome.lines();
    return lines.empty() ? 0 : lines.front()["run"].toInteger();
}

}

class TestKill : public QObject {
    Q_OBJECT
    DescentHome m_home;

    /// From the start of the program to the first point it prints; -1 when there is none.
    qint64 startUpMs()
    {
        QProcess process;
        QElapsedTimer timer;
        timer.start();
        m_home.start(process, endlessTraining);
        QByteArray out;
        while (!out.contains("\"metrics\"") && process.waitForReadyRead(60'000))
            out += process.readAllStandardOutput();
        const qint64 elapsed = timer.elapsed();
        process.kill();
        process.waitForFinished();
        return out.contains("\"metrics\"") ? elapsed : -1;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!canTrain())
            QSKIP("built without the training module");
    }

    void aHundredKillsLoseNothingThatWasTold()
    {
        const qint64 startUp = startUpMs();
        QVERIFY2(startUp > 0, "the training never began");
        const int kills = killsWanted(100);
        constexpr int atOnce = 4;
        const unsigned seed = std::random_device{}();
        std::mt19937 random{seed};
        qInfo("seed %u, start-up %lld ms", seed, static_cast<long long>(startUp));
        // From before the database is opened to well into the training.
        std::uniform_int_distribution<qint64> moment{0, 3 * startUp};

        std::size_t pointsTold = 0;
        int killedWhileTraining = 0;
        for (int wave = 0; wave < kills / atOnce; ++wave) {
            struct Victim {
                qint64 diesAtMs;
                std::unique_ptr<QProcess> process = std::make_unique<QProcess>();
            };
            std::vector<Victim> victims;
            for (int i = 0; i < atOnce; ++i)
                victims.push_back({moment(random)});
            std::sort(victims.begin(), victims.end(), [](const Victim& a, const Victim& b) { return a.diesAtMs < b.diesAtMs; });
            QElapsedTimer timer;
            timer.start();
            for (Victim& victim : victims)
                m_home.start(*victim.process, endlessTraining);
            std::vector<DescentHome::Outcome> outcomes;
            for (auto& [diesAtMs, process] : victims) {
                QVERIFY(process->waitForStarted());
                // It does not finish by itself: this is how the moment is waited for.
                QVERIFY2(!process->waitForFinished(static_cast<int>(std::max<qint64>(0, diesAtMs - timer.elapsed()))),
                         process->readAllStandardError());
                ::kill(static_cast<pid_t>(process->processId()), SIGKILL);
                QVERIFY(process->waitForFinished());
                QCOMPARE(process->exitStatus(), QProcess::CrashExit);
                outcomes.push_back({-1, process->readAllStandardOutput(), process->readAllStandardError()});
            }

            RunStore store{m_home.folder()};
            SQLite::Database db{(m_home.folder() / "descent.db").string()};
            QCOMPARE(db.execAndGet("PRAGMA integrity_check").getString(), std::string{"ok"});
            QCOMPARE(db.execAndGet("SELECT count(*) FROM pragma_foreign_key_check").getInt(), 0);
            for (const RunSummary& run : store.runs())
                QCOMPARE(toString(run.status), std::string{"interrupted"});
            for (const DescentHome::Outcome& outcome : outcomes) {
                const Told told = pointsOf(outcome);
                killedWhileTraining += !told.empty();
                for (const auto& [series, points] : told) {
                    const auto stored = store.points(runOf(outcome), series);
                    QVERIFY2(stored.size() >= points.size(), series.c_str());
                    for (std::size_t i = 0; i < points.size(); ++i) {
                        QCOMPARE(stored[i].step, points[i].first);
                        QCOMPARE(stored[i].value, points[i].second);
                    }
                    pointsTold += points.size();
                }
            }
        }
        qInfo("%d of %d died while training; %zu points told, all of them found", killedWhileTraining, kills, pointsTold);
        QVERIFY2(killedWhileTraining >= kills / 4, "too few kills hit a training for this to mean anything");
    }

    /// Killed and gone on with, again and again: while it reads, learns, judges, writes a checkpoint, rewinds its history.
    void aRunThatIsKilledAndGoesOnEndsAsIfItHadNotBeen()
    {
        const QStringList settings{"--set", "dataset.samples=200", "--set", "architecture.hidden=8", "--set", "architecture.dropout=0.2",
                                   "--set", "training.epochs=60", "--set", "training.threads=1", "--set", "training.checkpointEvery=0"};
        QCOMPARE(m_home.run(QStringList{"train", "--quiet"} + settings).code, 0);
        const RunId whole = RunStore{m_home.folder()}.runs().front().id;
        const qint64 startUp = startUpMs();
        const int kills = killsWanted(100) / 4;
        const unsigned seed = std::random_device{}();
        std::mt19937 random{seed};
        qInfo("seed %u", seed);
        std::uniform_int_distribution<qint64> moment{startUp / 2, 2 * startUp};
        int killed = 0, runs = 0;
        while (killed < kills) {
            ++runs;
            std::vector<RunId> known;
            for (const RunSummary& run : RunStore{m_home.folder()}.runs())
                known.push_back(run.id);
            RunId run = 0;
            for (bool over = false; !over;) {
                QProcess process;
                const QString number = QString::number(run);
                // Before the first checkpoint there is nothing to go on from: another one begins.
                const bool canGoOn = run != 0 && newestCheckpoint(RunStore{m_home.folder()}.runFolder(run));
                m_home.start(process, canGoOn ? QStringList{"resume", number, "--quiet"} : QStringList{"train", "--quiet"} + settings);
                const bool ended = process.waitForFinished(killed < kills ? static_cast<int>(moment(random)) : 60'000);
                if (!ended) {
                    ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
                    ++killed;
                    QVERIFY(process.waitForFinished());
                }
                over = process.exitStatus() == QProcess::NormalExit;
                if (over)
                    QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
                if (!canGoOn)
                    for (const RunSummary& one : RunStore{m_home.folder()}.runs())
                        if (std::find(known.begin(), known.end(), one.id) == known.end())
                            run = std::max(run, one.id);
                // Killed with all its work done, on its way out.
                if (run != 0 && RunStore{m_home.folder()}.run(run)->summary.status == RunStatus::completed)
                    over = true;
            }
            RunStore store{m_home.folder()};
            QVERIFY(store.run(run)->summary.status == RunStatus::completed);
            const auto wanted = curvesOf(store, whole), got = curvesOf(store, run);
            QVERIFY(wanted.size() > 2);
            for (const auto& [series, points] : wanted) {
                QVERIFY2(got.contains(series), series.c_str());
                QVERIFY2(std::equal(points.begin(), points.end(), got.at(series).begin(), got.at(series).end(),
                                    [](const SeriesPoint& a, const SeriesPoint& b) { return a.step == b.step && a.value == b.value; }),
                         series.c_str());
            }
            QCOMPARE(store.run(run)->summary.test, store.run(whole)->summary.test);
            const auto a = newestCheckpoint(store.runFolder(whole)), b = newestCheckpoint(store.runFolder(run));
            QVERIFY(a && b);
            QCOMPARE(b->sha256, a->sha256); // weights, optimizer, best model, generator: the same bytes
        }
        qInfo("%d kills in %d runs", killed, runs);
    }
};

QTEST_GUILESS_MAIN(TestKill)
#include "tst_kill.moc"
