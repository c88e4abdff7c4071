// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/finding.h"
#include "ui/compare/compare_page.h"
#include "ui/history/run_history.h"
#include "ui/plot/curve_chart.h"
#include "ui/plot/curve_plot.h"
#include "ui/plot/surface_plot.h"
#include "ui/runs/family_view.h"
#include "ui/runs/run_details_panel.h"
#include "ui/runs/runs_model.h"
#include "ui/runs/run_table.h"
#include "ui/runs/runs_page.h"
#include "ui/shell/main_window.h"
#include "ui/shell/studio.h"
#include "ui/theme/theme.h"
#include "ui/train/live_view.h"
#include "ui/train/run_picker.h"
#include "ui/train/train_page.h"
#include "ui/train/train_session.h"
#include "ui/views/layer_view.h"

#include <QComboBox>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <set>

using namespace descent;

/// The whole window as a person uses it, with real mouse and key events and the real training engine.
class TestStudio : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Studio> m_studio;

    MainWindow& window() { return m_studio->window(); }
    template <typename Widget>
    Widget* find(const QString& name) { return found<Widget>(window(), name); }
    std::string networkTotals() { return find<QLabel>("networkTotals")->text().toStdString(); }

    /// A finished run of the moons, few epochs.
    void trainOnce(const char* name, const char* epochs = "3")
    {
        Recipe recipe = findRecipeTemplate("spirals")->recipe;
        recipe.name = name;
        setByPath(recipe, "dataset.kind", "moons");
        setByPath(recipe, "dataset.samples", "200");
        setByPath(recipe, "training.epochs", epochs);
        m_studio->session().edit(recipe, "test");
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().canTrain(), 10000);
        QTRY_VERIFY(find<QPushButton>("train")->isEnabled());
        window().findChild<TrainPage*>()->showSetup();
        click(find<QPushButton>("train"));
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().runId() > 0 && !m_studio->session().isRunning() && !m_studio->session().isPreparing(), 20000);
        const auto ended = [&] {
            const RunSummary* run = m_studio->history().find(m_studio->session().runId());
            return run && run->status == RunStatus::completed;
        };
        QTRY_VERIFY_WITH_TIMEOUT(ended(), 10000);
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_studio = std::make_unique<Studio>(StudioOptions{.dataFolder = m_folder->path().toStdString(), .theme = "light", .page = "train"});
        window().resize(1280, 720);
        window().show();
        QVERIFY(QTest::qWaitForWindowExposed(&window()));
        m_studio->session().loadEngine();
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().engine().has_value(), 20000);
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().dataset() != nullptr, 10000);
    }
    void cleanup()
    {
        m_studio.reset();
        m_folder.reset();
    }

    void theFirstStartIsReadyToTrain()
    {
        QVERIFY(find<QPushButton>("train")->isEnabled());
        QCOMPARE(find<QLineEdit>("recipeName")->text(), QString("Spirals"));
    }

    void anEditIsDrawnAtOnce()
    {
        const std::string before = networkTotals();
        replaceText(find<QLineEdit>("hidden"), "8");
        QVERIFY(networkTotals() != before);
        QVERIFY2(networkTotals().starts_with("42 parameters"), networkTotals().c_str());   // 2*8+8 + 8*2+2
    }

    void anEditCanBeTakenBack()
    {
        const std::string before = networkTotals();
        replaceText(find<QLineEdit>("hidden"), "8");
        window().setFocus();
        QTest::keyClick(&window(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(networkTotals(), before);
        QCOMPARE(find<QLineEdit>("hidden")->text(), QString("64, 64"));
    }

    void aValueThatIsNoneStaysAndSaysWhatWouldBeRight()
    {
        auto* epochs = find<QLineEdit>("epochs");
        replaceText(epochs, "many");
        QCOMPARE(epochs->text(), QString("many"));
        QVERIFY(epochs->property("wrong").toBool());
        QVERIFY(!find<QPushButton>("train")->isEnabled());
        replaceText(epochs, "5");
        QVERIFY(!epochs->property("wrong").toBool());
        QVERIFY(find<QPushButton>("train")->isEnabled());
    }

    void arrowKeysChangeANumber()
    {
        auto* batch = find<QLineEdit>("batchSize");
        batch->setFocus();
        QTest::keyClick(batch, Qt::Key_Up);
        QCOMPARE(batch->text(), QString("32"));
        auto* rate = find<QLineEdit>("learningRate");
        rate->setFocus();
        QTest::keyClick(rate, Qt::Key_Down);
        QCOMPARE(rate->text(), QString("0.005"));
    }

    void whatDoesNotApplyIsHidden()
    {
        auto* momentum = find<QLineEdit>("momentum");
        QVERIFY(!momentum->isVisible());
        QTest::keyClick(find<QComboBox>("optimizer"), Qt::Key_Home); // SGD
        QVERIFY(momentum->isVisible());
    }

    void anArchitectureForPicturesCannotBeChosenForATable()
    {
        auto* kind = find<QComboBox>("architectureKind");
        const int resnet = kind->findData(QString("resnet18"));
        QVERIFY(!(kind->model()->flags(kind->model()->index(resnet, 0)) & Qt::ItemIsEnabled));
    }

    void oneClickTrainsAndTheCurveMoves()
    {
        QElapsedTimer clock;
        click(find<QPushButton>("train"));
        clock.start();
        auto* live = window().findChild<LiveView*>();
        QTRY_VERIFY_WITH_TIMEOUT(!live->lossPlot()->curves().empty() && !live->lossPlot()->curves().front().x.empty(), 5000);
        QVERIFY2(clock.elapsed() < 5000, "the first point took too long");
        QTRY_VERIFY_WITH_TIMEOUT(!m_studio->session().isRunning(), 60000);
        QTRY_VERIFY(!find<QPushButton>("inside")->isVisible()); // nobody looked, and now it is over
    }

    void pauseFreezesAndStopKeepsTheRun()
    {
        replaceText(find<QLineEdit>("epochs"), "100000");
        click(find<QPushButton>("train"));
        auto* live = window().findChild<LiveView*>();
        const auto points = [&] { return live->lossPlot()->curves().empty() ? 0U : live->lossPlot()->curves().front().x.size(); };
        QTRY_VERIFY_WITH_TIMEOUT(points() > 10, 10000);
        click(find<QPushButton>("pause"));
        QSignalSpy batches{&m_studio->session(), &TrainSession::batchArrived};
        while (batches.wait(400)) { }   // what was under way arrives, then nothing more
        const auto frozen = points();
        QVERIFY(!batches.wait(300));
        QCOMPARE(points(), frozen);
        click(find<QPushButton>("pause"));
        QVERIFY(batches.wait(5000));
        click(find<QPushButton>("stop"));
        QTRY_VERIFY_WITH_TIMEOUT(!m_studio->session().isRunning(), 10000);
        const auto run = m_studio->session().runId();
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->history().find(run) && m_studio->history().find(run)->status == RunStatus::stopped, 10000);
    }

    void whatHappensInsideIsShownOnDemand()
    {
        replaceText(find<QLineEdit>("epochs"), "100000");
        click(find<QPushButton>("train"));
        auto* layers = window().findChild<LayerView*>();
        QVERIFY(layers);
        auto* inside = find<QPushButton>("inside");
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().isRunning(), 10000);
        QVERIFY(!layers->isVisible());
        click(inside);
        QTRY_VERIFY_WITH_TIMEOUT(layers->isVisible() && !layers->report().rows.empty(), 10000);
        QCOMPARE(layers->report().rows.front().name, std::string{"fc1"});
        QVERIFY(!layers->report().rows.front().gradients.counts.empty());
        auto* plane = window().findChild<LiveView*>()->findChild<SurfacePlot*>();
        QVERIFY(plane && !plane->isVisible()); // in its place
        click(inside);
        QTRY_VERIFY_WITH_TIMEOUT(plane->isVisible() && !layers->isVisible(), 5000);
        click(find<QPushButton>("stop"));
        QTRY_VERIFY_WITH_TIMEOUT(!m_studio->session().isRunning(), 10000);
        click(inside); // the last report stays
        QTRY_VERIFY_WITH_TIMEOUT(layers->isVisible() && !plane->isVisible(), 5000);
    }

    void aStoppedRunGoesOnAndAFinishedOneLearnsLonger()
    {
        replaceText(find<QLineEdit>("epochs"), "400");
        click(find<QPushButton>("train"));
        auto* live = window().findChild<LiveView*>();
        const auto points = [&] { return live->lossPlot()->curves().empty() ? std::size_t{0} : live->lossPlot()->curves().front().x.size(); };
        QTRY_VERIFY_WITH_TIMEOUT(points() > 50, 10000);
        click(find<QPushButton>("stop"));
        QTRY_VERIFY_WITH_TIMEOUT(!m_studio->session().isRunning(), 10000);
        const RunId run = m_studio->session().runId();
        QTRY_VERIFY_WITH_TIMEOUT(find<QPushButton>("goOnLive")->isVisible(), 10000);
        click(find<QPushButton>("goOnLive"));
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().isRunning(), 10000);
        QCOMPARE(m_studio->session().runId(), run); // the same one
        QTRY_VERIFY_WITH_TIMEOUT(points() > 50, 10000);
        QCOMPARE(live->lossPlot()->curves().front().x.front(), 1.0); // with what it told before
        click(find<QPushButton>("stop"));
        QTRY_VERIFY_WITH_TIMEOUT(!m_studio->session().isRunning(), 10000);

        click(find<QPushButton>("backToRecipe"));
        trainOnce("short", "2");
        const RunId finished = m_studio->session().runId();
        click(find<QToolButton>("page-runs"));
        auto* table = window().findChild<RunsPage*>()->table();
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, 10000);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(0, 0)).center());
        auto* panel = window().findChild<RunDetailsPanel*>();
        QTRY_VERIFY_WITH_TIMEOUT(panel->run() == finished && panel->findChild<QPushButton*>("goOn")->isVisible(), 10000);
        click(panel->findChild<QPushButton*>("goOn"));
        auto* asked = window().findChild<QInputDialog*>();
        QVERIFY(asked);
        auto* more = asked->findChild<QSpinBox*>();
        more->setFocus();
        more->selectAll();
        QTest::keyClicks(more, "3");
        QTest::keyClick(asked, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(m_studio->history().find(finished)->epoch, std::int64_t{5}, 20000);
        QTRY_VERIFY_WITH_TIMEOUT(!m_studio->session().isRunning(), 10000);
        QCOMPARE(m_studio->session().runId(), finished);

        click(find<QToolButton>("page-runs"));
        click(panel->findChild<QPushButton*>("branchOff"));
        QCOMPARE(window().currentPage(), QString("train"));
        QCOMPARE(std::get<std::string>(m_studio->session().recipe().start.at("from")), std::string{"branch"});
        replaceText(find<QLineEdit>("epochs"), "7");
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().canTrain(), 10000);
        click(find<QPushButton>("train"));
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().runId() > finished && !m_studio->session().isRunning(), 20000);
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->history().find(m_studio->session().runId()), 10000);
        QTRY_COMPARE_WITH_TIMEOUT(m_studio->history().find(m_studio->session().runId())->epoch, std::int64_t{7}, 10000);
        QCOMPARE(*m_studio->history().find(m_studio->session().runId())->parent, finished);
    }

    void theRateIsChangedWhileItRuns()
    {
        replaceText(find<QLineEdit>("epochs"), "100000");
        click(find<QPushButton>("train"));
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().isRunning(), 10000);
        auto* rate = find<QLineEdit>("liveRate");
        QTRY_VERIFY_WITH_TIMEOUT(!rate->text().isEmpty(), 10000);
        replaceText(rate, "0.00077");
        QTest::keyClick(rate, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(rate->text(), QString("0.00077"), 10000);
        QSignalSpy batches{&m_studio->session(), &TrainSession::batchArrived};
        QVERIFY(batches.wait(5000));
        QTRY_COMPARE(rate->text(), QString("0.00077"));
        click(find<QPushButton>("stop"));
        QTRY_VERIFY_WITH_TIMEOUT(!m_studio->session().isRunning(), 10000);
    }

    void runsAreSearchedDeletedAndBroughtBack()
    {
        trainOnce("first");
        trainOnce("second");
        click(find<QToolButton>("page-runs"));
        auto* table = window().findChild<RunsPage*>()->table();
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, 10000);
        QTest::keyClicks(find<QLineEdit>("search"), "second");
        QTRY_COMPARE(table->model()->rowCount(), 1);
        find<QLineEdit>("search")->clear();
        QTRY_COMPARE(table->model()->rowCount(), 2);

        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(0, 0)).center());
        QTest::keyClick(table, Qt::Key_Delete);
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, 10000);
        QTest::keyClick(table, Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, 10000);
    }

    void aClickOnAHeadingSorts()
    {
        trainOnce("b");
        trainOnce("a");
        click(find<QToolButton>("page-runs"));
        auto* table = window().findChild<RunsPage*>()->table();
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, 10000);
        QHeaderView* header = table->pinnedView()->horizontalHeader();
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, QPoint{header->sectionViewportPosition(0) + 20, header->height() / 2});
        QTRY_COMPARE(table->model()->index(0, 0).data().toString(), QString{"a"});
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, QPoint{header->sectionViewportPosition(0) + 20, header->height() / 2});
        QTRY_COMPARE(table->model()->index(0, 0).data().toString(), QString{"b"});
    }

    void chosenRunsAreLaidSideBySide()
    {
        trainOnce("left");
        trainOnce("right", "5");
        click(find<QToolButton>("page-runs"));
        auto* table = window().findChild<RunsPage*>()->table();
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, 10000);
        table->setFocus();
        QTest::keyClick(table, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(table, Qt::Key_C);
        QCOMPARE(window().currentPage(), QString("compare"));
        const auto drawn = [&] {
            const auto* chart = window().findChild<CurveChart*>("chart-loss");
            return chart ? chart->content().curves->size() : 0;
        };
        QTRY_COMPARE_WITH_TIMEOUT(drawn(), 4U, 10000); // two runs, training and validation
        find<QToolButton>("training")->click();
        QTRY_COMPARE_WITH_TIMEOUT(drawn(), 2U, 10000);
    }

    void curvesArriveWhileARunGoesOn()
    {
        trainOnce("before");
        const RunId before = m_studio->session().runId();
        window().findChild<TrainPage*>()->showSetup();
        replaceText(find<QLineEdit>("epochs"), "100000");
        click(find<QPushButton>("train"));
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().isRunning(), 10000);
        const RunId running = m_studio->session().runId();
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->history().find(running) != nullptr, 10000);
        window().findChild<ComparePage*>()->setRuns({before, running});
        window().showPage("compare");
        const auto ids = [&] {
            std::set<qint64> drawn;
            if (const auto* chart = window().findChild<CurveChart*>("chart-loss"))
                for (const ChartCurve& curve : *chart->content().curves)
                    drawn.insert(curve.id);
            return drawn;
        };
        QTRY_COMPARE_WITH_TIMEOUT(ids(), (std::set<qint64>{before, running}), 15000);
        window().showPage("train");
        click(find<QPushButton>("stop"));
        QTRY_VERIFY_WITH_TIMEOUT(!m_studio->session().isRunning(), 10000);
        // Both have the recipe's name: their numbers tell them apart.
        QCOMPARE(find<QListWidget>("comparedRuns")->item(0)->text(), QStringLiteral("before #%1").arg(before));
    }

    void aRunIsStartedFromAnotherAndTheFamilyLeadsBack()
    {
        trainOnce("parent");
        const RunId parent = m_studio->session().runId();
        click(find<QToolButton>("page-runs"));
        auto* table = window().findChild<RunsPage*>()->table();
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, 10000);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(0, 0)).center());
        QTRY_VERIFY_WITH_TIMEOUT(find<QPushButton>("startFromThis")->isVisible(), 10000);
        QVERIFY(!find<FamilyView>("family")->isVisible()); // alone
        click(find<QPushButton>("startFromThis"));
        QCOMPARE(window().currentPage(), QString("train"));
        QTRY_COMPARE(find<QPushButton>("startRun")->text(), QStringLiteral("parent #%1").arg(parent));

        auto* freeze = find<QComboBox>("freeze");
        QTRY_VERIFY_WITH_TIMEOUT(freeze->count() > 1, 10000); // the network is known
        freeze->setFocus();
        QTest::keyClick(freeze, Qt::Key_Down); // the first stage
        QTest::keyClick(freeze, Qt::Key_Return);
        QTRY_VERIFY(m_studio->session().recipe().start.contains("freeze"));
        QCOMPARE(std::get<std::string>(m_studio->session().recipe().start.at("freeze")), std::string{"fc1"});
        QVERIFY(find<QLabel>("learningWeights")->text().contains("learn"));
        replaceText(find<QLineEdit>("recipeName"), "child");
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().canTrain(), 10000);
        click(find<QPushButton>("train"));
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().runId() > parent && !m_studio->session().isRunning(), 20000);
        const RunId child = m_studio->session().runId();

        click(find<QToolButton>("page-runs"));
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, 10000);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(0, 0)).center());
        auto* family = find<FamilyView>("family");
        QTRY_COMPARE_WITH_TIMEOUT(family->rows().size(), std::size_t{2}, 10000);
        QTRY_VERIFY(family->isVisible());
        QCOMPARE(family->rows()[1].run, child);
        const auto selected = [&] { return table->selected().front(); };
        QTRY_COMPARE(selected(), child);
        QTRY_VERIFY_WITH_TIMEOUT(window().findChild<RunDetailsPanel*>()->run() == child, 10000);
        QTest::mouseClick(family, Qt::LeftButton, {}, family->rowRect(0).center());
        QTRY_COMPARE(selected(), parent);
        QTRY_VERIFY_WITH_TIMEOUT(window().findChild<RunDetailsPanel*>()->run() == parent, 10000);
        family->setFocus();
        QTest::keyClick(family, Qt::Key_Down);
        QTest::keyClick(family, Qt::Key_Return);
        QTRY_COMPARE(selected(), child);
    }

    void aRunToStartFromIsFoundByTyping()
    {
        trainOnce("alpha");
        trainOnce("beta");
        window().findChild<TrainPage*>()->showSetup();
        QTest::keyClick(find<QComboBox>("from"), Qt::Key_Down); // from nothing to a run
        auto* picker = find<RunPicker>("runPicker");
        QTRY_VERIFY(picker->isVisible());
        auto* list = find<QListWidget>("runPickerList");
        QCOMPARE(list->count(), 2);
        QTest::keyClicks(find<QLineEdit>("runPickerSearch"), "alph");
        QCOMPARE(list->count(), 1);
        QTest::keyClick(find<QLineEdit>("runPickerSearch"), Qt::Key_Return);
        QTRY_VERIFY(find<QPushButton>("startRun")->text().startsWith("alpha #"));
        QTest::keyClick(&window(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(!m_studio->session().recipe().start.contains("run") || std::get<std::int64_t>(m_studio->session().recipe().start.at("run")) == 0);
    }

    void theThemeIsChangedByAKey()
    {
        const bool dark = Theme::instance().isDark();
        QTest::keyClick(&window(), Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(Theme::instance().isDark() != dark);
    }

    void pagesAreReachedByKeys()
    {
        QTest::keyClick(&window(), Qt::Key_2, Qt::ControlModifier);
        QTRY_COMPARE(window().currentPage(), QString("prepare"));
        QTest::keyClick(&window(), Qt::Key_3, Qt::ControlModifier);
        QTRY_COMPARE(window().currentPage(), QString("runs"));
        QTest::keyClick(&window(), Qt::Key_1, Qt::ControlModifier);
        QTRY_COMPARE(window().currentPage(), QString("train"));
    }

    void windowAndColumnsAreFoundAsTheyWereLeft()
    {
        const auto header = [this] { return window().findChild<RunsPage*>()->table()->horizontalHeader(); };
        window().resize(1333, 777);
        header()->resizeSection(1, 233);
        header()->moveSection(3, 1);
        QTRY_COMPARE(window().findChild<RunsPage*>()->view().columns[1].field, std::string{"dataset"});
        window().showPage("runs");
        window().close();
        m_studio.reset();
        m_studio = std::make_unique<Studio>(StudioOptions{.dataFolder = m_folder->path().toStdString()});
        window().show();
        QCOMPARE(window().size(), QSize(1333, 777));
        QCOMPARE(window().currentPage(), QString("runs"));
        QCOMPARE(header()->model()->headerData(1, Qt::Horizontal).toString(), QString{"Dataset"});
        QCOMPARE(header()->model()->headerData(2, Qt::Horizontal).toString(), QString{"Status"});
        QCOMPARE(header()->sectionSize(2), 233);
    }

    void theLastRecipeIsThereAtTheNextStart()
    {
        auto* name = find<QLineEdit>("recipeName");
        replaceText(name, "x");
        name->insert("我的网络");
        QTest::keyClicks(name, "1");   // a typed letter, since an inserted text is no edit
        const std::filesystem::path folder = m_folder->path().toStdString();
        m_studio.reset();
        TrainSession next{folder};
        QCOMPARE(QString::fromStdString(next.recipe().name), QString("x我的网络1"));
    }
};

int main(int argc, char** argv)
{
    qputenv("DESCENT_TORCH_MODULE", BIN_DIR "/../lib/libdescent_torch.so");
    QApplication application{argc, argv};
    TestStudio test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_studio.moc"
