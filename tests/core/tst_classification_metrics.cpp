// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/classification.h"
#include "engine/core/metrics/ranking.h"
#include "tests/core/metric_references.h"

#include <QTest>
#include <algorithm>

using namespace descent;

namespace {

using Ids = std::vector<std::int64_t>;

/// The class of the highest score of each row, the first of several.
Ids highest(const std::vector<float>& scores, std::int64_t classes)
{
    Ids ids;
    for (auto row = scores.begin(); row != scores.end(); row += classes)
        ids.push_back(std::max_element(row, row + classes) - row);
    return ids;
}

}

/// tests/core/references/metrics.py says where the reference numbers come from.
class TestClassificationMetrics : public QObject {
    Q_OBJECT
    nlohmann::json m_reference;

private Q_SLOTS:
    void initTestCase() { m_reference = reference("metrics.json"); }

    void figuresAreScikitLearns_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_reference["several"].size(); ++i)
            QTest::newRow(m_reference["several"][i]["name"].get<std::string>().c_str()) << static_cast<int>(i);
    }
    void figuresAreScikitLearns()
    {
        QFETCH(int, index);
        const nlohmann::json one = m_reference["several"][static_cast<std::size_t>(index)];
        const std::int64_t classes = one["classes"];
        const std::vector<float> scores = scoresOf(one["scores"], m_reference["unit"]);
        const Ids truth = one["truth"].get<Ids>();
        const ConfusionMatrix matrix = confusionMatrix(truth, highest(scores, classes), classes);
        QCOMPARE(matrix.counts, one["confusion"].get<Ids>());
        COMPARE_NEAR(accuracy(matrix), one["accuracy"]);
        COMPARE_NEAR(macroF1(matrix), one["macroF1"]);
        const std::vector<ClassFigures> figures = classFigures(matrix);
        const std::vector<double> areas = oneVersusRestAuc(scores, truth, classes);
        for (std::size_t id = 0; id < figures.size(); ++id) {
            COMPARE_NEAR(figures[id].precision, one["precision"][id]);
            COMPARE_NEAR(figures[id].recall, one["recall"][id]);
            COMPARE_NEAR(figures[id].f1, one["f1"][id]);
            QCOMPARE(figures[id].support, one["support"][id].get<std::int64_t>());
            COMPARE_NEAR(areas[id], number(one["auc"][id]));
        }
        COMPARE_NEAR(macroOneVersusRestAuc(scores, truth, classes), number(one["macroAuc"]));
        COMPARE_NEAR(topKAccuracy(scores, truth, classes, 1), accuracy(matrix));
        QCOMPARE(topKAccuracy(scores, truth, classes, classes), 1.0);
        if (!one["topK"].is_null())
            for (std::int64_t k = 1; k < classes; ++k)
                COMPARE_NEAR(topKAccuracy(scores, truth, classes, k), one["topK"][static_cast<std::size_t>(k - 1)]);
    }

    void aRowOfTheMatrixIsATrueClass()
    {
        const ConfusionMatrix matrix = confusionMatrix(Ids{0, 0, 1, 2}, Ids{0, 1, 1, 1}, 3);
        QCOMPARE(matrix.counts, (Ids{1, 1, 0, 0, 1, 0, 0, 1, 0}));
        QCOMPARE(matrix.at(2, 1), std::int64_t{1});
        QCOMPARE(matrix.at(1, 2), std::int64_t{0});
        QCOMPARE(classFigures(matrix)[1], (ClassFigures{1.0 / 3, 1, 0.5, 1}));
    }

    void withoutASampleNothingIsDefined()
    {
        const ConfusionMatrix none = confusionMatrix({}, {}, 3);
        QVERIFY(std::isnan(accuracy(none)) && std::isnan(macroF1(none)));
        QCOMPARE(classFigures(none), std::vector<ClassFigures>(3));
        QVERIFY(std::isnan(accuracy(confusionMatrix({}, {}, 0))));
        QVERIFY(std::isnan(topKAccuracy({}, {}, 3, 1)));
        QVERIFY(std::isnan(macroOneVersusRestAuc({}, {}, 3)));
    }

    void ofEqualScoresTheLowerClassIsAhead()
    {
        const std::vector<float> equal{1, 1, 1};
        QCOMPARE(topKAccuracy(equal, Ids{0}, 3, 1), 1.0);
        QCOMPARE(topKAccuracy(equal, Ids{1}, 3, 1), 0.0);
        QCOMPARE(topKAccuracy(equal, Ids{1}, 3, 2), 1.0);
        QCOMPARE(topKAccuracy(std::vector<float>{0, -INFINITY, INFINITY}, Ids{1}, 3, 2), 0.0);
    }

    void brokenPromisesAreRefused()
    {
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, confusionMatrix(Ids{0}, Ids{}, 2));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, confusionMatrix(Ids{2}, Ids{0}, 2));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, confusionMatrix(Ids{0}, Ids{-1}, 2));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, confusionMatrix({}, {}, -1));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, topKAccuracy(std::vector<float>{1, NAN}, Ids{0}, 2, 1));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, topKAccuracy(std::vector<float>{1, 2}, Ids{0}, 2, 0));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, topKAccuracy(std::vector<float>{1}, Ids{0}, 2, 1));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, oneVersusRestAuc(std::vector<float>{1, INFINITY}, Ids{0}, 2));
        const ConfusionMatrix matrix = confusionMatrix(Ids{0}, Ids{1}, 2);
        QVERIFY_THROWS_EXCEPTION(std::out_of_range, matrix.at(2, 0));
        QVERIFY_THROWS_EXCEPTION(std::out_of_range, matrix.at(0, 2));
    }
};

QTEST_GUILESS_MAIN(TestClassificationMetrics)
#include "tst_classification_metrics.moc"
