// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/association.h"
#include "engine/core/metrics/box_summary.h"
#include "tests/core/metric_references.h"

#include <QTest>

#include <cmath>
#include <stdexcept>

using namespace descent;

namespace {

using Values = std::vector<double>;

}

/// tests/core/references/association.py says where the reference numbers come from.
class TestAssociation : public QObject {
    Q_OBJECT
    nlohmann::json m_reference;

private Q_SLOTS:
    void initTestCase() { m_reference = reference("association.json"); }

    void ranksGoTogetherAsInSciPy()
    {
        QCOMPARE(m_reference["ranked"].size(), 6u);
        for (const nlohmann::json& one : m_reference["ranked"]) {
            const Association found = rankAssociation(one["first"].get<Values>(), one["second"].get<Values>());
            QVERIFY(agrees(found.direction, one["correlation"]));
            QVERIFY(agrees(found.strength, std::abs(one["correlation"].get<double>())));
            QVERIFY2(agrees(found.pValue, one["pValue"]), qPrintable(QString::number(found.pValue, 'g', 12)));
        }
    }

    void groupsDifferAsInSciPy()
    {
        QCOMPARE(m_reference["grouped"].size(), 5u);
        for (const nlohmann::json& one : m_reference["grouped"]) {
            const Association found = groupAssociation(one["groups"].get<std::vector<std::size_t>>(), one["values"].get<Values>());
            QVERIFY(agrees(found.strength, one["strength"]));
            QVERIFY2(agrees(found.pValue, one["pValue"]), qPrintable(QString::number(found.pValue, 'g', 12)));
        }
    }

    void fiveInOrderAreNotCertain()
    {
        // Student's t would say 0; two of 120 orders are so.
        QCOMPARE(rankAssociation(Values{1, 2, 3, 4, 5}, Values{2, 4, 6, 8, 9}).pValue, 2.0 / 120);
    }

    void whatIsAllTheSameGoesWithNothing()
    {
        QVERIFY(std::isnan(rankAssociation(Values{1, 1, 1, 1}, Values{1, 2, 3, 4}).strength));
        QVERIFY(std::isnan(groupAssociation(std::vector<std::size_t>{1, 1, 1}, Values{1, 2, 3}).pValue));
        QVERIFY(std::isnan(groupAssociation(std::vector<std::size_t>{1, 2, 3}, Values{1, 2, 3}).pValue)); // a group a value
        QVERIFY_EXCEPTION_THROWN(groupAssociation(std::vector<std::size_t>{1, 2}, Values{1, 2, 3}), std::invalid_argument);
    }

    void manyLooksAreCorrectedAsHolmDoes()
    {
        const std::vector<double> adjusted = holmAdjusted(m_reference["holm"]["pValues"].get<Values>());
        for (std::size_t i = 0; i < adjusted.size(); ++i)
            QVERIFY(agrees(adjusted[i], m_reference["holm"]["adjusted"][i]));
        const std::vector<double> gap = holmAdjusted(Values{0.02, NAN, 0.04});
        QCOMPARE(gap[0], 0.04);
        QVERIFY(std::isnan(gap[1]));
    }

    void boxesAreTukeysOverNumPysQuartiles()
    {
        bool hasOutlier = false;
        for (const nlohmann::json& one : m_reference["boxes"]) {
            const BoxSummary box = boxSummary(one["values"].get<Values>());
            QVERIFY(agrees(box.lower, one["quartiles"][0]));
            QVERIFY(agrees(box.median, one["quartiles"][1]));
            QVERIFY(agrees(box.upper, one["quartiles"][2]));
            QVERIFY(agrees(box.whiskerLow, one["whiskers"][0]));
            QVERIFY(agrees(box.whiskerHigh, one["whiskers"][1]));
            QVERIFY(box.outliers == one["outliers"].get<Values>());
            hasOutlier = hasOutlier || !box.outliers.empty();
        }
        QVERIFY(hasOutlier);
        QVERIFY_EXCEPTION_THROWN(boxSummary({}), std::invalid_argument);
        QVERIFY_EXCEPTION_THROWN(boxSummary({1, INFINITY}), std::invalid_argument);
    }
};

QTEST_GUILESS_MAIN(TestAssociation)
#include "tst_association.moc"
