// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/cleaned_split.h"
#include "engine/core/data/quality.h"
#include "engine/core/data/sample_prints.h"
#include "engine/core/recipe/catalog.h"
#include "tests/core/metric_references.h"

#include <QTest>
#include <algorithm>
#include <numeric>
#include <set>

using namespace descent;

namespace {

using namespace std::string_literals;

Column numbers(std::string name, std::vector<float> values)
{
    return {.name = std::move(name), .numbers = std::move(values)};
}

Column words(std::string name, const std::vector<std::string>& cells)
{
    Column column{.name = std::move(name), .categorical = true};
    for (const std::string& cell : cells) {
        const auto found = std::find(column.categories.begin(), column.categories.end(), cell);
        if (cell.empty()) {
            column.codes.push_back(-1);
            continue;
        }
        column.codes.push_back(static_cast<std::int32_t>(found - column.categories.begin()));
        if (found == column.categories.end())
            column.categories.push_back(cell);
    }
    return column;
}

Dataset tableOf(std::vector<Column> columns, std::vector<std::int64_t> classes)
{
    Dataset dataset{.name = "t"};
    dataset.train.inputs = Table{static_cast<std::int64_t>(classes.size()), std::move(columns)};
    dataset.train.targets = {.name = "target", .classNames = {"no", "yes"}, .classes = std::move(classes)};
    return dataset;
}

/// Settings as `--set` takes them.
PreparationSettings settings(const std::vector<std::pair<std::string, std::string>>& sets)
{
    Recipe recipe = findRecipeTemplate("spirals")->recipe;
    recipe.split.clear();
    for (const auto& [path, value] : sets)
        if (const Problems problems = setByPath(recipe, path, value); !problems.empty())
            qFatal("%s", english(problems.front()).c_str());
    return preparationOf(recipe);
}

std::vector<std::int64_t> firstRows(std::size_t count)
{
    std::vector<std::int64_t> rows(count);
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    return rows;
}

/// Random pictures of 16 x 16 with soft blobs, so that each looks like nothing else.
PictureArray blobs(std::int64_t count, std::uint64_t seed)
{
    PictureArray pictures{.count = count, .channels = 1, .height = 16, .width = 16};
    Random random{seed};
    for (std::int64_t i = 0; i < count; ++i) {
        double x[4], y[4], light[4];
        for (int b = 0; b < 4; ++b) {
            x[b] = random.uniform(0, 16);
            y[b] = random.uniform(0, 16);
            light[b] = random.uniform(60, 200);
        }
        for (int v = 0; v < 16; ++v)
            for (int u = 0; u < 16; ++u) {
                double sum = 10;
                for (int b = 0; b < 4; ++b)
                    sum += light[b] * std::exp(-((u - x[b]) * (u - x[b]) + (v - y[b]) * (v - y[b])) / 12);
                pictures.pixels.push_back(static_cast<std::uint8_t>(std::min(200.0, sum)));
            }
    }
    return pictures;
}

}

class TestCleaning : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void gapsAndScalesAreScikitLearns_data()
    {
        QTest::addColumn<QString>("missing");
        QTest::addColumn<QString>("scaling");
        for (const char* missing : {"mean", "median", "most-frequent"})
            for (const char* scaling : {"standard", "min-max", "robust"})
                QTest::addRow("%s/%s", missing, scaling) << missing << scaling;
    }
    void gapsAndScalesAreScikitLearns()
    {
        QFETCH(QString, missing);
        QFETCH(QString, scaling);
        const nlohmann::json expected = reference("preparation.json");
        std::vector<float> values;
        for (const auto& value : expected["numbers"])
            values.push_back(static_cast<float>(number(value)));
        const Table table{static_cast<std::int64_t>(values.size()), {numbers("x", values)}};
        const PreparationSettings how =
            settings({{"cleaning.columns.x.missing", missing.toStdString()}, {"cleaning.columns.x.scaling", scaling.toStdString()}});
        const TablePreparation fitted = fitTablePreparation(table, firstRows(expected["train"]), how.preprocessing, how.cleaning);
        const FeatureMatrix matrix = applyTablePreparation(fitted, table);
        const auto& of = expected["scaled"][QString{missing + '/' + scaling}.toStdString()];
        QCOMPARE(matrix.values.size(), of.size());
        for (std::size_t i = 0; i < of.size(); ++i)
            COMPARE_NEAR(matrix.values[i], of[i].get<double>(), 1e-6);
    }

    void categoriesAreScikitLearns()
    {
        const nlohmann::json expected = reference("preparation.json");
        std::vector<std::string> cells;
        for (const auto& cell : expected["colours"])
            cells.push_back(cell.is_null() ? std::string{} : cell.get<std::string>());
        const Table table{static_cast<std::int64_t>(cells.size()), {words("c", cells)}};
        PreparationSettings how = settings({{"cleaning.columns.c.missing", "most-frequent"}});
        const TablePreparation oneHot = fitTablePreparation(table, firstRows(expected["train"]), {}, how.cleaning);
        const FeatureMatrix matrix = applyTablePreparation(oneHot, table);
        const std::vector<std::string> theirs = expected["oneHot"]["categories"]; // theirs by the alphabet, ours as they come
        QCOMPARE(static_cast<std::size_t>(matrix.features), theirs.size());
        for (std::size_t feature = 0; feature < theirs.size(); ++feature) {
            const auto ours = std::find(matrix.names.begin(), matrix.names.end(), "c=" + theirs[feature]) - matrix.names.begin();
            for (std::size_t row = 0; row < cells.size(); ++row)
                QCOMPARE(static_cast<double>(matrix.values[row * theirs.size() + static_cast<std::size_t>(ours)]),
                         expected["oneHot"]["values"][row][feature].get<double>());
        }
        how = settings({{"cleaning.columns.c.encoding", "ordinal"}, {"cleaning.columns.c.missing", "most-frequent"}, {"cleaning.columns.c.scaling", "none"}});
        const FeatureMatrix numbered = applyTablePreparation(fitTablePreparation(table, firstRows(expected["train"]), {}, how.cleaning), table);
        for (std::size_t row = 0; row < cells.size(); ++row)
            if (expected["ordinal"][row] >= 0) // what was not in the training part is no place of theirs
                QCOMPARE(static_cast<double>(numbered.values[row]), expected["ordinal"][row].get<double>());
    }

    void nothingIsMeasuredOutsideTheTrainingPart()
    {
        std::vector<std::int64_t> classes;
        Random random{5};
        for (int i = 0; i < 200; ++i)
            classes.push_back(i % 2);
        for (const char* scaling : {"standard", "min-max", "robust", "log"}) {
            std::vector<float> values;
            for (int i = 0; i < 200; ++i)
                values.push_back(i % 9 == 0 ? NAN : static_cast<float>(random.normal()));
            const PreparationSettings how = settings({{"cleaning.columns.x.scaling", scaling}, {"cleaning.columns.x.outliers", "clip"}});
            const auto before = prepareData(std::make_shared<Dataset>(tableOf({numbers("x", values)}, classes)), how);
            for (const std::int64_t row : before->split.test)
                values[static_cast<std::size_t>(row)] = 1e6F;
            for (const std::int64_t row : before->split.validation)
                values[static_cast<std::size_t>(row)] = -1e6F;
            const auto after = prepareData(std::make_shared<Dataset>(tableOf({numbers("x", values)}, classes)), how);
            const auto &one = before->table.columns[0], &other = after->table.columns[0];
            QCOMPARE(other.fill, one.fill);
            QCOMPARE(other.mean, one.mean);
            QCOMPARE(other.deviation, one.deviation);
            QCOMPARE(other.low, one.low);
            QCOMPARE(other.high, one.high);
            QCOMPARE(other.prepared(1e6), one.prepared(one.high)); // drawn in
        }
    }

    void fencesAreTukeys()
    {
        const Column column = numbers("x", {1, 2, 3, 4, 5, 6, 7, 8, 9, 100, NAN});
        const OutlierLimits limits = outlierLimits(column, firstRows(11), settings({{"cleaning.outlierLimit", "1.5"}}).cleaning);
        QCOMPARE(limits.low, 3.25 - 1.5 * 4.5); // numpy.quantile([1, …, 9, 100], [0.25, 0.75]) is 3.25, 7.75
        QCOMPARE(limits.high, 7.75 + 1.5 * 4.5);
        const OutlierLimits byDeviation = outlierLimits(column, firstRows(11), settings({{"cleaning.outlierRule", "z"}}).cleaning);
        QVERIFY(std::abs(byDeviation.high - (5.5 + 3 * 1.4826 * 2.5)) < 1e-9);
        QVERIFY(std::isinf(outlierLimits(numbers("x", {1, 1, 1}), firstRows(3), {}).high));
    }

    void roleAndTypeDecideWhatIsLearntFrom()
    {
        std::vector<std::string> names;
        std::vector<float> kinds;
        std::vector<std::int64_t> classes;
        for (int i = 0; i < 120; ++i) {
            names.push_back(fmt::format("P{}", i));
            kinds.push_back(static_cast<float>(i % 3));
            classes.push_back(i % 2);
        }
        const auto dataset = std::make_shared<Dataset>(tableOf({words("name", names), numbers("kind", kinds), numbers("x", kinds)}, classes));
        const auto features = [&](const PreparationSettings& how) {
            const std::int64_t most = briefOf(*dataset, how).inputs[0].shape[0];
            const std::int64_t got = prepareData(dataset, how)->brief.inputs[0].shape[0];
            return std::pair{got, most};
        };
        QCOMPARE(features(settings({})), (std::pair<std::int64_t, std::int64_t>{2, 2})); // the name differs in every row
        QCOMPARE(features(settings({{"cleaning.columns.kind.type", "category"}, {"cleaning.columns.x.role", "ignore"}})),
                 (std::pair<std::int64_t, std::int64_t>{3, 3}));
        QCOMPARE(features(settings({{"cleaning.columns.name.role", "feature"}, {"cleaning.columns.name.encoding", "hash"}})).first, 18);
        QCOMPARE(features(settings({{"cleaning.columns.x.missing", "own"}})), (std::pair<std::int64_t, std::int64_t>{3, 3}));
        QVERIFY(!prepareData(dataset, settings({{"cleaning.columns.kind.role", "ignore"}, {"cleaning.columns.x.role", "ignore"}})));
    }

    void repeatedAndContradictingRowsAreSetAside()
    {
        std::vector<float> x;
        std::vector<std::int64_t> classes;
        for (int i = 0; i < 100; ++i) {
            x.push_back(static_cast<float>(i));
            classes.push_back(i % 2);
        }
        x.insert(x.end(), {0, 1, 2, NAN, NAN}); // rows 100 to 104
        classes.insert(classes.end(), {0, 1, 1, 0, 0}); // 102 says of 2 what row 2 does not
        const Dataset dataset = tableOf({numbers("x", x)}, classes);
        auto cleaned = cleanAndSplit(dataset, settings({{"cleaning.duplicates", "set-aside"}}), {});
        QCOMPARE(cleaned->count(SetAside::duplicate), 3); // 100, 101, and 104, whose gap is like the gap of 103
        QVERIFY(cleaned->train[100] == SetAside::duplicate && cleaned->train[0] == SetAside::no && cleaned->train[102] == SetAside::no);
        QCOMPARE(cleaned->split.train.size() + cleaned->split.validation.size() + cleaned->split.test.size(), std::size_t{102});
        QCOMPARE(cleaned.problems.size(), std::size_t{1});
        cleaned = cleanAndSplit(dataset, settings({{"cleaning.conflicting", "set-aside"}}), {});
        QCOMPARE(cleaned->count(SetAside::conflicting), 2);
        QVERIFY(cleaned->train[2] == SetAside::conflicting && cleaned->train[102] == SetAside::conflicting);
        cleaned = cleanAndSplit(dataset, settings({{"cleaning.columns.x.missing", "set-aside"}}), {});
        QCOMPARE(cleaned->count(SetAside::missing), 2);
    }

    void outliersLeaveTheTrainingPartAndStayInTheTest()
    {
        std::vector<float> x;
        std::vector<std::int64_t> classes;
        for (int i = 0; i < 300; ++i) {
            x.push_back(i % 10 == 0 ? 1e5F : static_cast<float>(i % 50));
            classes.push_back(i % 2);
        }
        const Dataset dataset = tableOf({numbers("x", x)}, classes);
        const auto plain = cleanAndSplit(dataset, settings({}), {});
        const auto cleaned = cleanAndSplit(dataset, settings({{"cleaning.columns.x.outliers", "set-aside"}}), {});
        QVERIFY(cleaned->split.test == plain->split.test && cleaned->split.validation == plain->split.validation);
        QVERIFY(cleaned->count(SetAside::outlier) > 10);
        for (const std::int64_t row : cleaned->split.train)
            QVERIFY(x[static_cast<std::size_t>(row)] < 1e5F);
    }

    void groupsStayTogether()
    {
        std::vector<std::string> patients;
        std::vector<std::int64_t> classes;
        Random random{2};
        for (int i = 0; i < 500; ++i) {
            patients.push_back(fmt::format("P{}", random.below(40)));
            classes.push_back(i % 2);
        }
        const Dataset dataset = tableOf({words("patient", patients), numbers("x", std::vector<float>(500, 1.0F))}, classes);
        const auto cleaned = cleanAndSplit(dataset, settings({{"cleaning.columns.patient.role", "group"}, {"split.validation", "0.2"}, {"split.test", "0.2"}}), {});
        const auto people = [&](const std::vector<std::int64_t>& rows) {
            std::set<std::string> found;
            for (const std::int64_t row : rows)
                found.insert(patients[static_cast<std::size_t>(row)]);
            return found;
        };
        const auto train = people(cleaned->split.train), validation = people(cleaned->split.validation), test = people(cleaned->split.test);
        QCOMPARE(train.size() + validation.size() + test.size(), people(firstRows(500)).size());
        QVERIFY(std::abs(static_cast<int>(cleaned->split.test.size()) - 100) <= 20);
        QVERIFY(std::abs(static_cast<int>(cleaned->split.validation.size()) - 100) <= 20);
    }

    void theOrderDecidesTheSplit()
    {
        std::vector<std::string> days;
        std::vector<std::int64_t> classes;
        for (int i = 0; i < 60; ++i) {
            days.push_back(QStringLiteral("%1.%2.2024").arg(i % 28 + 1).arg(i * 7 % 12 + 1).toStdString()); // day first: no alphabet sorts it
            classes.push_back(i % 2);
        }
        days.back() = "";
        const Dataset dataset = tableOf({words("day", days), numbers("x", std::vector<float>(60, 1.0F))}, classes);
        const auto cleaned = cleanAndSplit(dataset, settings({{"cleaning.columns.day.role", "order"}, {"split.test", "0.3"}}), {});
        QCOMPARE(cleaned->count(SetAside::noOrder), 1);
        const auto key = [&](std::int64_t row) {
            const QStringList parts = QString::fromStdString(days[static_cast<std::size_t>(row)]).split('.');
            return parts[1].toInt() * 100 + parts[0].toInt();
        };
        int lastTrain = 0, firstTest = 9999;
        for (const std::int64_t row : cleaned->split.train)
            lastTrain = std::max(lastTrain, key(row));
        for (const std::int64_t row : cleaned->split.test)
            firstTest = std::min(firstTest, key(row));
        QVERIFY2(lastTrain <= firstTest, qPrintable(QString::number(lastTrain) + " " + QString::number(firstTest)));
    }

    void sameAndNearlySamePicturesAreFound()
    {
        PictureArray pictures = blobs(300, 1);
        const auto copy = [&](std::int64_t from, int brighter) {
            for (std::int64_t i = 0; i < 256; ++i)
                pictures.pixels.push_back(static_cast<std::uint8_t>(pictures.pixels[static_cast<std::size_t>(from * 256 + i)] + brighter));
            ++pictures.count;
        };
        copy(7, 0);  // 300: the same
        copy(9, 30); // 301: brighter
        Dataset dataset{.name = "p"};
        dataset.train.targets = {.classNames = {"a", "b"}, .classes = std::vector<std::int64_t>(302)};
        for (std::size_t i = 0; i < 302; ++i)
            dataset.train.targets.classes[i] = static_cast<std::int64_t>(i % 2);
        dataset.train.targets.classes[300] = dataset.train.targets.classes[7];
        dataset.test.emplace();
        dataset.test->targets = {.classNames = {"a", "b"}, .classes = {0}};
        dataset.test->inputs = PictureArray{.count = 1, .channels = 1, .height = 16, .width = 16,
                                            .pixels = {pictures.pixels.begin() + 5 * 256, pictures.pixels.begin() + 6 * 256}};
        dataset.train.inputs = std::move(pictures);
        const auto cleaned =
            cleanAndSplit(dataset, settings({{"cleaning.duplicates", "set-aside"}, {"cleaning.near", "set-aside"}, {"cleaning.leaked", "set-aside"}}), {});
        QVERIFY(cleaned->train[300] == SetAside::duplicate);
        QVERIFY(cleaned->train[301] == SetAside::near);
        QVERIFY(cleaned->train[5] == SetAside::leaked);
        QCOMPARE(std::count(cleaned->train.begin(), cleaned->train.end(), SetAside::no), std::ptrdiff_t{299}); // nothing else is alike
        QCOMPARE(cleaned->split.test.size(), std::size_t{1});
    }

    /// Texts, translations, records and boxes: each kind has repeats, contradictions and samples that are in the test part as well.
    void otherKindsOfSamplesAreCompared_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"texts", "translations", "records", "boxes"})
            QTest::newRow(kind) << kind;
    }
    void otherKindsOfSamplesAreCompared()
    {
        QFETCH(const QString, kind);
        // Sample i shows content i; 0, 0, 1 and 1 again follow, the last with another target; 2 is in the test part as well.
        constexpr int different = 40;
        std::vector<int> content, answer;
        for (int i = 0; i < different; ++i) {
            content.push_back(i);
            answer.push_back(i % 2);
        }
        for (const auto& [shown, target] : {std::pair{0, 0}, {0, 0}, {1, 1}, {1, 0}}) {
            content.push_back(shown);
            answer.push_back(target);
        }
        const auto samples = [&](const std::vector<int>& contents, const std::vector<int>& answers) {
            Samples made;
            if (kind == "records") {
                Histories histories{.codes = {"a", "b"}, .people = {}, .events = {}};
                for (const int one : contents) {
                    histories.people.push_back(std::to_string(histories.people.size()));
                    histories.events.push_back({{.day = 0, .code = 0, .value = NAN}, {.day = static_cast<float>(one), .code = 1, .value = 2}});
                }
                made.inputs = std::move(histories);
            } else if (kind == "boxes") {
                PictureArray pictures = blobs(different, 3), chosen{.count = std::ssize(contents), .channels = 1, .height = 16, .width = 16};
                for (const int one : contents) {
                    const std::vector<std::uint8_t> pixels = pictures.picture(one);
                    chosen.pixels.insert(chosen.pixels.end(), pixels.begin(), pixels.end());
                }
                made.inputs = std::move(chosen);
            } else {
                Texts texts;
                for (const int one : contents)
                    texts.texts.push_back("text number " + std::to_string(one));
                made.inputs = std::move(texts);
            }
            Targets& targets = made.targets;
            for (const int one : answers) {
                if (kind == "translations")
                    targets.texts.push_back(one == 0 ? "null" : "eins");
                else if (kind == "boxes")
                    targets.boxes.push_back({{.left = 1, .top = 1, .right = static_cast<float>(5 + one), .bottom = 9}});
                else
                    targets.classes.push_back(one);
            }
            if (kind == "boxes")
                targets.classNames = {"thing"};
            else if (kind != "translations")
                targets.classNames = {"no", "yes"};
            return made;
        };
        Dataset dataset{.name = "d", .train = samples(content, answer), .test = samples({2, 50 - different + 25}, {0, 1})};
        const auto count = static_cast<std::size_t>(dataset.train.count());
        const auto found = [&](const char* step) {
            const Result<CleanedSplit> cleaned = cleanAndSplit(dataset, settings({{std::string{"cleaning."} + step, "set-aside"}}), {});
            std::vector<std::size_t> rows;
            for (std::size_t row = 0; cleaned && row < count; ++row)
                if (cleaned->train[row] != SetAside::no)
                    rows.push_back(row);
            return rows;
        };
        QCOMPARE(found("duplicates"), (std::vector<std::size_t>{40, 41, 42}));
        QCOMPARE(found("conflicting"), (std::vector<std::size_t>{1, 42, 43}));
        QCOMPARE(found("leaked"), (std::vector<std::size_t>{2, 35}));

        const QualityReport report = inspectQuality(dataset, settings({}), {});
        QString words;
        for (const QualityFinding& finding : report.findings)
            words += QString::fromStdString(english(finding.what)) + "; ";
        QVERIFY2(words.contains("2 training") && words.contains("in the test part as well"), qPrintable(words));
        QVERIFY2(words.contains("3 rows contradict") || words.contains("3 pictures contradict"), qPrintable(words));
        QCOMPARE(report.repeats.size(), std::size_t{4});

        // The tasks that learn from them follow it.
        for (const TaskKind& task : taskKinds()) {
            if (!task.fits(dataset) || task.id == "face-recognition")
                continue;
            QVERIFY2(task.cleans, task.id.c_str());
            const Result<PreparedData> data = task.prepare(std::make_shared<const Dataset>(dataset), settings({{"cleaning.duplicates", "set-aside"}}), {});
            QVERIFY2(data, data.problems.empty() ? "" : english(data.problems.front()).c_str());
            QCOMPARE(data->split.train.size() + data->split.validation.size(), std::size_t{41});
            QVERIFY(std::any_of(data.problems.begin(), data.problems.end(), [](const Problem& one) { return english(one).find("repeated") != std::string::npos; }));
        }
    }

    void newRowsArePreparedByName()
    {
        const auto dataset = std::make_shared<Dataset>(tableOf(
            {numbers("x", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}), words("c", {"a", "b", "a", "b", "a", "b", "a", "b", "a", "b", "a", "b"})},
            {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}));
        const auto data = prepareData(dataset, {});
        const Table rows{2, {words("more", {"q", "r"}), words("c", {"b", "z"}), numbers("x", {5, NAN})}};
        const auto matched = matchedTable(data->table, rows);
        QVERIFY(matched.value);
        const FeatureMatrix matrix = applyTablePreparation(data->table, *matched);
        QCOMPARE(matrix.values[0], data->table.columns[0].prepared(5));
        QCOMPARE(matrix.values[3], data->table.columns[0].prepared(data->table.columns[0].fill));
        QCOMPARE(matrix.values[1] + matrix.values[2], 1.0F); // "b"
        QCOMPARE(matrix.values[4] + matrix.values[5], 0.0F); // "z" is new
        const auto wrong = matchedTable(data->table, {1, {numbers("xx", {1}), words("c", {"a"})}});
        QVERIFY(!wrong && wrong.problems.size() == 1 && english(wrong.problems[0]).find("\"x\" is missing") != std::string::npos);
    }

    void decisionsComeBackFromTheirJson()
    {
        Recipe recipe = findRecipeTemplate("table")->recipe;
        QVERIFY(toJson(recipe).find("cleaning") == std::string::npos); // where nothing is decided
        for (const auto& [path, value] : std::vector<std::pair<std::string, std::string>>{
                 {"cleaning.columns.a.b=c \"d\".role", "ignore"}, {"cleaning.columns.age.missing", "own"}, {"cleaning.outlierLimit", "2"}})
            QVERIFY(setByPath(recipe, path, value).empty());
        const Result<Recipe> read = recipeFromJson(toJson(recipe));
        QVERIFY(read.value && *read == recipe);
        QCOMPARE(toJson(*read), toJson(recipe));
        QCOMPARE(recipe.cleaning.columns.begin()->first, "a.b=c \"d\""s);
        QVERIFY(setByPath(recipe, "cleaning.columns.age.missing", "auto").empty()); // a default is no decision
        QCOMPARE(recipe.cleaning.columns.size(), std::size_t{1});
    }

    void whatIsWrongIsSaidAtOnce()
    {
        Recipe recipe = findRecipeTemplate("table")->recipe;
        std::string json = toJson(recipe);
        json.insert(json.find("\"seed\""), R"("cleaning": {"duplicate": "set-aside", "columns": {"age": {"rol": "ignore", "missing": "gone"}}}, )");
        const Problems problems = recipeFromJson(json).problems;
        QCOMPARE(problems.size(), std::size_t{3});
        QString words;
        for (const Problem& problem : problems)
            words += QString::fromStdString(english(problem)) + '\n';
        QVERIFY2(words.contains("did you mean \"duplicates\"?") && words.contains("did you mean \"role\"?") && words.contains("cleaning.columns.age.missing"),
                 qPrintable(words));
        QVERIFY(!setByPath(recipe, "cleaning.columns.age", "ignore").empty());
        QVERIFY(setByPath(recipe, "cleaning.columns.agee.role", "ignore").empty()); // not known before the data is
        const auto dataset = findDatasetKind("synthetic-table")->load({{"samples", std::int64_t{60}}}, {});
        const auto task = resolveTask(recipe, *dataset);
        QVERIFY(!task.value);
        QCOMPARE(english(task.problems.front()), "cleaning.columns.agee: there is no column \"agee\" (did you mean \"age\"?)"s);
        recipe.cleaning = {.samples = {{"near", "set-aside"s}}};
        QVERIFY(!resolveTask(recipe, *dataset)); // no pictures
    }
};

QTEST_GUILESS_MAIN(TestCleaning)
#include "tst_cleaning.moc"
