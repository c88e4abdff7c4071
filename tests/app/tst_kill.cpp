// SPDX-License-Identifier: GPL-3.0-or-later
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
        constexpr int kills = 100, atOnce = 4;
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
};

QTEST_GUILESS_MAIN(TestKill)
#include "tst_kill.moc"
