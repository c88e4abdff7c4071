// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/checksum.h"
#include "engine/core/base/files.h"
#include "engine/core/interchange/archive.h"

#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include <cmath>
#include <fstream>

using namespace descent;

namespace fs = std::filesystem;

class TestArchive : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path path(const char* name) const { return fs::path{m_folder->path().toStdString()} / name; }

    static std::string bytes(std::size_t size)
    {
        std::string text(size, '\0');
        for (std::size_t i = 0; i < size; ++i)
            text[i] = static_cast<char>((i * 2654435761u) >> 13);
        return text;
    }
    static RunId trained(RunStore& store, const std::string& name, std::size_t checkpointBytes = 3'000'001, std::optional<RunId> parent = {})
    {
        const RunId run = store.createRun({.experiment = "Vision", .name = name, .recipeJson = R"({"seed": 3})", .parent = parent, .startName = parent ? "weights" : "", .environment = {{"device", "cpu"}}});
        MetricsLogged logged;
        for (int i = 1; i <= 10'000; ++i)
            logged.points.push_back({"loss/train", i, i == 7 ? std::nan("") : 1.0 / (0.3 + i), i * 0.1});
        for (int i = 0; i < 3; ++i)
            logged.points.push_back({"again", 20, 0.1 * i, 2});
        const std::string weights = bytes(checkpointBytes);
        writeFileAtomically(store.runFolder(run) / "best.safetensors", weights);
        fs::create_directories(store.runFolder(run) / "checkpoints");
        writeFileAtomically(store.runFolder(run) / "checkpoints/step-5.json", "{}");
        writeFileAtomically(store.runFolder(run) / "checkpoints/empty", "");
        store.record(run, std::vector<RunEvent>{std::move(logged), EpochFinished{.epoch = 2, .step = 9, .metrics = {{"accuracy/validation", 0.5}}, .best = true},
                                                CheckpointWritten{.path = "best.safetensors", .step = 9, .best = true, .sha256 = sha256(std::as_bytes(std::span{weights})), .removed = {}},
                                                Message{.severity = Message::Severity::warning, .text = text("careful with %1", 3)},
                                                RunEnded{.status = RunStatus::failed, .reason = text("the end of %1", name), .hint = text("try again"), .best = {}, .test = {{"accuracy", 0.25}}}});
        store.setTags(run, {"demo", "ü"});
        store.setNote(run, "a note");
        store.setStarred(std::vector{run}, true);
        store.setColor(std::vector{run}, "#123456");
        return run;
    }
    static void compare(RunStore& left, RunId a, RunStore& right, RunId b)
    {
        const RunDetails one = *left.run(a), two = *right.run(b);
        QCOMPARE(one.uuid, two.uuid);
        QVERIFY(!one.uuid.empty());
        QCOMPARE(one.recipeJson, two.recipeJson);
        QVERIFY(one.environment == two.environment);
        QVERIFY(one.series == two.series);
        QCOMPARE(one.messages.size(), two.messages.size());
        QVERIFY(one.messages[0].text == two.messages[0].text);
        const RunSummary &x = one.summary, &y = two.summary;
        QVERIFY(x.name == y.name && x.experiment == y.experiment && x.status == y.status && x.createdAt == y.createdAt && x.endedAt == y.endedAt);
        QVERIFY(x.seconds == y.seconds && x.epoch == y.epoch && x.step == y.step && x.note == y.note && x.tags == y.tags && x.reason == y.reason && x.hint == y.hint);
        QVERIFY(x.last.size() == y.last.size() && x.best == y.best && x.test == y.test && x.starred == y.starred && x.color == y.color);
        QVERIFY((left.thumbnails(std::vector{a}).at(a) == right.thumbnails(std::vector{b}).at(b)));
        for (const std::string& series : one.series) {
            const auto first = left.points(a, series), second = right.points(b, series);
            QCOMPARE(first.size(), second.size());
            for (std::size_t i = 0; i < first.size(); ++i)
                QVERIFY(first[i].step == second[i].step && first[i].seconds == second[i].seconds && (first[i].value == second[i].value || std::isnan(first[i].value)));
        }
        QCOMPARE(one.checkpoints.size(), two.checkpoints.size());
        for (const char* file : {"best.safetensors", "checkpoints/step-5.json", "checkpoints/empty"})
            QVERIFY(readFile(left.runFolder(a) / file, 1 << 28) == readFile(right.runFolder(b) / file, 1 << 28));
    }
    /// Nothing came of it, and it says why.
    static void refuses(RunStore& store, const fs::path& file, const char* why)
    {
        const std::size_t before = store.runs().size();
        try {
            importArchive(store, file);
            QFAIL(why);
        } catch (const DescentError& error) {
            const std::string said = english(error.message());
            QVERIFY2(said.find(why) != std::string::npos, said.c_str());
            QVERIFY2(said.find(file.string()) != std::string::npos, said.c_str());
        }
        QCOMPARE(store.runs().size(), before);
        QVERIFY(!fs::exists(store.runFolder(1)) || before > 0);
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aRunArrivesWithEverythingAndOnce()
    {
        RunStore here{path("here")}, there{path("there")};
        const RunId parent = trained(here, "parent"), child = trained(here, "child", 10, parent), third = trained(here, "third");
        trained(there, "of its own");
        const ArchiveReport written = exportArchive(here, std::vector{parent, child}, path("runs.descent"));
        QCOMPARE(written.runs, 2);
        QCOMPARE(written.files, 6);
        QVERIFY(isArchive(path("runs.descent")));
        QVERIFY(!fs::exists(path("runs.descent.part")));
        const ArchiveReport seen = lookIntoArchive(there, path("runs.descent"));
        QCOMPARE(seen.newRuns, 2);
        QCOMPARE(there.runs().size(), 1u);
        double last = 0;
        const ArchiveReport taken = importArchive(there, path("runs.descent"), {}, [&](double done) {
            QVERIFY(done >= last && done <= 1);
            last = done;
        });
        QCOMPARE(taken.newRuns, 2);
        QCOMPARE(taken.points, 2 * 10'003);
        QCOMPARE(taken.imported.size(), 2u);
        compare(here, parent, there, taken.imported[0]);
        compare(here, child, there, taken.imported[1]);
        QVERIFY(there.run(taken.imported[1])->summary.parent == taken.imported[0]);
        QVERIFY(there.check().empty());

        const ArchiveReport again = importArchive(there, path("runs.descent"));
        QCOMPARE(again.runs, 2);
        QCOMPARE(again.newRuns, 0);
        QCOMPARE(there.runs().size(), 3u);
        // One more beside those that are there, and back to where they came from.
        exportArchive(here, std::vector{child, third}, path("more.descent"));
        QCOMPARE(importArchive(there, path("more.descent")).newRuns, 1);
        QCOMPARE(importArchive(here, path("more.descent")).newRuns, 0);
        there.moveToTrash(taken.imported);
        QCOMPARE(importArchive(there, path("runs.descent")).newRuns, 0); // the trash is here, too
        QVERIFY(trained(there, "next") > taken.imported[1]);
    }

    void aRunThatHasGoneOnTakesThePlaceOfItsCopy()
    {
        RunStore here{path("here")}, there{path("there")};
        const RunId first = trained(here, "first"), run = here.createRun({.experiment = "Vision", .name = "under way", .recipeJson = R"({"seed": 4})", .parent = first});
        const auto log = [&](std::int64_t from, std::int64_t to) {
            MetricsLogged logged;
            for (std::int64_t step = from; step <= to; ++step)
                logged.points.push_back({"loss/train", step, 1.0 / static_cast<double>(step), 0.1 * static_cast<double>(step)});
            here.record(run, std::vector<RunEvent>{logged});
        };
        log(1, 1000);
        exportArchive(here, std::vector{first, run}, path("early.descent"));
        const ArchiveReport taken = importArchive(there, path("early.descent"));
        const RunId copy = taken.imported[1], child = there.createRun({.name = "child", .recipeJson = "{}", .parent = copy});
        there.setNote(copy, "seen");
        there.setStarred(std::vector{copy}, true);
        there.addTag(std::vector{copy}, "mine");
        there.moveToExperiment(std::vector{copy}, "Elsewhere");
        QCOMPARE(importArchive(there, path("early.descent")).updatedRuns, 0);

        log(1001, 3000);
        here.addTag(std::vector{run}, "theirs");
        exportArchive(here, std::vector{first, run}, path("later.descent"));
        QCOMPARE(lookIntoArchive(there, path("later.descent")).updatedRuns, 1);
        const ArchiveReport updated = importArchive(there, path("later.descent"));
        QCOMPARE(updated.newRuns, 0);
        QCOMPARE(updated.updatedRuns, 1);
        QCOMPARE(updated.points, 3000);
        QCOMPARE(updated.imported.size(), 1u);
        const RunId now = updated.imported[0];
        QVERIFY(!there.run(copy) && !fs::exists(there.runFolder(copy)) && fs::exists(there.runFolder(now)));
        const RunSummary summary = there.run(now)->summary;
        QCOMPARE(there.points(now, "loss/train").size(), 3000u);
        QVERIFY(summary.starred && summary.note == "seen" && summary.experiment == "Elsewhere");
        QCOMPARE(summary.tags, (std::vector<std::string>{"mine", "theirs"}));
        QVERIFY(summary.parent == taken.imported[0]);
        QVERIFY(there.run(child)->summary.parent == now);
        QVERIFY(there.check().empty());

        here.record(run, std::vector<RunEvent>{RunEnded{}}); // no new value, but the end
        exportArchive(here, std::vector{run}, path("last.descent"));
        QCOMPARE(importArchive(there, path("last.descent")).updatedRuns, 1);
        QVERIFY(there.runs().front().status == RunStatus::running); // the child
        QCOMPARE(importArchive(there, path("early.descent")).updatedRuns, 0); // an older archive takes nothing back
        QCOMPARE(there.runs().size(), 3u);
    }

    void aCopyThatWasTrainedOnStaysAsItIs()
    {
        RunStore here{path("here")}, there{path("there")};
        const RunId run = here.createRun({.name = "shared", .recipeJson = "{}"});
        const auto log = [&](RunStore& store, RunId id, std::int64_t step) { store.record(id, std::vector<RunEvent>{MetricsLogged{{{"loss/train", step, 1, 0}}}}); };
        log(here, run, 1);
        exportArchive(here, std::vector{run}, path("early.descent"));
        const RunId copy = importArchive(there, path("early.descent")).imported[0];
        there.record(copy, std::vector<RunEvent>{RunStarted{}, RunEnded{}}); // resumed here
        log(here, run, 2);
        exportArchive(here, std::vector{run}, path("later.descent"));
        QCOMPARE(importArchive(there, path("later.descent")).updatedRuns, 0);
        QCOMPARE(there.points(copy, "loss/train").size(), 1u);
        QCOMPARE(importArchive(here, path("early.descent")).updatedRuns, 0); // where it comes from it is no copy
    }

    void aParentIsFoundWhereItIsAlready()
    {
        RunStore here{path("here")}, there{path("there")};
        const RunId parent = trained(here, "parent", 1), child = trained(here, "child", 1, parent);
        exportArchive(here, std::vector{child}, path("child.descent"));
        exportArchive(here, std::vector{parent}, path("parent.descent"));
        RunStore alone{path("alone")};
        const RunId orphan = importArchive(alone, path("child.descent")).imported[0];
        QVERIFY(!alone.run(orphan)->summary.parent);
        QCOMPARE(alone.run(orphan)->summary.startName, std::string{"weights"});
        const RunId first = importArchive(there, path("parent.descent")).imported[0];
        QVERIFY(there.run(importArchive(there, path("child.descent")).imported[0])->summary.parent == first);
    }

    void rowsAloneTakeLittleRoom()
    {
        RunStore here{path("here")}, there{path("there")};
        const RunId run = trained(here, "one");
        const ArchiveReport report = exportArchive(here, std::vector{run}, path("small.descent"), {.files = false});
        QVERIFY2(report.bytes < 700'000, std::to_string(report.bytes).c_str());
        QCOMPARE(importArchive(there, path("small.descent")).files, 0);
        QCOMPARE(there.runs().size(), 1u);
    }

    void aRunUnderWayArrivesAsItStood()
    {
        RunStore here{path("here")}, there{path("there")};
        const RunId run = here.createRun({.name = "under way", .recipeJson = "{}"});
        here.record(run, std::vector<RunEvent>{MetricsLogged{{{"loss", 1, 2, 3}}}});
        exportArchive(here, std::vector{run}, path("a.descent"));
        QVERIFY(here.runs()[0].status == RunStatus::running);
        importArchive(there, path("a.descent"));
        QVERIFY(there.runs()[0].status == RunStatus::interrupted);
        QVERIFY(there.runs()[0].endedAt.has_value());
    }

    void whatIsDamagedChangesNothing()
    {
        RunStore here{path("here")}, there{path("there")};
        const RunId run = trained(here, "one");
        exportArchive(here, std::vector{run}, path("a.descent"));
        const std::string whole = readFile(path("a.descent"), 1 << 28);
        // A bit at many places: what it hits is a page, a number, a point or a weight. Where it hits nothing, it arrives whole.
        int refused = 0;
        for (std::size_t at = 100; at < whole.size(); at += whole.size() / 60) {
            std::string bent = whole;
            bent[at] = static_cast<char>(bent[at] ^ 0x10);
            writeFileAtomically(path("bent.descent"), bent);
            RunStore store{path(("store" + std::to_string(at)).c_str())};
            try {
                const ArchiveReport report = importArchive(store, path("bent.descent"));
                compare(here, run, store, report.imported.at(0));
            } catch (const DescentError& error) {
                ++refused;
                QVERIFY(store.runs().empty());
                QVERIFY(english(error.message()).find("bent.descent") != std::string::npos);
                QVERIFY(!fs::exists(store.runFolder(1)));
            }
        }
        QVERIFY2(refused > 50, std::to_string(refused).c_str());
        for (const double part : {0.0, 0.1, 0.5, 0.99}) {
            writeFileAtomically(path("cut.descent"), whole.substr(0, static_cast<std::size_t>(part * static_cast<double>(whole.size()))));
            refuses(there, path("cut.descent"), "cut.descent");
        }
        refuses(there, path("nowhere.descent"), "there is no file");
        refuses(there, path("here/descent.db"), "no archive");
    }

    void whatIsNewerOrStrangeIsRefusedWithASentence_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("why");
        QTest::newRow("newer") << "PRAGMA user_version = 999" << "newer Descent";
        QTest::newRow("another file's program") << "PRAGMA application_id = 5" << "no archive";
        QTest::newRow("a table gone") << "DROP TABLE archive_part" << "archive_part";
        QTest::newRow("a view in place of a table") << "ALTER TABLE tag RENAME TO t; CREATE VIEW tag AS SELECT * FROM t" << "\"tag\"";
        QTest::newRow("a value changed") << "UPDATE summary SET value = 1 WHERE part = 'test'" << "rows are not what was written";
        QTest::newRow("a file changed") << "UPDATE archive_part SET bytes = x'00' WHERE number = 1" << "is damaged";
        QTest::newRow("a part gone") << "DELETE FROM archive_part WHERE number = 2" << "is damaged";
        QTest::newRow("no identity") << "DROP TRIGGER run_updated; UPDATE run SET uuid = ''" << "not what was written";
    }
    void whatIsNewerOrStrangeIsRefusedWithASentence()
    {
        QFETCH(QString, sql);
        QFETCH(QString, why);
        RunStore here{path("here")}, there{path("there")};
        exportArchive(here, std::vector{trained(here, "one")}, path("a.descent"));
        SQLite::Database{path("a.descent").string(), SQLite::OPEN_READWRITE}.exec(sql.toStdString());
        refuses(there, path("a.descent"), why.toStdString().c_str());
    }

    /// With its digest made right again: such an archive was made by hand.
    void pathsThatLeadOutAreRefused()
    {
        for (const char* evil : {"../x", "/tmp/x", "a/../../x", "a\\b", "", ".", "a/", "./a"}) {
            RunStore here{path("here")};
            const RunId run = here.runs().empty() ? trained(here, "one", 10) : here.runs()[0].id;
            // The history itself says so, as a hostile program may have made it.
            SQLite::Database{path("here/descent.db").string(), SQLite::OPEN_READWRITE}.exec("UPDATE checkpoint SET path = '" + std::string{evil} + "'");
            exportArchive(here, std::vector{run}, path("evil.descent"));
            RunStore there{path("there")};
            refuses(there, path("evil.descent"), "no path inside");
        }
    }

    void aCheckpointThatIsNotItselfIsNotExported()
    {
        RunStore here{path("here")};
        const RunId run = trained(here, "one", 10);
        writeFileAtomically(here.runFolder(run) / "best.safetensors", "other");
        writeFileAtomically(path("a.descent"), "before");
        QVERIFY_THROWS_EXCEPTION(DescentError, exportArchive(here, std::vector{run}, path("a.descent")));
        QCOMPARE(readFile(path("a.descent"), 100), std::string{"before"});
        QVERIFY(!fs::exists(path("a.descent.part")));
        QVERIFY_THROWS_EXCEPTION(StoreError, exportArchive(here, std::vector<RunId>{99}, path("a.descent")));
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_THROWS_EXCEPTION(Cancelled, exportArchive(here, std::vector{run}, path("b.descent"), {.files = false}, stop.get_token()));
        QVERIFY(!fs::exists(path("b.descent")) && !fs::exists(path("b.descent.part")));
    }

    void aCancelledImportChangesNothing()
    {
        RunStore here{path("here")}, there{path("there")};
        exportArchive(here, std::vector{trained(here, "one")}, path("a.descent"));
        std::stop_source stop;
        QVERIFY_THROWS_EXCEPTION(Cancelled, importArchive(there, path("a.descent"), stop.get_token(), [&](double done) {
            if (done > 0.7) // all of it is checked, some of it is written
                stop.request_stop();
        }));
        QVERIFY(there.runs().empty());
        QVERIFY(!fs::exists(path("there/runs")) || fs::is_empty(path("there/runs")));
    }
};

QTEST_GUILESS_MAIN(TestArchive)
#include "tst_archive.moc"
