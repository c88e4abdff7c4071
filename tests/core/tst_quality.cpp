// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/column_profile.h"
#include "engine/core/data/picture_augmentation.h"
#include "engine/core/recipe/catalog.h"

#include <QElapsedTimer>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>

using namespace descent;

namespace {

/// What a person would read, a line a finding.
QString wordsOf(const QualityReport& report)
{
    QString words;
    for (const QualityFinding& finding : report.findings)
        words += QString::fromStdString(english(finding.what)) + '\n';
    return words;
}

const QualityFinding* findingOf(const QualityReport& report, const char* words)
{
    for (const QualityFinding& finding : report.findings)
        if (english(finding.what).find(words) != std::string::npos)
            return &finding;
    return nullptr;
}

}

class TestQuality : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// A table with one of everything that can be wrong, each found, and each fix taking its finding away.
    void whatIsWrongIsFoundAndItsFixMendsIt()
    {
        Dataset dataset{.name = "t"};
        Column age{.name = "age"}, counter{.name = "counter"}, bank{.name = "bank", .categorical = true, .categories = {"ours"}};
        Column leak{.name = "leak"}, twice{.name = "twice"}, tail{.name = "tail"}, gaps{.name = "gaps"};
        Targets targets{.name = "target", .classNames = {"no", "yes"}};
        Random random{3};
        constexpr int count = 600;
        for (int i = 0; i < count; ++i) {
            const int label = static_cast<int>(random.below(2));
            age.numbers.push_back(i % 100 == 0 ? -9000.0F : static_cast<float>(40 + 10 * random.normal()));
            twice.numbers.push_back(2 * age.numbers.back() + 1);
            counter.numbers.push_back(static_cast<float>(i));
            bank.codes.push_back(0);
            leak.numbers.push_back(static_cast<float>(label * 5 + random.uniform()));
            tail.numbers.push_back(static_cast<float>(std::exp(4 * random.normal())));
            gaps.numbers.push_back(label == 1 && random.below(3) > 0 ? NAN : static_cast<float>(random.normal()));
            targets.classes.push_back(label);
        }
        dataset.train.inputs = Table{count, {age, counter, bank, leak, twice, tail, gaps}};
        dataset.train.targets = targets;
        Recipe recipe = findRecipeTemplate("table")->recipe;
        const auto inspect = [&] { return inspectQuality(dataset, preparationOf(recipe), {}); };
        const QualityReport report = inspect();
        QVERIFY(std::is_sorted(report.findings.begin(), report.findings.end(), [](const auto& a, const auto& b) { return a.severity > b.severity; }));
        for (const char* words : {"\"bank\" is the same in every row", "\"leak\" alone gives the target away", "\"counter\" counts the rows", "\"twice\" says the same as \"age\"",
                                  "\"tail\" has a long tail", "values of \"age\" lie far out", "The gaps of \"gaps\" tell something"}) {
            const QualityFinding* finding = findingOf(report, words);
            QVERIFY2(finding, qPrintable(QString{words} + "\n" + wordsOf(report)));
            QVERIFY(!finding->sets.empty());
            Recipe before = recipe;
            for (const auto& [path, value] : finding->sets)
                QVERIFY(setByPath(recipe, path, value).empty());
            QVERIFY2(!findingOf(inspect(), words), words);
            recipe = before;
        }
        QVERIFY(findingOf(report, "gives the target away")->severity == QualityFinding::Severity::serious);
    }

    void numbersWithAFewWordsAmongThemAreNumbers()
    {
        Dataset dataset{.name = "t"};
        Column mixed{.name = "mixed", .categorical = true};
        Targets targets{.name = "target", .classNames = {"no", "yes"}};
        for (int i = 0; i < 100; ++i) {
            mixed.categories.push_back(i == 7 ? "forty" : fmt::format("{}", i / 2));
            mixed.codes.push_back(i);
            targets.classes.push_back(i % 2);
        }
        dataset.train.inputs = Table{100, {mixed}};
        dataset.train.targets = targets;
        Recipe recipe = findRecipeTemplate("table")->recipe;
        QVERIFY(setByPath(recipe, "cleaning.columns.mixed.role", "feature").empty());
        const QualityReport report = inspectQuality(dataset, preparationOf(recipe), {});
        const QualityFinding* finding = findingOf(report, "\"mixed\" is numbers but for 1 cells");
        QVERIFY2(finding && finding->sets.front().second == "number", qPrintable(wordsOf(report)));
        QVERIFY(setByPath(recipe, finding->sets.front().first, "number").empty());
        const ColumnProfile after = inspectQuality(dataset, preparationOf(recipe), {}).columns[0];
        QCOMPARE(after.noNumbers, 1);
        QCOMPARE(after.missing, 1);
    }

    void rowsOnBothSidesOfTheSplitAreSerious()
    {
        const auto dataset = findDatasetKind("synthetic-table")->load({{"samples", std::int64_t{500}}, {"untidy", true}}, {});
        Recipe recipe = findRecipeTemplate("table")->recipe;
        // The customer's number differs: only what is learnt from is compared.
        const QualityReport report = inspectQuality(*dataset, preparationOf(recipe), {});
        QCOMPARE(report.repeats.size(), std::size_t{20});
        const QualityFinding* finding = findingOf(report, "rows to judge by are also learnt from");
        QVERIFY2(finding && finding->severity == QualityFinding::Severity::serious, qPrintable(wordsOf(report)));
        recipe.cleaning = findRecipeTemplate("untidy-loans")->recipe.cleaning;
        const QualityReport mended = inspectQuality(*dataset, preparationOf(recipe), {});
        QVERIFY2(!findingOf(mended, "also learnt from") && !findingOf(mended, "repeated") && !findingOf(mended, "contradict") && !findingOf(mended, "gives the target"), qPrintable(wordsOf(mended)));
        QVERIFY(mended.setAsideCount >= 20);
        QCOMPARE(static_cast<std::int64_t>(std::count(mended.partOf.begin(), mended.partOf.end(), RowPart::none)), mended.setAsideCount);
    }

    void whatAColumnTellsIsMeasuredWithoutChance()
    {
        Random random{1};
        Targets classes{.classNames = {"a", "b"}}, numbers;
        Column same{.name = "same"}, noise{.name = "noise"}, many{.name = "many", .categorical = true};
        for (int i = 0; i < 2000; ++i) {
            const auto label = static_cast<std::int64_t>(random.below(2));
            classes.classes.push_back(label);
            numbers.values.push_back(static_cast<float>(random.normal()));
            same.numbers.push_back(static_cast<float>(label));
            noise.numbers.push_back(static_cast<float>(random.normal()));
            many.categories.push_back(fmt::format("{}", i));
            many.codes.push_back(static_cast<std::int32_t>(random.below(400)));
        }
        const PreparationSettings settings;
        QVERIFY(profileOf(same, classes, settings, nullptr).tells > 0.99);
        QVERIFY(profileOf(noise, classes, settings, nullptr).tells < 0.01);
        QVERIFY(profileOf(noise, numbers, settings, nullptr).tells < 0.01);
        QVERIFY(profileOf({.name = "self", .numbers = numbers.values}, numbers, settings, nullptr).tells > 0.95);
        PreparationSettings asked;
        asked.cleaning.columns["many"] = {{"role", std::string{"feature"}}};
        QVERIFY2(profileOf(many, classes, asked, nullptr).tells < 0.1, "four hundred categories tell nothing by being many");
    }

    void aDriftFromTheTrainingToTheTestPartIsSaid()
    {
        Dataset dataset{.name = "t"};
        Column day{.name = "day"}, x{.name = "x"};
        Targets targets{.name = "target", .classNames = {"no", "yes"}};
        Random random{4};
        for (int i = 0; i < 1000; ++i) {
            day.numbers.push_back(static_cast<float>((i * 37) % 1000));
            x.numbers.push_back(static_cast<float>(day.numbers.back() / 300 + random.normal()));
            targets.classes.push_back(i % 2);
        }
        dataset.train.inputs = Table{1000, {day, x}};
        dataset.train.targets = targets;
        Recipe recipe = findRecipeTemplate("table")->recipe;
        QVERIFY(!findingOf(inspectQuality(dataset, preparationOf(recipe), {}), "\"x\" differs between"));
        QVERIFY(setByPath(recipe, "cleaning.columns.day.role", "order").empty());
        const QualityReport report = inspectQuality(dataset, preparationOf(recipe), {});
        QVERIFY2(findingOf(report, "\"x\" differs between"), qPrintable(wordsOf(report)));
        QVERIFY(report.ordered && report.ruledBy == "day");
        QVERIFY(std::stod(report.train.to) < std::stod(report.validation.from) && std::stod(report.validation.to) < std::stod(report.test.from));
    }

    void augmentationKeepsPicturesInTheMiddleAndMirrors()
    {
        PictureArray one{.count = 1, .channels = 1, .height = 2, .width = 3, .pixels = {1, 2, 3, 4, 5, 6}};
        const ChannelStatistics grey{{0.2}, {1}};
        QCOMPARE(changed(one, {{false, 1, 1}}, 1, grey).pixels, one.pixels);
        QCOMPARE(changed(one, {{true, 1, 1}}, 1, grey).pixels, (std::vector<std::uint8_t>{3, 2, 1, 6, 5, 4}));
        QCOMPARE(changed(one, {{false, 2, 0}}, 1, grey).pixels, (std::vector<std::uint8_t>{51, 4, 5, 51, 51, 51}));
    }

    void cancellingIsHeard()
    {
        const auto dataset = findDatasetKind("synthetic-table")->load({}, {});
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_EXCEPTION_THROWN(inspectQuality(*dataset, {}, {.stop = stop.get_token()}), Cancelled);
    }

    void realTablesAreInspected_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* file : {"iris.csv", "wine.csv", "breast-cancer-wisconsin.csv", "mammography.csv", "housing.csv", "winequality-red.csv"})
            QTest::newRow(file) << file;
    }
    void realTablesAreInspected()
    {
        QFETCH(QString, file);
        const std::string path = std::string{SHARED_DATA_DIR} + "/tabular/" + file.toStdString();
        if (!std::ifstream{path})
            QSKIP("the shared data is not there");
        const auto dataset = findDatasetKind("csv")->load({{"path", path}}, {});
        QVERIFY(dataset.value);
        const QualityReport report = inspectQuality(*dataset, {}, {});
        QVERIFY(report.problems.empty() && report.train.count > 0);
        for (const ColumnProfile& column : report.columns)
            QVERIFY(column.tells >= 0 && column.tells <= 1 && !column.histogram.empty());
        if (file == "mammography.csv")
            QVERIFY2(findingOf(report, "also learnt from") && findingOf(report, "is rare"), qPrintable(wordsOf(report)));
    }
};

QTEST_GUILESS_MAIN(TestQuality)
#include "tst_quality.moc"
