// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/dataset.h"
#include "engine/core/data/series_season.h"
#include "engine/core/data/time_grid.h"
#include "engine/core/data/time_text.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>

using namespace descent;

namespace {

constexpr std::int64_t day = 86'400;

std::string source(const Problems& problems)
{
    std::string all;
    for (const Problem& problem : problems)
        all += english(problem) + "\n";
    return all;
}

std::vector<std::string> written(const Series& series)
{
    std::vector<std::string> times;
    for (const std::int64_t seconds : series.seconds)
        times.push_back(writtenTime(seconds));
    return times;
}

}

class TestSeries : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    Result<Dataset> read(const std::string& content, Parameters parameters = {})
    {
        QFile file{m_folder.filePath("s.csv")};
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate))
            qFatal("cannot write");
        file.write(QByteArray::fromStdString(content));
        file.close();
        parameters["path"] = m_folder.filePath("s.csv").toStdString();
        return findDatasetKind("series")->load(parameters, {});
    }
    static Series seriesOf(const Result<Dataset>& dataset)
    {
        if (!dataset)
            qFatal("no series: %s", source(dataset.problems).c_str());
        return std::get<Series>(dataset->train.inputs);
    }

private Q_SLOTS:
    void timesAreReadAsPeopleWriteThem_data()
    {
        QTest::addColumn<QString>("cell");
        QTest::addColumn<int>("format");
        QTest::addColumn<QString>("time");
        const auto row = [](const char* cell, TimeFormat format, const char* time) {
            QTest::newRow(cell) << cell << static_cast<int>(format) << time;
        };
        row("2016-07-01", TimeFormat::iso, "2016-07-01 00:00");
        row("2016/7/1 13:05", TimeFormat::iso, "2016-07-01 13:05");
        row("2016-07-01T13:05:09.25Z", TimeFormat::iso, "2016-07-01 13:05:09");
        row("2016-07-01 01:00+02:00", TimeFormat::iso, "2016-06-30 23:00");
        row("2016-07-01 01:00:00 -0530", TimeFormat::iso, "2016-07-01 06:30");
        row("1949-01", TimeFormat::iso, "1949-01-01 00:00");
        row("1904-02-29", TimeFormat::iso, "1904-02-29 00:00");
        row("16.12.2006", TimeFormat::dayFirst, "2006-12-16 00:00");
        row("12/16/2006 5:24 PM", TimeFormat::monthFirst, "2006-12-16 17:24");
        row("12/16/2006 12:30 AM", TimeFormat::monthFirst, "2006-12-16 00:30");
        row("1467331200", TimeFormat::unixSeconds, "2016-07-01 00:00");
        row("1467331200.0", TimeFormat::unixSeconds, "2016-07-01 00:00");
        row("1467331200123", TimeFormat::unixMilliseconds, "2016-07-01 00:00");
        row("1700", TimeFormat::year, "1700-01-01 00:00");
    }
    void timesAreReadAsPeopleWriteThem()
    {
        QFETCH(QString, cell);
        QFETCH(int, format);
        QFETCH(QString, time);
        const auto seconds = parseTime(cell.toStdString(), static_cast<TimeFormat>(format));
        QVERIFY(seconds);
        QCOMPARE(QString::fromStdString(writtenTime(*seconds)), time);
    }

    void whatIsNoTimeIsNotRead()
    {
        for (const char* cell : {"", "2016-13-01", "2015-02-29", "2016-07-01 25:00", "2016-07-01x", "2016-07-01 ", "0000-01-01", "1949.12", "12",
                                 "2016-07-01 01:00+99:00", "99999-01-01", "2016-07-01 01:00 13"})
            QVERIFY2(!parseTime(cell, TimeFormat::iso) || std::string{cell} == "2016-07-01 ", cell);
        QVERIFY(!parseTime("16/12/2006", TimeFormat::monthFirst));
        QVERIFY(!parseTime("99999999999999999999", TimeFormat::unixSeconds));
        QVERIFY(!parseTime("-5", TimeFormat::unixSeconds));
    }

    void dayAndMonthAreToldApartByTheWholeColumn()
    {
        QCOMPARE(guessTimeFormat({"01/02/2006", "13/02/2006"}, false)->format, TimeFormat::dayFirst);
        QCOMPARE(guessTimeFormat({"01/02/2006", "01/13/2006"}, false)->format, TimeFormat::monthFirst);
        // Both fit: read as months the second would lie before the first.
        const auto guess = guessTimeFormat({"09/01/2006", "10/01/2006", "11/01/2006", "01/02/2006"}, false);
        QCOMPARE(guess->format, TimeFormat::dayFirst);
        QVERIFY(guess->ambiguous);
        QVERIFY(!guessTimeFormat({"1", "2", "3"}, true) && !guessTimeFormat({"1467331200"}, false));
    }

    void gridsAreFound_data()
    {
        QTest::addColumn<QList<qint64>>("times");
        QTest::addColumn<QString>("step");
        const auto on = [](std::initializer_list<const char*> dates) {
            QList<qint64> times;
            for (const char* date : dates)
                times << *parseTime(date, TimeFormat::iso);
            return times;
        };
        QTest::newRow("hours with a gap") << on({"2020-01-01 00:00", "2020-01-01 01:00", "2020-01-01 02:00", "2020-01-01 09:00"}) << "1 hour";
        QTest::newRow("months") << on({"2020-01", "2020-02", "2020-03", "2020-05"}) << "1 month";
        QTest::newRow("ends of months") << on({"2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30"}) << "1 month";
        QTest::newRow("quarters") << on({"2020-01", "2020-04", "2020-07", "2020-10"}) << "3 months";
        QTest::newRow("years") << on({"1949-06-01", "1950-06-01", "1951-06-01"}) << "1 year";
        QTest::newRow("four weeks are no month") << on({"2020-01-01", "2020-01-29", "2020-02-26", "2020-03-25"}) << "28 days";
        QList<qint64> workdays;
        for (int i = 0; i < 30; ++i)
            if (i % 7 < 5)
                workdays << (4 + i) * day + 3600;
        QTest::newRow("working days") << workdays << "1 working day";
    }
    void gridsAreFound()
    {
        QFETCH(QList<qint64>, times);
        QFETCH(QString, step);
        const auto grid = findTimeGrid({times.begin(), times.end()});
        QVERIFY(grid);
        QCOMPARE(QString::fromStdString(english(writtenStep(*grid))), step);
        for (const qint64 time : times)
            QCOMPARE(grid->secondsAt(grid->nearestStep(time)), time);
        for (int number = -40; number < 40; ++number)
            QCOMPARE(grid->nearestStep(grid->secondsAt(number)), number);
    }

    void timesWithoutEvenStepsHaveNoGrid()
    {
        QVERIFY(!findTimeGrid({0, 10, 11, 25, 99, 140}));
    }

    void columnsOfNumbersBesideTimesAreASeries()
    {
        const Series series = seriesOf(read("date,load,note,oil\n2020-01-01 00:00,1.5,a,2\n2020-01-01 01:00,,b,3\n2020-01-01 02:00,2.5,c,x\n"
                                            "2020-01-01 03:00,1,d,1\n2020-01-01 04:00,1,d,1\n2020-01-01 05:00,1,d,1\n2020-01-01 06:00,1,d,1\n"
                                            "2020-01-01 07:00,1,d,1\n2020-01-01 08:00,1,d,1\n2020-01-01 09:00,1,d,1\n"));
        QCOMPARE(series.names, (std::vector<std::string>{"load", "oil"}));
        QCOMPARE(series.count, 10);
        QCOMPARE(series.values[0], 1.5F);
        QVERIFY(std::isnan(series.values[2]) && std::isnan(series.values[5]));
        QCOMPARE(written(series)[9], std::string{"2020-01-01 09:00"});
    }

    void missingStepsAreGapsAndNotJumps()
    {
        const Series series = seriesOf(read("t,x\n2020-01-01,1\n2020-01-02,2\n2020-01-05,5\n2020-01-06,6\n"));
        QCOMPARE(series.count, 6);
        QCOMPARE(series.values[4], 5.0F);
        QVERIFY(std::isnan(series.values[2]) && std::isnan(series.values[3]));
        QCOMPARE(written(series)[3], std::string{"2020-01-04 00:00"});
    }

    void unsortedRowsAreSortedAndDoubledTimesSetAside()
    {
        const auto dataset = read("t,x\n2020-01-03,3\n2020-01-01,1\n2020-01-02,2\n2020-01-02,7\nsoon,9\n2020-01-04,4\n2020-01-05,5\n2020-01-06,6\n2020-01-07,7\n2020-01-08,8\n2020-01-09,8\n2020-01-10,8\n");
        const Series series = seriesOf(dataset);
        QCOMPARE(series.count, 10);
        QCOMPARE(series.values[1], 2.0F);
        QVERIFY(std::is_sorted(series.seconds.begin(), series.seconds.end()));
        QVERIFY(source(dataset.problems).find("s.csv:3: the rows are not in order of time; they were sorted") != std::string::npos);
        QCOMPARE(dataset->setAsideCount, 2);
        QCOMPARE(dataset->setAside[0].path, std::string{"s.csv:6"});
        QCOMPARE(english(dataset->setAside[1].message), std::string{"its time stands on line 4 already"});
    }

    void oneMistypedYearIsAProblemWithItsLine()
    {
        const auto dataset = read("t,x\n2020-01-01 00:00,1\n2020-01-01 01:00,2\n2020-01-01 02:00,2\n2920-01-01 03:00,3\n");
        QVERIFY(!dataset);
        QCOMPARE(dataset.problems.front().path, std::string{"s.csv:5"});
    }

    void seriesAreReadInTheirManyForms_data()
    {
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("lastTime");
        QTest::newRow("date and time of day side by side, semicolons") << "Date;Time;P\n16/12/2006;17:24:00;4.2\n16/12/2006;17:25:00;5.3\n16/12/2006;17:26:00;?\n" << "2006-12-16 17:26";
        QTest::newRow("decimal commas") << "Date;P\n2006-12-16;4,2\n2006-12-17;5,3\n2006-12-18;?\n" << "2006-12-18 00:00";
        QTest::newRow("blanks") << "# p q\n2006-12-16 17:24   4.2\n2006-12-16 17:25   5.3\n2006-12-16 17:26   nan\n" << "2006-12-16 17:26";
        QTest::newRow("tabs and seconds since 1970") << "timestamp\tp\n1467331200\t4.2\n1467331260\t5.3\n1467331320\t\n" << "2016-07-01 00:02";
        QTest::newRow("times in the last column") << "p,when\n4.2,2006-12-16\n5.3,2006-12-17\n,2006-12-18\n" << "2006-12-18 00:00";
        QTest::newRow("no names") << "2006-12-16,4.2\n2006-12-17,5.3\n2006-12-18,NA\n" << "2006-12-18 00:00";
        QTest::newRow("a byte order mark and Windows line ends") << "\xEF\xBB\xBF" "Date,p\r\n2006-12-16,4.2\r\n2006-12-17,5.3\r\n2006-12-18,\r\n" << "2006-12-18 00:00";
        QTest::newRow("years") << "year,p\n1700,4.2\n1701,5.3\n1702,\n" << "1702-01-01 00:00";
    }
    void seriesAreReadInTheirManyForms()
    {
        QFETCH(QString, content);
        QFETCH(QString, lastTime);
        const Series series = seriesOf(read(content.toStdString()));
        QCOMPARE(series.count, 3);
        QCOMPARE(series.columns(), 1);
        QCOMPARE(series.values[0], 4.2F);
        QCOMPARE(series.values[1], 5.3F);
        QVERIFY(std::isnan(series.values[2]));
        QCOMPARE(QString::fromStdString(written(series).back()), lastTime);
    }

    void whatHoldsNoSeriesIsAProblem_data()
    {
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("time");
        QTest::newRow("empty") << "" << "";
        QTest::newRow("one row") << "t,x\n" << "";
        QTest::newRow("texts") << "a,b\nx,y\nz,w\n" << "";
        QTest::newRow("times alone") << "t\n2020-01-01\n2020-01-02\n" << "";
        QTest::newRow("no such column") << "t,x\n2020-01-01,1\n2020-01-02,2\n" << "when";
        QTest::newRow("a column of no times") << "t,x\n2020-01-01,1.5\n2020-01-02,2.5\n" << "x";
    }
    void whatHoldsNoSeriesIsAProblem()
    {
        QFETCH(QString, content);
        QFETCH(QString, time);
        const auto dataset = read(content.toStdString(), {{"time", time.toStdString()}});
        QVERIFY(!dataset && !dataset.problems.empty());
    }

    void columnsThatOnlyCountRowsAreLeftOut()
    {
        const auto dataset = read(",t,x\n1,2020-01-01,5\n2,2020-01-02,5.5\n3,2020-01-03,5\n");
        QCOMPARE(seriesOf(dataset).names, std::vector<std::string>{"x"});
        QVERIFY(source(dataset.problems).find("only counts the rows") != std::string::npos);
    }

    void readingStopsWhenAsked()
    {
        std::stop_source stop;
        stop.request_stop();
        QFile file{m_folder.filePath("stop.csv")};
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("t,x\n2020-01-01,1\n2020-01-02,2\n");
        file.close();
        QVERIFY_THROWS_EXCEPTION(Cancelled, findDatasetKind("series")->load({{"path", file.fileName().toStdString()}}, {stop.get_token(), {}}));
    }

    void aTableWithTimesAndNumbersIsRecognisedAsASeries_data()
    {
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("kind");
        QTest::newRow("times and numbers") << "t,x\n2020-01-01,1\n2020-01-02,2\n2020-01-03,2\n" << "series";
        QTest::newRow("texts beside the times") << "t,x,who\n2020-01-01,1,a\n2020-01-02,2,b\n2020-01-03,2,c\n" << "csv";
        QTest::newRow("times that run back and forth") << "t,x\n2020-01-01,1\n2019-01-02,2\n2020-01-03,2\n2019-01-03,2\n" << "csv";
        QTest::newRow("no times") << "a,b\n1,2\n3,4\n5,6\n" << "csv";
    }
    void aTableWithTimesAndNumbersIsRecognisedAsASeries()
    {
        QFETCH(QString, content);
        QFETCH(QString, kind);
        QFile file{m_folder.filePath("r.csv")};
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(content.toUtf8());
        file.close();
        QCOMPARE(QString::fromStdString(recognizeSource(file.fileName().toStdString())->kind), kind);
    }

    void publishedSeriesAreReadWhole_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<qint64>("steps");
        QTest::addColumn<qint64>("columns");
        QTest::addColumn<qint64>("missing");
        QTest::addColumn<qint64>("season");
        QTest::newRow("hourly, seven columns") << "ETTh1.csv" << qint64{17420} << qint64{7} << qint64{0} << qint64{24};
        QTest::newRow("no names, no times, no season") << "exchange_rate.txt" << qint64{7588} << qint64{8} << qint64{0} << qint64{0};
        QTest::newRow("months") << "airline-passengers.csv" << qint64{144} << qint64{1} << qint64{0} << qint64{12};
        // The file leaves out the last day of both leap years.
        QTest::newRow("days, two of them missing") << "daily-min-temperatures.csv" << qint64{3652} << qint64{1} << qint64{2} << qint64{365};
    }
    void publishedSeriesAreReadWhole()
    {
        QFETCH(QString, file);
        QFETCH(qint64, steps);
        QFETCH(qint64, columns);
        QFETCH(qint64, missing);
        QFETCH(qint64, season);
        const QString path = SHARED_DATA_DIR "/series/" + file;
        if (!QFile::exists(path))
            QSKIP("the shared data folder is not here");
        const Series series = seriesOf(findDatasetKind("series")->load({{"path", path.toStdString()}}, {}));
        QCOMPARE(series.count, steps);
        QCOMPARE(series.columns(), columns);
        QCOMPARE(std::count_if(series.values.begin(), series.values.end(), [](float x) { return std::isnan(x); }), missing);
        const std::int64_t found = seasonOf(series, series.count);
        QVERIFY2(std::abs(found - season) <= season / 50, std::to_string(found).c_str());
    }

    void theSeasonOfWavesIsFoundThroughNoiseAndGaps()
    {
        const auto waves = findDatasetKind("waves")->load({{"season", std::int64_t{30}}, {"noise", 0.5}, {"missing", 0.2}}, {});
        const Series series = seriesOf(waves);
        const std::int64_t found = seasonOf(series, series.count);
        QVERIFY2(found == 30 || found == 210, std::to_string(found).c_str());
    }

    void noiseHasNoSeason()
    {
        const auto noise = findDatasetKind("waves")->load({{"noise", 10.0}, {"trend", 0.0}}, {});
        QCOMPARE(seasonOf(seriesOf(noise), 2400), 0);
    }

    void wavesAreTheSameOnEveryMachine()
    {
        const Series waves = seriesOf(findDatasetKind("waves")->load({}, {}));
        QCOMPARE(waves.count, 2400);
        QCOMPARE(waves.columns(), 3);
        QCOMPARE(written(waves).front(), std::string{"2024-01-01 00:00"});
        double sum = 0;
        for (const float value : waves.values)
            sum += value;
        QVERIFY2(std::abs(sum - 3048.04) < 0.01, std::to_string(sum).c_str()); // sines may differ in their last digit
        const Series others = seriesOf(findDatasetKind("waves")->load({{"seed", std::int64_t{2}}}, {}));
        QVERIFY(others.values != waves.values);
    }

    void theLaterColumnsFollowTheFirst()
    {
        const Series waves = seriesOf(findDatasetKind("waves")->load({{"noise", 0.05}}, {}));
        const auto distance = [&](std::int64_t lag) {
            double sum = 0;
            for (std::int64_t step = 10; step < waves.count; ++step)
                sum += std::abs(waves.values[static_cast<std::size_t>(step * 3 + 2)] - waves.values[static_cast<std::size_t>((step - lag) * 3)]);
            return sum;
        };
        QVERIFY(distance(6) < 0.6 * distance(0));
    }
};

QTEST_GUILESS_MAIN(TestSeries)
#include "tst_series.moc"
