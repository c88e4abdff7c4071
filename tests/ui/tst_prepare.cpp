// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/finding.h"
#include "ui/prepare/prepare_page.h"
#include "ui/prepare/rows_model.h"
#include "ui/prepare/samples_view.h"
#include "ui/prepare/split_view.h"
#include "ui/shell/main_window.h"
#include "ui/shell/studio.h"
#include "ui/train/train_session.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace descent;

/// The Data page as a person uses it: real mouse and key events, no training engine.
class TestPrepare : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Studio> m_studio;

    MainWindow& window() { return m_studio->window(); }
    const Recipe& recipe() { return m_studio->session().recipe(); }
    template <typename Widget>
    Widget* find(const QString& name) { return found<Widget>(window(), name); }
    QTableView* columns() { return find<QTableView>("columnsTable"); }
    QModelIndex cell(const QString& column, int section)
    {
        const QAbstractItemModel* model = columns()->model();
        for (int row = 0; row < model->rowCount(); ++row)
            if (model->index(row, 0).data().toString() == column)
                return model->index(row, section);
        return {};
    }
    void open(const char* kind, const std::vector<std::pair<const char*, const char*>>& sets = {})
    {
        Recipe edited = findRecipeTemplate("table")->recipe;
        setByPath(edited, "dataset.kind", kind);
        for (const auto& [path, value] : sets)
            QVERIFY(setByPath(edited, path, value).empty());
        m_studio->session().edit(edited, "test");
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->session().dataset() && m_studio->session().report().trainCount > 0 && !m_studio->session().isReading(), 20000);
    }
    /// With the keyboard: F2, then down to the choice, then Return.
    void choose(const QModelIndex& index, const QString& choice)
    {
        columns()->setCurrentIndex(index);
        columns()->setFocus();
        QTest::keyClick(columns(), Qt::Key_F2);
        auto* box = columns()->findChild<QComboBox*>("cellChoice");
        QVERIFY(box);
        QTRY_VERIFY(box->view()->isVisible());
        for (int i = 0; i < 20 && box->view()->currentIndex().data().toString() != choice; ++i)
            QTest::keyClick(box->view(), box->view()->currentIndex().row() + 1 < box->count() && i < 10 ? Qt::Key_Down : Qt::Key_Up);
        QCOMPARE(box->view()->currentIndex().data().toString(), choice);
        QTest::keyClick(box->view(), Qt::Key_Return);
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_studio = std::make_unique<Studio>(StudioOptions{.dataFolder = m_folder->path().toStdString(), .theme = "light", .page = "train"});
        window().resize(1280, 720);
        window().show();
        QVERIFY(QTest::qWaitForWindowExposed(&window()));
    }
    void cleanup()
    {
        m_studio.reset();
        m_folder.reset();
    }

    void theDatasetCardLeadsToThePageAndBack()
    {
        open("synthetic-table");
        click(find<QPushButton>("prepareData"));
        QCOMPARE(window().currentPage(), QString("prepare"));
        QTRY_COMPARE(columns()->model()->rowCount(), 6);
        click(find<QPushButton>("backToTraining"));
        QCOMPARE(window().currentPage(), QString("train"));
    }

    void aChoiceInACellIsADecisionOfTheRecipeAndCanBeTakenBack()
    {
        open("synthetic-table");
        window().showPage("prepare");
        QTRY_COMPARE(columns()->model()->rowCount(), 6);
        choose(cell("age", 1), "Ignore");
        QTRY_VERIFY(recipe().cleaning.columns.contains("age"));
        QCOMPARE(format(recipe().cleaning.columns.at("age").at("role")), std::string{"ignore"});
        QTRY_COMPARE(cell("age", 1).data().toString(), QString("Ignore"));
        QTest::keyClick(&window(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(recipe().cleaning.empty());
        QTRY_COMPARE(cell("age", 1).data().toString(), QString("Input"));
        click(find<QToolButton>("redoPreparing"));
        QTRY_VERIFY(!recipe().cleaning.empty());
    }

    void oneChoiceCountsForAllSelectedColumns()
    {
        open("synthetic-table");
        window().showPage("prepare");
        QTRY_COMPARE(columns()->model()->rowCount(), 6);
        const auto at = [&](const char* name) { return columns()->visualRect(cell(name, 0)).center(); };
        QTest::mouseClick(columns()->viewport(), Qt::LeftButton, {}, at("age"));
        QTest::mouseClick(columns()->viewport(), Qt::LeftButton, Qt::ControlModifier, at("amount"));
        QTest::mouseClick(columns()->viewport(), Qt::LeftButton, Qt::ControlModifier, at("purpose"));
        QCOMPARE(columns()->selectionModel()->selectedRows().size(), 3);
        columns()->selectionModel()->setCurrentIndex(cell("amount", 6), QItemSelectionModel::NoUpdate);
        columns()->setFocus();
        QTest::keyClick(columns(), Qt::Key_F2);
        auto* box = columns()->findChild<QComboBox*>("cellChoice");
        QVERIFY(box);
        QTRY_VERIFY(box->view()->isVisible());
        const QModelIndex robust = box->model()->index(box->findData("robust"), 0);
        box->view()->setCurrentIndex(robust);
        QTest::keyClick(box->view(), Qt::Key_Return);
        QTRY_COMPARE(recipe().cleaning.columns.size(), std::size_t{2}); // a category has no scale
        QCOMPARE(format(recipe().cleaning.columns.at("age").at("scaling")), std::string{"robust"});
        QTest::keyClick(&window(), Qt::Key_Z, Qt::ControlModifier); // one edit
        QTRY_VERIFY(recipe().cleaning.empty());
    }

    void columnsAreSearched()
    {
        open("synthetic-table");
        window().showPage("prepare");
        QTRY_COMPARE(columns()->model()->rowCount(), 6);
        auto* search = find<QLineEdit>("columnSearch");
        search->setFocus();
        QTest::keyClicks(search, "OUS");
        QCOMPARE(columns()->model()->rowCount(), 1);
        QCOMPARE(columns()->model()->index(0, 0).data().toString(), QString("housing"));
    }

    void aFindingIsMendedByItsButtonAndTheRowsSaySo()
    {
        open("synthetic-table", {{"dataset.untidy", "true"}, {"dataset.samples", "500"}});
        window().showPage("prepare");
        QTRY_VERIFY(find<QToolButton>("qualityTab")->isVisible());
        click(find<QToolButton>("qualityTab"));
        QPushButton* fix = nullptr;
        const auto repeats = [&] {
            fix = nullptr;
            for (QPushButton* button : window().findChildren<QPushButton*>())
                if (button->isVisible() && button->text() == "Set repeats aside")
                    fix = button;
            return fix != nullptr;
        };
        QTRY_VERIFY(repeats());
        click(fix);
        QTRY_COMPARE(format(recipe().cleaning.samples.at("duplicates")), std::string{"set-aside"});
        QTRY_VERIFY(!repeats());
        click(find<QToolButton>("rowsTab"));
        auto* rows = find<QTableView>("rowsTable");
        QTRY_COMPARE(rows->model()->rowCount(), 520);
        auto* filter = find<QComboBox>("rowFilter");
        filter->setFocus();
        for (int i = 0; i < 4; ++i)
            QTest::keyClick(filter, Qt::Key_Down);
        QCOMPARE(filter->currentText(), QString("Set aside"));
        QVERIFY(rows->model()->rowCount() > 10);
        QCOMPARE(rows->model()->index(0, RowsModel::part).data().toString(), QString("Set aside: repeated"));
    }

    void picturesHaveSamplesInsteadOfColumns()
    {
        open("drawn-digits", {{"dataset.samples", "200"}, {"architecture.kind", "small-cnn"}, {"preprocessing.crop", "3"}});
        window().showPage("prepare");
        QTRY_VERIFY(find<QToolButton>("samplesTab")->isVisible());
        QVERIFY(!find<QToolButton>("columnsTab")->isVisible());
        click(find<QToolButton>("samplesTab"));
        auto* pictures = find<PictureRows>("augmented");
        QTRY_COMPARE(pictures->rows().size(), std::size_t{4});
        const QImage before = pictures->rows()[1].pictures[0];
        bool other = false; // by chance one picture may be drawn the same again
        for (int i = 0; i < 5 && !other; ++i) {
            click(find<QPushButton>("drawAgain"));
            other = QTest::qWaitFor([&] { return pictures->rows()[1].pictures[0] != before; }, 500);
        }
        QVERIFY(other);
        QCOMPARE(pictures->rows()[0].pictures.size(), std::size_t{8});
    }

    void aSeriesShowsItsWindows()
    {
        open("waves", {{"architecture.kind", "mlp"}});
        window().showPage("prepare");
        QTRY_VERIFY(find<QToolButton>("splitTab")->isVisible());
        click(find<QToolButton>("splitTab"));
        QTRY_VERIFY(find<WindowsView>("windows")->isVisible());
        QTRY_VERIFY(find<WindowsView>("windows")->sizeHint().height() > 26 + 8 * 14);
    }

    void windowsAskWithinTheirPart()
    {
        const auto windows = someWindows(100, 130, 160, 20, 10);
        QCOMPARE(windows.size(), std::size_t{9});
        const std::int64_t begins[] = {20, 100, 130}, ends[] = {100, 130, 160};
        for (const auto& window : windows) {
            const std::int64_t asked = window.begin + window.input;
            QVERIFY(window.begin >= 0 && asked >= begins[window.part] && asked + window.horizon <= ends[window.part]);
        }
        QVERIFY(someWindows(15, 18, 19, 20, 10).empty());
    }

    void textsShowTheirRowsAndRepeats()
    {
        open("date-pairs", {{"dataset.samples", "300"}});
        window().showPage("prepare");
        QTRY_VERIFY(!find<QToolButton>("columnsTab")->isVisible() && find<QToolButton>("rowsTab")->isVisible());
        QVERIFY(find<QToolButton>("qualityTab")->isVisible());
        click(find<QToolButton>("rowsTab"));
        auto* rows = find<QTableView>("rowsTable");
        QTRY_VERIFY(rows->model()->rowCount() > 200);
        QCOMPARE(rows->model()->columnCount(), int{RowsModel::firstColumn} + 1);
        QCOMPARE(rows->model()->headerData(RowsModel::firstColumn, Qt::Horizontal).toString(), QString("Text"));
        QVERIFY(!rows->model()->index(0, RowsModel::firstColumn).data().toString().isEmpty());
        QVERIFY(rows->model()->index(0, RowsModel::target).data().toString().contains('-')); // a date
    }

    void dataThatIsPreparedByItsTaskSaysSo()
    {
        open("drawn-captions", {{"dataset.samples", "100"}});
        window().showPage("prepare");
        const auto says = [&] {
            for (QLabel* label : window().findChildren<QLabel*>())
                if (label->isVisible() && label->text() == "Nothing to prepare by hand")
                    return true;
            return false;
        };
        QTRY_VERIFY(says());
    }
};

QTEST_MAIN(TestPrepare)
#include "tst_prepare.moc"
