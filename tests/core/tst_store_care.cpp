// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_store.h"

#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include <memory>

using namespace descent;

namespace fs = std::filesystem;

class TestStoreCare : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path folder() const { return m_folder->path().toStdString(); }

    static RunId filled(RunStore& store, std::int64_t points)
    {
        const RunId run = store.createRun({.name = "filled", .recipeJson = "{}"});
        MetricsLogged logged;
        for (std::int64_t step = 1; step <= points; ++step)
            logged.points.push_back({"loss/train", step, 1.0 / static_cast<double>(step), 0});
        store.record(run, std::vector<RunEvent>{logged, RunEnded{}});
        return run;
    }
    void change(const char* sql) const
    {
        SQLite::Database db{(folder() / "descent.db").string(), SQLite::OPEN_READWRITE};
        db.exec(sql);
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aSoundHistoryIsSaidSound()
    {
        RunStore store{folder()};
        QVERIFY(store.check().empty());
        filled(store, 10'000);
        QVERIFY(store.check().empty());
    }

    void whatIsWrongIsNamed_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("expected");
        QTest::newRow("a point is gone") << "DELETE FROM point WHERE step = 10000" << "\"loss/train\" of run 1 has 9999 points, not 10000";
        QTest::newRow("a chunk is cut") << "UPDATE chunk_points SET points = x'00' WHERE id = 1" << "\"loss/train\" of run 1: the points of series 1 are damaged: restore a backup of the run history, or delete that run";
        QTest::newRow("a chunk lost its series") << "PRAGMA foreign_keys = OFF; DELETE FROM series" << "2 rows of \"chunk\" belong to nothing";
        QTest::newRow("points lost their chunk") << "DROP TRIGGER chunk_deleted; DELETE FROM chunk WHERE first_step = 1" << "1 chunks of points belong to nothing";
    }
    void whatIsWrongIsNamed()
    {
        QFETCH(QString, sql);
        QFETCH(QString, expected);
        RunStore store{folder()};
        filled(store, 10'000);
        change(sql.toUtf8().constData());
        std::vector<std::string> wrong;
        for (const Text& sentence : store.check())
            wrong.push_back(english(sentence));
        QVERIFY2(std::find(wrong.begin(), wrong.end(), expected.toStdString()) != wrong.end(), wrong.empty() ? "nothing" : wrong.front().c_str());
    }

    void aBackupIsAHistoryOfItsOwn()
    {
        RunStore store{folder()};
        const RunId run = filled(store, 10'000);
        const fs::path copy = folder() / "copy" / "descent.db";
        fs::create_directories(copy.parent_path());
        QVERIFY(store.backUp(copy) > 100'000);
        filled(store, 10); // goes on
        QVERIFY(store.backUp(copy) > 100'000); // over the one before
        RunStore other{copy.parent_path()};
        QCOMPARE(other.runs().size(), 2u);
        QCOMPARE(other.points(run, "loss/train").size(), 10'000u);
        QVERIFY(other.check().empty());
        QVERIFY(!fs::exists(copy.string() + ".part"));
        QVERIFY_THROWS_EXCEPTION(StoreError, store.backUp(folder() / "no such folder" / "x.db"));
    }

    void rowsOfAnotherProgramGoIntoChunksOneSeriesAtATime()
    {
        RunStore store{folder()};
        const RunId run = filled(store, 10);
        QVERIFY(!store.compactOne());
        for (const char* name : {"a", "b"}) {
            change((std::string{"INSERT INTO series (run, name, last_step, points) VALUES ("} + std::to_string(run) + ", '" + name + "', 5000, 5000)").c_str());
            change((std::string{"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO point (series, step, nth, value, seconds) "
                                "SELECT (SELECT id FROM series WHERE name = '"} + name + "'), i, 0, i, i FROM n").c_str());
        }
        QVERIFY(store.compactOne());
        QVERIFY(store.compactOne());
        QVERIFY(!store.compactOne());
        QCOMPARE(store.points(run, "a").size(), 5000U);
        QCOMPARE(store.points(run, "b").back().value, 5000.0);
        QVERIFY(store.check().empty());
        change("DELETE FROM point WHERE step = 4999");
        change("UPDATE series SET points = points + 10000 WHERE name = 'a'"); // damaged: not looked at for ever
        QVERIFY(!store.compactOne());
    }

    void vacuumingFreesWhatWasDeletedAndKeepsTheRest()
    {
        RunStore store{folder()};
        const RunId kept = filled(store, 5000), gone = filled(store, 500'000);
        change("INSERT INTO run (experiment, name, status, dataset_name, dataset_kind, architecture, task, primary_metric, higher_is_better, parameter_count, "
               "created_at, updated_at, owner_pid, owner_start, owner_boot) VALUES (1, 'rows', 'stopped', '', '', '', '', '', 1, 0, 0, 0, 0, 0, '');"
               "INSERT INTO series (run, name, last_step, points) VALUES ((SELECT max(id) FROM run), 'loss', 9000, 9000);"
               "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) "
               "INSERT INTO point SELECT (SELECT max(id) FROM series), i, 0, i * 0.5, i FROM n");
        const RunId rows = gone + 1;
        store.moveToTrash(std::vector{gone});
        store.emptyTrash();
        QVERIFY(store.vacuum() > 5'000'000);
        QVERIFY(store.check().empty());
        QCOMPARE(store.points(kept, "loss/train").size(), 5000u);
        const std::vector<SeriesPoint> points = store.points(rows, "loss");
        QCOMPARE(points.size(), 9000u);
        for (std::size_t i = 0; i < points.size(); ++i)
            QVERIFY(points[i].step == static_cast<std::int64_t>(i) + 1 && points[i].value == 0.5 * static_cast<double>(i + 1));
        SQLite::Database db{(folder() / "descent.db").string()};
        QCOMPARE(db.execAndGet("SELECT count(*) FROM point WHERE series = (SELECT max(id) FROM series)").getInt(), 9000 % 4096);
    }
};

QTEST_GUILESS_MAIN(TestStoreCare)
#include "tst_store_care.moc"
