// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/finding.h"
#include "ui/runs/history_care_dialog.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace descent;

namespace fs = std::filesystem;

/// The dialog that looks after a history, with mouse and keys.
class TestHistoryCare : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_run;
    fs::path folder() const { return m_folder->path().toStdString(); }

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(Theme::Mode::light); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        RunStore store{folder()};
        const RunId run = store.createRun({.name = "trained"});
        store.record(run, std::vector<RunEvent>{CheckpointWritten{"best.safetensors", 10, true, "aa"}, CheckpointWritten{"checkpoints/step-10.safetensors", 10, false, "bb"}, RunEnded{}});
        m_run = store.runFolder(run);
        fs::create_directories(m_run / "checkpoints");
        for (const char* file : {"best.safetensors", "checkpoints/step-10.safetensors", "checkpoints/step-10.json"})
            std::ofstream{m_run / file} << std::string(5000, 'x');
    }

    void roomIsFreedAfterASecondLook()
    {
        auto* dialog = new HistoryCareDialog{folder(), {}};
        dialog->show();
        auto* planned = found<QLabel>(*dialog, "plannedRoom");
        QTRY_VERIFY(planned->text().contains("Nothing may go"));
        auto* days = found<QSpinBox>(*dialog, "olderThanDays");
        days->setFocus();
        days->selectAll();
        QTest::keyClicks(days, "0");
        QTRY_VERIFY2(planned->text().startsWith("1 checkpoints of 1 runs may go: 10.0 kB"), qPrintable(planned->text()));
        auto* keep = found<QComboBox>(*dialog, "keepCheckpoints");
        keep->setFocus();
        QTest::keyClick(keep, Qt::Key_Down);
        QTRY_VERIFY(planned->text().contains("Nothing may go"));
        QTest::keyClick(keep, Qt::Key_Up);
        auto* free = found<QPushButton>(*dialog, "freeRoom");
        QTRY_VERIFY(free->isEnabled());
        QSignalSpy changed{dialog, &HistoryCareDialog::changed};
        click(free);
        auto* box = dialog->findChild<QMessageBox*>();
        QTRY_VERIFY(box && box->isVisible());
        QTest::keyClick(box, Qt::Key_Return); // the default keeps them
        QTRY_VERIFY(!dialog->findChild<QMessageBox*>());
        QVERIFY(fs::exists(m_run / "checkpoints/step-10.json") && changed.isEmpty());
        click(free);
        QTRY_VERIFY((box = dialog->findChild<QMessageBox*>()) && box->isVisible());
        for (QAbstractButton* button : box->buttons())
            if (box->buttonRole(button) == QMessageBox::DestructiveRole)
                click(button);
        QTRY_VERIFY(!fs::exists(m_run / "checkpoints/step-10.safetensors"));
        QTRY_COMPARE(changed.size(), 1);
        QTRY_VERIFY(found<QLabel>(*dialog, "careResult")->text().contains("10.0 kB"));
        QVERIFY(fs::exists(m_run / "best.safetensors"));
        QPointer<HistoryCareDialog> there{dialog};
        dialog->reject();
        QTRY_VERIFY(!there);
    }

    void aHistoryIsCheckedAndBackedUp()
    {
        auto* dialog = new HistoryCareDialog{folder(), {}};
        dialog->show();
        auto* check = found<QPushButton>(*dialog, "checkHistory");
        QTRY_VERIFY(check->isEnabled());
        click(check);
        auto* result = found<QLabel>(*dialog, "careResult");
        QTRY_COMPARE(result->text(), QString{"The history is sound."});
        click(found<QPushButton>(*dialog, "backUpHistory"));
        auto* file = dialog->findChild<QFileDialog*>();
        QTRY_VERIFY(file && file->isVisible());
        const QString copy = m_folder->filePath("copy.db");
        Q_EMIT file->fileSelected(copy);
        file->close();
        QTRY_VERIFY(result->text().contains("copy.db has the whole history"));
        QVERIFY(QFile::exists(copy));
        click(found<QPushButton>(*dialog, "vacuumHistory"));
        QTRY_VERIFY(result->text().contains("are free now"));
        QPointer<HistoryCareDialog> there{dialog};
        dialog->reject();
        QTRY_VERIFY(!there);
    }
};

QTEST_MAIN(TestHistoryCare)
#include "tst_history_care.moc"
