// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/catalog.h"
#include "tests/ui/finding.h"
#include "ui/history/run_history.h"
#include "ui/queue/grid_dialog.h"
#include "ui/queue/queue_model.h"
#include "ui/queue/queue_page.h"
#include "ui/queue/queue_session.h"
#include "ui/runs/runs_model.h"
#include "ui/runs/run_table.h"
#include "ui/runs/runs_page.h"
#include "ui/shell/main_window.h"
#include "ui/shell/studio.h"
#include "ui/train/train_page.h"
#include "ui/train/train_session.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace descent;

/// The queue in the window, with real mouse and key events and the real training engine.
class TestQueue : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Studio> m_studio;

    MainWindow& window() { return m_studio->window(); }
    QueueSession& queue() { return m_studio->queue(); }
    template <typename Widget>
    Widget* find(const QString& name) { return found<Widget>(window(), name); }
    QTableView* table() { return window().findChild<QueuePage*>()->table(); }
    void openStudio()
    {
        m_studio = std::make_unique<Studio>(StudioOptions{.dataFolder = m_folder->path().toStdString(), .theme = "light", .page = "train"});
        window().resize(1280, 720);
        window().show();
        QVERIFY(QTest::qWaitForWindowExposed(&window()));
        m_studio->session().loadEngine();
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().engine().has_value(), 20000);
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().dataset() != nullptr, 10000);
        QTRY_VERIFY_WITH_TIMEOUT(queue().isLoaded(), 10000);
    }
    Recipe tiny(const std::string& name, const char* epochs = "2")
    {
        Recipe recipe = findRecipeTemplate("spirals")->recipe;
        recipe.name = name;
        setByPath(recipe, "dataset.samples", "200");
        setByPath(recipe, "architecture.hidden", "8");
        setByPath(recipe, "training.epochs", epochs);
        return recipe;
    }
    void add(std::initializer_list<Recipe> recipes)
    {
        std::vector<NewQueueEntry> entries;
        for (const Recipe& recipe : recipes)
            entries.push_back({.name = recipe.name, .recipeJson = toJson(recipe)});
        const auto before = queue().snapshot().entries.size();
        queue().add(entries);
        QTRY_COMPARE_WITH_TIMEOUT(queue().snapshot().entries.size(), before + recipes.size(), 10000);
    }
    QString order()
    {
        QString names;
        for (int row = 0; row < table()->model()->rowCount(); ++row)
            names += table()->model()->index(row, QueueModel::name).data().toString();
        return names;
    }
    void showQueue() { click(find<QToolButton>("page-queue")); }
    void clickRow(int row, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mouseClick(table()->viewport(), Qt::LeftButton, modifiers, table()->visualRect(table()->model()->index(row, 0)).center());
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        openStudio();
    }
    void cleanup()
    {
        m_studio.reset();
        m_folder.reset();
    }

    void anEmptyQueueSaysHowToFillIt()
    {
        showQueue();
        QVERIFY(!table()->isVisible());
        QTest::keyClick(&window(), Qt::Key_1, Qt::ControlModifier);
        QTRY_COMPARE(window().currentPage(), QString("train"));
    }

    void aRecipeIsAddedTrainedAndItsRunOpened()
    {
        m_studio->session().edit(tiny("first"), "test");
        QTRY_VERIFY_WITH_TIMEOUT(find<QPushButton>("addToQueue")->isEnabled(), 10000);
        click(find<QPushButton>("addToQueue"));
        QTRY_COMPARE_WITH_TIMEOUT(queue().count(QueueState::waiting), 1, 10000);
        QTest::keyClick(&window(), Qt::Key_Return, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE_WITH_TIMEOUT(queue().count(QueueState::waiting), 2, 10000);
        showQueue();
        QSignalSpy workedOff{&queue(), &QueueSession::workedOff};
        queue().begin();
        QTRY_COMPARE_WITH_TIMEOUT(workedOff.count(), 1, 30000);
        QTRY_COMPARE_WITH_TIMEOUT(find<QLabel>("queueCount")->text(), QString("2 done"), 10000);
        const auto outcome = [this] { return table()->model()->index(0, QueueModel::outcome).data().toString(); };
        QTRY_VERIFY_WITH_TIMEOUT(outcome().contains('%'), 10000); // its accuracy

        clickRow(1);
        QTest::mouseDClick(table()->viewport(), Qt::LeftButton, {}, table()->visualRect(table()->model()->index(1, 0)).center());
        QTRY_COMPARE(window().currentPage(), QString("runs"));
        const auto* runs = window().findChild<RunsPage*>()->table();
        QCOMPARE(runs->selectionModel()->selectedRows().front().data(RunsModel::idRole).toLongLong(), *queue().snapshot().entries[1].run);
    }

    void keysMoveWhatWaits()
    {
        add({tiny("a"), tiny("b"), tiny("c")});
        showQueue();
        clickRow(2);
        QTest::keyClick(table(), Qt::Key_Up, Qt::AltModifier);
        QTRY_COMPARE_WITH_TIMEOUT(order(), QString("acb"), 10000);
        QCOMPARE(table()->selectionModel()->selectedRows().front().row(), 1); // the selection went with it
        QTest::keyClick(table(), Qt::Key_Home, Qt::AltModifier);
        QTRY_COMPARE_WITH_TIMEOUT(order(), QString("cab"), 10000);
        QTest::keyClick(table(), Qt::Key_Down, Qt::AltModifier);
        QTRY_COMPARE_WITH_TIMEOUT(order(), QString("acb"), 10000);
        clickRow(0);
        clickRow(1, Qt::ShiftModifier);
        QTest::keyClick(table(), Qt::Key_Down, Qt::AltModifier);
        QTRY_COMPARE_WITH_TIMEOUT(order(), QString("bac"), 10000);
    }

    void aDropMovesWhatWaits()
    {
        add({tiny("a"), tiny("b"), tiny("c")});
        showQueue();
        auto* model = table()->model();
        const std::unique_ptr<QMimeData> dragged{model->mimeData({model->index(2, 0), model->index(1, 0)})};
        QVERIFY(model->canDropMimeData(dragged.get(), Qt::MoveAction, 0, 0, {}));
        model->dropMimeData(dragged.get(), Qt::MoveAction, 0, 0, {});
        QTRY_COMPARE_WITH_TIMEOUT(order(), QString("bca"), 10000);
        QVERIFY(!(model->flags(model->index(0, 0)) & Qt::ItemIsDropEnabled)); // between rows alone
    }

    void whatIsRemovedComesBackByAKey()
    {
        add({tiny("a"), tiny("b"), tiny("c")});
        showQueue();
        clickRow(1);
        QTest::keyClick(table(), Qt::Key_Delete);
        QTRY_COMPARE_WITH_TIMEOUT(order(), QString("ac"), 10000);
        QTest::keyClick(table(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(order(), QString("abc"), 10000);
    }

    void aFailureSaysWhyAndIsTriedAgain()
    {
        Recipe large = tiny("large");
        setByPath(large, "training.batchSize", "60000");
        add({large, tiny("good")});
        showQueue();
        QSignalSpy workedOff{&queue(), &QueueSession::workedOff};
        queue().begin();
        QTRY_COMPARE_WITH_TIMEOUT(workedOff.count(), 1, 30000);
        QTRY_COMPARE_WITH_TIMEOUT(queue().count(QueueState::failed), 1, 10000);
        const QString outcome = table()->model()->index(0, QueueModel::outcome).data().toString();
        QVERIFY2(outcome.startsWith("Batch size: ") && outcome.contains('\n'), qPrintable(outcome)); // what is wrong, and what to do
        QCOMPARE(find<QLabel>("queueCount")->text(), QString::fromUtf8("1 done  ·  1 failed"));
        click(find<QPushButton>("retryFailed"));
        QTRY_COMPARE_WITH_TIMEOUT(workedOff.count(), 2, 30000);
        click(find<QPushButton>("clearEnded"));
        QTRY_VERIFY_WITH_TIMEOUT(queue().snapshot().entries.empty(), 10000);
        QTest::keyClick(&window(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(queue().snapshot().entries.size(), 2U, 10000);
    }

    void pausedNothingBeginsUntilItIsResumed()
    {
        add({tiny("a")});
        showQueue();
        click(find<QPushButton>("pauseQueue"));
        QTRY_VERIFY_WITH_TIMEOUT(find<QLabel>("queueNotice")->isVisible(), 10000);
        queue().begin();
        QTest::qWait(1200);
        QCOMPARE(queue().count(QueueState::waiting), 1);
        click(find<QPushButton>("pauseQueue"));
        QTRY_COMPARE_WITH_TIMEOUT(queue().count(QueueState::done), 1, 20000);
        QVERIFY(!find<QLabel>("queueNotice")->isVisible());
    }

    void progressIsShownAndAStoppedRunIsKept()
    {
        add({tiny("endless", "100000"), tiny("next")});
        showQueue();
        queue().begin();
        const auto progress = [this] { return table()->model()->index(0, QueueModel::progress).data().toString(); };
        QTRY_VERIFY_WITH_TIMEOUT(progress().contains("of 100000") && progress().contains("loss"), 20000);
        QVERIFY(!find<QPushButton>("stopEntry")->isVisible());
        clickRow(0);
        QVERIFY(find<QPushButton>("stopEntry")->isVisible());
        click(find<QPushButton>("stopEntry"));
        QTRY_COMPARE_WITH_TIMEOUT(queue().count(QueueState::done), 1, 20000);
        QCOMPARE(queue().count(QueueState::stopped), 1);
        const auto run = [this] { return m_studio->history().find(*queue().snapshot().entries.front().run); };
        QTRY_VERIFY_WITH_TIMEOUT(run() && run()->status == RunStatus::stopped, 10000);
    }

    void aRunOfTheTrainPageGoesBeforeTheQueue()
    {
        m_studio->session().edit(tiny("by hand", "100000"), "test");
        QTRY_VERIFY_WITH_TIMEOUT(find<QPushButton>("train")->isEnabled(), 10000);
        click(find<QPushButton>("train"));
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().isRunning(), 10000);
        add({tiny("queued")});
        queue().begin();
        QTest::qWait(1500);
        QCOMPARE(queue().count(QueueState::waiting), 1);
        click(find<QPushButton>("stop"));
        QTRY_COMPARE_WITH_TIMEOUT(queue().count(QueueState::done), 1, 20000);
    }

    void theQueueIsThereAfterARestartAndGoesOn()
    {
        add({tiny("endless", "100000"), tiny("next")});
        queue().begin();
        QTRY_VERIFY_WITH_TIMEOUT(queue().runningHere() == 1, 20000);
        const auto running = [this] { return queue().progressOf(queue().snapshot().entries.front().id); };
        QTRY_VERIFY_WITH_TIMEOUT(running() && running()->epoch > 1, 20000);
        m_studio.reset();
        openStudio();
        QCOMPARE(queue().snapshot().entries.size(), 2U);
        QCOMPARE(queue().count(QueueState::waiting), 2);
        const auto entry = queue().snapshot().entries.front();
        queue().move({entry.id}, std::nullopt);
        QTRY_COMPARE_WITH_TIMEOUT(queue().snapshot().entries.back().id, entry.id, 10000);
        queue().begin();
        QTRY_COMPARE_WITH_TIMEOUT(queue().count(QueueState::done), 1, 20000);
    }

    void aGridIsMadeByKeys()
    {
        m_studio->session().edit(tiny("grid"), "test");
        QTRY_VERIFY_WITH_TIMEOUT(find<QPushButton>("gridAndSeeds")->isEnabled(), 10000);
        click(find<QPushButton>("gridAndSeeds"));
        auto* dialog = window().findChild<GridDialog*>();
        QVERIFY(dialog);
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        QCOMPARE(found<QLabel>(*dialog, "gridCount")->text(), QString("1 run"));
        auto* search = found<QLineEdit>(*dialog, "gridSearch");
        QTest::keyClicks(search, "learning rate");
        QTest::keyClick(search, Qt::Key_Return);
        replaceText(found<QLineEdit>(*dialog, "values-training.learningRate"), "0.001..0.1/3");
        QTRY_COMPARE(found<QLabel>(*dialog, "gridCount")->text(), QString("3 runs"));
        replaceText(search, "optimizer");
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_COMPARE(found<QLabel>(*dialog, "gridCount")->text(), QString("24 runs")); // all eight
        auto* optimizers = found<QLineEdit>(*dialog, "values-training.optimizer");
        replaceText(optimizers, "sgd, adm");
        QTRY_VERIFY(optimizers->property("wrong").toBool());
        QVERIFY(!found<QPushButton>(*dialog, "gridAdd")->isEnabled());
        replaceText(optimizers, "sgd, adam");
        replaceText(found<QLineEdit>(*dialog, "gridSeeds"), "2");
        QTRY_COMPARE(found<QLabel>(*dialog, "gridCount")->text(), QString("12 runs"));
        QCOMPARE(found<QListWidget>(*dialog, "gridRuns")->item(0)->text(), QString("Learning rate 0.001, optimizer sgd, seed 1"));
        click(found<QPushButton>(*dialog, "gridAdd"));
        QTRY_COMPARE_WITH_TIMEOUT(queue().count(QueueState::waiting), 12, 10000);
        QCOMPARE(queue().snapshot().entries.front().batch, std::string{"grid"});
    }

    void severalAtOnceIsKept()
    {
        showQueue();
        add({tiny("a")});
        auto* atOnce = find<QComboBox>("atOnce");
        if (atOnce->count() < 2)
            QSKIP("there is one core");
        atOnce->setFocus();
        QTest::keyClick(atOnce, Qt::Key_Down);
        QTRY_COMPARE_WITH_TIMEOUT(queue().snapshot().settings.atOnce, 2, 10000);
        m_studio.reset();
        openStudio();
        QCOMPARE(find<QComboBox>("atOnce")->currentIndex(), 1);
    }
};

int main(int argc, char** argv)
{
    qputenv("DESCENT_TORCH_MODULE", BIN_DIR "/../lib/libdescent_torch.so");
    QApplication application{argc, argv};
    TestQueue test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_queue.moc"
