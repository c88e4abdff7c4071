// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/export_dialog.h"
#include "ui/runs/import_dialog.h"

#include "engine/core/base/files.h"
#include "finding.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <fstream>

using namespace descent;

namespace fs = std::filesystem;

namespace {

constexpr int waitMs = 60'000;

QString words(const QDialog& dialog, const char* name)
{
    return found<QLabel>(dialog, name)->text();
}

void append(const fs::path& file, std::string_view text)
{
    std::ofstream{file, std::ios::app | std::ios::binary}.write(text.data(), static_cast<std::streamsize>(text.size()));
}

}

class TestTransferDialogs : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path path(const char* name) const { return fs::path{m_folder->path().toStdString()} / name; }
    QString text(const char* name) const { return QString::fromStdString(path(name).string()); }

    void writeTable(const char* name, int rows) const
    {
        std::string table = "step,loss\n";
        for (int i = 1; i <= rows; ++i)
            table += std::to_string(i) + "," + std::to_string(1.0 / i) + "\n";
        writeFileAtomically(path(name), table);
    }

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(Theme::Mode::light); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        RunStore{path("store")};
    }

    void whatLiesThereIsSaidAndTakenOnce()
    {
        writeTable("a.csv", 300);
        ImportDialog dialog{path("store")};
        QSignalSpy imported{&dialog, &ImportDialog::imported};
        dialog.show();
        QVERIFY(!found<QPushButton>(dialog, "importTake")->isEnabled());
        replaceText(found<QLineEdit>(dialog, "importPath"), text("a.csv"));
        QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "importWords").startsWith("1 runs, 1 of them new; 300 values to take"), waitMs);
        QVERIFY(words(dialog, "importKind").contains("CSV"));
        QVERIFY(RunStore{path("store")}.runs().empty());
        replaceText(found<QLineEdit>(dialog, "importExperiment"), "Mine");
        QTest::keyClick(&dialog, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "importWords").contains("300 values taken"), waitMs);
        QCOMPARE(imported.size(), 1);
        const auto runs = RunStore{path("store")}.runs();
        QCOMPARE(runs.size(), 1u);
        QCOMPARE(runs[0].experiment, std::string{"Mine"});
        click(found<QPushButton>(dialog, "importTake")); // "Done"
        QVERIFY(!dialog.isVisible());

        ImportDialog again{path("store")};
        again.show();
        again.setPath(text("a.csv"));
        QTRY_VERIFY_WITH_TIMEOUT(words(again, "importWords").contains("0 values to take, 300 are here already"), waitMs);
    }

    void whatCannotBeReadIsSaid()
    {
        writeFileAtomically(path("text.txt"), "hello");
        writeFileAtomically(path("b.csv"), "step,loss\n1,2\nx,y,z\n");
        ImportDialog dialog{path("store")};
        dialog.show();
        dialog.setPath(text("text.txt"));
        QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "importWords").contains("Nothing that can be imported"), waitMs);
        QVERIFY(!found<QPushButton>(dialog, "importTake")->isEnabled());
        dialog.setPath(text("b.csv"));
        QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "importKind").contains("CSV"), waitMs);
        click(found<QPushButton>(dialog, "importTake"));
        QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "importProblems").contains("b.csv:3"), waitMs);
        writeFileAtomically(path("c.descent"), "SQLite format 3");
        dialog.setPath(text("c.descent"));
        QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "importWords").contains("Nothing that can be imported"), waitMs);
    }

    void aFileIsFollowedUntilTheDialogIsClosed()
    {
        writeTable("a.csv", 10);
        ImportDialog dialog{path("store")};
        QSignalSpy imported{&dialog, &ImportDialog::imported};
        dialog.show();
        dialog.setPath(text("a.csv"));
        QTRY_VERIFY_WITH_TIMEOUT(found<QPushButton>(dialog, "importTake")->isEnabled(), waitMs);
        found<QCheckBox>(dialog, "importFollow")->click();
        click(found<QPushButton>(dialog, "importTake"));
        QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "importWords").contains("Following: 1 runs, 10 values"), waitMs);
        QVERIFY(RunStore{path("store")}.runs()[0].status == RunStatus::running);
        append(path("a.csv"), "11,0.5\n12,0.4\n");
        QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "importWords").contains("12 values"), waitMs);
        QVERIFY(imported.size() >= 2);
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QTRY_VERIFY_WITH_TIMEOUT(!dialog.isVisible(), waitMs);
        QVERIFY(RunStore{path("store")}.runs()[0].status == RunStatus::completed);
    }

    void aLongImportIsStoppedAndTheWindowNeverWaits()
    {
        writeTable("long.csv", 3'000'000);
        ImportDialog dialog{path("store")};
        dialog.show();
        QElapsedTimer clock;
        clock.start();
        dialog.setPath(text("long.csv"));
        QVERIFY(clock.elapsed() < 50);
        QTRY_VERIFY_WITH_TIMEOUT(found<QPushButton>(dialog, "importTake")->isEnabled(), waitMs);
        clock.restart();
        click(found<QPushButton>(dialog, "importTake"));
        QVERIFY2(clock.elapsed() < 50, qPrintable(QString::number(clock.elapsed())));
        QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "importWords").startsWith("Importing: 1 runs"), waitMs);
        clock.restart();
        click(found<QPushButton>(dialog, "importTake")); // "Stop"
        QVERIFY(clock.elapsed() < 50);
        QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "importWords").startsWith("Stopped:"), waitMs);
        const auto points = RunStore{path("store")}.points(1, "loss").size();
        QVERIFY(points > 0 && points < 3'000'000);
        // What is missing follows.
        click(found<QPushButton>(dialog, "importTake"));
        QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "importWords").contains("were here already") && !words(dialog, "importWords").startsWith("Stopped"), waitMs);
        QCOMPARE(RunStore{path("store")}.points(1, "loss").size(), 3'000'000u);
    }

    void runsGoOutInEachFormAndAnArchiveComesIn()
    {
        RunId run = 0;
        {
            RunStore store{path("store")};
            run = store.createRun({.name = "one", .recipeJson = "{}"});
            store.record(run, std::vector<RunEvent>{MetricsLogged{{{"loss", 1, 2, 3}}}, RunEnded{}});
        }
        for (const auto& [kind, file] : {std::pair{ExportKind::archive, "a.descent"}, std::pair{ExportKind::tensorboard, "board"}, std::pair{ExportKind::mlflow, "m.db"},
                                         std::pair{ExportKind::csv, "a.csv"}, std::pair{ExportKind::json, "a.json"}}) {
            ExportDialog dialog{path("store"), {run}};
            QSignalSpy exported{&dialog, &ExportDialog::exported};
            dialog.show();
            auto* kinds = found<QComboBox>(dialog, "exportKind");
            kinds->setCurrentIndex(kinds->findData(static_cast<int>(kind)));
            replaceText(found<QLineEdit>(dialog, "exportPath"), text(file));
            QTest::keyClick(&dialog, Qt::Key_Return);
            QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "exportWords").startsWith("Written: " + text(file)), waitMs);
            QCOMPARE(exported.size(), 1);
            QVERIFY(fs::exists(path(file)));
        }
        ExportDialog again{path("store"), {run}};
        again.show();
        found<QComboBox>(again, "exportKind")->setCurrentIndex(2);
        replaceText(found<QLineEdit>(again, "exportPath"), text("m.db"));
        QTest::keyClick(&again, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(words(again, "exportWords").contains("is there already"), waitMs);

        RunStore{path("other")};
        ImportDialog dialog{path("other")};
        dialog.show();
        dialog.setPath(text("a.descent"));
        QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "importWords").startsWith("1 runs, 1 of them new; 1 values"), waitMs);
        QVERIFY(!found<QCheckBox>(dialog, "importFollow")->isEnabled()); // it does not grow
        click(found<QPushButton>(dialog, "importTake"));
        QTRY_VERIFY_WITH_TIMEOUT(words(dialog, "importWords").contains("1 values taken"), waitMs);
        QCOMPARE(RunStore{path("other")}.runs().size(), 1u);
    }
};

QTEST_MAIN(TestTransferDialogs)
#include "tst_transfer_dialogs.moc"
