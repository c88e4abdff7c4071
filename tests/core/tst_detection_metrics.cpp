// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/metrics/detection.h"
#include "tests/core/metric_references.h"

#include <QTest>

using namespace descent;

namespace {

constexpr float edgeUnit = 4, scoreUnit = 64; ///< the reference counts in quarters of a pixel and 64ths

std::vector<PictureBoxes> picturesOf(const nlohmann::json& one)
{
    std::vector<PictureBoxes> pictures;
    for (const auto& entry : one["pictures"]) {
        PictureBoxes& picture = pictures.emplace_back();
        const auto edge = [](const nlohmann::json& box, std::size_t i) { return box[i].get<float>() / edgeUnit; };
        for (const auto& box : entry[0])
            picture.found.push_back(
                {edge(box, 0), edge(box, 1), edge(box, 2), edge(box, 3), box[4].get<float>() / scoreUnit, box[5]});
        for (const auto& box : entry[1])
            picture.truth.push_back({edge(box, 0), edge(box, 1), edge(box, 2), edge(box, 3), box[4], box[5] != 0, box[6]});
    }
    return pictures;
}

/// `count` pictures of `boxes` true boxes of 20 by 20 pixels, and what is found of them, shaken by up to `shake` pixels.
std::vector<PictureBoxes> drawnPictures(int count, int boxes, double shake)
{
    Random random{5};
    std::vector<PictureBoxes> pictures(static_cast<std::size_t>(count));
    for (PictureBoxes& picture : pictures)
        for (int i = 0; i < boxes; ++i) {
            const auto left = static_cast<float>(random.uniform(0, 600)), top = static_cast<float>(random.uniform(0, 600));
            picture.truth.push_back({left, top, left + 20, top + 20});
            const auto aside = static_cast<float>(random.uniform(-shake, shake));
            picture.found.push_back({left + aside, top, left + 20 + aside, top + 20, static_cast<float>(random.uniform())});
        }
    return pictures;
}

const TrueBox square{0, 0, 10, 10};

}

/// tests/core/references/detection.py says where the reference numbers come from.
class TestDetectionMetrics : public QObject {
    Q_OBJECT
    nlohmann::json m_reference;

private Q_SLOTS:
    void initTestCase() { m_reference = reference("detection.json"); }

    void figuresArePycocotools_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_reference.size(); ++i)
            QTest::newRow(m_reference[i]["name"].get<std::string>().c_str()) << static_cast<int>(i);
    }
    void figuresArePycocotools()
    {
        QFETCH(int, index);
        const nlohmann::json& one = m_reference[static_cast<std::size_t>(index)];
        const DetectionFigures figures = detectionFigures(picturesOf(one), one["classes"]);
        const std::vector<double> actual{
            figures.averagePrecision,      figures.averagePrecision50,     figures.averagePrecision75,
            figures.averagePrecisionSmall, figures.averagePrecisionMedium, figures.averagePrecisionLarge,
            figures.averageRecall1,        figures.averageRecall10,        figures.averageRecall100,
            figures.averageRecallSmall,    figures.averageRecallMedium,    figures.averageRecallLarge};
        QCOMPARE(one["stats"].size(), actual.size());
        for (std::size_t i = 0; i < actual.size(); ++i)
            COMPARE_NEAR(actual[i], number(one["stats"][i]), 1e-9);
        QCOMPARE(figures.ofClass.size(), one["ofClass"].size());
        for (std::size_t id = 0; id < figures.ofClass.size(); ++id) {
            COMPARE_NEAR(figures.ofClass[id], number(one["ofClass"][id]), 1e-9);
            COMPARE_NEAR(figures.ofClass50[id], number(one["ofClass50"][id]), 1e-9);
        }
    }

    void theReferenceHasEverySize()
    {
        for (const std::size_t figure : {3U, 4U, 5U, 9U, 10U, 11U})
            QVERIFY(std::ranges::any_of(m_reference, [&](const auto& one) { return number(one["stats"][figure]) > 0; }));
    }

    void boxesThatShareHalfOverlapByAThird()
    {
        QCOMPARE(overlap({5, 0, 15, 10}, square), 1.0 / 3);
        QCOMPARE(overlap({0, 0, 10, 10}, square), 1.0);
        QCOMPARE(overlap({10, 0, 20, 10}, square), 0.0);
        QCOMPARE(overlap({8, 0, 2, 10}, square), 0.0); // its right is left of its left
        QCOMPARE(overlap({5, 0, 15, 10}, {.right = 10, .bottom = 10, .ignored = true}), 0.5);
    }

    void aSecondBoxOnTheSameObjectIsFalse()
    {
        // Found twice, then a second object once: precision 1, 1/2, 2/3; read as 1 up to recall 0.5 (51 points), then 2/3.
        const PictureBoxes picture{{{0, 0, 10, 10, 0.9f}, {0, 0, 10, 10, 0.8f}, {50, 0, 60, 10, 0.7f}},
                                   {square, {50, 0, 60, 10}}};
        const DetectionFigures figures = detectionFigures({&picture, 1}, 1);
        COMPARE_NEAR(figures.averagePrecision50, (51 + 50 * 2.0 / 3) / 101);
        QCOMPARE(figures.averageRecall100, 1.0);
        QCOMPARE(figures.averageRecall1, 0.5);
    }

    void whatIsFoundInAnIgnoredBoxDoesNotCount()
    {
        PictureBoxes picture{{{20, 0, 30, 10, 0.9f}, {40, 0, 50, 10, 0.8f}, {0, 0, 10, 10, 0.7f}}, {square, {15, 0, 60, 10}}};
        QVERIFY(detectionFigures({&picture, 1}, 1).averagePrecision < 0.5);
        picture.truth[1].ignored = true;
        QCOMPARE(detectionFigures({&picture, 1}, 1).averagePrecision, 1.0);
    }

    void whatIsMissingIsNotANumber()
    {
        const DetectionFigures none = detectionFigures({}, 2);
        QVERIFY(std::isnan(none.averagePrecision) && std::isnan(none.averageRecall100) && std::isnan(none.ofClass.at(1)));
        const PictureBoxes picture{{}, {square}};
        const DetectionFigures missed = detectionFigures({&picture, 1}, 2);
        QCOMPARE(missed.averagePrecision, 0.0);
        QVERIFY(std::isnan(missed.averagePrecisionLarge) && std::isnan(missed.ofClass.at(1)));
    }

    void aThousandPicturesOfAHundredBoxesAreQuick()
    {
        const std::vector<PictureBoxes> pictures = drawnPictures(1000, 100, 4);
        DetectionFigures figures;
        QBENCHMARK_ONCE
        {
            figures = detectionFigures(pictures, 1);
        }
        QVERIFY(figures.averagePrecision50 > 0.9 && figures.averagePrecision50 <= 1);
        QCOMPARE(detectionFigures(drawnPictures(10, 100, 0), 1).averagePrecision, 1.0);
    }

    void brokenPromisesAreRefused()
    {
        const auto refused = [](const DetectedBox& found, const TrueBox& truth) {
            const PictureBoxes picture{{found}, {truth}};
            QVERIFY_THROWS_EXCEPTION(std::invalid_argument, detectionFigures({&picture, 1}, 2));
        };
        refused({0, 0, 1, 1, NAN}, square);
        refused({0, 0, INFINITY, 1, 1}, square);
        refused({0, 0, 1, 1, 1, 2}, square);
        refused({0, 0, 1, 1, 1, -1}, square);
        refused({0, 0, 1, 1, 1}, {.left = NAN});
        refused({0, 0, 1, 1, 1}, {.right = 1, .area = NAN});
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, detectionFigures({}, -1));
    }
};

QTEST_GUILESS_MAIN(TestDetectionMetrics)
#include "tst_detection_metrics.moc"
