// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/retention.h"

#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <fstream>
#include <memory>

using namespace descent;

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t tensorBytes = 1000, jsonBytes = 10;

void write(const fs::path& file, std::int64_t bytes)
{
    fs::create_directories(file.parent_path());
    std::ofstream{file} << std::string(static_cast<std::size_t>(bytes), 'x');
}

}

class TestRetention : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<RunStore> m_store;

    /// With the best network and checkpoints of steps 10 and 20, ended `days` ago.
    RunId trained(int days, RunStatus status = RunStatus::completed)
    {
        const RunId run = m_store->createRun({.name = "trained"});
        std::vector<RunEvent> events{CheckpointWritten{"best.safetensors", 10, true, "aa"}, CheckpointWritten{"checkpoints/step-10.safetensors", 10, false, "bb"},
                                     CheckpointWritten{"checkpoints/step-20.safetensors", 20, false, "cc"}};
        if (status != RunStatus::running)
            events.emplace_back(RunEnded{.status = status});
        m_store->record(run, events);
        write(m_store->runFolder(run) / "best.safetensors", tensorBytes);
        for (const char* step : {"step-10", "step-20"}) {
            write(m_store->runFolder(run) / "checkpoints" / (std::string{step} + ".safetensors"), tensorBytes);
            write(m_store->runFolder(run) / "checkpoints" / (std::string{step} + ".json"), jsonBytes);
        }
        change("UPDATE run SET ended_at = ended_at - " + std::to_string(days * 24 * 3600 * 1000LL) + " WHERE id = " + std::to_string(run));
        return run;
    }
    void change(const std::string& sql) const { SQLite::Database{m_folder->filePath("descent.db").toStdString(), SQLite::OPEN_READWRITE}.exec(sql); }
    static std::string written(const RetentionPlan& plan)
    {
        std::string text;
        for (const FreedFile& file : plan.files)
            text += (text.empty() ? "" : " ") + std::to_string(file.run) + ":" + fs::path{file.path}.stem().string();
        return text;
    }
    QStringList files(RunId run) const
    {
        QStringList names;
        for (const auto& entry : fs::recursive_directory_iterator{m_store->runFolder(run)})
            if (entry.is_regular_file())
                names << QString::fromStdString(entry.path().filename().string());
        names.sort();
        return names;
    }

private Q_SLOTS:
    void init()
    {
        m_store.reset();
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = std::make_unique<RunStore>(m_folder->path().toStdString());
    }

    void aRuleSaysWhatMayGo_data()
    {
        QTest::addColumn<int>("keep");
        QTest::addColumn<double>("days");
        QTest::addColumn<QString>("expected");
        using Keep = RetentionRule::Keep;
        QTest::addRow("best") << static_cast<int>(Keep::best) << 30.0 << "1:step-10 1:step-20";
        QTest::addRow("best and newest") << static_cast<int>(Keep::bestAndNewest) << 30.0 << "1:step-10";
        QTest::addRow("nothing") << static_cast<int>(Keep::nothing) << 30.0 << "1:best 1:step-10 1:step-20";
        QTest::addRow("of any age") << static_cast<int>(Keep::best) << 0.0 << "1:step-10 1:step-20 2:step-10 2:step-20";
        QTest::addRow("of none") << static_cast<int>(Keep::best) << 1000.0 << "";
    }
    void aRuleSaysWhatMayGo()
    {
        QFETCH(int, keep);
        QFETCH(double, days);
        QFETCH(QString, expected);
        trained(40);
        trained(2);
        const RetentionPlan plan = planRetention(*m_store, {.keep = static_cast<RetentionRule::Keep>(keep), .olderThanDays = days});
        QCOMPARE(QString::fromStdString(written(plan)), expected);
        QCOMPARE(plan.bytes + plan.kept, 2 * (3 * tensorBytes + 2 * jsonBytes));
    }

    void someRunsAreNeverTouched()
    {
        const RunId starred = trained(40), running = trained(40, RunStatus::running), awaited = trained(40, RunStatus::stopped), trashed = trained(40);
        m_store->setStarred(std::array{starred}, true);
        m_store->moveToTrash(std::array{trashed});
        change("INSERT INTO queue_entry (position, name, experiment, tags, settings, batch, recipe, run, added_at) VALUES (1, '', '', '[]', '{}', '', '{}', " + std::to_string(awaited) + ", 0)");
        QCOMPARE(written(planRetention(*m_store, {})), std::string{"4:step-10 4:step-20"});
        QCOMPARE(written(planRetention(*m_store, {.alsoStarred = true})), std::string{"1:step-10 1:step-20 4:step-10 4:step-20"});
        QCOMPARE(written(planRetention(*m_store, {.among = {running, starred}})), std::string{});
    }

    void filesGoWithWhatIsSaidOfThem()
    {
        const RunId run = trained(40), other = trained(40);
        const RetentionPlan plan = planRetention(*m_store, {.among = {run}});
        std::vector<std::size_t> told;
        QCOMPARE(freeCheckpoints(*m_store, plan, [&](std::size_t done) { told.push_back(done); }), 2 * (tensorBytes + jsonBytes));
        QCOMPARE(told, (std::vector<std::size_t>{1, 2}));
        QCOMPARE(files(run), QStringList{"best.safetensors"});
        QCOMPARE(m_store->run(run)->checkpoints.size(), 1U);
        QCOMPARE(files(other).size(), 5);
        QVERIFY(planRetention(*m_store, {.among = {run}}).files.empty());
    }

    void aRunThatWasTakenUpMeanwhileKeepsAll()
    {
        const RunId run = trained(40);
        const RetentionPlan plan = planRetention(*m_store, {});
        m_store->reopenRun(run, "{}", {.step = 20, .epoch = 1, .judged = true, .seconds = 1});
        QCOMPARE(freeCheckpoints(*m_store, plan), 0);
        QCOMPARE(files(run).size(), 5);
    }

    void whatAKillLeftIsTakenUpByTheNextPlan()
    {
        const RunId run = trained(40);
        fs::remove(m_store->runFolder(run) / "checkpoints" / "step-10.json"); // as a kill between two files leaves it
        const RetentionPlan plan = planRetention(*m_store, {.keep = RetentionRule::Keep::bestAndNewest});
        QCOMPARE(written(plan), std::string{"1:step-10"});
        QCOMPARE(freeCheckpoints(*m_store, plan), tensorBytes);
        QCOMPARE(files(run), (QStringList{"best.safetensors", "step-20.json", "step-20.safetensors"}));
    }

    void aHistoryCannotNameFilesElsewhere()
    {
        trained(40);
        const fs::path precious = fs::path{m_folder->path().toStdString()} / "precious.safetensors";
        write(precious, 5);
        change("UPDATE checkpoint SET path = '../../precious.safetensors' WHERE step = 20");
        change("UPDATE checkpoint SET path = '" + precious.string() + "' WHERE step = 10 AND best = 0");
        freeCheckpoints(*m_store, planRetention(*m_store, {}));
        QVERIFY(fs::exists(precious));
    }
};

QTEST_GUILESS_MAIN(TestRetention)
#include "tst_retention.moc"
