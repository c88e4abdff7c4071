// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/finding.h"
#include "ui/history/run_history.h"
#include "ui/runs/query_edit.h"
#include "ui/runs/run_table.h"
#include "ui/runs/runs_page.h"
#include "ui/theme/widgets.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>

using namespace descent;

class TestQueryEdit : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    static QAbstractItemView* popupOf(const QueryEdit& edit) { return edit.findChild<QCompleter*>()->popup(); }
    static std::unique_ptr<QueryEdit> shown()
    {
        auto edit = std::make_unique<QueryEdit>();
        edit->setFields({{"accuracy", {}}, {"architecture", {"resnet18", "small cnn"}}, {"tag", {"demo"}}});
        edit->show();
        edit->setFocus();
        return edit;
    }

private Q_SLOTS:
    void offersAreTakenByKeys()
    {
        const auto edit = shown();
        QSignalSpy changed{edit.get(), &QueryEdit::queryChanged};
        QTest::keyClicks(edit.get(), "arch");
        QVERIFY(popupOf(*edit)->isVisible());
        QTest::keyClick(edit.get(), Qt::Key_Tab);
        QCOMPARE(edit->text(), QString{"architecture "});
        QVERIFY(popupOf(*edit)->isVisible()); // the relations
        QTest::keyClick(popupOf(*edit), Qt::Key_Down);
        QTest::keyClick(popupOf(*edit), Qt::Key_Return);
        QCOMPARE(edit->text(), QString{"architecture = "});
        QTest::keyClicks(edit.get(), "sm");
        QTest::keyClick(edit.get(), Qt::Key_Tab);
        QCOMPARE(edit->text(), QString{"architecture = \"small cnn\" "});
        QVERIFY(!popupOf(*edit)->isVisible());
        QCOMPARE(edit->query().fields(), std::vector<std::string>{"architecture"});
        QVERIFY(changed.size() > 1);
    }

    void enterWithoutAChoiceTakesNothing()
    {
        const auto edit = shown();
        QTest::keyClicks(edit.get(), "acc");
        QVERIFY(popupOf(*edit)->isVisible());
        QTest::keyClick(popupOf(*edit), Qt::Key_Return);
        QCOMPARE(edit->text(), QString{"acc"});
        QVERIFY(!popupOf(*edit)->isVisible());
    }

    void aMistakeIsSaidWhenTypingPauses()
    {
        const auto edit = shown();
        QSignalSpy problems{edit.get(), &QueryEdit::problemFound};
        QTest::keyClicks(edit.get(), "tag = demo");
        QTest::keyClicks(edit.get(), " and accuracy >");
        QVERIFY(problems.isEmpty());
        QCOMPARE(edit->query().fields(), (std::vector<std::string>{"tag", ""})); // the last that was sound: "tag = demo and accuracy"
        QTRY_COMPARE(problems.size(), 1);
        QVERIFY(problems[0][0].toString().contains("a value is missing"));
        QVERIFY(edit->property("wrong").toBool());
        QTest::keyClicks(edit.get(), " 0.5");
        QCOMPARE(problems.size(), 2);
        QVERIFY(problems[1][0].toString().isEmpty());
        QVERIFY(!edit->property("wrong").toBool());
    }

    void runsAreFilteredByFiguresAndSettings()
    {
        {
            RunStore store{m_folder.path().toStdString()};
            for (const auto& [name, accuracy, rate] : {std::tuple{"low", 0.7, "0.1"}, {"high", 0.95, "0.01"}, {"middle", 0.9, "0.01"}}) {
                const RunId id = store.createRun({.name = name, .recipeJson = std::string{R"({"training": {"learningRate": )"} + rate + "}}", .architecture = "resnet18", .primaryMetric = "accuracy"});
                store.record(id, std::vector<RunEvent>{RunEnded{.test = {{"accuracy", accuracy}}}});
            }
        }
        RunHistory history{m_folder.path().toStdString()};
        RunsPage page{history};
        page.resize(1200, 600);
        page.show();
        QTRY_COMPARE(page.table()->model()->rowCount(), 3);
        auto* search = found<QueryEdit>(page, "search");
        search->setFocus();
        QTest::keyClicks(search, "accuracy > 80%");
        QTRY_COMPARE(page.table()->model()->rowCount(), 2);
        QTest::keyClicks(search, " and training.learningRate < 0.05 mid");
        QTRY_COMPARE(page.table()->model()->rowCount(), 1);
        QCOMPARE(page.table()->model()->index(0, 0).data().toString(), QString{"middle"});
        QTest::keyClicks(search, " or");
        auto* problem = found<QLabel>(page, "queryProblem");
        QTRY_VERIFY(problem->isVisible());
        QCOMPARE(page.table()->model()->rowCount(), 1);
        replaceText(search, "HIGH");
        QTRY_COMPARE(page.table()->model()->index(0, 0).data().toString(), QString{"high"});
        QCOMPARE(page.table()->model()->rowCount(), 1);
        QVERIFY(!problem->isVisible());
        QTest::keyClicks(search, " nobody");
        auto* nothing = found<EmptyState>(page, "noRunFits");
        QTRY_VERIFY(nothing->isVisible());
        click(nothing->findChild<QPushButton*>());
        QVERIFY(search->text().isEmpty());
        QTRY_VERIFY(!nothing->isVisible());
        QTRY_COMPARE(page.table()->model()->rowCount(), 3);
    }
};

QTEST_MAIN(TestQueryEdit)
#include "tst_query_edit.moc"
