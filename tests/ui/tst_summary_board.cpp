// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/summary_runs.h"
#include "tests/ui/finding.h"
#include "ui/compare/summary_board.h"
#include "ui/summary/chart_card.h"
#include "ui/summary/field_picker.h"
#include "ui/summary/hint_list.h"
#include "ui/summary/parallel_view.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QImage>
#include <QLabel>
#include <QListWidget>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace descent;

namespace {

constexpr int patience = 60'000; // a machine that builds something beside it is slow; nothing is waited for longer than it takes

std::vector<ChartKind> kindsOf(const SummaryBoard& board)
{
    std::vector<ChartKind> kinds;
    for (const ChartSpec& chart : board.charts())
        kinds.push_back(chart.kind);
    return kinds;
}

void drag(QWidget* widget, const QPoint& from, const QPoint& to)
{
    const auto send = [&](QEvent::Type type, const QPoint& at, Qt::MouseButton button, Qt::MouseButtons buttons) {
        QMouseEvent event{type, QPointF{at}, QPointF{widget->mapToGlobal(at)}, button, buttons, Qt::NoModifier};
        QCoreApplication::sendEvent(widget, &event);
    };
    send(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
    send(QEvent::MouseMove, (from + to) / 2, Qt::NoButton, Qt::LeftButton);
    send(QEvent::MouseMove, to, Qt::NoButton, Qt::LeftButton);
    send(QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
}

QByteArray contentOf(const QString& path)
{
    QFile file{path};
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray{};
}

}

class TestSummaryBoard : public QObject
{
    Q_OBJECT
    std::unique_ptr<SummaryBoard> m_board;

    void show(const std::vector<RunDetails>& runs)
    {
        QSignalSpy shown{m_board.get(), &SummaryBoard::summaryShown};
        m_board->setRuns(runs);
        QVERIFY(shown.wait(patience));
    }
    ChartCard* cardOf(ChartKind kind)
    {
        for (ChartCard* card : m_board->cards())
            if (card->spec().kind == kind)
                return card;
        qFatal("there is no such chart");
        return nullptr;
    }
    /// Once its picture is of what it was given last, wherever it is scrolled to.
    template <typename View>
    static View* drawn(View* view)
    {
        [view] { QTRY_VERIFY_WITH_TIMEOUT((view->grab(), view->isUpToDate()), patience); }();
        return view;
    }
    ParallelView* parallel() { return drawn(qobject_cast<ParallelView*>(cardOf(ChartKind::parallel)->view())); }
    /// The place on an axis, in the view.
    static QPoint onAxis(ParallelView* view, std::size_t axis, double place)
    {
        const ParallelLayout layout = view->layoutOfAxes();
        return QPointF{layout.axes.at(axis).x, layout.yAt(axis, place)}.toPoint();
    }

private Q_SLOTS:
    void init()
    {
        Theme::instance().apply(Theme::Mode::light);
        m_board = std::make_unique<SummaryBoard>();
        m_board->resize(1200, 900);
        m_board->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_board.get()));
    }
    void cleanup() { m_board.reset(); }

    void whatSuitsTheSelectionIsDrawnUnasked()
    {
        show(gridOfRuns());
        QVERIFY(kindsOf(*m_board) == (std::vector<ChartKind>{ChartKind::bars, ChartKind::scatter, ChartKind::pareto, ChartKind::heat, ChartKind::parallel}));
        QCOMPARE(m_board->charts()[1].x, std::string{"training.learningRate"});
        QVERIFY(m_board->charts()[1].logX);
        QCOMPARE(m_board->charts()[1].color, std::string{"architecture.width"});
        QVERIFY(found<QLabel>(*m_board, "verdict")->text().startsWith("learningRate 0.01, width 64 is better than"));
        QVERIFY(found<QLabel>(*m_board, "verdictWarning")->text().contains("These are the best two of 12 recipes"));
        QVERIFY(found<QLabel>(*m_board, "explanation")->text().startsWith("A hint, no proof"));
        for (const ChartCard* card : m_board->cards())
            QVERIFY2(chartObstacle(card->view()->input()).isEmpty(), qPrintable(chartKindLabel(card->spec().kind)));
    }

    void nothingChosenShowsTheWayOn()
    {
        QSignalSpy wanted{m_board.get(), &SummaryBoard::runsWanted};
        show({});
        auto* button = m_board->findChild<QPushButton*>();
        QVERIFY(button && button->isVisible());
        click(button);
        QCOMPARE(wanted.size(), 1);
    }

    void runsWithoutAFigureAreSaidToHaveNone()
    {
        show({RunDetails{.summary = {.id = 1, .name = "new"}}, RunDetails{.summary = {.id = 2, .name = "newer"}}});
        QVERIFY(found<QLabel>(*m_board, "verdict")->text().contains("no figure yet"));
        QVERIFY(!chartObstacle(cardOf(ChartKind::bars)->view()->input()).isEmpty());
    }

    void onlyTheNewestSelectionIsShown()
    {
        QSignalSpy shown{m_board.get(), &SummaryBoard::summaryShown};
        m_board->setRuns(gridOfRuns());
        m_board->setRuns(gridOfRuns(1, {0.1, 0.2}, {8}));
        QVERIFY(shown.wait(patience));
        QCOMPARE(m_board->cards().front()->view()->input().table->runs.size(), 2u);
        m_board->setRuns({});
        QVERIFY(shown.wait(patience));
        QCOMPARE(shown.size(), 2);
    }

    void anAxisIsBrushedAndAllChartsFollow()
    {
        show(gridOfRuns());
        QSignalSpy brushed{m_board.get(), &SummaryBoard::runsBrushed};
        ParallelView* view = parallel();
        QCOMPARE(view->layoutOfAxes().axes[0].column->name, std::string{"training.learningRate"});
        drag(view, onAxis(view, 0, 0.2), onAxis(view, 0, 0.5)); // 0.001 lies at 0, 0.01 at a third
        QVERIFY(!brushed.isEmpty());
        const auto runs = brushed.last().at(0).value<std::vector<RunId>>();
        QCOMPARE(runs.size(), 9u);
        QCOMPARE(runs.front(), 10);
        for (const ChartCard* card : m_board->cards())
            QCOMPARE(std::count(card->view()->input().passing.begin(), card->view()->input().passing.end(), true), 9);
        QVERIFY(found<QLabel>(*m_board, "brushed")->text().contains("9 of 36"));

        const std::size_t width = 1;
        QCOMPARE(view->layoutOfAxes().axes[width].column->name, std::string{"architecture.width"});
        drag(view, onAxis(view, width, 0.9), onAxis(view, width, 1)); // a second brush narrows the first
        QCOMPARE(brushed.last().at(0).value<std::vector<RunId>>().size(), 3u);
        QTest::mouseClick(view, Qt::LeftButton, {}, onAxis(view, 0, 0.7)); // a click on the axis clears its own
        QCOMPARE(brushed.last().at(0).value<std::vector<RunId>>().size(), 12u);
        view->setFocus();
        QTest::keyClick(view, Qt::Key_Delete);
        QCOMPARE(brushed.last().at(1).toBool(), false);
        QVERIFY(cardOf(ChartKind::bars)->view()->input().passing.empty());
    }

    void anAxisIsMovedByItsTitleAndTurnedByADoubleClick()
    {
        show(gridOfRuns());
        ParallelView* view = parallel();
        const ParallelLayout layout = view->layoutOfAxes();
        drag(view, layout.axes[0].title.center().toPoint(), layout.axes[1].title.center().toPoint());
        QCOMPARE(cardOf(ChartKind::parallel)->spec().axes[0], std::string{"architecture.width"});
        QCOMPARE(cardOf(ChartKind::parallel)->spec().axes[1], std::string{"training.learningRate"});
        QTest::mouseDClick(view, Qt::LeftButton, {}, layout.axes[0].title.center().toPoint());
        QCOMPARE(cardOf(ChartKind::parallel)->spec().flipped, std::vector<std::string>{"architecture.width"});
        QVERIFY(view->layoutOfAxes().yAt(0, 0) < view->layoutOfAxes().yAt(0, 1));
        m_board->undo();
        m_board->undo();
        QCOMPARE(cardOf(ChartKind::parallel)->spec().axes[0], std::string{"training.learningRate"});
    }

    void aClickChoosesARunInEveryKindOfChart()
    {
        show(gridOfRuns());
        m_board->addChart(ChartKind::boxes);
        for (ChartCard* card : m_board->cards()) {
            QSignalSpy chosen{m_board.get(), &SummaryBoard::runChosen};
            drawn(card->view());
            QVERIFY2(!card->view()->marks().empty(), qPrintable(chartKindLabel(card->spec().kind)));
            const ChartMark& mark = card->view()->marks().back();
            const bool isLine = mark.kind == ChartMark::Kind::line;
            const QPointF at = isLine ? (mark.shape[0] + mark.shape[1]) / 2 : mark.shape.boundingRect().center();
            QTest::mouseClick(card->view(), Qt::LeftButton, {}, at.toPoint());
            QVERIFY2(chosen.size() == 1, qPrintable(chartKindLabel(card->spec().kind)));
            QVERIFY(chosen[0][0].toLongLong() > 0);
            m_board->setChosen(0);
        }
    }

    void whatIsPointedAtIsNamedWithItsValues()
    {
        show(gridOfRuns());
        ChartView* scatter = cardOf(ChartKind::scatter)->view();
        m_board->grab(); // laid out
        const ChartMark mark = drawn(scatter)->marks().front();
        QCOMPARE(wordsOn(mark, scatter->input()), QString{"grid 0.001 16 #1\ntraining.learningRate: 0.001\nAccuracy: 86.21 %\narchitecture.width: 16"});
        ChartView* bars = cardOf(ChartKind::bars)->view();
        const QString words = wordsOn(drawn(bars)->marks().front(), bars->input());
        QVERIFY2(words.startsWith("learningRate 0.01, width 64 (n 3): 93.") && words.contains("grid 0.01 64 #18"), qPrintable(words));

        QSignalSpy pointed{m_board.get(), &SummaryBoard::runPointedAt};
        QMouseEvent over{QEvent::MouseMove, mark.shape.front(), QPointF{scatter->mapToGlobal(mark.shape.front())}, Qt::NoButton, Qt::NoButton, Qt::NoModifier};
        QCoreApplication::sendEvent(scatter, &over);
        QVERIFY(!pointed.isEmpty());
        QCOMPARE(pointed.last().at(0).toLongLong(), 1);
    }

    void theKeysGoFromRunToRun()
    {
        show(gridOfRuns());
        ChartView* view = cardOf(ChartKind::pareto)->view();
        drawn(view)->setFocus();
        QSignalSpy pointed{m_board.get(), &SummaryBoard::runPointedAt}, chosen{m_board.get(), &SummaryBoard::runChosen};
        QTest::keyClick(view, Qt::Key_Right);
        QTest::keyClick(view, Qt::Key_Right);
        QTest::keyClick(view, Qt::Key_Return);
        QVERIFY(pointed.size() >= 2);
        QCOMPARE(chosen.last().at(0), pointed.last().at(0));
    }

    void chartsAreAddedRemovedAndTakenBack()
    {
        show(gridOfRuns());
        const std::vector<ChartSpec> before = m_board->charts();
        m_board->addChart(ChartKind::boxes);
        QCOMPARE(m_board->charts().size(), before.size() + 1);
        QSignalSpy offered{m_board.get(), &SummaryBoard::undoOffered};
        click(found<QToolButton>(*m_board->cards().front(), "chartRemove"));
        QCOMPARE(offered.size(), 1);
        QVERIFY(offered[0][0].toString().contains("Accuracy by recipe"));
        QCOMPARE(m_board->charts().front().kind, ChartKind::scatter);
        offered[0][1].value<std::function<void()>>()();
        QCOMPARE(m_board->charts().front().kind, ChartKind::bars);
        m_board->cards().front()->view()->setFocus();
        QTest::keyClick(m_board->cards().front()->view(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(m_board->charts() == before);
        QVERIFY(!m_board->layouts().last); // as if nothing had been arranged: the charts follow the selection again
    }

    void aCardIsDraggedByItsTitle()
    {
        show(gridOfRuns());
        m_board->grab();
        ChartCard *first = m_board->cards()[0], *second = m_board->cards()[1];
        auto* title = found<QLabel>(*first, "chartTitle");
        drag(title, title->rect().center(), title->mapFromGlobal(second->mapToGlobal(second->rect().center())));
        QVERIFY(m_board->cards()[0] == second && m_board->cards()[1] == first);
        Q_EMIT first->moved(-1); // its menu says the same
        QCOMPARE(m_board->cards()[0], first);
    }

    void aColumnIsSearchedForAndPicked()
    {
        show(gridOfRuns());
        ChartCard* card = cardOf(ChartKind::scatter);
        auto* picker = found<FieldPicker>(*card, "pickX");
        click(picker);
        auto* search = found<QLineEdit>(*picker, "fieldSearch");
        QTest::keyClicks(search, "durat");
        QCOMPARE(found<QListWidget>(*picker, "fieldList")->count(), 1);
        QTest::keyClick(search, Qt::Key_Return);
        QCOMPARE(card->spec().x, std::string{"duration"});
        QVERIFY(!search->isVisible());

        auto* axes = found<FieldPicker>(*cardOf(ChartKind::parallel), "pickAxes");
        click(axes);
        QTest::keyClicks(found<QLineEdit>(*axes, "fieldSearch"), "loss");
        QTest::keyClick(found<QLineEdit>(*axes, "fieldSearch"), Qt::Key_Return);
        const std::vector<std::string> chosen = cardOf(ChartKind::parallel)->spec().axes;
        QCOMPARE(chosen.back(), std::string{"accuracy"}); // it still colours the lines
        QCOMPARE(chosen[chosen.size() - 2], std::string{"loss"});
    }

    void anotherFigureBringsItsOwnSentences()
    {
        show(gridOfRuns());
        QSignalSpy shown{m_board.get(), &SummaryBoard::summaryShown};
        auto* picker = found<FieldPicker>(*m_board, "figure");
        click(picker);
        QTest::keyClicks(found<QLineEdit>(*picker, "fieldSearch"), "duration");
        QTest::keyClick(found<QLineEdit>(*picker, "fieldSearch"), Qt::Key_Return);
        QVERIFY(shown.wait(patience));
        QVERIFY(found<QLabel>(*m_board, "verdict")->text().contains("duration"));
        QCOMPARE(m_board->charts().front().y, std::string{"duration"});
    }

    void aHintIsAskedForItsChart()
    {
        show(gridOfRuns());
        auto* hints = found<HintList>(*m_board, "hints");
        QTest::mouseClick(hints, Qt::LeftButton, {}, QPoint{20, 30}); // the second
        QCOMPARE(m_board->charts().back().kind, ChartKind::scatter);
        QCOMPARE(m_board->charts().back().x, std::string{"architecture.width"});
    }

    void aFileIsWhatItSays_data()
    {
        QTest::addColumn<ChartKind>("kind");
        for (const ChartKind kind : chartKinds)
            QTest::newRow(qPrintable(chartKindLabel(kind))) << kind;
    }
    void aFileIsWhatItSays()
    {
        QFETCH(ChartKind, kind);
        show(gridOfRuns());
        m_board->addChart(kind);
        const std::size_t last = m_board->cards().size() - 1;
        QTemporaryDir folder;
        QSignalSpy said{m_board.get(), &SummaryBoard::messageRaised};
        for (const ChartFormat format : {ChartFormat::png, ChartFormat::svg, ChartFormat::pdf, ChartFormat::csv})
            m_board->exportChart(last, format, folder.filePath(QString{"chart."} + chartFormatIds[static_cast<int>(format)]));
        QTRY_COMPARE_WITH_TIMEOUT(said.size(), 4, patience);
        const QImage picture{folder.filePath("chart.png")};
        QCOMPARE(picture.size(), (QSize{1800, 1040}));
        QVERIFY(QSvgRenderer{folder.filePath("chart.svg")}.isValid());
        const QByteArray pdf = contentOf(folder.filePath("chart.pdf")), csv = contentOf(folder.filePath("chart.csv"));
        QVERIFY(pdf.startsWith("%PDF-") && pdf.trimmed().endsWith("%%EOF"));
        const auto lines = csv.count("\r\n");
        QCOMPARE(lines, kind == ChartKind::bars || kind == ChartKind::heat ? 13 : 37); // a recipe, a field, or a run a line
    }

    void aFileThatCannotBeWrittenIsSaid()
    {
        show(gridOfRuns());
        QSignalSpy said{m_board.get(), &SummaryBoard::messageRaised};
        m_board->exportChart(0, ChartFormat::png, "/nowhere/at/all.png");
        QVERIFY(said.wait(patience));
        QVERIFY2(said[0][0].toString().contains("/nowhere/at/") && !said[0][0].toString().startsWith("Written"), qPrintable(said[0][0].toString()));
    }

    void aCopyLiesOnTheClipboard()
    {
        show(gridOfRuns());
        QSignalSpy said{m_board.get(), &SummaryBoard::messageRaised};
        Q_EMIT m_board->cards().front()->copyChosen();
        QTRY_COMPARE_WITH_TIMEOUT(said.size(), 1, patience);
        QCOMPARE(QApplication::clipboard()->image().size(), (QSize{1800, 1040}));
    }

    void fullScreenEndsWithEscape()
    {
        show(gridOfRuns());
        click(found<QToolButton>(*cardOf(ChartKind::parallel), "chartFullScreen"));
        auto* dialog = found<QDialog>(*m_board, "fullScreen");
        QVERIFY(dialog->isFullScreen());
        auto* large = dialog->findChild<ParallelView*>();
        QVERIFY(large);
        drawn(large);
        drag(large, onAxis(large, 0, 0.2), onAxis(large, 0, 0.5)); // and the board follows
        QCOMPARE(std::count(cardOf(ChartKind::bars)->view()->input().passing.begin(), cardOf(ChartKind::bars)->view()->input().passing.end(), true), 9);
        QTest::keyClick(large, Qt::Key_Escape);
        QTRY_VERIFY(!m_board->findChild<QDialog*>("fullScreen"));
    }

    void theArrangementComesBack()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath("studio.ini");
        rememberLayouts(*m_board, file);
        show(gridOfRuns());
        m_board->addChart(ChartKind::boxes);
        BoardLayouts kept = m_board->layouts();
        kept.named["seeds, 种子"] = {m_board->charts().back()};
        m_board->setLayouts(kept);
        m_board->addChart(ChartKind::heat);
        const std::vector<ChartSpec> charts = m_board->charts();

        SummaryBoard again;
        rememberLayouts(again, file);
        QVERIFY(again.charts() == charts);
        QVERIFY(again.layouts() == m_board->layouts());
        QVERIFY(layoutsFromJson("no json") == BoardLayouts{});
        QVERIFY(layoutsFromJson(R"({"last": [{"kind": "pie"}, {"kind": "bars", "y": 7}]})").last->size() == 1);
    }

    void whatGoesOnMovesNoChart()
    {
        std::vector<RunDetails> runs = gridOfRuns();
        show(runs);
        ParallelView* view = parallel();
        drag(view, onAxis(view, 0, 0.2), onAxis(view, 0, 0.5));
        const std::vector<ChartSpec> charts = m_board->charts();
        for (RunDetails& run : runs) {
            run.summary.test.set("accuracy", 0.9); // nothing is explained any more
            run.summary.seconds += 1;
        }
        show(runs);
        QVERIFY(m_board->charts() == charts);
        QCOMPARE(std::count(view->input().passing.begin(), view->input().passing.end(), true), 9);
        show(gridOfRuns(1, {0.1, 0.2}, {8})); // another selection
        QVERIFY(m_board->charts() != charts);
    }

    void aThousandRunsAreAllThere()
    {
        show(gridOfRuns(84));
        ParallelView* view = parallel();
        QCOMPARE(view->marks().size(), 1008u);
        ChartView* bars = cardOf(ChartKind::bars)->view();
        ChartInput single = bars->input();
        single.spec.perRecipe = false;
        bars->setInput(single);
        drawn(bars);
        QVERIFY(bars->marks().size() < 1008 && bars->marks().size() > 100); // and the foot says how many more
        QBENCHMARK_ONCE
        {
            view->setInput(view->input());
            drawn(view);
        }
    }

    void bothPalettesAndEverySizeArePainted()
    {
        show(gridOfRuns(2));
        for (const ChartKind kind : chartKinds)
            m_board->addChart(kind);
        Theme::instance().apply(Theme::Mode::dark);
        QCOMPARE(m_board->cards().front()->view()->input().colors.surface, Theme::darkColors().surface);
        for (const QSize& size : {QSize{20, 20}, QSize{200, 150}, QSize{3000, 100}}) // no size may end the program
            for (const ChartCard* card : m_board->cards()) {
                QImage image{size, QImage::Format_ARGB32_Premultiplied};
                QPainter painter{&image};
                paintChart(painter, QRectF{QPointF{}, size}, card->view()->input());
            }
        m_board->resize(600, 500);
        m_board->grab();
    }
};

QTEST_MAIN(TestSummaryBoard)
#include "tst_summary_board.moc"
