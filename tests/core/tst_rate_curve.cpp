// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/run/rate_curve.h"

#include <QTest>
#include <cmath>

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

class TestRateCurve : public QObject {
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
};

QTEST_APPLESS_MAIN(TestRateCurve)
#include "tst_rate_curve.moc"
