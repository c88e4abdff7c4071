// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/dataset.h"
#include "engine/core/data/event_dates.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>

using namespace descent;

namespace {

const Histories& histories(const Result<Dataset>& dataset)
{
    return std::get<Histories>(dataset->train.inputs);
}

/// "a@0 b@3" : the codes of a person with their days.
std::string told(const Result<Dataset>& dataset, std::size_t person)
{
    std::string all;
    for (const Histories::Event& event : histories(dataset).events[person])
        all += fmt::format("{}{}@{}", all.empty() ? "" : " ", histories(dataset).codes[static_cast<std::size_t>(event.code)], event.day);
    return all;
}

std::vector<std::string> labels(const Result<Dataset>& dataset)
{
    std::vector<std::string> all;
    for (const std::int64_t label : dataset->train.targets.classes)
        all.push_back(dataset->train.targets.classNames[static_cast<std::size_t>(label)]);
    return all;
}

bool hasReason(const Dataset& dataset, std::string_view path, std::string_view part)
{
    return std::any_of(dataset.setAside.begin(), dataset.setAside.end(), [&](const Problem& problem) {
        return problem.path == path && english(problem.message).find(part) != std::string::npos;
    });
}

}

class TestEventRecords : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;

    void write(const char* name, const QByteArray& content)
    {
        QFile file{m_folder->filePath(name)};
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(content) != content.size())
            qFatal("cannot write");
    }
    Result<Dataset> read(const QByteArray& events, Parameters parameters = {})
    {
        write("events.csv", events);
        parameters["path"] = m_folder->filePath("events.csv").toStdString();
        return findDatasetKind("event-records")->load(parameters, {});
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void datesAreReadInTheFormOfTheirColumn_data()
    {
        QTest::addColumn<QByteArray>("cell");
        QTest::addColumn<int>("form");
        QTest::addColumn<double>("day"); // NaN: no date
        const auto row = [](const char* cell, DateForm form, double day) { QTest::newRow(cell) << QByteArray{cell} << static_cast<int>(form) << day; };
        using enum DateForm;
        row("1970-01-02", calendar, 1);
        row("2000-02-29", calendar, 11016);
        row("1900-02-29", calendar, NAN); // no leap year
        row("2020-13-01", calendar, NAN);
        row("2020-04-31", calendar, NAN);
        row("9999-01-01", calendar, NAN);
        row("1970-01-01T12:00", calendar, 0.5);
        row("1970-01-01 18:00:00.000Z", calendar, 0.75);
        row("1970-01-01T00:00:00-06:00", calendar, 0.25);
        row("1970-01-01T25:00", calendar, NAN);
        row("1970-01-01T10", calendar, NAN);
        row("1970-01-01x", calendar, NAN);
        row("1/2/1970", calendar, NAN);
        row("19700103", compact, 2);
        row("19700132", compact, NAN);
        row(" -3.5 ", dayNumber, -3.5);
        row("1e9", dayNumber, NAN);
        row("", dayNumber, NAN);
    }
    void datesAreReadInTheFormOfTheirColumn()
    {
        QFETCH(QByteArray, cell);
        QFETCH(int, form);
        QFETCH(double, day);
        const auto read = parseDay(cell.toStdString(), static_cast<DateForm>(form));
        QCOMPARE(read.has_value(), !std::isnan(day));
        if (read)
            QCOMPARE(*read, day);
    }

    void theFormIsThatOfMostCells()
    {
        DateFormGuess numbers, compact, calendar;
        for (const char* cell : {"17", "20200131", "30"})
            numbers.look(cell);
        for (const char* cell : {"20200131", "20200201", "7", "soon"})
            compact.look(cell);
        for (const char* cell : {"2020-01-31", "", "soon", "4"})
            calendar.look(cell);
        QCOMPARE(numbers.form(), DateForm::dayNumber);
        QCOMPARE(compact.form(), DateForm::compact);
        QCOMPARE(calendar.form(), DateForm::calendar);
    }

    void eventsAreOrderedByTimeAndCountedFromTheFirst()
    {
        const auto dataset = read("patient_id,date,code,value,label\n"
                                  "p1,2020-03-01,b,,1\np1,2020-01-01,a,2.5,1\np2,2021-01-01T06:00,a,,0\np1,2020-03-01,c,,1\np2,2021-01-02T18:00,b,,0\n");
        QVERIFY(dataset.value);
        QCOMPARE(told(dataset, 0), std::string{"a@0 b@60 c@60"}); // of one day: as they stand in the file
        QCOMPARE(told(dataset, 1), std::string{"a@0 b@1.5"});
        QCOMPARE(histories(dataset).people, (std::vector<std::string>{"p1", "p2"}));
        QCOMPARE(histories(dataset).events[0][0].value, 2.5F);
        QVERIFY(std::isnan(histories(dataset).events[0][1].value));
        QCOMPARE(labels(dataset), (std::vector<std::string>{"1", "0"}));
        QCOMPARE(dataset->train.targets.classNames, (std::vector<std::string>{"0", "1"}));
        QCOMPARE(dataset->train.targets.name, std::string{"label"});
        QCOMPARE(dataset->setAsideCount, 0);
    }

    void columnsAreFoundByTheNamesOfTheField_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::newRow("MEDS") << QByteArray{"subject_id,time,code,numeric_value,label"};
        QTest::newRow("capitals") << QByteArray{"Patient_ID,Date,ICD,Result,Outcome"};
        QTest::newRow("tabs") << QByteArray{"pid\tday\tevent\tvalue\ttarget"};
    }
    void columnsAreFoundByTheNamesOfTheField()
    {
        QFETCH(QByteArray, header);
        QByteArray content = header + "\n1,5,a,7,x\n2,6,b,,y\n";
        if (header.contains('\t'))
            content.replace(',', '\t');
        const auto dataset = read(content);
        QVERIFY(dataset.value);
        QCOMPARE(histories(dataset).events[0][0].value, 7.0F);
        QCOMPARE(labels(dataset), (std::vector<std::string>{"x", "y"}));
    }

    void aColumnThatIsNotThereIsAProblemAtItsParameter()
    {
        const auto misspelt = read("who,day,code,label\n1,5,a,x\n2,6,b,y\n", {{"person", std::string{"whom"}}});
        QVERIFY(!misspelt);
        QCOMPARE(misspelt.problems[0].path, std::string{"dataset.person"});
        QVERIFY(english(misspelt.problems[0].hint).find("who") != std::string::npos);
        const auto unnamed = read("who,when,what,label\n1,5,a,x\n2,6,b,y\n");
        QCOMPARE(unnamed.problems.size(), 3U); // all at once
        QVERIFY(read("who,when,what,label\n1,5,a,x\n2,6,b,y\n", {{"person", std::string{"who"}}, {"date", std::string{"when"}}, {"code", std::string{"what"}}}).value);
        const auto unlabelled = read("person,day,code\n1,5,a\n2,6,b\n");
        QCOMPARE(unlabelled.problems.at(0).path, std::string{"dataset.label"});
    }

    void damagedRowsAreSetAsideWithTheirReason()
    {
        const auto dataset = read("person,date,code,value,label\n"
                                  "1,2020-01-01,a,1,x\n"
                                  "1,2020-02-30,a,1,x\n" // 3
                                  "1,,a,1,x\n"           // 4
                                  "1,2020-01-02,,1,x\n"  // 5
                                  "1,2020-01-02,a,high,x\n"
                                  ",2020-01-02,a,1,x\n" // 7
                                  "1,2020-01-02,a\n"
                                  "1,2020-01-03,a,1e300,x\n" // 9
                                  "2,2020-01-05,b,,y\n");
        QVERIFY(dataset.value);
        QCOMPARE(told(dataset, 0), std::string{"a@0"});
        QCOMPARE(dataset->setAsideCount, 7);
        QVERIFY(hasReason(*dataset, "events.csv:3", "2020-02-30"));
        QVERIFY(hasReason(*dataset, "events.csv:4", "date is missing"));
        QVERIFY(hasReason(*dataset, "events.csv:5", "code is missing"));
        QVERIFY(hasReason(*dataset, "events.csv:6", "high"));
        QVERIFY(hasReason(*dataset, "events.csv:7", "no person"));
        QVERIFY(hasReason(*dataset, "events.csv:8", "3 cells"));
        QVERIFY(hasReason(*dataset, "events.csv:9", "1e300"));
    }

    void peopleWhoseLabelIsUncertainAreSetAside()
    {
        const auto dataset = read("person,day,code,label\n1,0,a,x\n1,1,a,y\n2,0,a,\n3,0,a,x\n4,0,b,y\n4,1,b,\n");
        QVERIFY(dataset.value);
        QCOMPARE(histories(dataset).people, (std::vector<std::string>{"3", "4"}));
        QVERIFY(hasReason(*dataset, "person 1", "\"x\" in one row and \"y\" in another"));
        QVERIFY(hasReason(*dataset, "person 2", "no label"));
        QCOMPARE(told(dataset, 1), std::string{"b@0 b@1"});
    }

    void labelsMayStandInAFileBesideTheEvents()
    {
        write("labels.csv", "patient,label\n2,sick\n1,well\n3,well\n,well\n");
        const auto dataset = read("patient,day,code\n1,4,a\n2,5,b\n9,6,a\n");
        QVERIFY(dataset.value);
        QCOMPARE(histories(dataset).people, (std::vector<std::string>{"2", "1"})); // in the order of the labels
        QCOMPARE(labels(dataset), (std::vector<std::string>{"sick", "well"}));
        QVERIFY(hasReason(*dataset, "events.csv:4", "\"9\" is not among those with a label"));
        QVERIFY(hasReason(*dataset, "person 3", "no event is left"));
        QVERIFY(hasReason(*dataset, "labels.csv:5", "no person"));

        write("other.csv", "patient,label\n1,a\n2,b\n");
        const auto other = read("patient,day,code\n1,4,a\n2,5,b\n", {{"labels", m_folder->filePath("other.csv").toStdString()}});
        QCOMPARE(labels(other), (std::vector<std::string>{"a", "b"}));
        const auto absent = read("patient,day,code\n1,4,a\n2,5,b\n", {{"labels", m_folder->filePath("absent.csv").toStdString()}});
        QVERIFY(!absent);
    }

    void theOutcomeAndWhatFollowsItAreNeverSeen()
    {
        const char* events = "person,day,code\n1,0,a\n1,50,b\n1,58,hint\n1,60,stroke\n1,70,c\n2,0,a\n2,55,b\n2,60,c\n";
        const auto plain = read(events, {{"outcomeCode", std::string{"stroke"}}});
        QVERIFY(plain.value);
        QCOMPARE(labels(plain), (std::vector<std::string>{"yes", "no"}));
        QCOMPARE(plain->train.targets.name, std::string{"stroke"});
        QCOMPARE(told(plain, 0), std::string{"a@0 b@50 hint@58"});
        QCOMPARE(told(plain, 1), std::string{"a@0 b@55 c@60"});
        const auto& codes = histories(plain).codes;
        QVERIFY(std::find(codes.begin(), codes.end(), "stroke") == codes.end());

        const auto apart = read(events, {{"outcomeCode", std::string{"stroke"}}, {"leaveOut", 5.0}});
        QCOMPARE(told(apart, 0), std::string{"a@0 b@50"});
        QCOMPARE(told(apart, 1), std::string{"a@0 b@55"}); // the same days are missing, counted from the last event
        const auto misspelt = read(events, {{"outcomeCode", std::string{"strok"}}});
        QCOMPARE(misspelt.problems.at(0).path, std::string{"dataset.outcomeCode"});
        QVERIFY(english(misspelt.problems[0].hint).find("stroke") != std::string::npos);
    }

    void aDatedOutcomeCutsTheHistory()
    {
        write("labels.csv", "person,label,outcome_date\n1,dead,2020-03-01\n2,alive,\n3,dead,2020-02-31\n4,dead,2020-01-01\n");
        const auto dataset = read("person,date,code\n1,2020-02-28,a\n1,2020-02-29,b\n1,2020-03-01T00:00,c\n2,2020-04-01,a\n2,2020-05-01,b\n3,2020-01-01,a\n4,2020-01-01,a\n",
                                  {{"leaveOut", 1.0}});
        QVERIFY(dataset.value);
        QCOMPARE(told(dataset, 0), std::string{"a@0"}); // 29 February is within a day of it
        QCOMPARE(told(dataset, 1), std::string{"a@0"});
        QVERIFY(hasReason(*dataset, "person 3", "2020-02-31"));
        QVERIFY(hasReason(*dataset, "person 4", "no event is left"));
    }

    void eventsAfterTheLastDayAreLeftOut()
    {
        const char* events = "person,date,code,label\n1,2020-01-01,a,x\n1,2020-06-30 23:59,b,x\n1,2020-07-01,c,x\n2,2020-01-01,a,y\n";
        QCOMPARE(told(read(events, {{"until", std::string{"2020-06-30"}}}), 0).substr(0, 6), std::string{"a@0 b@"});
        QVERIFY(told(read(events), 0).find("c@182") != std::string::npos);
        QCOMPARE(read(events, {{"until", std::string{"30.6.2020"}}}).problems.at(0).path, std::string{"dataset.until"});
        QCOMPARE(told(read("person,day,code,label\n1,3,a,x\n1,4,b,x\n2,0,a,y\n", {{"until", std::string{"3"}}}), 0), std::string{"a@0"});
    }

    void oneLabelForEveryoneIsAProblem()
    {
        const auto dataset = read("person,day,code,label\n1,0,a,x\n2,0,a,x\n");
        QVERIFY(!dataset);
        QCOMPARE(dataset.problems.at(0).path, std::string{"dataset.label"});
        QByteArray names = "person,day,code,label\n";
        for (int i = 0; i < 150; ++i)
            names += QByteArray::number(i) + ",0,a,name" + QByteArray::number(i) + "\n";
        QCOMPARE(read(names).problems.at(0).path, std::string{"dataset.label"});
    }

    void recordsAreRecognisedByTheirFirstRow()
    {
        write("a.csv", "patient_id,date,code,label\n1,2020-01-01,a,x\n");
        write("b.csv", "id,date,event,value\n1,2020-01-01,a,3\n");
        write("c.csv", "");
        const auto kind = [&](const char* name) { return recognizeSource(m_folder->filePath(name).toStdString())->kind; };
        QCOMPARE(kind("a.csv"), std::string{"event-records"});
        QCOMPARE(kind("b.csv"), std::string{"csv"});
        QCOMPARE(kind("c.csv"), std::string{"csv"});
    }

    void noInputCrashesTheReader()
    {
        Random random{5};
        const QByteArray good = "person,date,code,value,label\n1,2020-01-01,a,1,x\n1,2020-01-02,b,,x\n2,2020-01-05,\"b\",2,y\n";
        for (int turn = 0; turn < 500; ++turn) {
            QByteArray bytes = good;
            for (int edits = 0; edits < 3; ++edits)
                bytes[static_cast<qsizetype>(random.below(static_cast<std::uint64_t>(bytes.size())))] = static_cast<char>(random.below(256));
            const auto dataset = read(bytes);
            QVERIFY(dataset.value || !dataset.problems.empty());
        }
        QVERIFY(!read(""));
        QVERIFY(!read("person,date,code,label\n"));
        QVERIFY(!read(QByteArray(100'000, '\0')));
    }

    void readingIsCancelled()
    {
        std::stop_source source;
        source.request_stop();
        write("events.csv", "person,day,code,label\n1,0,a,x\n2,0,a,y\n");
        QVERIFY_THROWS_EXCEPTION(Cancelled, findDatasetKind("event-records")->load({{"path", m_folder->filePath("events.csv").toStdString()}}, {.stop = source.get_token()}));
    }

    void madeUpPatientsAreTheSameForTheSameSeed()
    {
        const auto make = [](std::int64_t seed) { return findDatasetKind("synthetic-records")->load({{"samples", std::int64_t{300}}, {"seed", seed}}, {}); };
        const auto one = make(1), again = make(1), other = make(2);
        QVERIFY(one.value && again.value && other.value);
        QCOMPARE(one->train.targets.classes, again->train.targets.classes);
        bool same = histories(one).events.size() == histories(again).events.size();
        for (std::size_t i = 0; same && i < histories(one).events.size(); ++i)
            for (std::size_t k = 0; k < histories(one).events[i].size(); ++k) {
                const Histories::Event &a = histories(one).events[i][k], &b = histories(again).events.at(i).at(k);
                same = same && a.day == b.day && a.code == b.code && (a.value == b.value || (std::isnan(a.value) && std::isnan(b.value)));
            }
        QVERIFY(same);
        QVERIFY(one->train.targets.classes != other->train.targets.classes);
    }

    void madeUpPatientsAreRareCasesInOrderOfTime()
    {
        const auto dataset = findDatasetKind("synthetic-records")->load({{"samples", std::int64_t{2000}}, {"share", 0.12}}, {});
        const auto& classes = dataset->train.targets.classes;
        QCOMPARE(std::count(classes.begin(), classes.end(), 1), 240);
        const auto missingValues = [&] {
            std::int64_t measured = 0, missing = 0;
            for (const auto& events : histories(dataset).events)
                for (const auto& event : events)
                    if (histories(dataset).codes[static_cast<std::size_t>(event.code)].starts_with("lab: ")) {
                        ++measured;
                        missing += std::isnan(event.value);
                    }
            return static_cast<double>(missing) / static_cast<double>(measured);
        }();
        QVERIFY2(missingValues > 0.04 && missingValues < 0.06, qPrintable(QString::number(missingValues)));
        for (const auto& events : histories(dataset).events) {
            QCOMPARE(events.front().day, 0.0F);
            QVERIFY(std::is_sorted(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.day < b.day; }));
        }
    }
};

QTEST_APPLESS_MAIN(TestEventRecords)
#include "tst_event_records.moc"
