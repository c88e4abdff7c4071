// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/run/rate_finder.h"

#include <QTest>
#include <cmath>
#include <random>

using namespace descent;

namespace {

/// Rates from 1e-6 to 1 with the loss that `lossOf` has for the logarithm of each.
template <typename Function>
RateCurve curveOf(Function lossOf, double weight = 0)
{
    RateCurve curve;
    for (int i = 0; i <= 60; ++i)
        addPoint(curve, std::pow(10, -6 + i / 10.0), lossOf(-6 + i / 10.0), weight);
    return curve;
}

}

class TestRateFinder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theSteepestFallAndATenthOfTheMinimumAreFound()
    {
        // Falls from 2 to 1 around 1e-3, steepest there, and rises again from 1e-1 on.
        const auto loss = [](double logRate) { return 1.5 - 0.5 * std::tanh(4 * (logRate + 3)) + std::exp(20 * (logRate + 0.95)); };
        const auto suggested = suggestedRates(curveOf(loss));
        QVERIFY(suggested.has_value());
        QVERIFY(std::abs(std::log10(suggested->steepest) + 3) < 0.051);
        QVERIFY(std::abs(std::log10(suggested->tenthOfMinimum) + 2.5) < 0.4);
        QVERIFY(suggested->tenthOfMinimum > suggested->steepest);
    }

    void aLossThatNeverFallsSuggestsNothing()
    {
        QVERIFY(!suggestedRates(curveOf([](double logRate) { return std::exp(logRate); })));
        QVERIFY(!suggestedRates(curveOf([](double) { return 1.0; })));
        QVERIFY(!suggestedRates(curveOf([](double) { return 0.1; }, 0.9))); // but for rounding
        QVERIFY(!suggestedRates({}));
    }

    void noiseAloneSuggestsNothing()
    {
        for (unsigned seed = 0; seed < 50; ++seed) {
            std::mt19937 random{seed};
            std::normal_distribution<double> noise{0.7, 0.1};
            QVERIFY2(!suggestedRates(curveOf([&](double) { return noise(random); }, 0.9)), qPrintable(QString::number(seed)));
        }
    }

    void aFallIsFoundBehindNoise()
    {
        std::mt19937 random{1};
        std::normal_distribution<double> noise{0, 0.1};
        const auto suggested = suggestedRates(curveOf([&](double logRate) { return 1.5 - 0.5 * std::tanh(2 * (logRate + 3)) + noise(random) + std::exp(20 * (logRate + 0.95)); }, 0.9));
        QVERIFY(suggested.has_value());
        QVERIFY2(std::abs(std::log10(suggested->steepest) + 3) < 0.35, qPrintable(QString::number(suggested->steepest)));
    }

    /// A loss that jumps about beyond its minimum falls steeply there as well.
    void whatComesAfterTheMinimumIsNotLookedAt()
    {
        const auto loss = [](double logRate) {
            return logRate < -1.05 ? 2 - 0.2 * (logRate + 6) : (std::llround(logRate * 10) % 3 == 0 ? 50.0 : 5.0);
        };
        QVERIFY(suggestedRates(curveOf(loss))->steepest < 0.1);
    }

    void theAverageOfEqualLossesIsThatLossFromTheStart()
    {
        const RateCurve curve = curveOf([](double) { return 3.0; }, 0.9);
        for (const RateCurve::Point& point : curve.points)
            QVERIFY(std::abs(point.smoothed - 3) < 1e-12);
    }

    void theAverageFollowsTheWeights()
    {
        RateCurve curve;
        addPoint(curve, 1, 4, 0.75);
        addPoint(curve, 2, 8, 0.75);
        QVERIFY(std::abs(curve.points[1].smoothed - (0.75 * 4 + 8) / 1.75) < 1e-12);
    }

    void theRatesRiseEvenlyAndAreTold()
    {
        std::vector<double> asked;
        std::size_t told = 0;
        const auto learn = [&](double rate) {
            asked.push_back(rate);
            return 1.0;
        };
        const RateCurve curve = findRate({.lowest = 1e-6, .highest = 1e4, .steps = 101}, learn, {.stop = {}, .tell = [&](const RateCurve::Point& point) {
                                                                                                   QCOMPARE(point.rate, asked.back());
                                                                                                   ++told;
                                                                                               }});
        QCOMPARE(curve.points.size(), 101U);
        QCOMPARE(told, 101U);
        QVERIFY(!curve.diverged);
        QCOMPARE(asked.front(), 1e-6);
        for (std::size_t i = 1; i < asked.size(); ++i)
            QVERIFY(std::abs(asked[i] / asked[i - 1] - std::pow(10, 0.1)) < 1e-9);
    }

    void itEndsWhereTheLossHasLeftItsMinimumFarBehind()
    {
        int step = 0;
        const RateCurve curve = findRate({.smoothing = 0}, [&](double) { return ++step < 20 ? 1.0 : 4.5; });
        QVERIFY(curve.diverged);
        QCOMPARE(curve.points.size(), 20U);
    }

    void aLossThatIsNoNumberEndsIt()
    {
        int step = 0;
        const RateCurve curve = findRate({}, [&](double) { return ++step == 5 ? std::nan("") : 1.0; });
        QVERIFY(curve.diverged);
        QCOMPARE(curve.points.size(), 4U);
    }

    void stoppingEndsIt()
    {
        std::stop_source stop;
        int step = 0;
        const auto learn = [&](double) {
            if (++step == 7)
                stop.request_stop();
            return 1.0;
        };
        const RateCurve curve = findRate({}, learn, {.stop = stop.get_token(), .tell = {}});
        QCOMPARE(curve.points.size(), 7U);
        QVERIFY(!curve.diverged);
    }

    void optionsThatCannotBeAreNamed()
    {
        QVERIFY(validate(RateFinderOptions{}).empty());
        QCOMPARE(validate({.lowest = 1, .highest = 0.1}).front().path, std::string{"lowest"});
        QCOMPARE(validate({.lowest = 0}).front().path, std::string{"lowest"});
        QCOMPARE(validate({.steps = 1}).front().path, std::string{"steps"});
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, findRate({.steps = 1}, [](double) { return 1.0; }));
    }
};

QTEST_APPLESS_MAIN(TestRateFinder)
#include "tst_rate_finder.moc"
