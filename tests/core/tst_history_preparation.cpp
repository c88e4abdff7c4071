// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/code_groups.h"
#include "engine/core/data/history_preparation.h"
#include "engine/core/data/inspection.h"
#include "engine/core/task/task.h"

#include <QTest>
#include <cmath>

using namespace descent;

namespace {

using Event = Histories::Event;

/// Four people: the last is not in the training part.
Histories few()
{
    Histories histories{.codes = {"a", "lab", "once", "unseen"}, .people = {"1", "2", "3", "4"}};
    histories.events = {{{0, 0, NAN}, {10, 1, 4}, {10, 0, NAN}},
                        {{0, 1, 8}, {364, 2, 5}},
                        {{0, 0, NAN}},
                        {{0, 1, 1e6F}, {5, 3, 2}, {6, 2, 7}, {9, 0, NAN}}};
    return histories;
}

const std::vector<std::int64_t>& ids(const SampleArray& array)
{
    return *std::get<SampleArray::Ids>(array.values);
}

const std::vector<float>& numbers(const SampleArray& array)
{
    return *std::get<SampleArray::Floats>(array.values);
}

}

class TestHistoryPreparation : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void codesThatFewTrainingPeopleHaveAreJoined()
    {
        const Histories histories = few();
        const auto all = fitHistoryPreparation(histories, std::vector<std::int64_t>{0, 1, 2}, 10, 1);
        QCOMPARE(all->idsOf(histories.codes), (std::vector<std::int64_t>{2, 3, 4, HistoryPreparation::rare})); // "unseen" is no training code
        QCOMPARE(all->vocabulary(), 5);
        const auto joined = fitHistoryPreparation(histories, std::vector<std::int64_t>{0, 1, 2}, 10, 2);
        QCOMPARE(joined->idsOf(histories.codes), (std::vector<std::int64_t>{2, 3, 1, 1}));
        QCOMPARE(joined->idsOf({"new", "lab"}), (std::vector<std::int64_t>{1, 3})); // by name: another source counts otherwise
    }

    void valuesAreStandardisedOnTheTrainingPart()
    {
        const Histories histories = few();
        const auto preparation = fitHistoryPreparation(histories, std::vector<std::int64_t>{0, 1, 2}, 4, 2);
        QCOMPARE(preparation->scaleOf[3].mean, 6.0); // of 4 and 8
        QCOMPARE(preparation->scaleOf[3].deviation, 2.0);
        HistoryArrays arrays{*preparation, histories.codes};
        for (const auto& events : histories.events)
            arrays.add(events);
        const PreparedPart part = std::move(arrays).take();
        QCOMPARE(ids(part.inputs[0]), (std::vector<std::int64_t>{2, 3, 2, 0, 3, 1, 0, 0, 2, 0, 0, 0, 3, 1, 1, 2}));
        QCOMPARE(part.inputs[0].lengths, (std::vector<std::int32_t>{3, 2, 1, 4}));
        QCOMPARE(part.inputs[1].lengths, part.inputs[0].lengths);
        QCOMPARE(part.inputs[1].shape, (Shape{4, 4}));
        const auto& values = numbers(part.inputs[1]);
        const auto row = [&](std::size_t step) { return std::vector<float>(values.begin() + static_cast<std::ptrdiff_t>(4 * step), values.begin() + static_cast<std::ptrdiff_t>(4 * step + 4)); };
        const auto log = [](double days) { return static_cast<float>(std::log1p(days) / std::log1p(365.0)); };
        QCOMPARE(row(0), (std::vector<float>{0, log(10), 0, 0}));
        QCOMPARE(row(1), (std::vector<float>{log(10), 0, -1, 1}));
        QCOMPARE(row(4), (std::vector<float>{0, log(364), 1, 1}));
        QCOMPARE(row(5), (std::vector<float>{log(364), 0, 0, 0})); // of a rare code no value is told
        QCOMPARE(row(3), (std::vector<float>{0, 0, 0, 0}));
        QCOMPARE(row(12)[2], 8.0F); // a million is no measurement
    }

    void theNewestEventsAreKept()
    {
        const Histories histories = few();
        const auto preparation = fitHistoryPreparation(histories, std::vector<std::int64_t>{0, 1, 2, 3}, 2, 1);
        HistoryArrays arrays{*preparation, histories.codes};
        arrays.add(histories.events[3]);
        const PreparedPart part = std::move(arrays).take();
        QCOMPARE(ids(part.inputs[0]), preparation->idsOf({"once", "a"}));
        // The gap to an event that was dropped is still told.
        QCOMPARE(numbers(part.inputs[1])[0], static_cast<float>(std::log1p(1.0) / std::log1p(365.0)));
    }

    void theTaskPreparesWhatItsBriefSays()
    {
        auto dataset = std::make_shared<const Dataset>(*findDatasetKind("synthetic-records")->load({{"samples", std::int64_t{200}}}, {}).value);
        const TaskKind& task = *findTaskKind("record-classification");
        QVERIFY(task.fits(*dataset));
        QCOMPARE(task.primaryMetricFor(*dataset), std::string{"average-precision"});
        const PreparationSettings settings{.task = {{"longestHistory", std::int64_t{20}}}};
        const auto brief = task.brief(*dataset, settings);
        const auto data = task.prepare(dataset, settings, {});
        QVERIFY(brief.value && data.value);
        QCOMPARE(data->brief.inputs[0].shape, (Shape{20}));
        QCOMPARE(brief->inputs[0].shape, data->brief.inputs[0].shape);
        QVERIFY(brief->inputs[0].vocabulary >= data->brief.inputs[0].vocabulary);
        QVERIFY(data->brief.inputs[0].padded);
        QCOMPARE(data->train.inputs[0].lengths.size(), 200U);
        QCOMPARE(std::get<SampleArray::Ids>(data->train.targets.values)->size(), 200U);
        // No history is padded to more than the longest there is.
        const auto all = task.prepare(dataset, {.task = {{"longestHistory", std::int64_t{16384}}}}, {});
        QVERIFY(all->brief.inputs[0].shape.front() < 200);
    }

    void theReportCountsEventsAndCodes()
    {
        Dataset dataset;
        dataset.train.inputs = few();
        dataset.train.targets = {.name = "ill", .classNames = {"no", "yes"}, .classes = {0, 1, 0, 1}};
        const DatasetReport report = inspectDataset(dataset);
        QVERIFY(report.inputs == DatasetReport::Inputs::histories);
        QCOMPARE(report.codes.size(), 4U);
        QCOMPARE(report.codes[0].name, std::string{"a"});
        QCOMPARE(report.codes[0].people, 3);
        QCOMPARE(report.codes[0].events, 4);
        QCOMPARE(report.codes[1].name, std::string{"lab"});
        QCOMPARE(report.columns.at(0).maximum, 4.0);
        QCOMPARE(report.columns.at(1).maximum, 364.0);
        QVERIFY(std::any_of(report.samples.begin(), report.samples.end(), [](const auto& sample) { return sample.cells.back() == "day 364: once 5"; }));
    }

    void codesTellTheirGroup_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("group");
        QTest::newRow("prefix") << "lab: HbA1c" << "lab";
        QTest::newRow("MEDS") << "LAB//50912//mg/dL" << "lab";
        QTest::newRow("ICD") << "E11.9" << "E";
        QTest::newRow("small ICD") << "e11.9" << "E";
        QTest::newRow("number") << "250.00" << "";
        QTest::newRow("empty") << "" << "";
        QTest::newRow("colon first") << ":x" << "";
    }
    void codesTellTheirGroup()
    {
        QFETCH(QString, code);
        QFETCH(QString, group);
        QCOMPARE(codeGroup(code.toStdString()), group.toStdString());
    }

    void groupsOfManyCodesComeFirst()
    {
        const CodeGroups groups = codeGroups({"drug: x", "lab: a", "lab: b"});
        QCOMPARE(groups.names, (std::vector<std::string>{"lab", "drug"}));
        QCOMPARE(groups.groupOf, (std::vector<std::int32_t>{1, 0, 0}));
    }
};

QTEST_APPLESS_MAIN(TestHistoryPreparation)
#include "tst_history_preparation.moc"
