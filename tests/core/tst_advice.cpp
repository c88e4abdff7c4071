// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/catalog.h"
#include "engine/core/run/advice.h"

#include <QTest>

#include <cmath>
#include <functional>

using namespace descent;

namespace {

/// Curves of `epochs` epochs of 20 steps each, by functions of the epoch, counted from 0.
CurveSummary curves(int epochs, const std::function<double(double)>& train, const std::function<double(double)>& validation,
                    const std::map<std::string, double>& beside = {})
{
    CurveSummary summary;
    for (int epoch = 0; epoch < epochs; ++epoch) {
        for (int step = 1; step <= 20; ++step)
            summary.add("loss/train", epoch * 20 + step, train(epoch + step / 20.0));
        for (const auto& [series, value] : beside)
            summary.add(series, epoch * 20 + 20, value);
        summary.add("loss/validation", epoch * 20 + 20, validation(epoch));
    }
    return summary;
}

QStringList idsOf(const std::vector<Advice>& advice)
{
    QStringList ids;
    for (const Advice& one : advice)
        ids << QString::fromStdString(one.id);
    return ids;
}

double falling(double epoch)
{
    return 2 * std::exp(-epoch / 4) + 0.05;
}

}

class TestAdvice : public QObject {
    Q_OBJECT
    const Recipe m_recipe = findRecipeTemplate("spirals")->recipe;

private Q_SLOTS:
    void aHealthyRunIsLeftInPeace()
    {
        const std::map<std::string, double> usual{{"update-ratio", 1e-3}, {"dead-units", 0.1}, {"input-wait", 0.01}};
        for (int epochs = 0; epochs <= 20; ++epochs)
            QCOMPARE(idsOf(adviceFor(curves(epochs, falling, [](double e) { return falling(e) + 0.1; }, usual), m_recipe)), QStringList{});
    }

    void curvesAreToldByWhatTheyShow_data()
    {
        QTest::addColumn<CurveSummary>("summary");
        QTest::addColumn<QString>("id");
        QTest::newRow("validation rises") << curves(12, falling, [](double e) { return 1 + 0.05 * (e - 4) * (e - 4); }) << "overfitting";
        QTest::newRow("the loss grows") << curves(2, [](double e) { return 2 + 3 * e; }, [](double) { return 5.0; }) << "rate-too-high";
        QTest::newRow("the loss falls and rises") << curves(6, [](double e) { return 1 + (e - 2) * (e - 2); }, falling) << "rate-too-high";
        QTest::newRow("wild steps") << curves(3, falling, falling, {{"update-ratio", 0.3}}) << "rate-too-high";
        QTest::newRow("nothing moves") << curves(9, [](double) { return 2.3; }, [](double) { return 2.3; }, {{"update-ratio", 1e-3}}) << "plateau";
        QTest::newRow("timid steps") << curves(9, [](double e) { return 2.3 - 1e-5 * e; }, [](double) { return 2.3; }, {{"update-ratio", 1e-6}}) << "rate-too-low";
        QTest::newRow("dead units") << curves(4, falling, falling, {{"dead-units", 0.7}}) << "dead-units";
        QTest::newRow("slow data") << curves(4, falling, falling, {{"input-wait", 0.5}}) << "input-bound";
    }
    void curvesAreToldByWhatTheyShow()
    {
        QFETCH(CurveSummary, summary);
        QFETCH(QString, id);
        const auto advice = adviceFor(summary, m_recipe);
        QCOMPARE(idsOf(advice), QStringList{id});
        QVERIFY(!advice.front().evidence.arguments.empty()); // numbers, not feelings
        QVERIFY(!advice.front().proposals.empty() || !advice.front().hint.empty());
    }

    /// Every proposal is a setting that there is, and makes the recipe another one.
    void proposalsCanBeFollowed()
    {
        const std::vector<CurveSummary> all{curves(12, falling, [](double e) { return 1 + 0.05 * (e - 4) * (e - 4); }),
                                            curves(2, [](double e) { return 2 + 3 * e; }, [](double) { return 5.0; }),
                                            curves(9, [](double) { return 2.3; }, [](double) { return 2.3; }),
                                            curves(4, falling, falling, {{"dead-units", 0.7}, {"input-wait", 0.5}})};
        for (const char* name : {"spirals", "drawn-digits", "sentiment", "waves", "cifar10-classic"})
            for (const CurveSummary& summary : all)
                for (const Advice& one : adviceFor(summary, findRecipeTemplate(name)->recipe))
                    for (const Proposal& proposal : one.proposals) {
                        Recipe changed = findRecipeTemplate(name)->recipe;
                        const Problems problems = setByPath(changed, proposal.path, proposal.value);
                        QVERIFY2(problems.empty(), problems.empty() ? "" : english(problems.front()).c_str());
                        QVERIFY2(changed != findRecipeTemplate(name)->recipe, proposal.path.c_str());
                    }
    }

    void oneOddMomentIsNoFinding()
    {
        CurveSummary summary = curves(3, falling, falling);
        summary.add("update-ratio", 60, 5.0);
        summary.add("input-wait", 60, 1.0);
        QVERIFY(adviceFor(summary, m_recipe).empty());
    }
};

QTEST_GUILESS_MAIN(TestAdvice)
#include "tst_advice.moc"
