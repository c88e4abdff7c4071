// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/store/run_store.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <map>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace descent;

namespace {

using Clock = std::chrono::steady_clock;

/// What a writer tells before it goes on: so much of a run is in the history.
struct Acknowledged {
    RunId run = 0;
    std::int64_t points = 0; ///< of each series
    std::int64_t tags = 0;
};

constexpr const char* writerMode = "--write-until-killed";
constexpr std::array series{"loss/train", "accuracy/validation", "learning-rate"};

/// Makes runs and writes into them until it is killed.
[[noreturn]] void writeForEver(const std::string& folder, std::uint64_t seed, int out)
{
    Random random{seed};
    try {
        RunStore store{folder};
        for (;;) {
            Acknowledged done{.run = store.createRun({.name = "tortured", .recipeJson = "{}"})};
            const std::uint64_t batches = 1 + random.below(40);
            for (std::uint64_t batch = 0; batch < batches; ++batch) {
                const std::int64_t count = static_cast<std::int64_t>(random.below(10) == 0 ? 5000 : 1 + random.below(50)); // now and then a chunk is filled
                MetricsLogged logged;
                for (std::int64_t i = 1; i <= count; ++i)
                    for (const char* name : series)
                        logged.points.push_back({name, done.points + i, static_cast<double>(done.points + i), 0.5 * static_cast<double>(done.points + i)});
                store.record(done.run, std::vector<RunEvent>{std::move(logged)});
                done.points += count;
                if (random.below(4) == 0) {
                    store.addTag(std::array{done.run}, "tag " + std::to_string(done.tags));
                    ++done.tags;
                }
                if (write(out, &done, sizeof done) != sizeof done)
                    _exit(3);
            }
            if (random.below(2) == 0)
                store.record(done.run, std::vector<RunEvent>{RunEnded{}});
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "writer: %s\n", error.what());
        _exit(4);
    }
}

struct Writer {
    pid_t process = 0;
    int in = -1;
    Clock::time_point end;
};

}

/// Programs that write into one history, killed again and again, while a third tidies it up: nothing that was acknowledged is lost.
/// Twelve seconds; DESCENT_TORTURE_MINUTES for longer.
class TestStoreTorture : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void killedWritersLoseNothingTheyWereTold()
    {
        const double minutes = qEnvironmentVariableIsSet("DESCENT_TORTURE_MINUTES") ? qEnvironmentVariable("DESCENT_TORTURE_MINUTES").toDouble() : 0.2;
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString();
        RunStore{path};
        std::map<RunId, Acknowledged> told;
        std::array<Writer, 2> writers;
        Random random{7};
        std::uint64_t seed = 0;
        int kills = 0, tidied = 0;
        const auto listen = [&](Writer& writer) {
            for (Acknowledged done; read(writer.in, &done, sizeof done) == sizeof done;)
                told[done.run] = done;
        };
        const Clock::time_point end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(minutes * 60));
        RunStore watcher{path};
        Clock::time_point nextTidying = Clock::now() + std::chrono::seconds{1};
        std::int64_t revision = 0;
        while (Clock::now() < end) {
            for (Writer& writer : writers) {
                if (writer.process != 0 && Clock::now() < writer.end)
                    continue;
                if (writer.process != 0) {
                    QCOMPARE(kill(writer.process, SIGKILL), 0);
                    int status = 0;
                    QCOMPARE(waitpid(writer.process, &status, 0), writer.process);
                    QVERIFY2(WIFSIGNALED(status), "a writer ended by itself");
                    listen(writer); // what it had told before it died
                    close(writer.in);
                    ++kills;
                }
                int ends[2];
                QCOMPARE(pipe(ends), 0);
                writer.process = fork();
                if (writer.process == 0) { // a program of its own: SQLite's connections are not to be carried over a fork
                    close(ends[0]);
                    execl("/proc/self/exe", "writer", writerMode, path.c_str(), std::to_string(++seed + static_cast<std::uint64_t>(kills)).c_str(), std::to_string(ends[1]).c_str(), nullptr);
                    _exit(5);
                }
                close(ends[1]);
                writer.in = ends[0];
                fcntl(writer.in, F_SETFL, O_NONBLOCK);
                writer.end = Clock::now() + std::chrono::milliseconds{20 + random.below(500)};
            }
            for (Writer& writer : writers)
                listen(writer); // or the pipe is full
            revision = watcher.changesSince(revision).revision;
            if (Clock::now() > nextTidying) {
                watcher.backUp(path + "/copy.db");
                watcher.vacuum();
                ++tidied;
                nextTidying = Clock::now() + std::chrono::milliseconds{1000 + random.below(3000)};
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        for (Writer& writer : writers) {
            kill(writer.process, SIGKILL);
            waitpid(writer.process, nullptr, 0);
            listen(writer);
            close(writer.in);
        }

        RunStore store{path};
        const std::vector<Text> wrong = store.check();
        QVERIFY2(wrong.empty(), wrong.empty() ? "" : english(wrong.front()).c_str());
        std::int64_t points = 0;
        for (const auto& [run, done] : told) {
            const auto details = store.run(run);
            QVERIFY2(details, qPrintable(QString{"run %1 is gone"}.arg(run)));
            QVERIFY(details->summary.status == RunStatus::completed || details->summary.status == RunStatus::interrupted);
            QVERIFY(static_cast<std::int64_t>(details->summary.tags.size()) >= done.tags);
            for (const char* name : series) {
                const std::vector<SeriesPoint> there = store.points(run, name);
                QVERIFY2(static_cast<std::int64_t>(there.size()) >= done.points, qPrintable(QString{"run %1 has %2 points, %3 were told"}.arg(run).arg(there.size()).arg(done.points)));
                for (std::size_t i = 0; i < there.size(); ++i)
                    QVERIFY(there[i].step == static_cast<std::int64_t>(i + 1) && there[i].value == static_cast<double>(i + 1));
                points += static_cast<std::int64_t>(there.size());
            }
        }
        qInfo("%d kills, %d times tidied up; %zu runs, %lld points told and found", kills, tidied, told.size(), static_cast<long long>(points));
        QVERIFY(kills > 5 && told.size() > 5 && tidied > 0);
    }
};

int main(int argc, char** argv)
{
    if (argc == 5 && std::string_view{argv[1]} == writerMode)
        writeForEver(argv[2], std::stoull(argv[3]), std::stoi(argv[4]));
    QCoreApplication application{argc, argv};
    TestStoreTorture test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_store_torture.moc"
