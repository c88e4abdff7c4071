// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/catalog.h"
#include "tests/ui/finding.h"
#include "ui/history/run_history.h"
#include "ui/runs/columns_dialog.h"
#include "ui/runs/folder_pane.h"
#include "ui/runs/note_edit.h"
#include "ui/runs/query_edit.h"
#include "ui/runs/run_details_panel.h"
#include "ui/runs/run_table.h"
#include "ui/runs/runs_model.h"
#include "ui/runs/runs_page.h"
#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QToolButton>

using namespace descent;

/// The Runs page as a person uses it: real mouse and keys.
class TestRunsPage : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<RunHistory> m_history;
    std::unique_ptr<RunsPage> m_page;
    std::vector<RunId> m_ids; // "a" to "f"

    RunTable& table() { return *m_page->table(); }
    /// Names from top to bottom; heads of groups in brackets.
    QString names()
    {
        QStringList all;
        for (int row = 0; row < table().model()->rowCount(); ++row)
            all << (table().runs()->runAt(row) ? "%1" : "(%1)");
        for (int row = 0; row < all.size(); ++row)
            all[row] = all[row].arg(table().model()->index(row, 0).data().toString());
        return all.join(' ');
    }
    QString cell(int row, const char* field) { return table().model()->index(row, table().runs()->columnOf(field)).data().toString(); }
    /// Where it is painted on the screen: pinned columns have a view of their own.
    void clickCell(int row, int column, int fromLeft = -1, Qt::KeyboardModifiers modifiers = {})
    {
        QTableView& view = column < m_page->view().pinned ? *table().pinnedView() : table();
        const QRect place = view.visualRect(view.model()->index(row, column));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, modifiers, {fromLeft < 0 ? place.center().x() : place.left() + fromLeft, place.center().y()});
    }
    void clickHeading(const char* field, Qt::KeyboardModifiers modifiers = {})
    {
        const int column = table().runs()->columnOf(field);
        QTableView& view = column < m_page->view().pinned ? *table().pinnedView() : table();
        QHeaderView* header = view.horizontalHeader();
        QTest::mouseClick(header->viewport(), Qt::LeftButton, modifiers, {header->sectionViewportPosition(column) + 20, header->height() / 2});
    }
    /// Opens the menu of a button and chooses an entry by keys.
    void chooseFromMenu(const char* button, const QString& entry)
    {
        QMenu* menu = found<QToolButton>(*m_page, button)->menu();
        menu->popup({10, 10}); // fills it
        for (QAction* action : menu->actions())
            if (action->text() == entry) {
                menu->setActiveAction(action);
                QTest::keyClick(menu, Qt::Key_Return);
                return;
            }
        QFAIL(qPrintable("no entry " + entry));
    }
    const RunSummary& run(int number) { return *m_history->find(m_ids[static_cast<std::size_t>(number)]); }

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(Theme::Mode::light); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_ids.clear();
        {
            RunStore store{m_folder->path().toStdString()};
            Recipe recipe = recipeTemplates().front().recipe;
            for (const auto& [name, architecture, accuracy] : {std::tuple{"a", "mlp", 0.70}, {"b", "mlp", 0.80}, {"c", "resnet18", 0.95}, {"d", "resnet18", 0.91}, {"e", "mlp", 0.75}, {"f", "lenet5", 0.85}}) {
                recipe.seed = static_cast<std::int64_t>(m_ids.size());
                const RunId id = store.createRun({.experiment = m_ids.size() < 2 ? "vision/small" : "Default", .name = name, .recipeJson = toJson(recipe), .datasetName = "digits",
                                                  .architecture = architecture, .primaryMetric = "accuracy",
                                                  .parent = m_ids.size() == 3 ? std::optional{m_ids[2]} : std::nullopt});
                store.record(id, std::vector<RunEvent>{MetricsLogged{{{"loss/train", 1, 1.0, 0.1}, {"loss/train", 2, 0.5, 0.2}}},
                                                       RunEnded{.best = {{"accuracy/validation", accuracy}}, .test = {{"accuracy", accuracy}}, .seconds = 10.0 - static_cast<double>(m_ids.size())}});
                m_ids.push_back(id);
            }
        }
        m_history = std::make_unique<RunHistory>(m_folder->path().toStdString());
        m_page = std::make_unique<RunsPage>(*m_history);
        m_page->resize(1500, 700);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QTRY_COMPARE(names(), QString{"f e d c b a"});
    }
    void cleanup()
    {
        m_page.reset();
        m_history.reset();
    }

    void headingsSortByOneColumnAndAnother()
    {
        clickHeading("test");
        QTRY_COMPARE(names(), QString{"c d f b e a"}); // figures from the best down
        clickHeading("test");
        QTRY_COMPARE(names(), QString{"a e b f d c"});
        clickHeading("name");
        QTRY_COMPARE(names(), QString{"a b c d e f"});
        clickHeading("architecture");
        QTRY_COMPARE(names(), QString{"f e b a d c"});
        clickHeading("duration", Qt::ShiftModifier);
        QTRY_COMPARE(names(), QString{"f a b e c d"}); // of each architecture the longest first
        QCOMPARE(m_page->view().order.size(), 2U);
    }

    void theFoldersMakeRoomForTheTable()
    {
        QSignalSpy changed{m_page.get(), &RunsPage::viewChanged};
        const int before = table().width();
        QTest::keyClick(&table(), Qt::Key_B, Qt::ControlModifier);
        QTRY_VERIFY(!m_page->areFoldersShown()); // a button goes down and up first
        QTRY_VERIFY(table().width() > before + 100);
        QVERIFY(!changed.isEmpty()); // remembered
        m_page->setFoldersShown(true);
        QTRY_COMPARE(table().width(), before);
    }

    void groupsShowMeanSpreadAndBest()
    {
        chooseFromMenu("groupRuns", "Architecture");
        QTRY_COMPARE(names(), QString{"(lenet5) (mlp) (resnet18)"});
        const QModelIndex mlp = table().model()->index(1, table().runs()->columnOf("test"));
        QCOMPARE(mlp.data().toString(), QString{"75.00 \u00b1 5.00 %"});
        QCOMPARE(mlp.data(RunsModel::belowRole).toString(), QString{"best 80.00 %"});
        QCOMPARE(table().model()->index(1, 0).data(RunsModel::belowRole).toString(), QString{"3 runs"});
        QCOMPARE(cell(1, "dataset"), QString{"digits"}); // what all share
        clickCell(1, 0, 10);                             // the arrow
        QTRY_COMPARE(names(), QString{"(lenet5) (mlp) e b a (resnet18)"});
        clickHeading("test");
        QTRY_COMPARE(names(), QString{"(resnet18) (lenet5) (mlp) b e a"});
        clickCell(2, 0);
        QCOMPARE(table().selected().size(), 3U); // the whole group
        QTest::keyClick(&table(), Qt::Key_Left);
        QTRY_COMPARE(names(), QString{"(resnet18) (lenet5) (mlp)"});
        clickCell(0, 0);
        QTest::keyClick(&table(), Qt::Key_Right);
        QTRY_COMPARE(names(), QString{"(resnet18) c d (lenet5) (mlp)"});
        chooseFromMenu("groupRuns", "No groups");
        QTRY_COMPARE(names(), QString{"c d f b e a"});
    }

    void anySettingMayBeGroupedBy()
    {
        chooseFromMenu("groupRuns", "Another setting or figure…");
        auto* dialog = m_page->findChild<FieldDialog*>();
        QTRY_VERIFY(dialog && dialog->isVisible());
        QTest::keyClicks(dialog->findChild<QLineEdit*>(), "seed");
        auto* list = dialog->findChild<QListWidget*>("fieldList");
        QVERIFY(list->currentItem() && list->currentItem()->text().contains("eed"));
        QTest::keyClick(dialog->findChild<QLineEdit*>(), Qt::Key_Return);
        QTRY_VERIFY(names().startsWith('('));
        QCOMPARE(m_page->view().groupBy.size(), 1U);
    }

    void foldersShowWhatLiesInThem()
    {
        auto* folders = found<FolderPane>(*m_page, "folders");
        const auto clickFolder = [&](const QString& name) {
            const QList<QTreeWidgetItem*> items = folders->findItems(name, Qt::MatchExactly | Qt::MatchRecursive);
            QCOMPARE(items.size(), 1);
            QTest::mouseClick(folders->viewport(), Qt::LeftButton, {}, folders->visualItemRect(items[0]).center());
        };
        clickFolder("vision");
        QTRY_COMPARE(names(), QString{"b a"});
        clickFolder("Archive");
        QTRY_VERIFY(m_page->findChild<QLabel*>("runCount")->text().startsWith("0 runs"));
        clickFolder("All runs");
        QTRY_COMPARE(names(), QString{"f e d c b a"});
        clickCell(0, 0);
        QTest::keyClick(&table(), Qt::Key_A); // into the archive
        QTRY_COMPARE(names(), QString{"e d c b a"});
        clickFolder("Archive");
        QTRY_COMPARE(names(), QString{"f"});
        clickCell(0, 0);
        QTest::keyClick(&table(), Qt::Key_Delete);
        QTRY_COMPARE(names(), QString{});
        clickFolder("Trash");
        QTRY_COMPARE(names(), QString{"f"});
        QTest::keyClick(m_page.get(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(names(), QString{});
        QTest::keyClick(m_page.get(), Qt::Key_Z, Qt::ControlModifier);
        clickFolder("All runs");
        QTRY_COMPARE(names(), QString{"f e d c b a"});
    }

    void starsAreSetWithMouseAndKeysForMany()
    {
        const int width = table().columnWidth(0);
        clickCell(1, 0, width - 12); // the star of "e"
        QTRY_VERIFY(run(4).starred);
        QVERIFY(table().selected().empty()); // it was the star that was meant
        clickCell(0, 0);
        clickCell(2, 0, -1, Qt::ShiftModifier);
        QCOMPARE(table().selected().size(), 3U);
        QTest::keyClick(&table(), Qt::Key_S);
        QTRY_VERIFY(run(3).starred && run(4).starred && run(5).starred);
        QTest::keyClick(m_page.get(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(!run(3).starred && run(4).starred && !run(5).starred); // "e" was starred before
        QCOMPARE(table().selected().size(), 3U);
    }

    void whatIsSelectedStaysSoWhereverItsRowGoes()
    {
        clickCell(3, 0); // "c"
        clickHeading("test");
        QTRY_COMPARE(names(), QString{"c d f b e a"});
        QCOMPARE(table().selected(), std::vector<RunId>{m_ids[2]});
        RunStore other{m_folder->path().toStdString()}; // another program
        const RunId fresh = other.createRun({.name = "g", .architecture = "mlp", .primaryMetric = "accuracy"});
        other.record(fresh, std::vector<RunEvent>{RunEnded{.test = {{"accuracy", 0.99}}}});
        QTRY_COMPARE_WITH_TIMEOUT(names(), QString{"g c d f b e a"}, 10000);
        QCOMPARE(table().selected(), std::vector<RunId>{m_ids[2]});
    }

    void aNameIsWrittenInPeace()
    {
        clickCell(0, 0);
        QTest::keyClick(&table(), Qt::Key_F2);
        QLineEdit* editor = nullptr;
        QTRY_VERIFY((editor = table().pinnedView()->viewport()->findChild<QLineEdit*>()));
        editor->selectAll();
        QTest::keyClicks(editor, "fi");
        RunStore other{m_folder->path().toStdString()};
        other.moveToTrash(std::array{m_ids[0]});
        QSignalSpy listings{m_history.get(), &RunHistory::listingArrived};
        QTRY_VERIFY_WITH_TIMEOUT(!listings.isEmpty(), 10000);
        QCOMPARE(names(), QString{"f e d c b a"}); // rows do not move under it
        QTest::keyClicks(editor, "ne");
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(names(), QString{"fine e d c b"});
        QTest::keyClick(m_page.get(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(names(), QString{"f e d c b"});
    }

    void columnsAreChosenPinnedAndKeptAsAView()
    {
        click(found<QToolButton>(*m_page, "chooseColumns"));
        auto* dialog = m_page->findChild<ColumnsDialog*>();
        QTRY_VERIFY(dialog && dialog->isVisible());
        auto* search = dialog->findChild<QLineEdit*>("columnSearch");
        auto* list = dialog->findChild<QListWidget*>("columnList");
        QTest::keyClicks(search, "learning rate");
        QListWidgetItem* shown = nullptr;
        for (int row = 0; row < list->count(); ++row)
            if (!list->item(row)->isHidden() && list->item(row)->text().contains("training.learningRate"))
                shown = list->item(row);
        QVERIFY(shown);
        list->setCurrentItem(shown);
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Space);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_VERIFY(table().runs()->columnOf("training.learningRate") >= 0);
        QTRY_VERIFY(!cell(0, "training.learningRate").isEmpty()); // read from the recipes
        chooseFromMenu("views", "Keep this view as…");
        auto* asked = m_page->findChild<QInputDialog*>();
        QTRY_VERIFY(asked && asked->isVisible());
        QTest::keyClicks(asked->findChild<QLineEdit*>(), "rates");
        QTest::keyClick(asked, Qt::Key_Return);
        chooseFromMenu("views", "As usual");
        QTRY_COMPARE(table().runs()->columnOf("training.learningRate"), -1);
        RunStore store{m_folder->path().toStdString()};
        QTRY_VERIFY(store.views().contains("rates"));
        QTRY_VERIFY([&] {
            QMenu* menu = found<QToolButton>(*m_page, "views")->menu();
            Q_EMIT menu->aboutToShow();
            return menu->actions().size() > 4;
        }());
        chooseFromMenu("views", "rates");
        QTRY_VERIFY(table().runs()->columnOf("training.learningRate") >= 0);
    }

    void pinnedColumnsStayWhenTheTableIsMoved()
    {
        m_page->resize(900, 700);
        QTRY_VERIFY(table().horizontalScrollBar()->maximum() > 200);
        QVERIFY(table().pinnedView()->isVisible());
        table().horizontalScrollBar()->setValue(200);
        QCOMPARE(table().pinnedView()->visualRect(table().model()->index(0, 0)).left(), 0);
        QVERIFY(table().visualRect(table().model()->index(0, 0)).left() < 0);
        QTest::mouseClick(table().pinnedView()->viewport(), Qt::LeftButton, {}, table().pinnedView()->visualRect(table().model()->index(2, 0)).center());
        QCOMPARE(table().selected(), std::vector<RunId>{m_ids[3]});
    }

    void aNoteIsMarkdown()
    {
        clickCell(0, 0);
        auto* details = m_page->findChild<RunDetailsPanel*>();
        QTRY_VERIFY(details->isVisible() && details->run() == m_ids[5]);
        auto* reader = found<QTextBrowser>(*m_page, "noteReader");
        QTest::mouseClick(reader->viewport(), Qt::LeftButton);
        auto* writer = found<QPlainTextEdit>(*m_page, "noteWriter");
        QTRY_VERIFY(writer->hasFocus());
        QTest::keyClicks(writer, "the **best** one ![](file:///etc/passwd)");
        QTest::keyClick(writer, Qt::Key_Escape);
        QVERIFY(reader->isVisible());
        QVERIFY(reader->toPlainText().startsWith("the best one"));
        QVERIFY(reader->toHtml().contains("font-weight:700"));
        QTRY_COMPARE(QString::fromStdString(run(5).note).left(12), QString{"the **best**"});
    }

    void whatChangedAgainstParentAndBaselineIsTold()
    {
        clickCell(2, 0); // "d", whose parent is "c"
        auto* details = m_page->findChild<RunDetailsPanel*>();
        QTRY_VERIFY(details->isVisible() && details->run() == m_ids[3]);
        const auto told = [&] {
            QStringList texts;
            for (const QLabel* label : details->findChildren<QLabel*>())
                texts << label->text();
            return texts.join('|');
        };
        QTRY_VERIFY(told().contains(QString{"Against its parent, run %1"}.arg(m_ids[2])));
        QVERIFY(told().contains("seed|2 \u2192 3"));
        QVERIFY(told().contains("0.95 \u2192 0.91"));
        m_page->setBaseline(m_ids[0]);
        QTRY_VERIFY(told().contains(QString{"Against the baseline, run %1"}.arg(m_ids[0])));
    }

    void aRunIsFoundWhereverItLies()
    {
        auto* search = found<QueryEdit>(*m_page, "search");
        search->setFocus();
        QTest::keyClicks(search, "resnet18");
        QTRY_COMPARE(names(), QString{"d c"});
        m_page->goTo(m_ids[0]);
        QTRY_COMPARE(table().selected(), std::vector<RunId>{m_ids[0]});
        QVERIFY(search->text().isEmpty());
    }
};

QTEST_MAIN(TestRunsPage)
#include "tst_runs_page.moc"
