// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/catalog.h"
#include "engine/core/recipe/schedule.h"
#include "tests/core/metric_references.h"

#include <QTest>

using namespace descent;

namespace {

using Kind = Schedule::Kind;

/// Relative: the same formula in another order.
constexpr double rounding = 1e-12;

Schedule hundredSteps(Schedule schedule)
{
    schedule.peak = 0.1;
    schedule.totalSteps = 100;
    return schedule;
}

}

class TestSchedules : public QObject {
    Q_OBJECT
    const nlohmann::json m_reference = reference("schedules.json");

private Q_SLOTS:
    void ratesAreThoseOfTorch_data()
    {
        QTest::addColumn<Schedule>("schedule");
        const auto row = [](const char* name, Schedule schedule) { QTest::newRow(name) << hundredSteps(std::move(schedule)); };
        row("step", {.kind = Kind::step, .stepLength = 30, .stepFactor = 0.3});
        row("multi-step", {.kind = Kind::multiStep, .milestones = {12, 40, 41, 90}, .stepFactor = 0.3});
        row("exponential", {.kind = Kind::exponential, .stepLength = 10, .stepFactor = 0.9});
        row("polynomial", {.kind = Kind::polynomial, .power = 2.5});
        row("polynomial after 10", {.kind = Kind::polynomial, .warmupSteps = 10, .power = 0.5});
        row("cosine", {.kind = Kind::cosine, .finalRate = 0.01});
        row("cosine-restarts", {.kind = Kind::cosineRestarts, .restartLength = 10, .restartMultiplier = 2, .finalRate = 0.01});
        row("cosine-restarts, equal", {.kind = Kind::cosineRestarts, .restartLength = 7, .restartMultiplier = 1});
        row("cosine-restarts after 5",
            {.kind = Kind::cosineRestarts, .warmupSteps = 5, .restartLength = 10, .restartMultiplier = 3, .finalRate = 0.01});
        row("one-cycle", {.kind = Kind::oneCycle});
    }
    void ratesAreThoseOfTorch()
    {
        QFETCH(const Schedule, schedule);
        const nlohmann::json& rates = m_reference.at("rates").at(QTest::currentDataTag());
        QCOMPARE(rates.size(), std::size_t{100});
        for (std::int64_t step = 0; step < 100; ++step) {
            const double wanted = rates[static_cast<std::size_t>(step)].get<double>(), rate = learningRateAt(schedule, step);
            QVERIFY2(std::abs(rate - wanted) <= rounding * wanted, qPrintable(QStringLiteral("%1: %2, not %3").arg(step).arg(rate, 0, 'g', 17).arg(wanted, 0, 'g', 17)));
        }
    }

    void plateausAreThoseOfTorch()
    {
        for (const nlohmann::json& one : m_reference.at("plateaus")) {
            const PlateauOptions options{.factor = one.at("factor").get<double>(),
                                         .patience = one.at("patience").get<std::int64_t>(),
                                         .threshold = one.at("threshold").get<double>(),
                                         .leastScale = one.at("min_lr").get<double>() / 0.1,
                                         .higherIsBetter = one.at("mode") == "max"};
            PlateauState state;
            for (std::size_t epoch = 0; epoch < one.at("figures").size(); ++epoch) {
                state.update(options, number(one["figures"][epoch]));
                const double wanted = one.at("rates")[epoch].get<double>();
                QVERIFY2(std::abs(0.1 * state.scale - wanted) <= rounding * wanted, qPrintable(QString::number(epoch)));
                QVERIFY(PlateauState::fromParts(state.parts()) == state); // as through a checkpoint, at every epoch
            }
        }
        QVERIFY(PlateauState::fromParts({{"another.part", 3.0}}) == PlateauState{});
    }

    void everyScheduleButOneCycleWarmsUpToThePeak()
    {
        for (const Choice& choice : findParameter(trainingSchema(), "schedule")->choices) {
            const Schedule schedule = scheduleOf({{"schedule", choice.id}, {"warmupEpochs", 2.0}, {"learningRate", 0.3}}, 5);
            if (choice.id == "one-cycle")
                continue;
            QVERIFY2(learningRateAt(schedule, 9) == 0.3 && learningRateAt(schedule, 10) == 0.3, choice.id.c_str());
            QVERIFY2(std::abs(learningRateAt(schedule, 0) - 0.03) < rounding, choice.id.c_str());
        }
    }

    void epochsOfARecipeBecomeSteps()
    {
        const Schedule multi = scheduleOf({{"schedule", std::string{"multi-step"}}, {"milestones", std::string{"1, 3,4"}}}, 7);
        QCOMPARE(multi.milestones, (std::vector<std::int64_t>{7, 21, 28}));
        const Schedule exponential = scheduleOf({{"schedule", std::string{"exponential"}}, {"epochFactor", 0.5}, {"learningRate", 1.0}}, 7);
        QCOMPARE(learningRateAt(exponential, 14), 0.25);
        const Schedule restarts = scheduleOf({{"schedule", std::string{"cosine-restarts"}}, {"restartEpochs", std::int64_t{2}}, {"learningRate", 1.0}}, 7);
        QCOMPARE(learningRateAt(restarts, 14), 1.0);
        QCOMPARE(learningRateAt(restarts, 42), 1.0);
        QVERIFY(learningRateAt(restarts, 41) < 0.01);
    }

    void milestonesThatAreNoneAreRefused_data()
    {
        QTest::addColumn<QString>("written");
        for (const char* written : {"", ",", "30,", "30,,60", "30 60", "60, 30", "30, 30", "0", "-1", "1e3", "a", "100001", "99999999999999999999"})
            QTest::addRow("\"%s\"", written) << QString{written};
    }
    void milestonesThatAreNoneAreRefused()
    {
        QFETCH(QString, written);
        Recipe recipe;
        recipe.training = {{"milestones", written.toStdString()}};
        const Problems problems = validate(recipe);
        QVERIFY(std::any_of(problems.begin(), problems.end(), [](const Problem& problem) { return problem.path == "training.milestones"; }));
    }

    void aListOfMilestonesIsRead()
    {
        QCOMPARE(*milestonesFrom(" 30, 60,90 "), (std::vector<std::int64_t>{30, 60, 90}));
        QCOMPARE(*milestonesFrom("5"), std::vector<std::int64_t>{5});
    }
};

QTEST_GUILESS_MAIN(TestSchedules)
#include "tst_schedules.moc"
