// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/calibration.h"
#include "engine/core/metrics/ranking.h"
#include "tests/core/metric_references.h"

#include <QTest>

using namespace descent;

namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// A threshold as the reference writes it: null accepts nothing.
double threshold(const nlohmann::json& value)
{
    return value.is_null() ? infinity : value.get<double>();
}

}

/// tests/core/references/metrics.py says where the reference numbers come from.
class TestRankingMetrics : public QObject {
    Q_OBJECT
    nlohmann::json m_reference;

    void addCases()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_reference["binary"].size(); ++i)
            QTest::newRow(m_reference["binary"][i]["name"].get<std::string>().c_str()) << static_cast<int>(i);
    }

    nlohmann::json currentCase() const
    {
        QFETCH(int, index);
        return m_reference["binary"][static_cast<std::size_t>(index)];
    }

    RankedScores ranked(const nlohmann::json& one) const
    {
        return {scoresOf(one["scores"], m_reference["unit"]), one["positives"].get<Bytes>()};
    }

private Q_SLOTS:
    void initTestCase() { m_reference = reference("metrics.json"); }

    void curvesAreScikitLearns_data() { addCases(); }
    void curvesAreScikitLearns()
    {
        const nlohmann::json one = currentCase();
        const RankedScores scores = ranked(one);
        const std::vector<RocPoint> roc = rocCurve(scores);
        const std::vector<PrecisionRecallPoint> pairs = precisionRecallCurve(scores);
        QCOMPARE(roc.front().threshold, infinity);
        if (!one.contains("roc")) {
            QCOMPARE(roc.size(), std::size_t{1});
            QVERIFY(std::isnan(roc[0].falsePositiveRate) && std::isnan(roc[0].truePositiveRate));
            return;
        }
        QCOMPARE(roc.size(), one["roc"][0].size());
        for (std::size_t i = 0; i < roc.size(); ++i) {
            COMPARE_NEAR(roc[i].falsePositiveRate, number(one["roc"][0][i]));
            COMPARE_NEAR(roc[i].truePositiveRate, number(one["roc"][1][i]));
        }
        QCOMPARE(pairs.size(), one["precision"].size());
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            COMPARE_NEAR(pairs[i].precision, number(one["precision"][i]));
            COMPARE_NEAR(pairs[i].recall, one["recall"].is_null() ? number(nullptr) : number(one["recall"][i]));
            QCOMPARE(pairs[i].threshold, roc[roc.size() - 1 - i].threshold);
        }
    }

    void areasAreScikitLearns_data() { addCases(); }
    void areasAreScikitLearns()
    {
        const nlohmann::json one = currentCase();
        const RankedScores scores = ranked(one);
        COMPARE_NEAR(rocAuc(scores), number(one.value("auc", nlohmann::json{})));
        COMPARE_NEAR(averagePrecision(scores), number(one.value("averagePrecision", nlohmann::json{})));
    }

    void chosenThresholdsAreThoseOfTryingAll_data() { addCases(); }
    void chosenThresholdsAreThoseOfTryingAll()
    {
        const nlohmann::json one = currentCase();
        const RankedScores scores = ranked(one);
        const ThresholdChoice f1 = bestF1(scores), accuracy = bestAccuracy(scores);
        QCOMPARE(std::isnan(f1.threshold), !one.contains("f1"));
        if (one.contains("f1")) {
            COMPARE_NEAR(f1.threshold, threshold(one["bestF1"][0]));
            COMPARE_NEAR(f1.figure, number(one["bestF1"][1]));
            for (std::size_t i = 0; i < scores.steps.size(); ++i)
                COMPARE_NEAR(f1At(scores, scores.steps[i].threshold), number(one["f1"][i]));
        }
        QCOMPARE(std::isnan(accuracy.figure), !one.contains("bestAccuracy"));
        if (!one.contains("bestAccuracy"))
            return;
        COMPARE_NEAR(accuracy.threshold, threshold(one["bestAccuracy"][0]));
        COMPARE_NEAR(accuracy.figure, number(one["bestAccuracy"][1]));
        COMPARE_NEAR(accuracyAt(scores, accuracy.threshold), accuracy.figure);
        for (std::size_t i = 0; i < one["costs"].size(); ++i) {
            const auto& costs = m_reference["costs"][i];
            const ThresholdChoice cheapest = thresholdOfLeastCost(scores, costs[0], costs[1]);
            COMPARE_NEAR(cheapest.threshold, threshold(one["costs"][i][0]));
            COMPARE_NEAR(cheapest.figure, number(one["costs"][i][1]));
        }
    }

    void ratesOfAcceptanceAreReadFromTheCurve_data() { addCases(); }
    void ratesOfAcceptanceAreReadFromTheCurve()
    {
        const nlohmann::json one = currentCase();
        const RankedScores scores = ranked(one);
        COMPARE_NEAR(equalErrorRate(scores).figure, number(one.value("equalErrorRate", nlohmann::json{})));
        if (!one.contains("trueAcceptRates"))
            QVERIFY(std::isnan(trueAcceptRateAt(scores, 0.1).truePositiveRate));
        else
            for (const auto& row : one["trueAcceptRates"]) {
                const RocPoint point = trueAcceptRateAt(scores, row[0]);
                COMPARE_NEAR(point.falsePositiveRate, number(row[1]));
                COMPARE_NEAR(point.truePositiveRate, number(row[2]));
                COMPARE_NEAR(point.threshold, threshold(row[3]));
            }
    }

    void calibrationIsScikitLearns_data() { addCases(); }
    void calibrationIsScikitLearns()
    {
        const nlohmann::json one = currentCase();
        const std::vector<float> scores = scoresOf(one["scores"], m_reference["unit"]);
        const Bytes positives = one["positives"].get<Bytes>();
        COMPARE_NEAR(brierScore(scores, positives), number(one.value("brier", nlohmann::json{})));
        if (!one.contains("calibration"))
            QVERIFY(std::isnan(expectedCalibrationError(scores, positives)));
        else
            for (const auto& row : one["calibration"]) {
                const std::vector<ReliabilityBin> curve = reliabilityCurve(scores, positives, row["bins"]);
                COMPARE_NEAR(expectedCalibrationError(curve), number(row["error"]));
                std::size_t filled = 0;
                for (const ReliabilityBin& bin : curve)
                    if (bin.count > 0) {
                        QVERIFY(filled < row["share"].size());
                        COMPARE_NEAR(bin.positiveShare, number(row["share"][filled]));
                        COMPARE_NEAR(bin.meanScore, number(row["mean"][filled]));
                        ++filled;
                    } else {
                        QVERIFY(std::isnan(bin.meanScore) && std::isnan(bin.positiveShare));
                    }
                QCOMPARE(filled, row["share"].size());
            }
    }

    void aTieCountsHalf()
    {
        QCOMPARE(rocAuc({std::vector<float>{1, 1}, Bytes{1, 0}}), 0.5);
        QCOMPARE(rocAuc({std::vector<float>{2, 1, 1}, Bytes{1, 1, 0}}), 0.75);
    }

    void aThresholdBetweenTwoScoresAcceptsTheHigher()
    {
        const RankedScores scores{std::vector<float>{4, 2, 1}, Bytes{1, 1, 0}};
        QCOMPARE(accuracyAt(scores, 3), 2.0 / 3);
        QCOMPARE(accuracyAt(scores, 1.5), 1.0);
        QCOMPARE(accuracyAt(scores, -infinity), 2.0 / 3);
        QCOMPARE(f1At(scores, infinity), 0.0);
    }

    void errorsAreEqualWhereTheCurveMeetsTheDiagonal()
    {
        // One of four negatives is accepted where one of four positives is rejected: a point of the curve, no interpolation.
        const RankedScores scores{std::vector<float>{9, 8, 7, 6, 5, 4, 3, 2}, Bytes{1, 1, 0, 1, 1, 0, 0, 0}};
        QCOMPARE(equalErrorRate(scores).figure, 0.25);
        QCOMPARE(equalErrorRate(scores).threshold, 6.0);
        // All scores equal: halfway between accepting none and accepting all.
        QCOMPARE(equalErrorRate({std::vector<float>{1, 1, 1}, Bytes{1, 0, 1}}).figure, 0.5);
    }

    void aScoreOnAnEdgeIsInTheLowerBin()
    {
        const std::vector<ReliabilityBin> curve = reliabilityCurve(std::vector<float>{0, 0.25f, 0.5f, 1}, Bytes{0, 0, 1, 1}, 4);
        QCOMPARE(curve[0].count, std::int64_t{2});
        QCOMPARE(curve[1].count, std::int64_t{1});
        QCOMPARE(curve[2].count, std::int64_t{0});
        QCOMPARE(curve[3].count, std::int64_t{1});
        QCOMPARE(curve[1].upper, 0.5);
    }

    void oneScoreOfAMillionIsAPerfectRanking()
    {
        std::vector<float> scores(1'000'000);
        for (std::size_t i = 0; i < scores.size(); ++i)
            scores[i] = static_cast<float>(i);
        Bytes positives(scores.size());
        positives.back() = 7; // anything but 0 is a positive
        QCOMPARE(rocAuc({scores, positives}), 1.0);
        positives.back() = 0;
        positives.front() = 1;
        QCOMPARE(rocAuc({scores, positives}), 0.0);
    }

    void whatCannotBeRankedIsRefused()
    {
        const std::vector<float> nan{0, NAN}, infinite{0, INFINITY}, fine{0, 1}, outside{0, 1.5f};
        const Bytes two{0, 1}, one{1};
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, RankedScores(nan, two));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, RankedScores(infinite, two));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, RankedScores(fine, one));
        const RankedScores scores{fine, two};
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, accuracyAt(scores, NAN));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, f1At(scores, NAN));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, trueAcceptRateAt(scores, 1.5));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, trueAcceptRateAt(scores, NAN));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, thresholdOfLeastCost(scores, -1, 1));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, thresholdOfLeastCost(scores, 1, INFINITY));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, reliabilityCurve(fine, two, 0));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, brierScore(outside, two));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, brierScore(nan, two));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, brierScore(fine, one));
    }
};

QTEST_GUILESS_MAIN(TestRankingMetrics)
#include "tst_ranking_metrics.moc"
