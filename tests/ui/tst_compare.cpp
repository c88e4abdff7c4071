// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "ui/compare/curve_board.h"
#include "ui/compare/compare_page.h"
#include "ui/compare/recipe_tables.h"
#include "ui/compare/summary_board.h"
#include "ui/history/run_history.h"
#include "ui/plot/curve_chart.h"
#include "ui/plot/readout.h"
#include "ui/summary/field_picker.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QComboBox>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTreeWidget>
#include <QCheckBox>
#include <QTest>

#include <set>
#include <QToolButton>

#include <cmath>
#include <memory>

using namespace descent;

namespace {

constexpr int waitMs = 20000;

/// A run with a loss of `steps` steps, a validation each hundred, and a learning rate.
RunId addRun(RunStore& store, const std::string& name, std::int64_t steps, int seed = 0, bool ends = true, std::string recipe = {})
{
    if (recipe.empty())
        recipe = R"({"name":")" + name + R"(","seed":)" + std::to_string(seed) + R"(,"model":")" + name + R"("})";
    Random random{static_cast<std::uint64_t>(steps + seed)};
    const RunId run = store.createRun({.name = name,
                                       .recipeJson = recipe,
                                       .datasetName = "digits",
                                       .architecture = name,
                                       .primaryMetric = "accuracy"});
    MetricsLogged logged;
    for (std::int64_t step = 1; step <= steps; ++step) {
        const double loss = std::exp(-static_cast<double>(step) / 400) + 0.05 * random.normal() + 0.1;
        logged.points.push_back({"loss/train", step, loss, static_cast<double>(step) * 0.1});
        logged.points.push_back({"learning-rate", step, 0.001, static_cast<double>(step) * 0.1});
        if (step % 100 == 0) {
            logged.points.push_back({"loss/validation", step, loss + 0.02, static_cast<double>(step) * 0.1});
            logged.points.push_back({"accuracy/validation", step, 1 - loss * 0.5, static_cast<double>(step) * 0.1});
        }
    }
    std::vector<RunEvent> events{logged};
    if (ends)
        events.emplace_back(RunEnded{});
    store.record(run, events);
    return run;
}

}

class TestCompare : public QObject {
    Q_OBJECT

    /// The page over a history of its own.
    struct Compared {
        QTemporaryDir folder;
        RunStore store{folder.path().toStdString()};
        std::vector<RunId> runs;
        std::unique_ptr<RunHistory> history;
        std::unique_ptr<ComparePage> page;

        QString settings() const { return folder.filePath("studio.ini"); }
        void open()
        {
            page.reset();
            history = std::make_unique<RunHistory>(folder.path().toStdString());
            page = std::make_unique<ComparePage>(*history, settings());
            page->resize(1200, 800);
            page->show();
            page->setRuns(runs);
        }
        template <typename Widget>
        Widget* find(const QString& name) const
        {
            return page->findChild<Widget*>(name);
        }
        std::vector<std::string> charts() const
        {
            std::vector<std::string> metrics;
            for (const CurveCard* card : page->board()->shownCards())
                metrics.push_back(card->metric());
            return metrics;
        }
        CurveChart* chart(const std::string& metric) const { return find<CurveChart>("chart-" + QString::fromStdString(metric)); }
        std::vector<qint64> drawn(const std::string& metric) const
        {
            std::vector<qint64> ids;
            if (const CurveChart* one = chart(metric))
                for (const ChartCurve& curve : *one->content().curves)
                    ids.push_back(curve.id);
            return ids;
        }
        /// As a person does: the list is searched, Return takes what is found.
        void groupBy(const QStringList& fields) const
        {
            auto* picker = find<FieldPicker>("groupBy");
            QTest::mouseClick(picker, Qt::LeftButton);
            auto* search = find<QLineEdit>("fieldSearch");
            for (const QString& field : fields) {
                search->clear();
                QTest::keyClicks(search, field);
                QTest::keyClick(search, Qt::Key_Return);
            }
            QTest::keyClick(search, Qt::Key_Escape);
            QVERIFY(!search->isVisible());
        }
        void click(const QString& button) const { QTest::mouseClick(find<QToolButton>(button), Qt::LeftButton); }
        void clickRow(int row) const
        {
            auto* list = find<QListWidget>("comparedRuns");
            QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(row)).center());
        }
    };

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(Theme::Mode::light); }

    void curvesOfAllRunsAreDrawnInTheirOrder()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 1000), addRun(compared.store, "b", 2000)};
        compared.open();
        QTRY_COMPARE_WITH_TIMEOUT(compared.charts(), (std::vector<std::string>{"loss", "accuracy", "learning-rate"}), waitMs);
        QTRY_COMPARE_WITH_TIMEOUT(compared.drawn("loss").size(), 4U, waitMs);
        QTRY_VERIFY_WITH_TIMEOUT(compared.chart("loss")->isUpToDate(), waitMs);
        const ChartContent& content = compared.chart("loss")->content();
        QVERIFY(std::abs(content.x.to - 2000) < 0.01);
        QVERIFY(content.best && content.best->y < 0.4);
        QVERIFY(!content.curves->front().smooth.empty() && content.curves->front().isMinor); // training
        QCOMPARE(compared.find<QLabel>("drawnRuns")->text(), QString("2 runs"));
    }

    void aClickOnARunHidesItAndAnotherBringsItBack()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 500), addRun(compared.store, "b", 500)};
        compared.open();
        QTRY_COMPARE_WITH_TIMEOUT(compared.drawn("loss").size(), 4U, waitMs);
        compared.clickRow(0);
        QTRY_COMPARE_WITH_TIMEOUT(compared.drawn("loss"), (std::vector<qint64>{compared.runs[1], compared.runs[1]}), waitMs);
        QCOMPARE(compared.find<QLabel>("drawnRuns")->text(), QString("1 of 2 runs are drawn"));
        compared.clickRow(0);
        QTRY_COMPARE_WITH_TIMEOUT(compared.drawn("loss").size(), 4U, waitMs);
    }

    void thePointerOverARunBringsItsCurvesToTheFront()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 500), addRun(compared.store, "b", 500)};
        compared.open();
        QTRY_COMPARE_WITH_TIMEOUT(compared.drawn("loss").size(), 4U, waitMs);
        auto* list = compared.find<QListWidget>("comparedRuns");
        QTest::mouseMove(list->viewport(), list->visualItemRect(list->item(1)).center());
        QTRY_COMPARE_WITH_TIMEOUT(compared.chart("loss")->content().highlighted, compared.runs[1], waitMs);
    }

    void aFilterLeavesTheChartsThatFitAndSaysWhatIsWrong()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 500)};
        compared.open();
        QTRY_COMPARE_WITH_TIMEOUT(compared.charts().size(), 3U, waitMs);
        auto* filter = compared.find<QLineEdit>("chartFilter");
        QTest::keyClicks(filter, "^(acc|learn)");
        QCOMPARE(compared.charts(), (std::vector<std::string>{"accuracy", "learning-rate"}));
        QTest::keyClicks(filter, "(");
        QVERIFY(filter->property("wrong").toBool());
        QVERIFY(filter->toolTip().contains("Not a regular expression"));
        QCOMPARE(compared.charts().size(), 2U); // the last that could be read
        filter->clear();
        QTest::keyClicks(filter, "nothing like it");
        QVERIFY(compared.charts().empty());
        filter->clear();
        QCOMPARE(compared.charts().size(), 3U);
    }

    void whatIsZoomedOnOneChartIsZoomedOnAll()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 1000)};
        compared.open();
        QTRY_VERIFY_WITH_TIMEOUT(!compared.drawn("loss").empty() && compared.chart("loss")->isUpToDate(), waitMs);
        CurveChart* loss = compared.chart("loss");
        const QPointF center = chartArea(loss->size()).center();
        QWheelEvent wheel{center, loss->mapToGlobal(center), {}, {0, 360}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false};
        QApplication::sendEvent(loss, &wheel);
        QVERIFY(loss->chosenX());
        QCOMPARE(compared.chart("accuracy")->chosenX(), loss->chosenX());
        QTRY_VERIFY_WITH_TIMEOUT(loss->content().x == *loss->chosenX(), waitMs); // prepared for this range
        QTRY_VERIFY_WITH_TIMEOUT(compared.chart("accuracy")->content().x == *loss->chosenX(), waitMs);
        QTest::keyClick(compared.chart("accuracy"), Qt::Key_0);
        QVERIFY(!loss->chosenX());
        QTRY_VERIFY_WITH_TIMEOUT(std::abs(loss->content().x.to - 1000) < 0.01, waitMs);
    }

    void theCrosshairStandsOnAllCharts()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 1000)};
        compared.open();
        QTRY_VERIFY_WITH_TIMEOUT(!compared.drawn("accuracy").empty() && !compared.drawn("loss").empty(), waitMs);
        CurveChart* loss = compared.chart("loss");
        QTest::mouseMove(loss, chartArea(loss->size()).center().toPoint());
        QTRY_VERIFY(compared.chart("accuracy")->readout().isVisible());
        QCOMPARE(compared.chart("accuracy")->readout().rows().size(), 1U);
    }

    void xTellsStepEpochOrTime_data()
    {
        QTest::addColumn<int>("button");
        QTest::addColumn<double>("length");
        QTest::newRow("epoch") << 1 << 9.99;
        QTest::newRow("relative") << 2 << 99.9;
        QTest::newRow("wall") << 3 << 99.9;
    }
    void xTellsStepEpochOrTime()
    {
        QFETCH(const int, button);
        QFETCH(const double, length);
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 1000)};
        compared.open();
        QTRY_VERIFY_WITH_TIMEOUT(!compared.drawn("loss").empty(), waitMs);
        const QStringList texts{"Step", "Epoch", "Relative", "Wall"};
        for (auto* one : compared.page->findChildren<QToolButton*>())
            if (one->text() == texts[button])
                QTest::mouseClick(one, Qt::LeftButton);
        const auto shown = [&] { return compared.chart("loss")->content().x.to - compared.chart("loss")->content().x.from; };
        QTRY_VERIFY_WITH_TIMEOUT(std::abs(shown() - length) < 0.01, waitMs);
    }

    void smoothingFollowsTheKeys()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 1000)};
        compared.open();
        QTRY_VERIFY_WITH_TIMEOUT(!compared.drawn("loss").empty(), waitMs);
        auto* slider = compared.find<QSlider>("smoothing");
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Home);
        QTRY_VERIFY_WITH_TIMEOUT(compared.chart("loss")->content().curves->front().smooth.empty(), waitMs);
        QTest::keyClick(slider, Qt::Key_End);
        QTRY_VERIFY_WITH_TIMEOUT(!compared.chart("loss")->content().curves->front().smooth.empty(), waitMs);
    }

    void spikesAreClippedAndCounted()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 1000)};
        compared.store.record(compared.runs[0], std::vector<RunEvent>{MetricsLogged{{{"loss/train", 1001, 1e6, 100}}}});
        compared.open();
        QTRY_VERIFY_WITH_TIMEOUT(!compared.drawn("loss").empty(), waitMs);
        QTest::keyClick(compared.find<QSlider>("smoothing"), Qt::Key_Home);
        QTRY_VERIFY_WITH_TIMEOUT(compared.chart("loss")->content().y.to > 1e5, waitMs);
        compared.click("clip");
        QTRY_VERIFY_WITH_TIMEOUT(compared.chart("loss")->content().y.to < 2, waitMs);
        bool isSaid = false;
        for (const QLabel* label : compared.page->findChildren<QLabel*>())
            isSaid = isSaid || label->text().contains("points lie outside") || label->toolTip().contains("points lie outside");
        QVERIFY(isSaid);
    }

    void runsOfOneRecipeAreDrawnAsTheirMean()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 1000, 1), addRun(compared.store, "a", 1000, 2), addRun(compared.store, "b", 1000, 1)};
        compared.open();
        QTRY_COMPARE_WITH_TIMEOUT(compared.drawn("accuracy").size(), 3U, waitMs);
        compared.groupBy({"recipe"});
        QTRY_COMPARE_WITH_TIMEOUT(compared.drawn("accuracy"), (std::vector<qint64>{0, 1}), waitMs);
        const auto curves = compared.chart("accuracy")->content().curves;
        QCOMPARE(curves->at(0).name, QString("a (mean of 2)"));
        QCOMPARE(curves->at(0).band.size(), 10U);
        QVERIFY(curves->at(0).band[3].low < curves->at(0).band[3].high);
        QVERIFY(curves->at(1).band.empty()); // one run is no band
        QCOMPARE(compared.find<QListWidget>("comparedRuns")->item(0)->text(), QString("a (2)"));
    }

    void runsAreGroupedByWhateverTellsThemApart()
    {
        Compared compared;
        for (const auto& [rate, width] : {std::pair{0.1, 8}, {0.1, 16}, {0.01, 8}, {0.01, 16}, {0.01, 8}}) {
            const int seed = static_cast<int>(compared.runs.size());
            compared.runs.push_back(addRun(compared.store, "grid", 200, seed, true,
                                           fmt::format(R"({{"seed": {}, "training": {{"learningRate": {}}}, "architecture": {{"width": {}}}}})", seed, rate, width)));
        }
        compared.store.addTag(std::span{compared.runs}.first(1), "demo");
        compared.open();
        QTRY_COMPARE_WITH_TIMEOUT(compared.drawn("accuracy").size(), 5U, waitMs);
        const auto names = [&] {
            QStringList rows;
            for (int row = 0; row < compared.find<QListWidget>("comparedRuns")->count(); ++row)
                rows << compared.find<QListWidget>("comparedRuns")->item(row)->text();
            return rows;
        };
        compared.groupBy({"learningRate"});
        QTRY_COMPARE_WITH_TIMEOUT(names(), (QStringList{"learningRate 0.1 (2)", "learningRate 0.01 (3)"}), waitMs);
        QTRY_COMPARE_WITH_TIMEOUT(compared.drawn("accuracy"), (std::vector<qint64>{0, 1}), waitMs);
        compared.groupBy({"width"}); // both at once
        QTRY_COMPARE_WITH_TIMEOUT(names().size(), 4, waitMs);
        QVERIFY2(names().contains("width 8, learningRate 0.01 (2)"), qPrintable(names().join('|')));
        QCOMPARE(compared.find<FieldPicker>("groupBy")->text(), QString{"By 2 columns ▾"});
        compared.groupBy({"width", "learningRate", "tag"});
        QTRY_COMPARE_WITH_TIMEOUT(names(), (QStringList{"demo (1)", "no tags (4)"}), waitMs);
        compared.store.addTag(std::span{compared.runs}.subspan(1, 1), "demo"); // what changes moves to its group
        QTRY_COMPARE_WITH_TIMEOUT(names(), (QStringList{"demo (2)", "no tags (3)"}), waitMs);
        compared.groupBy({"tag"});
        QTRY_COMPARE_WITH_TIMEOUT(names().size(), 5, waitMs);
    }

    void aRunThatGoesOnGrowsBeforeOnesEyes()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 1000, 0, false)};
        compared.open();
        const auto last = [&]() -> std::int64_t {
            const CurveChart* chart = compared.chart("loss");
            return chart && !chart->content().curves->empty() ? chart->content().curves->front().raw.back().step : 0;
        };
        QTRY_COMPARE_WITH_TIMEOUT(last(), 1000, waitMs);
        for (const std::int64_t step : {1001, 1002, 1500}) {
            compared.store.record(compared.runs[0], std::vector<RunEvent>{MetricsLogged{{{"loss/train", step, 0.1, 1}}}});
            QTRY_COMPARE_WITH_TIMEOUT(last(), step, waitMs);
        }
    }

    void pinsNotesAndTheirKindAreThereNextTime()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 1000)};
        compared.open();
        QTRY_VERIFY_WITH_TIMEOUT(compared.charts().size() == 3U && !compared.drawn("loss").empty(), waitMs);
        for (const CurveCard* card : compared.page->board()->shownCards())
            if (card->metric() == "learning-rate")
                QTest::mouseClick(card->findChild<QToolButton*>("pin"), Qt::LeftButton);
        QCOMPARE(compared.charts().front(), std::string{"learning-rate"});
        compared.chart("loss")->setFocus();
        QTest::keyClick(compared.chart("loss"), Qt::Key_N);
        auto* asked = compared.page->window()->findChild<QInputDialog*>();
        QVERIFY(asked);
        asked->setTextValue("rate lowered");
        QTest::keyClick(asked, Qt::Key_Return);
        QCOMPARE(compared.chart("loss")->content().notes.size(), 1U);
        compared.click("logY");
        compared.open(); // as the next session does
        QTRY_VERIFY_WITH_TIMEOUT(compared.charts().size() == 3U && !compared.drawn("loss").empty(), waitMs);
        QCOMPARE(compared.charts().front(), std::string{"learning-rate"});
        QVERIFY(compared.find<QToolButton>("logY")->isChecked());
        QTRY_COMPARE_WITH_TIMEOUT(compared.chart("loss")->content().notes.size(), 1U, waitMs);
        QCOMPARE(compared.chart("loss")->content().notes[0].text, QString("rate lowered"));
    }

    void oneChartFillsThePageAndEscapeBringsTheOthersBack()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 500)};
        compared.open();
        QTRY_VERIFY_WITH_TIMEOUT(compared.charts().size() == 3U && !compared.drawn("accuracy").empty(), waitMs);
        QApplication::setActiveWindow(compared.page.get());
        compared.chart("accuracy")->setFocus();
        QTRY_VERIFY(compared.chart("accuracy")->hasFocus());
        QTest::keyClick(compared.chart("accuracy"), Qt::Key_F11);
        QCOMPARE(compared.charts(), std::vector<std::string>{"accuracy"});
        QVERIFY(!compared.find<QListWidget>("comparedRuns")->isVisible());
        QTest::keyClick(compared.chart("accuracy"), Qt::Key_Escape);
        QCOMPARE(compared.charts().size(), 3U);
        QVERIFY(compared.find<QListWidget>("comparedRuns")->isVisible());
    }

    void layoutsAreKeptByName()
    {
        QTemporaryDir folder;
        CompareLayouts layouts{folder.filePath("studio.ini")};
        CompareLook look{.along = AlongX::wall, .smoothing = 0.9, .isLogY = true, .groupBy = {"tag", "training.learningRate"}, .band = BandKind::interval, .columns = 3, .filter = "loss|ä", .pinned = {"a/b"}};
        look.notes.push_back({"loss", 7, 1234567890123, 4.5, "过拟合"});
        layouts.save("mine / 中文", look);
        QCOMPARE(layouts.names(), QStringList{"mine / 中文"});
        QVERIFY(layouts.named("mine / 中文") == look);
        QCOMPARE(lookFromJson(R"({"groupBy": "recipe"})").groupBy, std::vector<std::string>{"recipe"}); // as it was written before
        layouts.remove("mine / 中文");
        QVERIFY(layouts.names().isEmpty());
        QVERIFY(lookFromJson("{\"columns\":900,\"smoothing\":7,\"along\":\"sideways\"") == CompareLook{}); // damaged
    }

    void manyRunsAreNeverASilentSubset()
    {
        Compared compared;
        for (int i = 0; i < 130; ++i)
            compared.runs.push_back(addRun(compared.store, "r" + std::to_string(i), 3));
        compared.open();
        QTRY_COMPARE_WITH_TIMEOUT(compared.drawn("loss").size(), 100U, waitMs);
        QCOMPARE(compared.find<QLabel>("drawnRuns")->text(), QString("100 of 130 runs are drawn"));
        compared.click("drawAll");
        QTRY_COMPARE_WITH_TIMEOUT(compared.drawn("loss").size(), 130U, waitMs);
        QVERIFY(!compared.find<QToolButton>("drawAll")->isVisible());
    }

    void aChartIsWrittenInEveryFormat()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a,\"b\"", 200)};
        compared.open();
        QTRY_VERIFY_WITH_TIMEOUT(!compared.drawn("loss").empty(), waitMs);
        const ChartContent content = compared.chart("loss")->shown();
        QCOMPARE(QImage::fromData(chartFile(content, "png", {400, 300})).size(), QSize(800, 600));
        QVERIFY(chartFile(content, "svg", {400, 300}).contains("<polyline"));
        const QByteArray pdf = chartFile(content, "pdf", {400, 300});
        QVERIFY(pdf.startsWith("%PDF") && pdf.contains("/MediaBox [0 0 400.000000 300.000000]"));

        CurveWishes wishes{.runs = {{.id = compared.runs[0], .name = "a,\"b\""}}};
        const QByteArray csv = chartCsv(compared.store, wishes, "loss", {99.5, 101.5});
        const QList<QByteArray> lines = csv.trimmed().split('\n');
        QCOMPARE(lines.size(), 4); // steps 100 and 101 of training, 100 of validation
        QVERIFY(lines[1].startsWith(QByteArray::number(static_cast<qint64>(compared.runs[0])) + ",\"a,\"\"b\"\"\",loss/train,100,10,"));
    }

    void theViewsStandBehindTheirButtons()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 100), addRun(compared.store, "b", 100)};
        compared.open();
        QTRY_VERIFY_WITH_TIMEOUT(!compared.drawn("loss").empty(), waitMs);
        SummaryBoard* summary = compared.page->summary();
        QVERIFY(!summary->isVisible());
        compared.click("viewSummary");
        QVERIFY(summary->isVisible() && !compared.page->board()->isVisible());
        compared.click("viewRecipes");
        QVERIFY(compared.find<QWidget>("recipeDifferences")->isVisible());
        compared.click("viewCurves");
        QVERIFY(compared.page->board()->isVisible());
    }

    void recipesAreLaidBesideEachOtherAsTheyAreNested()
    {
        Compared compared;
        for (const auto& [name, rate] : {std::pair{"a", "0.1"}, {"b", "0.01"}})
            compared.runs.push_back(compared.store.createRun({.name = name, .recipeJson = std::string{R"({"seed": 1, "training": {"epochs": 3, "learningRate": )"} + rate + "}}"}));
        compared.open();
        compared.click("viewRecipes");
        auto* tree = compared.find<QTreeWidget>("recipeDifferences");
        const auto written = [&] {
            QStringList lines;
            for (QTreeWidgetItemIterator item{tree}; *item; ++item)
                lines << QStringList{(*item)->text(0), (*item)->text(1), (*item)->text(2)}.join(' ').trimmed();
            return lines.join('|');
        };
        QTRY_COMPARE_WITH_TIMEOUT(written(), QString{"training|learningRate 0.1 0.01"}, waitMs);
        auto* all = compared.find<QCheckBox>("alsoEqual");
        all->setFocus();
        QTest::keyClick(all, Qt::Key_Space);
        QTRY_VERIFY2(written().contains("epochs 3 3") && written().contains("seed 1 1"), qPrintable(written()));
    }

    void aFigureIsTurnedRoundAndThatIsRemembered()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 200, 1), addRun(compared.store, "b", 200, 1)};
        compared.open();
        compared.click("viewSummary");
        auto* direction = compared.find<QToolButton>("direction");
        QTRY_COMPARE_WITH_TIMEOUT(direction->text(), QString{"higher is better"}, waitMs);
        compared.click("direction");
        QTRY_COMPARE_WITH_TIMEOUT(direction->text(), QString{"lower is better"}, waitMs);
        compared.open(); // as the next session does
        compared.click("viewSummary");
        QTRY_COMPARE_WITH_TIMEOUT(compared.find<QToolButton>("direction")->text(), QString{"lower is better"}, waitMs);
    }

    void theFiguresAreCopiedForAPaper()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 200, 1), addRun(compared.store, "a", 200, 2), addRun(compared.store, "b", 200, 1)};
        compared.open();
        QSignalSpy said{compared.page.get(), &ComparePage::messageRaised};
        compared.click("viewRecipes");
        auto* tables = compared.page->findChild<RecipeTables*>();
        QVERIFY(tables);
        QSignalSpy shown{tables, &RecipeTables::shown};
        const auto copied = [&](int action) {
            compared.find<QToolButton>("copyTable")->menu()->actions().at(action)->trigger();
            return QApplication::clipboard()->text();
        };
        QTRY_VERIFY_WITH_TIMEOUT(copied(0).contains("| Recipe | Runs |"), waitMs); // once the recipes are there
        QVERIFY2(copied(0).contains(" ± ") && copied(0).contains("**"), qPrintable(copied(0)));
        QVERIFY(copied(1).contains("\\begin{tabular}"));
        QCOMPARE(copied(2).count("\r\n"), 4); // a row a run
        QVERIFY(said.size() > 3);
    }

    void moreRunsThanColumnsAreCopiedAllTheSame()
    {
        constexpr int runs = 120;
        Compared compared;
        for (int i = 0; i < runs; ++i) {
            compared.runs.push_back(compared.store.createRun({.name = "small", .recipeJson = fmt::format(R"({{"seed": {}}})", i), .primaryMetric = "accuracy"}));
            compared.store.record(compared.runs.back(), std::vector<RunEvent>{RunEnded{.reason = {}, .hint = {}, .best = {}, .test = {{"accuracy", 0.5 + 0.001 * i}}}});
        }
        compared.open();
        compared.click("viewRecipes");
        const auto copied = [&] {
            compared.find<QToolButton>("copyTable")->menu()->actions().at(2)->trigger();
            return QApplication::clipboard()->text().count("\r\n");
        };
        QTRY_COMPARE_WITH_TIMEOUT(copied(), runs + 1, waitMs);
    }

    void whatLiesOutsideABrushIsNotDrawn()
    {
        Compared compared;
        compared.runs = {addRun(compared.store, "a", 100), addRun(compared.store, "b", 100)};
        compared.open();
        const auto drawnIds = [&] {
            std::set<qint64> ids;
            for (const qint64 id : compared.drawn("loss"))
                ids.insert(id);
            return ids;
        };
        QTRY_COMPARE_WITH_TIMEOUT(drawnIds().size(), 2U, waitMs);
        Q_EMIT compared.page->summary()->runsBrushed({compared.runs[1]}, true);
        QTRY_VERIFY_WITH_TIMEOUT(drawnIds() == std::set<qint64>{compared.runs[1]}, waitMs);
        Q_EMIT compared.page->summary()->runsBrushed({}, false);
        QTRY_COMPARE_WITH_TIMEOUT(drawnIds().size(), 2U, waitMs);
    }
};

QTEST_MAIN(TestCompare)
#include "tst_compare.moc"
