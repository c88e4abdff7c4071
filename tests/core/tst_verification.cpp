// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/metrics/verification.h"
#include "tests/core/metric_references.h"

#include <QTest>

using namespace descent;

namespace {

using Ids = std::vector<std::int64_t>;
using Bytes = std::vector<std::uint8_t>;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Each of `count` rows is a person's point, in `dimensions`, plus noise; as likeness the negative distance.
std::vector<float> likeness(int people, int count, double noise)
{
    Random random{11};
    std::vector<std::array<double, 8>> centres(static_cast<std::size_t>(people));
    for (auto& centre : centres)
        for (double& value : centre)
            value = random.normal();
    std::vector<float> scores;
    for (int probe = 0; probe < count; ++probe)
        for (int person = 0; person < people; ++person) {
            double squares = 0;
            for (std::size_t i = 0; i < 8; ++i)
                squares += std::pow(centres[static_cast<std::size_t>(probe % people)][i] + noise * random.normal()
                                        - centres[static_cast<std::size_t>(person)][i],
                                    2);
            scores.push_back(static_cast<float>(-squares));
        }
    return scores;
}

}

/// tests/core/references/verification.py says where the reference numbers come from.
class TestVerification : public QObject {
    Q_OBJECT
    nlohmann::json m_reference;

private Q_SLOTS:
    void initTestCase() { m_reference = reference("verification.json"); }

    void accuracyInFoldsIsThatOfTryingAllThresholds()
    {
        for (const auto& one : m_reference["verified"]) {
            const Bytes isSame = one["isSame"].get<Bytes>();
            const std::int64_t folds = one["folds"];
            const VerificationAccuracy accuracy = verificationAccuracyInFolds(
                scoresOf(one["scores"], m_reference["unit"]), isSame, consecutiveFolds(std::ssize(isSame), folds), folds);
            COMPARE_NEAR(accuracy.mean, one["mean"]);
            COMPARE_NEAR(accuracy.standardError, one["standardError"]);
            QCOMPARE(accuracy.ofFold.size(), one["ofFold"].size());
            for (std::size_t fold = 0; fold < accuracy.ofFold.size(); ++fold) {
                COMPARE_NEAR(accuracy.ofFold[fold], one["ofFold"][fold]);
                COMPARE_NEAR(accuracy.thresholds[fold],
                             one["thresholds"][fold].is_null() ? infinity : number(one["thresholds"][fold]));
            }
        }
    }

    void identificationIsThatOfSortingTheGallery()
    {
        const double unit = m_reference["unit"];
        for (const auto& one : m_reference["identified"]) {
            const std::vector<Identified> answers =
                identify(scoresOf(one["scores"], unit), one["probes"].get<Ids>(), one["gallery"].get<Ids>());
            QCOMPARE(answers.size(), one["ranks"].size());
            for (std::size_t i = 0; i < answers.size(); ++i) {
                QCOMPARE(answers[i].rank, one["ranks"][i].get<std::int64_t>());
                QCOMPARE(answers[i].nearest, one["nearest"][i].get<std::int64_t>());
                COMPARE_NEAR(answers[i].ownScore, one["own"][i].is_null() ? -infinity : number(one["own"][i]) / unit);
            }
            for (const auto& row : one["rates"]) {
                const IdentificationRates rates =
                    identificationRates(answers, row[0].is_null() ? -infinity : number(row[0]) / unit);
                COMPARE_NEAR(rates.rank1, number(row[1]));
                COMPARE_NEAR(rates.rank5, number(row[2]));
                COMPARE_NEAR(rates.strangersRejected, number(row[3]));
            }
            for (const auto& row : one["accepted"]) {
                const double threshold = openSetThreshold(answers, row[0]);
                const IdentificationRates rates = identificationRates(answers, std::isnan(threshold) ? 0 : threshold);
                QCOMPARE(std::isnan(threshold), rates.strangers == 0);
                if (rates.strangers > 0)
                    COMPARE_NEAR(1 - rates.strangersRejected, number(row[1]) / static_cast<double>(rates.strangers));
            }
        }
    }

    void theThresholdOfAFoldHasNotSeenIt()
    {
        // In the second fold everything is 10 more alike: the threshold of either does not fit the other.
        const std::vector<float> scores{1, 2, 11, 12};
        const Bytes isSame{0, 1, 0, 1};
        const VerificationAccuracy accuracy = verificationAccuracyInFolds(scores, isSame, Ids{0, 0, 1, 1}, 2);
        QCOMPARE(accuracy.thresholds, (std::vector<double>{12, 2}));
        QCOMPARE(accuracy.mean, 0.5);
        QCOMPARE(accuracy.standardError, 0.0);
    }

    void foldsAreCutInOrder()
    {
        QCOMPARE(consecutiveFolds(7, 3), (Ids{0, 0, 0, 1, 1, 2, 2}));
        QCOMPARE(consecutiveFolds(1, 3), (Ids{0}));
        QCOMPARE(consecutiveFolds(0, 3), Ids{});
    }

    void oneFoldMeasuresNothing()
    {
        const VerificationAccuracy one = verificationAccuracyInFolds(std::vector<float>{1, 2}, Bytes{0, 1}, Ids{1, 1}, 3);
        QVERIFY(std::isnan(one.mean) && std::isnan(one.standardError) && std::isnan(one.ofFold.at(0))
                && std::isnan(one.ofFold.at(1)));
        QVERIFY(std::isnan(verificationAccuracyInFolds({}, {}, {}, 0).mean));
    }

    void aPersonIsAsAlikeAsTheBestOfThePictures()
    {
        // Pictures of persons 5, 7, 5; the probe is 5, most like its second picture, and 7 comes between.
        const std::vector<Identified> own = identify(std::vector<float>{0.1f, 0.5f, 0.9f}, Ids{5}, Ids{5, 7, 5});
        QCOMPARE(own, (std::vector<Identified>{{2, 0.9f, 0, 0.9f}}));
        const std::vector<Identified> other = identify(std::vector<float>{0.1f, 0.5f, 0.9f}, Ids{7}, Ids{5, 7, 5});
        QCOMPARE(other, (std::vector<Identified>{{2, 0.9f, 1, 0.5f}}));
    }

    void strangersAreTurnedAway()
    {
        // Two who are known, two strangers who look like somebody by 0.4 and 0.6.
        const std::vector<float> scores{0.9f, 0.1f, 0.2f, 0.5f, 0.4f, 0.0f, 0.6f, 0.3f};
        const std::vector<Identified> answers = identify(scores, Ids{1, 2, -1, -1}, Ids{1, 2});
        QCOMPARE(identificationRates(answers, -infinity).rank1, 1.0);
        QCOMPARE(identificationRates(answers, -infinity).strangersRejected, 0.0);
        const double half = openSetThreshold(answers, 0.5), none = openSetThreshold(answers, 0);
        QVERIFY(half > 0.4f && half < 0.401 && none > 0.6f && none < 0.601);
        QCOMPARE(identificationRates(answers, half).rank1, 1.0);
        QCOMPARE(identificationRates(answers, half).strangersRejected, 0.5);
        QCOMPARE(identificationRates(answers, none).rank1, 0.5);
        QCOMPARE(identificationRates(answers, none).strangersRejected, 1.0);
        QCOMPARE(openSetThreshold(answers, 1), -infinity);
    }

    void thereMayBeNobody()
    {
        const std::vector<Identified> answers = identify({}, Ids{1}, {});
        QCOMPARE(answers.at(0).nearest, std::int64_t{-1});
        QVERIFY(!answers[0].isKnown() && std::isnan(identificationRates(answers, 0).rank1));
        QCOMPARE(identificationRates(answers, 0).strangersRejected, 1.0);
        QVERIFY(identify({}, {}, Ids{1}).empty());
        QVERIFY(std::isnan(openSetThreshold({}, 0.5)) && std::isnan(identificationRates({}, 0).strangersRejected));
    }

    void aThousandPeopleAreQuick()
    {
        const std::vector<float> scores = likeness(1000, 1000, 0.2);
        Ids people(1000);
        for (std::size_t i = 0; i < people.size(); ++i)
            people[i] = static_cast<std::int64_t>(i);
        std::vector<Identified> answers;
        QBENCHMARK_ONCE
        {
            answers = identify(scores, people, people);
        }
        const IdentificationRates rates = identificationRates(answers, -infinity);
        QVERIFY(rates.rank1 > 0.5 && rates.rank5 > rates.rank1);
    }

    void brokenPromisesAreRefused()
    {
        const std::vector<float> two{1, 2}, nan{1, NAN}, infinite{1, INFINITY};
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, verificationAccuracyInFolds(two, Bytes{1}, Ids{0, 1}, 2));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, verificationAccuracyInFolds(two, Bytes{1, 0}, Ids{0}, 2));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, verificationAccuracyInFolds(two, Bytes{1, 0}, Ids{0, 2}, 2));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, verificationAccuracyInFolds(nan, Bytes{1, 0}, Ids{0, 1}, 2));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, consecutiveFolds(3, 0));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, consecutiveFolds(-1, 2));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, identify(two, Ids{1}, Ids{1}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, identify(nan, Ids{1}, Ids{1, 2}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, identify(infinite, Ids{1}, Ids{1, 2}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, identificationRates({}, NAN));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, openSetThreshold({}, 1.5));
    }
};

QTEST_GUILESS_MAIN(TestVerification)
#include "tst_verification.moc"
