// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/summary_runs.h"
#include "tests/ui/finding.h"
#include "ui/compare/compare_page.h"
#include "ui/compare/report_writing.h"
#include "ui/history/run_history.h"
#include "ui/report/report_dialog.h"

#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <cmath>
#include <memory>

using namespace descent;

namespace {

constexpr int patience = 60'000;

QByteArray contentOf(const QString& path)
{
    QFile file{path};
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray{};
}

/// The pictures of a page, as they lie in it: of each the dark one, then the light one.
std::vector<QByteArray> picturesOf(const QByteArray& html)
{
    std::vector<QByteArray> pictures;
    const QRegularExpression data{QStringLiteral("data:image/svg\\+xml;base64,([A-Za-z0-9+/=]+)")};
    for (auto match = data.globalMatch(QString::fromLatin1(html)); match.hasNext();)
        pictures.push_back(QByteArray::fromBase64(match.next().captured(1).toLatin1()));
    return pictures;
}

QStringList captionsOf(const QByteArray& html)
{
    QStringList captions;
    const QRegularExpression caption{QStringLiteral("<img alt=\"([^\"]*)\"")};
    for (auto match = caption.globalMatch(QString::fromUtf8(html)); match.hasNext();)
        captions << match.next().captured(1);
    return captions;
}

}

class TestReport : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<RunStore> m_store;
    std::vector<RunId> m_runs;

    std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    /// A run of a grid, with a curve of so many steps.
    RunId addRun(const RunDetails& run, std::int64_t steps)
    {
        const RunId id = m_store->createRun({.name = run.summary.name, .recipeJson = run.recipeJson, .datasetName = "Spirals", .architecture = "mlp", .primaryMetric = "accuracy"});
        MetricsLogged logged;
        for (std::int64_t step = 1; step <= steps; ++step)
            logged.points.push_back({"loss/train", step, std::exp(-static_cast<double>(step) / 50) + 0.05 * std::sin(static_cast<double>(step * (id + 3))), static_cast<double>(step) * 0.1});
        for (const auto& [metric, value] : run.summary.test)
            logged.points.push_back({metric + "/validation", steps, value, static_cast<double>(steps) * 0.1});
        m_store->record(id, std::vector<RunEvent>{logged, RunEnded{}});
        return id;
    }

    /// Of curves of the loss, then bars.
    ReportOrder order() const
    {
        std::vector<RunDetails> details;
        for (const RunId run : m_runs)
            details.push_back(m_store->run(run).value());
        auto table = std::make_shared<const FigureTable>(figureTable(details));
        ReportOrder order{.choice = {.title = "Widths & rates", .notes = "Wider is better."},
                          .summary = {.table = table, .figure = "accuracy", .explanation = explain(*table, *table->find("accuracy")), .standing = standingOf(*table, *table->find("accuracy"))},
                          .runNotes = {{"grid", "<b>a note</b>"}},
                          .charts = {},
                          .wishes = {},
                          .look = {},
                          .fonts = ChartLook::ofTheme()};
        for (const RunDetails& run : details)
            order.wishes.runs.push_back({.id = run.summary.id, .name = QString::fromStdString(run.summary.name), .color = Theme::instance().seriesColor(run.summary.id - 1)});
        order.charts.emplace_back(ReportCurves{.metric = "loss"});
        order.charts.emplace_back(ChartInput{.table = table, .spec = {.kind = ChartKind::bars, .y = "accuracy"}, .passing = {}, .brushes = {}, .colors = Theme::instance().colors()});
        return order;
    }
    QByteArray written(const ReportOrder& order, bool isPdf) { return writtenReport(*m_store, order, isPdf, [](int, int) {}, {}).value_or("nothing"); }

private Q_SLOTS:
    void initTestCase()
    {
        Theme::instance().apply(Theme::Mode::light);
        m_store = std::make_unique<RunStore>(folder());
        for (const RunDetails& run : gridOfRuns(2, {0.001, 0.01}, {16, 64}))
            m_runs.push_back(addRun(run, 200));
    }

    void itHoldsWhatWasChosen()
    {
        const QByteArray html = written(order(), false);
        QVERIFY(html.contains("<h1>Widths &amp; rates</h1>") && html.contains("Wider is better.") && html.contains("&lt;b&gt;a note&lt;/b&gt;"));
        QVERIFY(html.contains("Settings that differ") && html.contains("Figures, the best marked") && html.contains("What may be said"));
        QCOMPARE(captionsOf(html), (QStringList{"Loss", "Accuracy by recipe"}));
        ReportOrder brief = order();
        brief.choice.settings = brief.choice.runNotes = brief.choice.verdict = brief.choice.figures = false;
        std::swap(brief.charts[0], brief.charts[1]);
        const QByteArray less = written(brief, false);
        QVERIFY(!less.contains("Settings that differ") && !less.contains("a note") && !less.contains("What may be said") && !less.contains("the best marked"));
        QCOMPARE(captionsOf(less), (QStringList{"Accuracy by recipe", "Loss"}));
    }

    void curvesHaveTheColoursOfLightAndOfDark()
    {
        const std::vector<QByteArray> pictures = picturesOf(written(order(), false));
        QCOMPARE(pictures.size(), 4u);
        for (const QByteArray& picture : pictures)
            QVERIFY(QSvgRenderer{picture}.isValid());
        const ColorTokens light = Theme::lightColors(), dark = Theme::darkColors();
        for (std::size_t run = 0; run < m_runs.size(); ++run) {
            const QByteArray onLight = light.series[static_cast<qsizetype>(run)].name().toLatin1(), onDark = dark.series[static_cast<qsizetype>(run)].name().toLatin1();
            QVERIFY(pictures[0].contains(onDark) && !pictures[0].contains(onLight));
            QVERIFY(pictures[1].contains(onLight) && !pictures[1].contains(onDark));
        }
        QVERIFY(pictures[0].contains(dark.surface.name().toLatin1()) && pictures[1].contains(light.surface.name().toLatin1()));
    }

    void aRunsOwnColourStays()
    {
        ReportOrder own = order();
        own.wishes.runs[0].color = QColor{"#123456"};
        for (const QByteArray& picture : {picturesOf(written(own, false))[0], picturesOf(written(own, false))[1]})
            QVERIFY(picture.contains("#123456"));
    }

    void fewPointsAreLinesAndManyAPicture()
    {
        QVERIFY(!picturesOf(written(order(), false))[0].contains("<image"));
        ReportOrder many = order();
        many.wishes.runs.clear();
        constexpr int dense = 12;
        for (int i = 0; i < dense; ++i) {
            const RunId run = addRun(gridOfRuns().front(), 10'000);
            many.wishes.runs.push_back({.id = run, .name = "dense", .color = Qt::blue});
        }
        const QByteArray picture = picturesOf(written(many, false))[0];
        QVERIFY(picture.contains("<image") && picture.contains(">0<")); // the numbers of the axes are letters still
        QVERIFY2(picture.size() < 1'000'000, qPrintable(QString::number(picture.size())));
    }

    void aPictureNamesItsRunsOnce()
    {
        ReportOrder many = order();
        constexpr int runs = 15, named = 12;
        many.wishes.runs.clear();
        for (int i = 0; i < runs; ++i)
            many.wishes.runs.push_back({.id = addRun(gridOfRuns().front(), 100), .name = QStringLiteral("run %1").arg(i), .color = Qt::blue});
        const QByteArray picture = picturesOf(written(many, false))[0];
        QVERIFY(picture.contains(">run 0<") && !picture.contains("(training)")); // its validation has a curve too
        QCOMPARE(picture.count(">run "), named);
        QVERIFY(picture.contains(">+3 more<"));
    }

    void whatWasZoomedIsZoomedHere()
    {
        ReportOrder zoomed = order();
        zoomed.charts.pop_back();
        const QByteArray whole = picturesOf(written(zoomed, false))[0];
        zoomed.wishes.x = ChartScale{100, 101, false};
        std::get<ReportCurves>(zoomed.charts[0]).y = ChartScale{0.4, 0.6, false};
        const QByteArray part = picturesOf(written(zoomed, false))[0];
        QVERIFY(!whole.contains(">100.5<") && part.contains(">100.5<"));
        QVERIFY(!whole.contains(">0.44<") && part.contains(">0.44<"));
    }

    void aPdfIsOne()
    {
        const QByteArray pdf = written(order(), true);
        QVERIFY(pdf.startsWith("%PDF-") && pdf.trimmed().endsWith("%%EOF"));
        ReportOrder none = order();
        none.charts.clear();
        QVERIFY(written(none, true).size() < pdf.size());
    }

    void itTellsHowFarItIsAndStops()
    {
        std::vector<int> steps;
        int all = 0;
        QVERIFY(writtenReport(*m_store, order(), false, [&](int done, int of) { steps.push_back(done), all = of; }, {}));
        QCOMPARE(steps, (std::vector<int>{1, 2, 3, 4, 5, 6}));
        QCOMPARE(all, 6);
        std::stop_source source;
        const auto stopAt = [&](int step) {
            return writtenReport(*m_store, order(), false, [&](int done, int) { if (done == step) source.request_stop(); }, source.get_token());
        };
        QVERIFY(!stopAt(5)); // in the middle of painting
        QVERIFY(!stopAt(0)); // before it has begun
    }

    void aStoppedOneLeavesNoFile()
    {
        const QString file = m_folder.filePath("stopped.html");
        ReportWriting writing{folder(), order(), file};
        QSignalSpy finished{&writing, &ReportWriting::finished};
        writing.stop();
        QVERIFY(finished.wait(patience));
        QCOMPARE(finished[0][0].toString(), QString{});
        QVERIFY(!QFile::exists(file));
    }

    void aFileThatCannotBeWrittenIsSaid()
    {
        ReportWriting writing{folder(), order(), "/nowhere/at/all.html"};
        QSignalSpy finished{&writing, &ReportWriting::finished};
        QVERIFY(finished.wait(patience));
        QVERIFY2(finished[0][0].toString().contains("/nowhere/at"), qPrintable(finished[0][0].toString()));
    }

    void theDialogTakesOrderAndChoice()
    {
        ReportDialog dialog{{{"Curves: Loss"}, {"Curves: Accuracy", false}, {"Bars"}}, false};
        dialog.show();
        QVERIFY(dialog.charts() == (std::vector<std::size_t>{0, 2}));
        auto* list = found<QListWidget>(dialog, "reportCharts");
        list->setCurrentRow(2);
        click(found<QToolButton>(dialog, "reportChartUp"));
        click(found<QToolButton>(dialog, "reportChartUp"));
        click(found<QToolButton>(dialog, "reportChartUp")); // it is the first already
        QVERIFY(dialog.charts() == (std::vector<std::size_t>{2, 0}));
        QCOMPARE(list->currentItem()->text(), QString{"Bars"});
        click(found<QToolButton>(dialog, "reportAllCharts"));
        QVERIFY(dialog.charts() == (std::vector<std::size_t>{2, 0, 1}));
        click(found<QToolButton>(dialog, "reportNoCharts"));
        QVERIFY(dialog.charts().empty());
        list->setCurrentRow(1);
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Space);
        QVERIFY(dialog.charts() == (std::vector<std::size_t>{0}));
        QVERIFY(!found<QWidget>(dialog, "reportRunNotes")->isVisible());
    }

    void fromAnyViewOfThePageToTheFile_data()
    {
        QTest::addColumn<QString>("view");
        for (const char* view : {"viewCurves", "viewSummary", "viewRecipes"})
            QTest::newRow(view) << QString::fromLatin1(view);
    }
    void fromAnyViewOfThePageToTheFile()
    {
        QFETCH(QString, view);
        RunHistory history{folder()};
        ComparePage page{history};
        page.resize(1200, 800);
        page.show();
        page.setRuns(m_runs);
        QTRY_VERIFY_WITH_TIMEOUT(page.board() && page.findChild<QWidget*>("chart-loss"), patience);
        click(found<QToolButton>(page, view.toLatin1()));
        click(found<QToolButton>(page, "report"));
        QTRY_VERIFY_WITH_TIMEOUT(page.findChild<ReportDialog*>("reportDialog"), patience);
        auto* dialog = found<ReportDialog>(page, "reportDialog");
        auto* list = found<QListWidget>(*dialog, "reportCharts");
        QCOMPARE(list->item(0)->text(), QString{"Curves: Loss"});
        QVERIFY(list->count() > 4); // and those of the summary, which knows the recipes by now
        QVERIFY(list->findItems("learningRate", Qt::MatchContains).size() >= 1);
        found<QLineEdit>(*dialog, "reportTitle")->setText(view);
        click(found<QPushButton>(*dialog, "write-html"));
        auto* place = dialog->findChild<QFileDialog*>();
        QVERIFY(place);
        const QString file = m_folder.filePath(view + ".html");
        place->selectFile(file);
        QSignalSpy said{&page, &ComparePage::messageRaised};
        static_cast<QDialog*>(place)->accept();
        QVERIFY(said.wait(patience));
        QCOMPARE(said[0][0].toString(), "Written: " + file);
        QTRY_VERIFY(!page.findChild<ReportDialog*>("reportDialog"));
        const QByteArray html = contentOf(file);
        QVERIFY(html.contains("<h1>" + view.toLatin1() + "</h1>"));
        QCOMPARE(captionsOf(html).first(), QString{"Loss"});
        QVERIFY(picturesOf(html)[1].contains("<polyline")); // the curves of all runs, wherever the page was scrolled
    }
};

QTEST_MAIN(TestReport)
#include "tst_report.moc"
