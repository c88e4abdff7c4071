// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/metrics/forecast.h"
#include "engine/core/metrics/season.h"
#include "tests/core/metric_references.h"

#include <QFile>
#include <QTest>
#include <numbers>

using namespace descent;

namespace {

using Values = std::vector<float>;
constexpr float missing = std::numeric_limits<float>::quiet_NaN();

/// Column `column` of a file in ../shared/data/series, whose first line is its header; empty where the file is absent.
Values shared(const char* name, int column)
{
    QFile file{QString{SHARED_DATA_DIR "/series/%1"}.arg(name)};
    if (!file.open(QIODevice::ReadOnly))
        return {};
    Values values;
    for (const QByteArray& line : file.readAll().trimmed().split('\n').mid(1))
        values.push_back(line.split(',').value(column).toFloat());
    return values;
}

/// A wave of `season` steps and height 1, with noise and a trend.
Values wave(int count, double season, double noise, double trend, std::uint64_t seed = 1)
{
    Random random{seed};
    Values values;
    for (int i = 0; i < count; ++i)
        values.push_back(static_cast<float>(std::sin(2 * std::numbers::pi * i / season) + noise * random.normal() + trend * i));
    return values;
}

bool isSame(const Values& a, const Values& b)
{
    return std::ranges::equal(a, b, [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

}

/// tests/core/references/forecast.py says where the reference numbers come from.
class TestForecastMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void figuresAreUtilsforecasts()
    {
        const nlohmann::json all = reference("forecast.json");
        QVERIFY(all["cases"].size() > 10);
        for (const auto& one : all["cases"]) {
            const Values actual = scoresOf(one["actual"], all["unit"]), forecast = scoresOf(one["forecast"], all["unit"]);
            const Values training = scoresOf(one["training"], all["unit"]);
            COMPARE_NEAR(meanSquaredError(actual, forecast), one["mse"]);
            COMPARE_NEAR(meanAbsoluteError(actual, forecast), one["mae"]);
            COMPARE_NEAR(symmetricPercentageError(actual, forecast), one["smape"]);
            COMPARE_NEAR(meanAbsoluteScaledError(actual, forecast, training, one["season"]), one["mase"]);
        }
    }

    void figuresOfAFewStepsAreThoseByHand()
    {
        const Values actual{1, 2, missing, 0}, forecast{3, 2, 9, 0};
        QCOMPARE(meanSquaredError(actual, forecast), 4.0 / 3);
        QCOMPARE(meanAbsoluteError(actual, forecast), 2.0 / 3);
        QCOMPARE(symmetricPercentageError(actual, forecast), 100.0 / 3); // 200 * 2 / 4, 0, and 0 of nothing
        QCOMPARE(symmetricPercentageError(Values{0}, Values{5}), 200.0);
        QCOMPARE(seasonalNaiveError(Values{1, 2, 4, 8}), 7.0 / 3);
        QCOMPARE(seasonalNaiveError(Values{1, 2, 4, 8}, 2), 4.5);
        QCOMPARE(seasonalNaiveError(Values{1, missing, 4, 8}, 2), 3.0);
        QCOMPARE(meanAbsoluteScaledError(Values{5, 6}, Values{4, 4}, Values{1, 4, 1}), 0.5);
    }

    void theNaiveForecastOfTheTrainingSeriesItselfScoresOne()
    {
        const Values series = wave(200, 12, 0.5, 0.01);
        const Values ahead{series.begin() + 12, series.end()}, behind{series.begin(), series.end() - 12};
        COMPARE_NEAR(meanAbsoluteScaledError(ahead, behind, series, 12), 1.0);
    }

    void withoutAScaleNothingIsDefined()
    {
        QVERIFY(std::isnan(meanSquaredError({}, {})) && std::isnan(meanAbsoluteError(Values{missing}, Values{1})));
        QVERIFY(std::isnan(symmetricPercentageError({}, {})));
        QVERIFY(std::isnan(seasonalNaiveError(Values{1, 2}, 2)) && std::isnan(seasonalNaiveError({}, 1)));
        QVERIFY(std::isnan(meanAbsoluteScaledError(Values{1}, Values{2}, Values{7, 7, 7})));
        QVERIFY(std::isnan(meanAbsoluteError(Values{1}, Values{missing})));
    }

    void naiveForecastsRepeatWhatWasKnown()
    {
        QCOMPARE(repeatLast(Values{3, 5, 4}, 3), (Values{4, 4, 4}));
        QCOMPARE(repeatLast(Values{3, 5, missing}, 2), (Values{5, 5}));
        QCOMPARE(seasonalNaive(Values{1, 2, 3, 4, 5}, 3, 7), (Values{3, 4, 5, 3, 4, 5, 3}));
        QCOMPARE(seasonalNaive(Values{1, 2, 3, missing, 5, 6}, 3, 4), (Values{1, 5, 6, 1}));
        QVERIFY(isSame(seasonalNaive(Values{8, 9}, 3, 4), {missing, 8, 9, missing}));
        QVERIFY(isSame(repeatLast({}, 2), {missing, missing}));
        QCOMPARE(repeatLast(Values{1}, 0), Values{});
    }

    void brokenPromisesAreRefused()
    {
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, meanSquaredError(Values{1}, Values{}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, seasonalNaiveError(Values{1}, 0));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, seasonalNaive(Values{1}, 0, 1));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, repeatLast(Values{1}, -1));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, seasonLength(Values{1}, -1));
    }

    void airlinePassengersHaveAYear()
    {
        const Values passengers = shared("airline-passengers.csv", 1);
        if (passengers.empty())
            QSKIP("../shared/data/series is not here");
        QCOMPARE(passengers.size(), std::size_t{144});
        QCOMPARE(seasonLength(passengers), std::int64_t{12});
        QCOMPARE(seasonLength(std::span{passengers}.first(72)), std::int64_t{12});
    }

    void loadOfATransformerHasADay_data()
    {
        QTest::addColumn<int>("column");
        int column = 0;
        for (const char* name : {"HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT"})
            QTest::newRow(name) << ++column;
    }
    void loadOfATransformerHasADay()
    {
        QFETCH(int, column);
        const Values load = shared("ETTh1.csv", column);
        if (load.empty())
            QSKIP("../shared/data/series is not here");
        QCOMPARE(load.size(), std::size_t{17420});
        QCOMPARE(seasonLength(load), std::int64_t{24});
        // The twelve months that papers train on; two of the low loads are then more alike after two days than after one.
        QCOMPARE(seasonLength(std::span{load}.first(8640)), std::int64_t{column == 5 || column == 6 ? 48 : 24});
    }

    void temperaturesHaveAYearOfDaysNearly()
    {
        const Values temperatures = shared("daily-min-temperatures.csv", 1);
        if (temperatures.empty())
            QSKIP("../shared/data/series is not here");
        const std::int64_t season = seasonLength(temperatures);
        QVERIFY2(season > 355 && season < 375, qPrintable(QString::number(season)));
    }

    void exchangeRatesHaveNoSeason()
    {
        for (int column = 0; column < 8; ++column) {
            const Values rates = shared("exchange_rate.txt", column);
            if (rates.empty())
                QSKIP("../shared/data/series is not here");
            QCOMPARE(seasonLength(rates), std::int64_t{1});
        }
    }

    void aDrawnSeasonIsFound_data()
    {
        QTest::addColumn<int>("season");
        QTest::addColumn<double>("noise");
        QTest::addColumn<double>("trend");
        QTest::newRow("a week, clean") << 7 << 0.0 << 0.0;
        QTest::newRow("a year of months, noisy, rising") << 12 << 0.3 << 0.05;
        QTest::newRow("a day of hours, falling") << 24 << 0.1 << -0.02;
        QTest::newRow("two steps") << 2 << 0.05 << 0.0;
    }
    void aDrawnSeasonIsFound()
    {
        QFETCH(int, season);
        QFETCH(double, noise);
        QFETCH(double, trend);
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            Values values = wave(300, season, noise, trend, seed);
            if (season == 2)
                for (std::size_t i = 0; i < values.size(); ++i)
                    values[i] += static_cast<float>(i % 2);
            QCOMPARE(seasonLength(values), static_cast<std::int64_t>(season));
            values[20] = values[21] = values[150] = missing;
            QCOMPARE(seasonLength(values), static_cast<std::int64_t>(season));
        }
    }

    void whatHasNoSeasonHasOne()
    {
        Random random{3};
        Values noise, walk, line, constant(100, 7.0f), unknown(100, missing);
        for (int i = 0; i < 2000; ++i) {
            noise.push_back(static_cast<float>(random.normal()));
            walk.push_back((walk.empty() ? 0 : walk.back()) + noise.back());
            line.push_back(static_cast<float>(0.1 * i));
        }
        for (const Values& values : {noise, walk, line, constant, unknown, Values{}, Values{1}, Values{1, 2, 1, 2}})
            QCOMPARE(seasonLength(values), std::int64_t{1});
        QCOMPARE(seasonLength(wave(300, 24, 0, 0), 20), std::int64_t{1}); // longer than what is looked for
    }

    void aLongSeriesIsNoHindrance()
    {
        const Values values = wave(1'000'000, 48, 0.2, 0);
        QBENCHMARK_ONCE
        {
            QCOMPARE(seasonLength(values), std::int64_t{48});
        }
    }
};

QTEST_GUILESS_MAIN(TestForecastMetrics)
#include "tst_forecast_metrics.moc"
