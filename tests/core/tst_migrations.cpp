// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/migrations.h"

#include "engine/core/store/run_store.h"

#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace descent;

namespace {

/// Three versions of a made-up schema, the last of which rebuilds a table, as real migrations do.
const std::vector<Migration> madeUp{
    {{"CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)", "INSERT INTO note (text) VALUES ('one'), ('two')"}},
    {{"ALTER TABLE note ADD COLUMN length INTEGER", "UPDATE note SET length = length(text)"}},
    {{"CREATE TABLE note_new (id INTEGER PRIMARY KEY, text TEXT NOT NULL, length INTEGER NOT NULL)",
      "INSERT INTO note_new SELECT * FROM note", "DROP TABLE note", "ALTER TABLE note_new RENAME TO note"}},
};

/// The whole database as text: its schema and its rows.
std::string contentOf(SQLite::Database& db)
{
    std::string content = std::to_string(schemaVersionOf(db));
    SQLite::Statement schema{db, "SELECT sql FROM sqlite_schema ORDER BY name"};
    while (schema.executeStep())
        (content += '\n') += schema.getColumn(0).getString();
    if (db.tableExists("note")) {
        SQLite::Statement rows{db, "SELECT * FROM note ORDER BY id"};
        while (rows.executeStep())
            for (int i = 0; i < rows.getColumnCount(); ++i)
                (content += '|') += rows.getColumn(i).getString();
    }
    return content;
}

const int writable = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;

}

class TestMigrations : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    std::string file() const { return m_folder->filePath("descent.db").toStdString(); }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void everyEarlierVersionOpens_data()
    {
        QTest::addColumn<int>("version");
        for (int version = 0; version <= static_cast<int>(migrations().size()); ++version)
            QTest::addRow("%d", version) << version;
    }
    void everyEarlierVersionOpens()
    {
        QFETCH(int, version);
        {
            SQLite::Database db{file(), writable};
            migrate(db, migrations().first(static_cast<std::size_t>(version)));
            QCOMPARE(schemaVersionOf(db), version);
        }
        RunStore store{m_folder->path().toStdString()};
        QVERIFY(!store.isReadOnly());
        const RunId run = store.createRun({.name = "after"});
        QCOMPARE(store.runs().front().id, run);
        SQLite::Database db{file()};
        QCOMPARE(schemaVersionOf(db), static_cast<int>(migrations().size()));
        QCOMPARE(db.execAndGet("SELECT count(*) FROM pragma_foreign_key_check").getInt(), 0);
    }

    void rowsComeAlongFromAnyVersion_data()
    {
        QTest::addColumn<int>("version");
        for (int version = 0; version <= 3; ++version)
            QTest::addRow("%d", version) << version;
    }
    void rowsComeAlongFromAnyVersion()
    {
        QFETCH(int, version);
        SQLite::Database db{file(), writable};
        migrate(db, std::span{madeUp}.first(static_cast<std::size_t>(version)));
        migrate(db, madeUp);
        QCOMPARE(schemaVersionOf(db), 3);
        QCOMPARE(db.execAndGet("SELECT group_concat(text || length) FROM note").getString(), std::string{"one3,two3"});
    }

    void aNewerDatabaseIsLeftAlone()
    {
        SQLite::Database db{file(), writable};
        migrate(db, madeUp);
        const std::string before = contentOf(db);
        migrate(db, std::span{madeUp}.first(1));
        QCOMPARE(contentOf(db), before);
    }

    void aKillBetweenAnyTwoStatementsLeavesAWholeVersion()
    {
        std::vector<std::string> versions;
        for (std::size_t version = 0; version <= madeUp.size(); ++version) {
            SQLite::Database db{":memory:", writable};
            migrate(db, std::span{madeUp}.first(version));
            versions.push_back(contentOf(db));
        }
        int kills = 0;
        for (std::size_t step = 0; step < madeUp.size(); ++step) {
            for (std::size_t statement = 0; statement <= madeUp[step].statements.size(); ++statement, ++kills) {
                init(); // a fresh folder
                std::vector<Migration> steps = madeUp;
                auto& statements = steps[step].statements;
                statements.insert(statements.begin() + static_cast<std::ptrdiff_t>(statement), "SELECT die()");
                const pid_t child = fork();
                if (child == 0) {
                    SQLite::Database db{file(), writable};
                    db.exec("PRAGMA journal_mode = WAL");
                    db.createFunction("die", 0, true, nullptr, [](sqlite3_context*, int, sqlite3_value**) { _exit(42); });
                    migrate(db, steps);
                    _exit(0);
                }
                int status = 0;
                waitpid(child, &status, 0);
                QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 42);
                SQLite::Database db{file(), writable};
                QCOMPARE(contentOf(db), versions[step]);
                migrate(db, madeUp);
                QCOMPARE(contentOf(db), versions.back());
            }
        }
        QCOMPARE(kills, 2 + 2 + 4 + 3);
    }

    void programsThatMigrateAtOnceTakeTurns()
    {
        std::atomic<int> failures = 0;
        SQLite::Database{file(), writable}.exec("PRAGMA journal_mode = WAL");
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 6; ++i)
                threads.emplace_back([&] {
                    try {
                        SQLite::Database db{file(), writable, 10'000};
                        migrate(db, madeUp);
                    } catch (const std::exception& error) {
                        qWarning("%s", error.what());
                        ++failures;
                    }
                });
        }
        QCOMPARE(failures.load(), 0);
        SQLite::Database db{file()};
        QCOMPARE(db.execAndGet("SELECT count(*) FROM note").getInt(), 2);
    }

    void aMigrationThatFailsChangesNothing()
    {
        SQLite::Database db{file(), writable};
        migrate(db, std::span{madeUp}.first(1));
        const std::string before = contentOf(db);
        std::vector<Migration> steps = madeUp;
        steps[1].statements.push_back("UPDATE no_such_table SET x = 1");
        QVERIFY_EXCEPTION_THROWN(migrate(db, steps), SQLite::Exception);
        QCOMPARE(contentOf(db), before);
    }
};

QTEST_GUILESS_MAIN(TestMigrations)
#include "tst_migrations.moc"
