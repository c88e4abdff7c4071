// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/series_season.h"
#include "engine/core/data/time_text.h"
#include "engine/core/metrics/forecast.h"
#include "engine/core/recipe/catalog.h"
#include "engine/core/task/forecasting.h"

#include <QFile>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <set>

using namespace descent;

namespace {

std::shared_ptr<Dataset> datasetOf(Series series)
{
    auto dataset = std::make_shared<Dataset>();
    dataset->train.inputs = std::move(series);
    return dataset;
}

/// Hours that count upwards, two columns.
Series counting(std::int64_t count)
{
    Series series{.count = count, .names = {"a", "b"}};
    for (std::int64_t step = 0; step < count; ++step) {
        series.values.push_back(static_cast<float>(step));
        series.values.push_back(static_cast<float>(std::sin(static_cast<double>(step) * 0.7)));
        series.seconds.push_back(step * 3600);
    }
    return series;
}

Parameters task(std::int64_t inputLength, std::int64_t horizon, Parameters more = {})
{
    more["inputLength"] = inputLength;
    more["horizon"] = horizon;
    return more;
}

const ForecastPreparation& of(const PreparedData& data)
{
    return dynamic_cast<const ForecastPreparation&>(*data.task);
}

const std::vector<float>& inputsOf(const PreparedData& data)
{
    return *std::get<SampleArray::Floats>(data.train.inputs.front().values);
}

const std::vector<float>& targetsOf(const PreparedData& data)
{
    return *std::get<SampleArray::Floats>(data.train.targets.values);
}

bool alike(const std::vector<float>& left, const std::vector<float>& right, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        if (left[i] != right[i] && !(std::isnan(left[i]) && std::isnan(right[i])))
            return false;
    return true;
}

}

class TestForecasting : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void thePublishedProtocolCanBeWrittenDown()
    {
        const QString path = SHARED_DATA_DIR "/series/ETTh1.csv";
        if (!QFile::exists(path))
            QSKIP("the shared data folder is not here");
        Result<Dataset> dataset = findDatasetKind("series")->load({{"path", path.toStdString()}}, {});
        const Recipe& load = findRecipeTemplate("load")->recipe;
        const auto data = prepareForecasting(std::make_shared<Dataset>(std::move(*dataset.value)), preparationOf(load), {});
        QVERIFY(data.value);
        // 8640 - 336 - 96 + 1, 2880 - 96 + 1 twice: what the authors' loaders say.
        QCOMPARE(data->split.train.size(), 8209U);
        QCOMPARE(data->split.validation.size(), 2785U);
        QCOMPARE(data->split.test.size(), 2785U);
        QCOMPARE(data->split.validation.front(), 8640 - 336);
        QCOMPARE(data->split.test.front(), 11520 - 336);
        QCOMPARE(data->split.test.back() + 336 + 96, 14400);
        // scikit-learn's StandardScaler on the first 8640 rows: column OT.
        QVERIFY(std::abs(of(*data).mean.back() - 17.12826) < 1e-4);
        QVERIFY(std::abs(of(*data).deviation.back() - 9.17649) < 1e-4);
        QCOMPARE(data->brief.inputShape(), (Shape{336, 7}));
        QCOMPARE(data->brief.outputs, 7);
    }

    void noStepIsForecastInTwoParts_data()
    {
        QTest::addColumn<int>("inputLength");
        QTest::addColumn<int>("horizon");
        QTest::addColumn<double>("validation");
        QTest::addColumn<double>("test");
        QTest::newRow("usual") << 24 << 6 << 0.2 << 0.2;
        QTest::newRow("one step ahead") << 1 << 1 << 0.1 << 0.1;
        QTest::newRow("looks back further than a part is long") << 90 << 10 << 0.1 << 0.1;
        QTest::newRow("without test") << 24 << 24 << 0.3 << 0.0;
    }
    void noStepIsForecastInTwoParts()
    {
        QFETCH(int, inputLength);
        QFETCH(int, horizon);
        QFETCH(double, validation);
        QFETCH(double, test);
        const auto data = prepareForecasting(datasetOf(counting(300)), {.split = {{"validation", validation}, {"test", test}}, .task = task(inputLength, horizon)}, {});
        QVERIFY(data.value);
        const SeriesParts& parts = of(*data).parts;
        QCOMPARE(data->split.test.empty(), test == 0);
        std::set<std::int64_t> learnt;
        for (const std::int64_t window : data->split.train) {
            QVERIFY(window >= 0 && window + inputLength + horizon <= parts.trainEnd);
            for (std::int64_t ahead = 0; ahead < horizon; ++ahead)
                learnt.insert(window + inputLength + ahead);
        }
        std::set<std::int64_t> validated;
        for (const std::int64_t window : data->split.validation)
            for (std::int64_t step = window + inputLength; step < window + inputLength + horizon; ++step) {
                QVERIFY(!learnt.contains(step) && step >= parts.trainEnd && step < parts.validationEnd);
                validated.insert(step);
            }
        QCOMPARE(static_cast<std::int64_t>(validated.size()), parts.validationEnd - parts.trainEnd); // every step is asked for
        for (const std::int64_t window : data->split.test)
            for (std::int64_t step = window + inputLength; step < window + inputLength + horizon; ++step)
                QVERIFY(!learnt.contains(step) && !validated.contains(step) && step < parts.testEnd);
    }

    void whatIsMeasuredComesFromTheStepsToLearnFromAlone()
    {
        const PreparationSettings settings{.split = {{"validation", 0.2}, {"test", 0.2}}, .task = task(24, 6)};
        Series series = counting(300);
        const auto before = prepareForecasting(datasetOf(series), settings, {});
        const auto end = static_cast<std::size_t>(of(*before).parts.trainEnd);
        for (std::size_t i = end * 2; i < series.values.size(); ++i)
            series.values[i] = 1e6F;
        const auto after = prepareForecasting(datasetOf(series), settings, {});
        QCOMPARE(of(*after).mean, of(*before).mean);
        QCOMPARE(of(*after).deviation, of(*before).deviation);
        QCOMPARE(of(*after).naiveError, of(*before).naiveError);
        QCOMPARE(of(*after).season, of(*before).season);
        QVERIFY(alike(inputsOf(*after), inputsOf(*before), end * 2));
    }

    void missingInputsAreFilledFromThePastAlone()
    {
        Series series = counting(300);
        for (const std::size_t step : {0U, 1U, 50U, 51U, 52U, 299U})
            series.values[step * 2] = NAN;
        const auto data = prepareForecasting(datasetOf(series), {.task = task(10, 5)}, {});
        QVERIFY(data.value);
        const std::vector<float>& inputs = inputsOf(*data);
        QVERIFY(std::all_of(inputs.begin(), inputs.end(), [](float x) { return std::isfinite(x); }));
        QCOMPARE(inputs[0], 0.0F); // nothing came before: the mean
        QCOMPARE(inputs[52 * 2], inputs[49 * 2]);
        QVERIFY(inputs[53 * 2] != inputs[49 * 2]);
        QVERIFY(std::isnan(targetsOf(*data)[52 * 2]));
        QVERIFY(of(*data).hasMissingTargets);
        // What comes later changes nothing of what was filled before; the steps to learn from are the same.
        for (std::size_t i = 280 * 2; i < series.values.size(); ++i)
            series.values[i] = 1234;
        QVERIFY(alike(inputsOf(*prepareForecasting(datasetOf(series), {.task = task(10, 5)}, {})), inputs, 280 * 2));
    }

    void windowsWithNothingToForecastAreLeftOut()
    {
        Series series = counting(200);
        for (std::size_t step = 60; step < 70; ++step)
            series.values[step * 2] = series.values[step * 2 + 1] = NAN;
        const auto data = prepareForecasting(datasetOf(series), {.task = task(10, 4)}, {});
        for (std::int64_t first = 60; first + 4 <= 70; ++first)
            QVERIFY(std::find(data->split.train.begin(), data->split.train.end(), first - 10) == data->split.train.end());
        QVERIFY(std::find(data->split.train.begin(), data->split.train.end(), 59 - 10) != data->split.train.end());
    }

    void windowsAreViewsOfOneArray()
    {
        const auto data = prepareForecasting(datasetOf(counting(300)), {.task = task(100, 20)}, {});
        QCOMPARE(inputsOf(*data).size(), 600U);
        QCOMPARE(data->train.inputs.front().windowStart, std::optional<std::int64_t>{0});
        QCOMPARE(data->train.targets.windowStart, std::optional<std::int64_t>{100});
    }

    void chosenColumnsComeFirstAndTheOthersAreRead()
    {
        const auto data = prepareForecasting(datasetOf(counting(300)), {.task = task(10, 5, {{"columns", std::string{" b "}}})}, {});
        QVERIFY(data.value);
        QCOMPARE(of(*data).columns, (std::vector<std::size_t>{1, 0}));
        QCOMPARE(data->brief.outputs, 1);
        QCOMPARE(data->brief.inputShape(), (Shape{10, 2}));
        QCOMPARE(targetsOf(*data).size(), 300U);
        const auto wrong = forecastingBrief(*datasetOf(counting(300)), {.task = task(10, 5, {{"columns", std::string{"a, c"}}})});
        QVERIFY(!wrong);
        QCOMPARE(wrong.problems.front().path, std::string{"task.columns"});
    }

    void theTimeCanBeToldBesideTheColumns()
    {
        const auto data = prepareForecasting(datasetOf(counting(300)), {.task = task(10, 5, {{"calendar", true}})}, {});
        QVERIFY(data.value);
        QCOMPARE(data->brief.inputShape(), (Shape{10, 8})); // two columns, day, week and year
        QCOMPARE(data->brief.outputs, 2);
        const auto feature = [&](std::size_t step, std::size_t which) { return inputsOf(*data)[step * 8 + 2 + which]; };
        QVERIFY(std::abs(feature(6, 0) - 1) < 1e-6 && std::abs(feature(30, 0) - 1) < 1e-6); // six in the morning, two days
        QVERIFY(std::abs(feature(0, 2) - feature(168, 2)) < 1e-6 && std::abs(feature(0, 2) - feature(42, 2)) > 0.1);
        Series untimed = counting(300);
        untimed.seconds.clear();
        const auto without = prepareForecasting(datasetOf(untimed), {.task = task(10, 5, {{"calendar", true}})}, {});
        QVERIFY(!without);
        QCOMPARE(without.problems.front().path, std::string{"task.calendar"});
    }

    void partsByCountsLeaveTheRestOut()
    {
        const Parameters counts{{"trainSteps", std::int64_t{100}}, {"validationSteps", std::int64_t{30}}, {"testSteps", std::int64_t{20}}};
        QCOMPARE(*splitSeries(300, {}, counts), (SeriesParts{100, 130, 150}));
        QVERIFY(!splitSeries(149, {}, counts));
        QVERIFY(!splitSeries(300, {}, {{"trainSteps", std::int64_t{100}}}));
        QCOMPARE(*splitSeries(300, {{"validation", 0.1}, {"test", 0.2}}, {}), (SeriesParts{210, 240, 300}));
        QVERIFY(!splitSeries(300, {{"validation", 0.6}, {"test", 0.4}}, {}));
    }

    void theEpochIsAsLongAsItIsSaidToBe()
    {
        const PreparationSettings settings{.split = {{"validation", 0.2}, {"test", 0.2}}, .task = task(20, 5)};
        const auto dataset = datasetOf(counting(300));
        QCOMPARE(findTaskKind("forecasting")->samplesAnEpoch(*dataset, settings),
                 static_cast<std::int64_t>(prepareForecasting(dataset, settings, {})->split.train.size()));
    }

    void windowsThatDoNotFitAreProblems()
    {
        const auto longPast = prepareForecasting(datasetOf(counting(100)), {.task = task(90, 5)}, {});
        QVERIFY(!longPast);
        QCOMPARE(longPast.problems.front().path, std::string{"task.inputLength"});
        const auto longFuture = prepareForecasting(datasetOf(counting(100)), {.task = task(5, 20)}, {});
        QVERIFY(!longFuture);
        QCOMPARE(longFuture.problems.front().path, std::string{"task.horizon"});
        const auto noTest = prepareForecasting(datasetOf(counting(100)), {.split = {{"validation", 0.3}, {"test", 0.05}}, .task = task(5, 20)}, {});
        QVERIFY(noTest.value && noTest.problems.size() == 1);
        QVERIFY(!prepareForecasting(datasetOf(counting(100)), {.task = task(0, 5)}, {}));
    }

    void theScaleOfMaseIsTheSeasonalErrorOfTheStepsToLearnFrom()
    {
        const Series series = counting(300);
        const auto data = prepareForecasting(datasetOf(series), {.task = task(20, 5, {{"season", std::int64_t{9}}})}, {});
        const double expected = seasonalNaiveError(columnOf(series, 1, of(*data).parts.trainEnd), 9);
        QVERIFY(std::abs(of(*data).naiveError[1] * of(*data).deviation[1] - expected) < 1e-9);
    }

    void aColumnThatNeverChangesIsNotBlownUp()
    {
        Series series = counting(300);
        for (std::size_t step = 0; step < 300; ++step)
            series.values[step * 2] = 7;
        const auto data = prepareForecasting(datasetOf(series), {.task = task(20, 5)}, {});
        QCOMPARE(of(*data).deviation[0], 1.0);
        QVERIFY(std::isnan(of(*data).naiveError[0]));
    }
};

QTEST_GUILESS_MAIN(TestForecasting)
#include "tst_forecasting.moc"
