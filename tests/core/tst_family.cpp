// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/family.h"

#include "engine/core/store/migrations.h"

#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace descent;

namespace {

RunSummary summaryOf(RunId id, std::optional<RunId> parent = {})
{
    RunSummary run;
    run.id = id;
    run.parent = parent;
    return run;
}

/// "1(0) 2(1) …": number and depth; "x" behind one that is deleted.
std::string drawn(const std::vector<FamilyMember>& family)
{
    std::string text;
    for (const FamilyMember& member : family)
        text += (text.empty() ? "" : " ") + std::to_string(member.run) + "(" + std::to_string(member.depth) + ")" + (member.summary ? "" : "x");
    return text;
}

}

class TestFamily : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aFamilyIsToldFromItsRootDown()
    {
        const RunSet runs{std::vector{summaryOf(6), summaryOf(5, 2), summaryOf(4, 1), summaryOf(3, 2), summaryOf(2, 1), summaryOf(1)}};
        for (const RunId member : {1, 2, 3, 4, 5})
            QCOMPARE(drawn(familyOf(runs, member)), std::string{"1(0) 2(1) 3(2) 5(2) 4(1)"});
        QCOMPARE(drawn(familyOf(runs, 6)), std::string{"6(0)"});
        QCOMPARE(drawn(families(runs)), std::string{"6(0) 1(0) 2(1) 3(2) 5(2) 4(1)"});
        const auto family = familyOf(runs, 1);
        QVERIFY(!family[1].isLastChild && !family[2].isLastChild && family[3].isLastChild && family[4].isLastChild);
    }

    void aDeletedParentKeepsItsPlace()
    {
        const RunSet runs{std::vector{summaryOf(9, 4), summaryOf(7, 4)}};
        QCOMPARE(drawn(familyOf(runs, 9)), std::string{"4(0)x 7(1) 9(1)"});
    }

    void aDamagedHistoryDoesNotGoRoundInCircles()
    {
        const RunSet runs{std::vector{summaryOf(1, 2), summaryOf(2, 1), summaryOf(3, 3)}};
        QCOMPARE(drawn(familyOf(runs, 1)), std::string{"1(0) 2(1)"});
        QCOMPARE(drawn(familyOf(runs, 3)), std::string{"3(0)"});
    }

    void aLongLineOfDescentIsNoDeepCall()
    {
        std::vector<RunSummary> runs{summaryOf(1)};
        for (RunId id = 2; id <= 100'000; ++id)
            runs.push_back(summaryOf(id, id - 1));
        const auto family = familyOf(RunSet{std::move(runs)}, 50'000);
        QCOMPARE(family.size(), std::size_t{100'000});
        QCOMPARE(family.back().depth, std::size_t{99'999});
    }

    void theStoreKeepsWhereARunCameFrom()
    {
        QTemporaryDir folder;
        RunStore store{folder.path().toStdString()};
        const RunId parent = store.createRun({.name = "parent"});
        const RunId child = store.createRun({.name = "child", .parent = parent, .startName = "parent", .startSha256 = "abc"});
        const RunId fromFile = store.createRun({.name = "other", .startName = "resnet18.safetensors", .startSha256 = "def"});
        QVERIFY(!store.run(parent)->summary.parent);
        QCOMPARE(store.run(child)->summary.parent, std::optional{parent});
        QCOMPARE(store.run(child)->summary.startSha256, std::string{"abc"});
        QVERIFY(!store.run(fromFile)->summary.parent);
        QCOMPARE(store.runs().front().startName, std::string{"resnet18.safetensors"});

        store.record(parent, std::vector<RunEvent>{RunEnded{}});
        store.moveToTrash(std::vector{parent});
        store.emptyTrash();
        QCOMPARE(store.run(child)->summary.parent, std::optional{parent});
        QCOMPARE(drawn(familyOf(RunSet{store.runs()}, child)), std::to_string(parent) + "(0)x " + std::to_string(child) + "(1)");
    }

    /// The real steps, with a run of the version before.
    void aKillAtAnyStatementOfOurMigrationsLosesNoRun()
    {
        const auto steps = migrations();
        QVERIFY(steps.size() >= 2);
        int kills = 0;
        for (std::size_t step = 1; step < steps.size(); ++step)
            for (std::size_t statement = 0; statement <= steps[step].statements.size(); ++statement, ++kills) {
                QTemporaryDir folder;
                const std::string file = folder.filePath("descent.db").toStdString();
                {
                    SQLite::Database db{file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
                    migrate(db, steps.first(1));
                    db.exec("INSERT INTO experiment (name, created_at) VALUES ('e', 0)");
                    db.exec("INSERT INTO run (experiment, name, status, dataset_name, dataset_kind, architecture, task, primary_metric, "
                            "higher_is_better, parameter_count, created_at, updated_at, owner_pid, owner_start, owner_boot) "
                            "VALUES (1, 'old', 'completed', '', '', '', '', '', 1, 0, 0, 0, 0, 0, '')");
                    migrate(db, steps.first(step));
                }
                std::vector<Migration> deadly{steps.begin(), steps.end()};
                auto& statements = deadly[step].statements;
                statements.insert(statements.begin() + static_cast<std::ptrdiff_t>(statement), "SELECT die()");
                const pid_t child = fork();
                if (child == 0) {
                    SQLite::Database db{file, SQLite::OPEN_READWRITE};
                    db.createFunction("die", 0, true, nullptr, [](sqlite3_context*, int, sqlite3_value**) { _exit(42); });
                    migrate(db, deadly);
                    _exit(0);
                }
                int status = 0;
                waitpid(child, &status, 0);
                QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 42);
                {
                    SQLite::Database db{file};
                    QCOMPARE(schemaVersionOf(db), static_cast<int>(step));
                }
                RunStore store{folder.path().toStdString()};
                QCOMPARE(store.runs().size(), std::size_t{1});
                QCOMPARE(store.runs().front().name, std::string{"old"});
                QVERIFY(!store.runs().front().parent && store.runs().front().startName.empty());
            }
        QVERIFY(kills >= 4);
    }
};

QTEST_GUILESS_MAIN(TestFamily)
#include "tst_family.moc"
