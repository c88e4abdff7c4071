// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/csv.h"
#include "engine/core/data/inspection.h"
#include "engine/core/data/preparation.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

using namespace descent;

namespace {

std::vector<std::vector<std::string>> cells(std::string_view text, char separator = ',')
{
    const auto rows = parseCsv(text, separator);
    std::vector<std::vector<std::string>> all;
    for (const CsvRow& row : rows.value.value_or(std::vector<CsvRow>{}))
        all.push_back(row.cells);
    return all;
}

using Cells = std::vector<std::vector<std::string>>;

std::uint64_t fingerprint(const Split& split)
{
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const auto* part : {&split.train, &split.validation, &split.test})
        for (const std::int64_t row : *part)
            hash = (hash ^ static_cast<std::uint64_t>(row)) * 0x100000001b3u;
    return hash;
}

Dataset classes(std::vector<std::int64_t> labels, std::size_t count)
{
    Dataset dataset;
    Table table{.count = static_cast<std::int64_t>(labels.size())};
    table.columns.push_back({.name = "x", .numbers = std::vector<float>(labels.size())});
    std::iota(table.columns[0].numbers.begin(), table.columns[0].numbers.end(), 0.0F);
    dataset.train.inputs = std::move(table);
    for (std::size_t i = 0; i < count; ++i)
        dataset.train.targets.classNames.push_back(std::to_string(i));
    dataset.train.targets.classes = std::move(labels);
    return dataset;
}

}

class TestTables : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    Result<Dataset> read(const char* content, Parameters parameters = {})
    {
        QFile file{m_folder.filePath("t.csv")};
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate))
            qFatal("cannot write");
        file.write(content);
        file.close();
        parameters["path"] = m_folder.filePath("t.csv").toStdString();
        return findDatasetKind("csv")->load(parameters, {});
    }

private Q_SLOTS:
    void rowsAreThoseOfRfc4180()
    {
        QCOMPARE(cells("a,b\r\n1,2\n"), (Cells{{"a", "b"}, {"1", "2"}}));
        QCOMPARE(cells("\"x,\"\"y\"\"\",\"line\nbreak\"\n"), (Cells{{"x,\"y\"", "line\nbreak"}}));
        QCOMPARE(cells("a,,\n,b,\n"), (Cells{{"a", "", ""}, {"", "b", ""}}));
        QCOMPARE(cells("\xEF\xBB\xBFname\n1"), (Cells{{"name"}, {"1"}}));
        QCOMPARE(cells("1,2\n\n\n3,4"), (Cells{{"1", "2"}, {"3", "4"}}));
        QCOMPARE(cells("\"\"\n"), (Cells{{""}}));
        QCOMPARE(parseCsv("a\n\"b\nc\"\nd\n", ',')->at(2).line, 4);
    }

    void aQuoteLeftOpenCostsItsRowAlone()
    {
        const auto rows = parseCsv("a,b\n1,\"2\n3,4\n5,6\n", ',');
        QVERIFY(rows.value);
        QCOMPARE(rows->size(), std::size_t{3});
        QCOMPARE(rows->at(1).cells, (std::vector<std::string>{"3", "4"}));
        QCOMPARE(rows->at(1).line, 3);
        QCOMPARE(rows.problems.size(), std::size_t{1});
        QCOMPARE(rows.problems.front().path, std::string{"2"});

        const auto dataset = read("a,b,t\n1,2,x\n3,\"4,y\n5,6,y\n7,8,x\n");
        QVERIFY(dataset.value);
        QCOMPARE(dataset->train.count(), 3);
        QCOMPARE(dataset->setAside.front().path, std::string{"t.csv:3"});
        QVERIFY(english(dataset->setAside.front()).find("never closed") != std::string::npos);
    }

    void aTargetThatIsNoNumberCostsItsRowAlone()
    {
        const auto dataset = read("a,t\n1,0.5\n2,much\n3,7.5\n4,1.5\n", {{"targetType", std::string{"number"}}});
        QVERIFY(dataset.value);
        QCOMPARE(dataset->train.count(), 3);
        QCOMPARE(dataset->setAsideCount, 1);
        QCOMPARE(dataset->setAside.front().path, std::string{"t.csv:3"});
        const auto none = read("a,t\n1,x\n2,y\n", {{"targetType", std::string{"number"}}});
        QVERIFY(!none.value && !none.problems.empty());
    }

    void limitsAreKept()
    {
        QVERIFY(!parseCsv("a,b,c,d\n", ',', {.columns = 3}));
        QVERIFY(!parseCsv("1\n2\n3\n", ',', {.rows = 2}));
        QVERIFY(!parseCsv("abcdef\n", ',', {.cellBytes = 3}));
    }

    void separatorsAreGuessed()
    {
        QCOMPARE(guessSeparator("a;b;c\n1,5;2;3\n4,5;6;7\n"), ';');
        QCOMPARE(guessSeparator("a\tb\n1\t2\n"), '\t');
        QCOMPARE(guessSeparator("a,b\n1,2\n"), ',');
    }

    void numbersAreReadAsPeopleWriteThem()
    {
        QCOMPARE(*parseNumber(" +1.5e3 "), 1500.0);
        QVERIFY(!parseNumber("1,5") && !parseNumber("abc") && !parseNumber("inf") && !parseNumber("") && !parseNumber("1 2"));
        QVERIFY(parseNumber("-3e38") && !parseNumber("1e39") && !parseNumber("-1e39")); // kept as float
        QVERIFY(isMissing("?") && isMissing("NaN") && isMissing(" ") && isMissing("n/a") && !isMissing("0"));
    }

    void singleQuotesAroundAWholeColumnAreNoPartOfIt()
    {
        const auto dataset = read("x,name,label\n'1.5',O'Neil','-1'\n?,'b','1'\n'3','c','-1'\n'4','d','1'\n'5','e','1'\n");
        QVERIFY(dataset.value);
        const auto& table = std::get<Table>(dataset->train.inputs);
        QVERIFY(!table.columns[0].categorical);
        QCOMPARE(table.columns[0].numbers[0], 1.5F);
        QCOMPARE(table.columns[1].categories[1], std::string{"'b'"}); // not all of them are quoted
        QCOMPARE(dataset->train.targets.classNames, (std::vector<std::string>{"-1", "1"}));
    }

    void typesHeaderAndTargetAreFound()
    {
        const auto dataset = read("age,colour,label\n30,red,yes\n?,blue,no\n41,red,yes\n29,,no\n");
        QVERIFY(dataset.value);
        const auto& table = std::get<Table>(dataset->train.inputs);
        QCOMPARE(table.columns.size(), 2U);
        QVERIFY(!table.columns[0].categorical && table.columns[1].categorical);
        QVERIFY(std::isnan(table.columns[0].numbers[1]));
        QCOMPARE(table.columns[1].codes[3], -1);
        QCOMPARE(dataset->train.targets.classNames, (std::vector<std::string>{"no", "yes"}));
        QCOMPARE(dataset->train.targets.name, std::string{"label"});
    }

    void aTableWithoutNamesIsReadFromItsFirstRow()
    {
        const auto dataset = read("5.1,3.5,setosa\n4.9,3.0,setosa\n6.2,2.9,virginica\n");
        QCOMPARE(dataset->train.count(), 3);
    }

    void theTargetIsChosenByNameOrNumber()
    {
        const char* table = "a,b,c\n1,2,x\n3,4,y\n5,6,x\n";
        QCOMPARE(read(table, {{"target", std::string{"a"}}})->train.targets.name, std::string{"a"});
        QCOMPARE(read(table, {{"target", std::string{"2"}}})->train.targets.name, std::string{"b"});
        const auto wrong = read(table, {{"target", std::string{"d"}}});
        QVERIFY(!wrong);
        QCOMPARE(wrong.problems.front().path, std::string{"dataset.target"});
    }

    void raggedRowsAndRowsWithoutTargetAreSetAside()
    {
        const auto dataset = read("a,b,t\n1,2,x\n3,4\n5,6,y\n7,8,?\n9,10,x\n");
        QVERIFY(dataset.value);
        QCOMPARE(dataset->train.count(), 3);
        QCOMPARE(dataset->setAsideCount, 2);
        QCOMPARE(dataset->setAside.front().path, std::string{"t.csv:3"});
    }

    void numbersToPredictAreNoClasses()
    {
        QVERIFY(!read("a,t\n1,0.5\n2,1.25\n3,7.5\n")->train.targets.areClasses());
        const char* grades = "a,t\n1,3\n2,4\n3,3\n4,4\n5,5\n6,5\n";
        QVERIFY(read(grades)->train.targets.areClasses());
        QVERIFY(!read(grades, {{"targetType", std::string{"number"}}})->train.targets.areClasses());
    }

    void randomTextIsNeverMoreThanAProblem()
    {
        Random random{3};
        const std::string alphabet = "ab,;\"\n\r\t1.5?e-\xEF\xBB\xBF";
        for (int round = 0; round < 3000; ++round) {
            std::string content;
            for (std::uint64_t i = random.below(200); i > 0; --i)
                content += alphabet[random.below(alphabet.size())];
            guessSeparator(content);
            const auto rows = parseCsv(content, ',');
            QVERIFY(rows.value || !rows.problems.empty());
            const auto dataset = round % 10 == 0 ? read(content.c_str()) : Result<Dataset>{std::nullopt, {{}}};
            QVERIFY(dataset.value || !dataset.problems.empty());
        }
    }

    void aSplitTakesEverySampleOnce()
    {
        std::vector<std::int64_t> labels;
        for (int i = 0; i < 1000; ++i)
            labels.push_back(i % 7 == 0 ? 1 : 0);
        const Dataset dataset = classes(labels, 2);
        const auto split = splitDataset(dataset, {{"validation", 0.2}, {"test", 0.1}}, 1);
        std::set<std::int64_t> seen;
        for (const auto* part : {&split->train, &split->validation, &split->test})
            seen.insert(part->begin(), part->end());
        QCOMPARE(seen.size(), 1000U);
        QCOMPARE(split->train.size() + split->validation.size() + split->test.size(), 1000U);
        QVERIFY(std::abs(static_cast<int>(split->validation.size()) - 200) <= 2);
        // Every class keeps its share.
        const auto rare = std::count_if(split->validation.begin(), split->validation.end(), [](std::int64_t row) { return row % 7 == 0; });
        QVERIFY2(std::abs(rare - 200 / 7.0) <= 2, qPrintable(QString::number(rare)));
    }

    void aSplitIsTheSameOnEveryMachine()
    {
        std::vector<std::int64_t> labels;
        for (int i = 0; i < 500; ++i)
            labels.push_back(i % 3);
        const Dataset dataset = classes(labels, 3);
        const auto first = splitDataset(dataset, {}, 1), again = splitDataset(dataset, {}, 1), other = splitDataset(dataset, {}, 2);
        QCOMPARE(fingerprint(*first), fingerprint(*again));
        QVERIFY(fingerprint(*first) != fingerprint(*other));
        // Written down once: another value is another split for the same recipe, and breaks every run that is repeated.
        QCOMPARE(fingerprint(*first), std::uint64_t{12855906537953307293u});
    }

    void tooFewSamplesAreSaidToBe()
    {
        QVERIFY(!splitDataset(classes({0, 1}, 2), {}, 1));
        QVERIFY(!splitDataset(classes(std::vector<std::int64_t>(100, 0), 1), {{"validation", 0.6}, {"test", 0.5}}, 1));
    }

    void fewOfEachClassAreDrawnBySeedAndMoreHoldThem()
    {
        std::vector<std::int64_t> labels;
        for (int i = 0; i < 300; ++i)
            labels.push_back(i % 3);
        const Dataset dataset = classes(labels, 3);
        const auto all = splitDataset(dataset, {}, 1), five = splitDataset(dataset, {{"perClass", std::int64_t{5}}}, 1),
                   nine = splitDataset(dataset, {{"perClass", std::int64_t{9}}}, 1), other = splitDataset(dataset, {{"perClass", std::int64_t{5}}}, 2);
        std::array<int, 3> counts{};
        for (const std::int64_t row : five->train)
            ++counts[static_cast<std::size_t>(labels[static_cast<std::size_t>(row)])];
        QCOMPARE(counts, (std::array{5, 5, 5}));
        QVERIFY(std::includes(nine->train.begin(), nine->train.end(), five->train.begin(), five->train.end()));
        QVERIFY(five->train != other->train);
        QCOMPARE(five->validation, all->validation); // what is left aside judges nothing
        QCOMPARE(five->test, all->test);
        QCOMPARE(splitDataset(dataset, {{"perClass", std::int64_t{1000}}}, 1)->train, all->train);
    }

    void preparingMeasuresTheTrainingPartAlone()
    {
        Table table{.count = 6};
        table.columns.push_back({.name = "x", .numbers = {1, 3, NAN, 5, 1000, 7}});
        table.columns.push_back({.name = "c", .categorical = true, .codes = {0, 1, -1, 0, 2, 1}, .categories = {"a", "b", "new"}});
        const std::vector<std::int64_t> train{0, 1, 2, 3};
        const TablePreparation preparation = fitTablePreparation(table, train, {});
        QCOMPARE(preparation.columns[0].fill, 3.0);   // the median of 1, 3, 5
        QCOMPARE(preparation.columns[0].mean, 3.0);
        QCOMPARE(preparation.columns[1].categories, (std::vector<std::string>{"a", "b"}));
        const FeatureMatrix matrix = applyTablePreparation(preparation, table);
        QCOMPARE(matrix.features, 3);
        QCOMPARE(matrix.names, (std::vector<std::string>{"x", "c=a", "c=b"}));
        QCOMPARE(matrix.values[2 * 3], 0.0F);         // the gap, filled with the mean's place
        QCOMPARE(matrix.values[2 * 3 + 1] + matrix.values[2 * 3 + 2], 0.0F);   // missing: no category
        QCOMPARE(matrix.values[4 * 3 + 1] + matrix.values[4 * 3 + 2], 0.0F);   // unseen: no category
        double sum = 0, squares = 0;
        for (const std::int64_t row : train) {
            sum += matrix.values[static_cast<std::size_t>(row * 3)];
            squares += std::pow(matrix.values[static_cast<std::size_t>(row * 3)], 2);
        }
        QVERIFY(std::abs(sum) < 1e-6 && std::abs(squares / 4 - 1) < 1e-6);
    }

    void aConstantColumnBecomesZeros()
    {
        Table table{.count = 3};
        table.columns.push_back({.name = "x", .numbers = {7, 7, 7}});
        for (const float value : applyTablePreparation(fitTablePreparation(table, {0, 1, 2}, {}), table).values)
            QCOMPARE(value, 0.0F);
    }

    void channelStatisticsAreThoseOfThePixels()
    {
        const PictureArray pictures{.count = 2, .channels = 1, .height = 1, .width = 2, .pixels = {0, 255, 255, 255}};
        const ChannelStatistics first = channelStatistics(pictures, {0});
        QVERIFY(std::abs(first.mean[0] - 0.5) < 1e-12 && std::abs(first.deviation[0] - 0.5) < 1e-12);
        QCOMPARE(channelStatistics(pictures, {1}).deviation[0], 1.0);   // constant: left alone
    }

    void inspectionCountsAndWarns()
    {
        const auto dataset = read("a,b,t\n1,5,x\n2,5,x\n?,5,x\n4,5,y\n5,5,x\n6,5,x\n");
        const DatasetReport report = inspectDataset(*dataset);
        QCOMPARE(report.classCounts, (std::vector<std::int64_t>{5, 1}));
        QCOMPARE(report.columns[0].missing, 1);
        QCOMPARE(report.columns[0].maximum, 6.0);
        QString words;
        for (const Problem& problem : report.problems)
            words += QString::fromStdString(english(problem)) + '\n';
        QVERIFY2(words.contains("\"b\" is the same in every row"), qPrintable(words));
        QVERIFY(words.contains("class \"y\" has only 1 samples"));
    }
};

QTEST_GUILESS_MAIN(TestTables)
#include "tst_tables.moc"
