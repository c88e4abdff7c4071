// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/significance.h"
#include "tests/core/metric_references.h"

#include <QTest>

#include <cmath>

using namespace descent;

namespace {

using Values = std::vector<double>;

}

/// tests/core/references/significance.py says where the reference numbers come from.
class TestSignificance : public QObject {
    Q_OBJECT
    nlohmann::json m_reference;

private Q_SLOTS:
    void initTestCase() { m_reference = reference("significance.json"); }

    void intervalsAndTestsAreSciPys()
    {
        QVERIFY(m_reference["cases"].size() >= 18);
        const auto compare = [](const MeanDifference& actual, const nlohmann::json& expected) {
            QVERIFY(agrees(actual.difference, expected[0]));
            QVERIFY(agrees(actual.low, expected[1]));
            QVERIFY(agrees(actual.high, expected[2]));
            QVERIFY(agrees(actual.pValue, expected[3]));
            QVERIFY(agrees(actual.freedom, expected[4]));
        };
        for (const nlohmann::json& one : m_reference["cases"]) {
            const auto first = one["first"].get<Values>(), second = one["second"].get<Values>();
            const double confidence = one["confidence"];
            const MeanInterval interval = meanInterval(first, confidence);
            QCOMPARE(interval.count, static_cast<std::int64_t>(first.size()));
            QVERIFY(agrees(interval.mean, one["mean"][0]));
            QVERIFY(agrees(interval.deviation, one["mean"][1]));
            QVERIFY(agrees(interval.low, one["mean"][2]));
            QVERIFY(agrees(interval.high, one["mean"][3]));
            compare(welchDifference(first, second, confidence), one["welch"]);
            if (one.contains("paired"))
                compare(pairedDifference(first, second, confidence), one["paired"]);
            if (one.contains("spearman"))
                QVERIFY(agrees(rankCorrelation(first, second), one["spearman"]));
        }
        const nlohmann::json& ties = m_reference["ties"];
        QVERIFY(agrees(rankCorrelation(ties["values"][0].get<Values>(), ties["values"][1].get<Values>()), ties["spearman"]));
    }

    void oneValueHasNoInterval()
    {
        const MeanInterval interval = meanInterval(Values{0.5});
        QCOMPARE(interval.mean, 0.5);
        QVERIFY(std::isnan(interval.low) && std::isnan(interval.high) && std::isnan(interval.deviation));
    }

    void withoutSpreadADifferenceIsCertainOrNone()
    {
        const MeanDifference none = pairedDifference(Values{1, 1, 1}, Values{1, 1, 1});
        QCOMPARE(none.pValue, 1.0);
        QVERIFY(!none.isSignificant());
        const MeanDifference certain = welchDifference(Values{1, 1}, Values{2, 2});
        QCOMPARE(certain.pValue, 0.0);
        QCOMPARE(certain.low, 1.0);
        QVERIFY(!certain.deciding);
    }

    void aSeedThatDecidesIsNamed()
    {
        const Values before{0.900, 0.900, 0.900, 0.900}, steady{0.910, 0.911, 0.909, 0.910};
        QVERIFY(pairedDifference(before, steady).isSignificant());
        QVERIFY(!pairedDifference(before, steady).deciding);
        const MeanDifference shaky = pairedDifference(Values{0, 0, 0}, Values{1.0, 1.02, 0.6}); // p = 0.024, without the first 0.16
        QVERIFY(shaky.isSignificant());
        QCOMPARE(shaky.deciding.value(), 0u);
        // Of two samples the places are counted on: the fourth value of the second.
        const MeanDifference two = welchDifference(Values{1.0, 1.1, 0.9}, Values{1.15, 1.2, 1.1, 1.9});
        QCOMPARE(two.deciding.has_value(), false); // not significant to begin with
        QVERIFY(!two.isSignificant());
    }

    void nonsenseIsRefused()
    {
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, meanInterval({}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, meanInterval(Values{1, NAN}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, meanInterval(Values{1, 2}, 1));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, pairedDifference(Values{1, 2}, Values{1, 2, 3}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, welchDifference(Values{1}, Values{1, 2}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, rankCorrelation(Values{1, 2, 3}, Values{1, 2}));
        QVERIFY(std::isnan(rankCorrelation(Values{1, 2}, Values{1, 2})));
        QVERIFY(std::isnan(rankCorrelation(Values{1, 2, 3}, Values{5, 5, 5})));
    }
};

QTEST_GUILESS_MAIN(TestSignificance)
#include "tst_significance.moc"
