// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/store/curve_reduction.h"
#include "ui/plot/chart_scale.h"
#include "ui/plot/curve_chart.h"
#include "ui/plot/curve_lines.h"
#include "ui/plot/curve_raster.h"
#include "ui/plot/paint_thread.h"
#include "ui/plot/readout.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <limits>

using namespace descent;

namespace {

/// Noise around a line that rises from 0 to 1, `count` points; with gaps where `breaks`.
ChartCurve noisy(qint64 id, std::int64_t count, bool breaks = false)
{
    Random random{static_cast<std::uint64_t>(id)};
    ChartCurve curve{.id = id, .name = QStringLiteral("run %1").arg(id), .color = id % 2 ? Qt::blue : Qt::red};
    for (std::int64_t i = 0; i < count; ++i)
        curve.raw.push_back({i, breaks && random.below(2000) == 0 ? std::nan("") : static_cast<double>(i) / static_cast<double>(count) + 0.1 * random.normal(), static_cast<double>(i)});
    return curve;
}

/// Rises from `from` by 1 over 100 steps.
ChartCurve straight(qint64 id, double from)
{
    ChartCurve curve{.id = id, .name = QStringLiteral("run %1").arg(id), .color = Qt::blue};
    for (std::int64_t i = 0; i <= 100; ++i)
        curve.raw.push_back({i, from + static_cast<double>(i) / 100, 0});
    return curve;
}

ChartContent contentOf(std::vector<ChartCurve> curves, ChartScale x, ChartScale y)
{
    ChartContent content;
    content.title = QStringLiteral("Loss");
    content.xLabel = QStringLiteral("step");
    content.curves = std::make_shared<const std::vector<ChartCurve>>(std::move(curves));
    content.x = x;
    content.y = y;
    content.look = ChartLook::ofTheme();
    return content;
}

}

class TestCurveChart : public QObject {
    Q_OBJECT

    struct Shown {
        PaintThread painter;
        CurveChart chart{painter};
        Shown()
        {
            chart.resize(600, 400);
            chart.setContent(contentOf({straight(1, 0), straight(2, 1)}, {0, 100}, {0, 2}));
            chart.show();
        }
        bool isReady()
        {
            return QTest::qWaitForWindowExposed(&chart) && QTest::qWaitFor([this] { return chart.isUpToDate(); }, 10000);
        }
        QPoint at(double x, double y) const
        {
            const QRectF area = chartArea(chart.size());
            return QPointF{area.left() + chart.shown().x.share(x) * area.width(), area.bottom() - chart.shown().y.share(y) * area.height()}.toPoint();
        }
        void drag(const QPoint& from, const QPoint& to, Qt::MouseButton button, Qt::KeyboardModifiers keys = {})
        {
            QTest::mousePress(&chart, button, keys, from);
            for (int i = 1; i <= 4; ++i) { // QTest::mouseMove has no buttons
                const QPoint between = from + (to - from) * i / 4;
                QMouseEvent move{QEvent::MouseMove, between, chart.mapToGlobal(between), Qt::NoButton, button, keys};
                QApplication::sendEvent(&chart, &move);
            }
            QTest::mouseRelease(&chart, button, keys, to);
        }
    };

private Q_SLOTS:
    void linesEndWhereTheAreaDoes_data()
    {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        QTest::addColumn<QPolygonF>("points");
        QTest::addColumn<QList<QPolygonF>>("lines");
        const auto row = [](const char* name, const QPolygonF& points, const QList<QPolygonF>& lines) { QTest::newRow(name) << points << lines; };
        row("within", {{1, 1}, {5, 5}, {9, 1}}, {{{1, 1}, {5, 5}, {9, 1}}});
        row("out above and in again", {{0, 5}, {5, 15}, {10, 5}}, {{{0, 5}, {2.5, 10}}, {{7.5, 10}, {10, 5}}});
        row("through it", {{-5, 5}, {15, 5}}, {{{0, 5}, {10, 5}}});
        row("past it", {{-5, 2}, {5, 22}}, {});
        row("a gap", {{1, 1}, {2, nan}, {3, 3}, {4, 4}}, {{{1, 1}}, {{3, 3}, {4, 4}}});
        row("a point alone outside", {{20, 20}}, {});
        row("along the edge", {{0, 10}, {10, 10}}, {{{0, 10}, {10, 10}}});
        row("a step down", {{5, 20}, {5, -20}}, {{{5, 10}, {5, 0}}});
    }
    void linesEndWhereTheAreaDoes()
    {
        QFETCH(QPolygonF, points);
        QFETCH(QList<QPolygonF>, lines);
        const std::vector<QPolygonF> within = linesWithin(std::vector<QPointF>{points.begin(), points.end()}, {0, 0, 10, 10});
        QCOMPARE((QList<QPolygonF>{within.begin(), within.end()}), lines);
    }

    void aThinnedCurveSetsThePixelsOfAllItsPoints_data()
    {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        QTest::addColumn<double>("width");
        QTest::addColumn<bool>("breaks");
        QTest::addColumn<bool>("isLog");
        for (const bool breaks : {false, true})
            for (const double width : {1.0, 1.6, 2.8, 5.0})
                for (const auto& [from, to, isLog] : {std::tuple{0.0, 200'000.0, false}, {1000.0, 90'000.0, false}, {150'000.0, 152'000.0, false}, {99'995.0, 100'005.0, false}, {1.0, 200'000.0, true}})
                    QTest::addRow("%g to %g, %g wide%s%s", from, to, width, breaks ? ", gaps" : "", isLog ? ", log" : "") << from << to << width << breaks << isLog;
    }
    /// The smooth lines that a person sees, not a stand-in.
    void aThinnedCurveSetsThePixelsOfAllItsPoints()
    {
        QFETCH(const double, from);
        QFETCH(const double, to);
        QFETCH(const double, width);
        QFETCH(const bool, breaks);
        QFETCH(const bool, isLog);
        constexpr int columns = 700, rows = 240;
        ChartCurve all = noisy(1, 200'000, breaks), thinned = all;
        const ChartScale x{from, to, isLog};
        CurveReduction reduction{{.count = columns, .of = [&](std::int64_t step, double) {
                                      const double share = x.share(static_cast<double>(step));
                                      return static_cast<std::int64_t>(std::floor(std::isnan(share) ? -1 : share * columns));
                                  }}};
        for (const SeriesPoint& point : all.raw)
            reduction.add(point);
        thinned.raw = reduction.take();
        QVERIFY(breaks || thinned.raw.size() <= 4 * columns + 4);
        for (ChartCurve* curve : {&all, &thinned}) {
            curve->isDashed = width > 4;
            curve->smooth = width > 2 ? curve->raw : std::vector<SeriesPoint>{}; // raw ones lie faintly behind
        }
        const QImage whole = drawCurves(contentOf({all}, x, {-0.3, 1.3}), {columns, rows}, width / 1.6);
        const QImage reduced = drawCurves(contentOf({thinned}, x, {-0.3, 1.3}), {columns, rows}, width / 1.6);
        QCOMPARE(whole, reduced);
        int inked = 0;
        for (int row = 0; row < rows; ++row)
            for (int column = 0; column < columns; ++column)
                inked += qAlpha(whole.pixel(column, row)) > 0;
        QVERIFY(inked > 300);
    }

    void aLineIsAsWideAndDarkAsAskedFor()
    {
        CurveRaster raster{40, 20};
        const QPointF points[]{{0, 10}, {40, 10}};
        raster.drawLine(points, 3, Qt::black);
        const QImage image = raster.take();
        QCOMPARE(qAlpha(image.pixel(20, 10)), 255);
        QCOMPARE(qAlpha(image.pixel(20, 5)), 0);
        int sum = 0;
        for (int row = 0; row < 20; ++row)
            sum += qAlpha(image.pixel(20, row));
        QVERIFY(std::abs(sum / 255.0 - 3) < 0.1);
    }

    void ticksAreRound()
    {
        const auto labels = [](const ChartScale& scale, AxisNumbers numbers, int wanted) {
            QStringList all;
            for (const ChartTick& tick : chartTicks(scale, numbers, wanted))
                all << tick.label;
            return all.join(' ');
        };
        QCOMPARE(labels({0, 1}, AxisNumbers::plain, 5), QString("0 0.2 0.4 0.6 0.8 1.0"));
        QCOMPARE(labels({0, 120'000}, AxisNumbers::plain, 6), QString("0 20,000 40,000 60,000 80,000 100,000 120,000"));
        QCOMPARE(labels({0.001, 10, true}, AxisNumbers::plain, 5), QString("0.001 0.01 0.1 1 10"));
        QCOMPARE(labels({0, 600}, AxisNumbers::seconds, 5), QString("0.0 s 2:00 4:00 6:00 8:00 10:00"));
        QVERIFY(chartTicks({1, 1}, AxisNumbers::plain, 5).empty());
        QVERIFY(chartTicks({1.7e9, 1.7e9 + 7200}, AxisNumbers::wall, 6).size() >= 3);
        const std::vector<ChartTick> close = chartTicks({1.7e9, 1.7e9 + 2}, AxisNumbers::wall, 5);
        QVERIFY(close.size() >= 4 && close[1].label != close[2].label && close[1].label.contains('.'));
    }

    void aBrushZoomsIntoItsRectangle()
    {
        Shown shown;
        QVERIFY(shown.isReady());
        QSignalSpy chosen{&shown.chart, &CurveChart::rangeChosen};
        shown.drag(shown.at(20, 1.5), shown.at(60, 0.5), Qt::LeftButton);
        QVERIFY(!chosen.isEmpty());
        QVERIFY(std::abs(shown.chart.chosenX()->from - 20) < 1 && std::abs(shown.chart.chosenX()->to - 60) < 1);
        QVERIFY(std::abs(shown.chart.chosenY()->from - 0.5) < 0.02 && std::abs(shown.chart.chosenY()->to - 1.5) < 0.02);
        // New points come for what is shown; they do not move it.
        shown.chart.setContent(contentOf({straight(1, 0)}, *shown.chart.chosenX(), {0, 5}));
        QVERIFY(std::abs(shown.chart.shown().y.to - 1.5) < 0.02);
        QTest::mouseDClick(&shown.chart, Qt::LeftButton, {}, shown.at(40, 1));
        QVERIFY(!shown.chart.chosenX() && !shown.chart.chosenY());
    }
    void aFlatBrushZoomsAlongXAlone()
    {
        Shown shown;
        QVERIFY(shown.isReady());
        shown.drag(shown.at(20, 1), shown.at(60, 0.99), Qt::LeftButton);
        QVERIFY(shown.chart.chosenX() && !shown.chart.chosenY());
    }
    void theWheelZoomsAroundThePointer()
    {
        Shown shown;
        QVERIFY(shown.isReady());
        const QPoint at = shown.at(25, 1);
        QWheelEvent wheel{at, shown.chart.mapToGlobal(at), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false};
        QApplication::sendEvent(&shown.chart, &wheel);
        QVERIFY(shown.chart.chosenX());
        QVERIFY(std::abs(shown.chart.chosenX()->to - shown.chart.chosenX()->from - 80) < 0.01);
        QVERIFY((shown.at(25, 1) - at).manhattanLength() <= 1); // what lies under the pointer stays there
    }
    void pushesWithShiftOrTheMiddleButton_data()
    {
        QTest::addColumn<Qt::MouseButton>("button");
        QTest::addColumn<Qt::KeyboardModifiers>("keys");
        QTest::newRow("Shift") << Qt::LeftButton << Qt::KeyboardModifiers{Qt::ShiftModifier};
        QTest::newRow("middle button") << Qt::MiddleButton << Qt::KeyboardModifiers{};
    }
    void pushesWithShiftOrTheMiddleButton()
    {
        QFETCH(const Qt::MouseButton, button);
        QFETCH(const Qt::KeyboardModifiers, keys);
        Shown shown;
        QVERIFY(shown.isReady());
        shown.drag(shown.at(50, 1), shown.at(30, 1), button, keys);
        QVERIFY(std::abs(shown.chart.chosenX()->from - 20) < 1 && std::abs(shown.chart.chosenX()->to - 120) < 1);
    }
    void theKeyboardReachesWhatTheMouseDoes()
    {
        Shown shown;
        QVERIFY(shown.isReady());
        shown.chart.setFocus();
        double at = NAN;
        connect(&shown.chart, &CurveChart::hovered, this, [&](double x) { at = x; });
        QTest::keyClick(&shown.chart, Qt::Key_Right);
        const double first = at;
        QVERIFY(first > 49 && first < 60);
        QTest::keyClick(&shown.chart, Qt::Key_Right);
        QVERIFY(at > first);
        QTest::keyClick(&shown.chart, Qt::Key_Plus);
        QVERIFY(shown.chart.chosenX());
        QTest::keyClick(&shown.chart, Qt::Key_0);
        QVERIFY(!shown.chart.chosenX());
        QTest::keyClick(&shown.chart, Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY(std::abs(shown.chart.chosenX()->from + 10) < 0.01);
        QSignalSpy noted{&shown.chart, &CurveChart::noteWanted};
        QTest::keyClick(&shown.chart, Qt::Key_N);
        QCOMPARE(noted.size(), 1);
    }

    void theCrosshairReadsAllCurvesTheHighestFirst()
    {
        Shown shown;
        QVERIFY(shown.isReady());
        QTest::mouseMove(&shown.chart, shown.at(30, 0.35));
        QTRY_VERIFY(shown.chart.readout().isVisible());
        const auto& rows = shown.chart.readout().rows();
        QCOMPARE(rows.size(), 2U);
        QCOMPARE(rows[0].name, QString("run 2"));
        QCOMPARE(rows[0].value, QString("1.3"));
        QVERIFY(rows[1].isNearest && !rows[0].isNearest);
        QTest::mouseMove(&shown.chart, {3, 3}); // over the numbers of the axis
        QTRY_VERIFY(!shown.chart.readout().isVisible());
        shown.chart.showCrosshair(50); // as from another chart
        QVERIFY(shown.chart.readout().isVisible());
        QCOMPARE(shown.chart.readout().rows()[1].value, QString("0.5"));
    }

    void aClickOnACurveTellsWhichAndAHighlightBringsItToTheFront()
    {
        Shown shown;
        QVERIFY(shown.isReady());
        QSignalSpy clicked{&shown.chart, &CurveChart::curveClicked};
        QTest::mouseClick(&shown.chart, Qt::LeftButton, {}, shown.at(40, 1.4));
        QCOMPARE(clicked.size(), 1);
        QCOMPARE(clicked[0][0].toLongLong(), 2);
        const QImage before = shown.chart.grab().toImage();
        shown.chart.highlight(2);
        QTRY_VERIFY(shown.chart.isUpToDate());
        QVERIFY(shown.chart.grab().toImage() != before);
        shown.chart.highlight(-1);
        QTRY_VERIFY(shown.chart.isUpToDate());
        QCOMPARE(shown.chart.grab().toImage(), before);
    }

    /// Until the new picture is there the old one stands where it belongs.
    void zoomingShowsTheOldPictureStretched()
    {
        Shown shown;
        QVERIFY(shown.isReady());
        shown.chart.setRange(ChartScale{25, 75});
        const QImage image = shown.chart.grab().toImage();
        const auto isInked = [&](const QPoint& at) {
            for (int dy = -2; dy <= 2; ++dy)
                if (QColor{image.pixel(at + QPoint{0, dy})}.blue() > QColor{image.pixel(at + QPoint{0, dy})}.red() + 60)
                    return true;
            return false;
        };
        QVERIFY(isInked(shown.at(50, 0.5)) && isInked(shown.at(30, 0.3)) && isInked(shown.at(70, 1.7)));
    }
};

QTEST_MAIN(TestCurveChart)
#include "tst_curve_chart.moc"
