// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/history/curve_reader.h"
#include "engine/core/history/smoothing.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace descent;

namespace {

const std::function<bool()> wanted = [] { return false; };

bool same(const std::vector<double>& a, const std::vector<double>& b, double tolerance)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](double x, double y) { return std::abs(x - y) < tolerance || (std::isnan(x) && std::isnan(y)); });
}

/// A noisy series from `step` on; with values that are no numbers where `breaks`.
MetricsLogged noise(std::int64_t step, std::int64_t count, bool breaks, Random& random)
{
    MetricsLogged logged;
    for (std::int64_t i = step; i < step + count; ++i)
        logged.points.push_back({"loss/train", i, breaks && random.below(2000) == 0 ? std::nan("") : std::exp(-static_cast<double>(i) * 1e-5) + 0.1 * random.normal(),
                                 static_cast<double>(i) * 0.25});
    return logged;
}

/// What the reader should give: all points, smoothed, and then thinned.
std::vector<SeriesPoint> thinned(std::vector<SeriesPoint> points, const CurveWish& wish, double weight)
{
    DebiasedAverage average{weight};
    CurveReduction reduction{{.count = wish.range.columns, .of = [&](std::int64_t step, double seconds) {
                                  const auto columns = static_cast<double>(wish.range.columns);
                                  return static_cast<std::int64_t>(std::floor(std::clamp(wish.range.place(wish.axis.at(step, seconds)), -1.0, columns)));
                              }}};
    for (SeriesPoint point : points) {
        point.value = average.add(point.value);
        reduction.add(point);
    }
    return reduction.take();
}

/// The same picture: values, and the column of each.
bool looksSame(const std::vector<SeriesPoint>& left, const std::vector<SeriesPoint>& right, const CurveWish& wish)
{
    const auto column = [&](const SeriesPoint& point) {
        return std::floor(std::clamp(wish.range.place(wish.axis.at(point.step, point.seconds)), -1.0, static_cast<double>(wish.range.columns)));
    };
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [&](const SeriesPoint& a, const SeriesPoint& b) {
        return (a.value == b.value || (std::isnan(a.value) && std::isnan(b.value))) && column(a) == column(b);
    });
}

}

class TestCurveReader : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    RunStore m_store{m_folder.path().toStdString()};
    RunId newRun() { return m_store.createRun({.name = "curve", .recipeJson = "{}"}); }
    SeriesExtent extent(RunId run) { return m_store.extents(run).at("loss/train"); }

private Q_SLOTS:
    void smoothingIsTensorBoards()
    {
        QVERIFY(same(smoothed({1, 0, 0, 0}, 0.6), {1, 0.375, 0.183673, 0.099265}, 1e-6));
        QVERIFY(same(smoothed({4, 2, 3, 1}, 0.9), {4, 2.947368, 2.966790, 2.394882}, 1e-6));
        QVERIFY(same(smoothed({1, 2}, 1), {1, 0}, 1e-12)); // it divides by 1 where 1 - w^n is 0
    }
    void aConstantSeriesStaysAsItIs() { QCOMPARE(smoothed({0.1, 0.1, 0.1}, 0.9), (std::vector{0.1, 0.1, 0.1})); }
    void whatIsNoNumberPassesThrough()
    {
        const double nan = std::nan("");
        const auto with = smoothed({1, nan, 0}, 0.6), without = smoothed({1, 0}, 0.6);
        QVERIFY(std::isnan(with[1]));
        QCOMPARE(with[2], without[1]);
    }
    void theCentralRangeLeavesSpikesOut()
    {
        std::vector<double> values;
        for (int i = 0; i < 100; ++i)
            values.push_back(i);
        values.push_back(1e9);
        const CentralRange range = centralRange(values);
        QVERIFY(range.high < 100);
        QVERIFY(range.outside >= 1);
        QCOMPARE(centralRange({3, 7}).outside, 0U);
    }

    void aCurveIsSmoothedBeforeItIsThinned_data()
    {
        QTest::addColumn<int>("along");
        QTest::addColumn<bool>("isLog");
        QTest::addColumn<bool>("breaks");
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        for (const bool breaks : {false, true})
            for (const auto along : {AlongX::step, AlongX::epoch, AlongX::relative, AlongX::wall})
                for (const bool isLog : {false, true})
                    for (const auto& [from, to] : {std::pair{1.0, 100'000.0}, {30'000.0, 31'000.0}, {70'000.0, 70'010.0}, {50'000.0, 500'000.0}})
                        QTest::addRow("along %d%s%s, %g to %g", static_cast<int>(along), isLog ? ", log" : "", breaks ? ", no numbers" : "", from, to)
                            << static_cast<int>(along) << isLog << breaks << from << to;
    }
    void aCurveIsSmoothedBeforeItIsThinned()
    {
        QFETCH(const int, along);
        QFETCH(const bool, isLog);
        QFETCH(const bool, breaks);
        QFETCH(const double, from);
        QFETCH(const double, to);
        Random random{3};
        const RunId run = newRun();
        m_store.record(run, std::vector<RunEvent>{noise(1, 100'000, breaks, random)});
        const CurveAxis axis{static_cast<AlongX>(along), 500, 1.7e9};
        const auto at = [&](double step) { return axis.at(std::llround(step), std::round(step) * 0.25); };
        const CurveWish wish{run, "loss/train", axis, {at(from), at(to), isLog, 700}, 0.9};
        CurveReader reader{m_store};
        const std::vector<SeriesPoint> all = m_store.points(run, "loss/train");
        for (const bool again : {false, true}) { // the second time from what was kept, with another range first
            if (again)
                reader.read({run, "loss/train", axis, {at(1), at(90'000), isLog, 300}, 0.9}, extent(run), wanted);
            const auto curve = reader.read(wish, extent(run), wanted);
            QVERIFY(curve);
            QVERIFY(looksSame(curve->raw, thinned(all, wish, 0), wish));
            QVERIFY(looksSame(curve->smooth, thinned(all, wish, 0.9), wish));
        }
    }

    /// As a run is watched: what is there is not read again.
    void aCurveGrowsWithItsRun()
    {
        Random random{4};
        const RunId run = newRun();
        const CurveWish wish{run, "loss/train", {}, {1, 30'000, false, 500}, 0.6};
        CurveReader reader{m_store};
        std::int64_t step = 1;
        for (const std::int64_t more : {10, 1, 60, 4000, 100, 5000, 4096, 3, 12'000}) {
            m_store.record(run, std::vector<RunEvent>{noise(step, more, true, random)});
            step += more;
            const auto curve = reader.read(wish, extent(run), wanted);
            QVERIFY(curve);
            const std::vector<SeriesPoint> all = m_store.points(run, "loss/train");
            QVERIFY(looksSame(curve->raw, thinned(all, wish, 0), wish));
            QVERIFY(looksSame(curve->smooth, thinned(all, wish, 0.6), wish));
            QCOMPARE(curve->inRange, static_cast<std::uint64_t>(step - 1));
        }
    }

    /// A run that goes on from an earlier place, steps that pass again: nothing of what was kept is shown.
    void whatChangesOtherwiseIsReadAnew()
    {
        Random random{5};
        const RunId run = newRun();
        const CurveWish wish{run, "loss/train", {}, {1, 20'000, false, 500}, 0.6};
        CurveReader reader{m_store};
        const auto check = [&] {
            const auto curve = reader.read(wish, extent(run), wanted);
            const std::vector<SeriesPoint> all = m_store.points(run, "loss/train");
            return curve && looksSame(curve->raw, thinned(all, wish, 0), wish) && looksSame(curve->smooth, thinned(all, wish, 0.6), wish);
        };
        m_store.record(run, std::vector<RunEvent>{noise(1, 10'000, false, random), RunEnded{}});
        QVERIFY(check());
        m_store.reopenRun(run, "{}", {.step = 5000});
        m_store.record(run, std::vector<RunEvent>{noise(5001, 5000, false, random)}); // as many as before
        QVERIFY(check());
        m_store.record(run, std::vector<RunEvent>{noise(2000, 3000, false, random)});
        QVERIFY(check());
        m_store.record(run, std::vector<RunEvent>{noise(12'000, 100, false, random)});
        QVERIFY(check());
    }

    /// Also where the range that saw the change is not the one that is asked for next.
    void whatWasSmoothedForAnotherRangeIsNotTrustedBlindly()
    {
        Random random{9};
        const RunId run = newRun();
        const CurveWish wish{run, "loss/train", {}, {1, 20'000, false, 500}, 0.9}, other{run, "loss/train", {}, {1, 12'000, false, 300}, 0.9};
        CurveReader reader{m_store};
        m_store.record(run, std::vector<RunEvent>{noise(1, 1000, false, random)});
        QVERIFY(reader.read(wish, extent(run), wanted));
        m_store.record(run, std::vector<RunEvent>{noise(1001, 9000, false, random), RunEnded{}});
        QVERIFY(reader.read(other, extent(run), wanted));
        m_store.reopenRun(run, "{}", {.step = 5000});
        m_store.record(run, std::vector<RunEvent>{noise(5001, 7000, false, random)});
        const auto curve = reader.read(wish, extent(run), wanted);
        QVERIFY(curve && looksSame(curve->smooth, thinned(m_store.points(run, "loss/train"), wish, 0.9), wish));
    }

    void otherWeightsGiveOtherCurves()
    {
        Random random{6};
        const RunId run = newRun();
        m_store.record(run, std::vector<RunEvent>{noise(1, 20'000, false, random)});
        CurveReader reader{m_store};
        const std::vector<SeriesPoint> all = m_store.points(run, "loss/train");
        for (const double weight : {0.5, 0.99, 0.0, 0.5}) {
            const CurveWish wish{run, "loss/train", {}, {1, 20'000, false, 200}, weight};
            const auto curve = reader.read(wish, extent(run), wanted);
            QVERIFY(curve);
            QVERIFY(weight == 0 ? curve->smooth.empty() : looksSame(curve->smooth, thinned(all, wish, weight), wish));
        }
    }

    void whatIsNotWantedAnyMoreIsLeft()
    {
        Random random{7};
        const RunId run = newRun();
        m_store.record(run, std::vector<RunEvent>{noise(1, 50'000, false, random)});
        CurveReader reader{m_store};
        const CurveWish wish{run, "loss/train", {}, {1, 50'000, false, 200}, 0.5};
        int asked = 0;
        QVERIFY(!reader.read(wish, extent(run), [&] { return ++asked > 2; }));
        const auto curve = reader.read(wish, extent(run), wanted); // and begun anew when it is wanted after all
        QVERIFY(curve && looksSame(curve->smooth, thinned(m_store.points(run, "loss/train"), wish, 0.5), wish));
    }

    void whatIsKeptIsBounded()
    {
        Random random{8};
        constexpr std::size_t most = 300'000;
        CurveReader reader{m_store, most};
        for (int i = 0; i < 8; ++i) {
            const RunId run = newRun();
            m_store.record(run, std::vector<RunEvent>{noise(1, 20'000, false, random)});
            QVERIFY(reader.read({run, "loss/train", {}, {1, 20'000, false, 200}, 0.5}, extent(run), wanted));
            QVERIFY(reader.bytes() > 40'000 && reader.bytes() <= most);
        }
    }

    void aGroupHasAMeanAndABand()
    {
        const std::vector<std::vector<CurveCell>> curves{{{0, 1}, {1, 2}, {2, 3}}, {{0, 3}, {2, 5}}, {{0, 5}, {1, 6}}};
        const std::vector<BandPoint> range = meanWithBand(curves, BandKind::range, 100);
        QCOMPARE(range.size(), 3U);
        QCOMPARE(range[1].mean, 4.0); // 2, 4 between its points, and 6
        QCOMPARE(range[1].low, 2.0);
        QCOMPARE(range[1].high, 6.0);
        QCOMPARE(range[1].count, 3);
        QCOMPARE(range[2].count, 2); // the third has ended
        const BandPoint deviation = meanWithBand(curves, BandKind::deviation, 100)[1];
        QCOMPARE(deviation.high, 6.0);
        // R: t.test(c(2, 4, 6))$conf.int is -0.968275 to 8.968275
        const BandPoint interval = meanWithBand(curves, BandKind::interval, 100)[1];
        QVERIFY(std::abs(interval.low + 0.968275) < 1e-5 && std::abs(interval.high - 8.968275) < 1e-5);
        QCOMPARE(meanWithBand({curves[0]}, BandKind::interval, 100)[0].low, 1.0); // of one curve the band is the curve
        QCOMPARE(meanWithBand(curves, BandKind::range, 2).size(), 2U);
        QVERIFY(meanWithBand({}, BandKind::range, 100).empty());
    }

    /// Parts of the range, so that curves with other steps can be laid on each other.
    void meansOverPartsOfARange()
    {
        const RunId run = newRun();
        MetricsLogged logged;
        for (std::int64_t step = 0; step < 10'000; ++step)
            logged.points.push_back({"loss/train", step, static_cast<double>(step), 0});
        m_store.record(run, std::vector<RunEvent>{logged});
        const auto curve = CurveReader{m_store}.read({.run = run, .series = "loss/train", .range = {0, 10'000, false, 400}, .cells = 100}, extent(run), wanted);
        QVERIFY(curve);
        QCOMPARE(curve->cells.size(), 100U);
        QCOMPARE(curve->cells[3], (CurveCell{349.5, 349.5}));
    }
};

QTEST_MAIN(TestCurveReader)
#include "tst_curve_reader.moc"
