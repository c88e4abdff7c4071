// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/catalog.h"
#include "engine/core/summary/explanation.h"
#include "engine/core/summary/figure_axis.h"
#include "engine/core/summary/figure_groups.h"
#include "engine/core/summary/heat_grid.h"
#include "engine/core/summary/pareto_front.h"
#include "engine/core/summary/report.h"
#include "engine/core/summary/report_tables.h"
#include "engine/core/summary/standing.h"
#include "engine/core/summary/table_text.h"
#include "tests/core/summary_runs.h"

#include <QTest>

using namespace descent;

namespace {

using Names = std::vector<std::string>;

RunDetails run(RunId id, double accuracy, const std::string& settings)
{
    RunDetails details{.summary = {.id = id, .name = fmt::format("run {}", id)}, .recipeJson = "{" + settings + "}"};
    details.summary.test = {{"accuracy", accuracy}};
    details.summary.primaryMetric = "accuracy";
    return details;
}

Explanation explained(const std::vector<RunDetails>& runs)
{
    const FigureTable table = figureTable(runs);
    return explain(table, *table.find("accuracy"));
}

const SettingHint* hintOn(const Explanation& explanation, const std::string& setting)
{
    const auto found = std::find_if(explanation.hints.begin(), explanation.hints.end(), [&](const SettingHint& hint) { return hint.setting == setting; });
    return found == explanation.hints.end() ? nullptr : &*found;
}

}

class TestSummary : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTableHoldsFiguresAndSettings()
    {
        const FigureTable table = figureTable(gridOfRuns());
        QCOMPARE(table.runs.size(), 36u);
        QCOMPARE(table.recipes.size(), 12u);
        QCOMPARE(table.primary, std::string{"accuracy"});
        QCOMPARE(table.runs[1].name, std::string{"grid 0.001 16 #2"});
        QCOMPARE(table.runs[4].recipe, 1u);
        QCOMPARE(table.runs[4].seed, 2);
        QVERIFY(std::find(table.recipes.begin(), table.recipes.end(), "learningRate 0.1, width 32") != table.recipes.end());

        const FigureColumn* rate = table.find("training.learningRate");
        QVERIFY(rate && rate->isNumber && rate->texts.front() == "0.001" && rate->isLogarithmic && rate->differs && rate->role == FigureColumn::Role::setting);
        const FigureColumn* kind = table.find("architecture.kind");
        QVERIFY(kind && !kind->isNumber && !kind->differs);
        QVERIFY(table.find("accuracy")->higherIsBetter && !table.find("loss")->higherIsBetter && !table.find("duration")->higherIsBetter);
        QVERIFY(!table.find("name") && !table.find("training.nonsense"));
        QCOMPARE(differingSettings(table), (Names{"seed", "training.learningRate", "architecture.width"}));
        QCOMPARE(figureColumns(table).front(), std::string{"accuracy"});
    }

    void aRealRecipeBringsItsLabelsAndItsScales()
    {
        Recipe recipe = findRecipeTemplate("spirals")->recipe;
        RunDetails first = run(1, 0.5, ""), second = run(2, 0.6, "");
        recipe.training["learningRate"] = 0.01;
        first.recipeJson = toJson(withDefaults(recipe));
        recipe.training["learningRate"] = 0.02;
        recipe.seed = 9;
        second.recipeJson = toJson(withDefaults(recipe));
        const FigureTable table = figureTable({first, second});
        const FigureColumn* rate = table.find("training.learningRate");
        QVERIFY(rate);
        QVERIFY(rate->isLogarithmic && !rate->label.empty()); // by its schema: 0.01 to 0.02 spans little
        QCOMPARE(differingSettings(table), (Names{"training.learningRate", "seed"}));
        QCOMPARE(table.recipes, (Names{"learningRate 0.01", "learningRate 0.02"}));
    }

    void whatIsMissingIsAGap()
    {
        const FigureTable table = figureTable({run(1, 0.5, R"("a": 1)"), run(2, NAN, R"("a": "x")"), run(3, INFINITY, R"("b": true)"), RunDetails{}});
        QVERIFY(std::isnan(table.find("accuracy")->numbers[1]) && std::isnan(table.find("accuracy")->numbers[2]));
        QVERIFY((table.find("a")->texts == Names{"1", "x", "", ""}));
        QVERIFY((table.find("b")->texts == Names{"", "", "true", ""}));
        QVERIFY(figureTable({}).runs.empty());
    }

    void manyNumbersBecomeRanges()
    {
        FigureColumn column{.name = "rate", .isNumber = true, .isLogarithmic = true};
        for (int i = 0; i < 41; ++i)
            column.numbers.push_back(std::pow(10, -4 + 0.1 * i));
        const ColumnLevels levels = levelsOf(column, 16);
        QVERIFY(levels.binned);
        QCOMPARE(levels.names.size(), 10u);
        QCOMPARE(levels.of.front(), 0u);
        QCOMPARE(levels.of.back(), 9u);
        QCOMPARE(levelsOf(column).names.size(), 41u);
    }

    void anAxisKnowsRoundNumbers()
    {
        FigureColumn column{.name = "x", .isNumber = true, .numbers = {0, 7.3, NAN}};
        const FigureAxis axis = axisOf(column, true); // 0 has no logarithm
        QVERIFY(axis.scale == FigureAxis::Scale::linear);
        std::vector<double> values;
        for (const AxisTick& tick : ticksOf(axis, 4))
            values.push_back(tick.value);
        QCOMPARE(values, (std::vector<double>{0, 2, 4, 6}));
        QVERIFY(std::isnan(placeOn(axis, column, 2)));

        column.numbers = {0.001, 1};
        const FigureAxis decades = axisOf(column, true);
        QVERIFY(std::abs(placeOn(decades, 0.01) - 1.0 / 3) < 1e-12);
        QVERIFY(std::abs(valueAt(decades, 2.0 / 3) - 0.1) < 1e-12);
        QCOMPARE(ticksOf(decades, 4).size(), 4u);
        QVERIFY(std::isnan(placeOn(decades, -1)));
        column.numbers = {5, 5};
        QCOMPARE(placeOn(axisOf(column, false), 5), 0.5);

        const FigureColumn words{.name = "kind", .texts = {"b", "a", ""}};
        const FigureAxis levels = axisOf(words, false);
        QCOMPARE(placeOn(levels, words, 1), 0.25);
        QCOMPARE(placeOn(levels, words, 0), 0.75);
        QVERIFY(std::isnan(placeOn(levels, words, 2)));
    }

    void theFrontIsWhatNobodyBeats_data()
    {
        QTest::addColumn<bool>("higherX");
        QTest::addColumn<bool>("higherY");
        QTest::addColumn<std::vector<std::size_t>>("front");
        const auto row = [](const char* name, bool x, bool y, std::vector<std::size_t> front) { QTest::newRow(name) << x << y << front; };
        row("short and good", false, true, {0, 1, 2, 5});
        row("short and bad", false, false, {0});
        row("long and good", true, true, {3, 2, 5});
        row("long and bad", true, false, {3, 0});
    }
    void theFrontIsWhatNobodyBeats()
    {
        QFETCH(bool, higherX);
        QFETCH(bool, higherY);
        QFETCH(std::vector<std::size_t>, front);
        const std::vector<double> seconds{1, 2, 3, 4, NAN, 3}, accuracy{0.5, 0.7, 0.9, 0.6, 1, 0.9}; // the last equals the third
        QCOMPARE(paretoFront(seconds, accuracy, higherX, higherY), front);
    }

    void aFieldOfTheGridHoldsTheMean()
    {
        const FigureTable table = figureTable(gridOfRuns(2));
        const FigureColumn& accuracy = *table.find("accuracy");
        const HeatGrid grid = heatGrid(*table.find("training.learningRate"), *table.find("architecture.width"), accuracy);
        QVERIFY((grid.across == Names{"0.001", "0.01", "0.1", "1"} && grid.up == Names{"16", "32", "64"}));
        QCOMPARE(grid.at(0, 1).runs.size(), 2u);
        QCOMPARE(grid.at(0, 1).mean, (accuracy.numbers[2] + accuracy.numbers[3]) / 2);
        QVERIFY(grid.low < grid.high);
        QCOMPARE(grid.leftOut, 0u);
    }

    void recipesStandInOrderWithTheirIntervals()
    {
        const FigureTable table = figureTable(gridOfRuns());
        const std::vector<FigureGroup> groups = groupsByRecipe(table, *table.find("accuracy"));
        QCOMPARE(groups.size(), 12u);
        QCOMPARE(groups.front().name, std::string{"learningRate 0.01, width 64"});
        QCOMPARE(groups.front().mean.count, 3);
        QVERIFY(groups.front().mean.low < groups.front().mean.mean);
        QCOMPARE(groupsByRecipe(table, *table.find("loss")).front().name.substr(0, 17), std::string{"learningRate 0.01"});
        QCOMPARE(groupsByColumn(*table.find("architecture.width"), *table.find("accuracy")).at(2).name, std::string{"64"});
    }

    void theTwoBestAreSetAgainstEachOtherAndThatIsSaid()
    {
        const FigureTable table = figureTable(gridOfRuns());
        const std::optional<Standing> standing = standingOf(table, *table.find("accuracy"));
        QVERIFY(standing);
        QCOMPARE(standing->first, std::string{"learningRate 0.01, width 64"});
        QVERIFY(english(standing->warnings.back()).find("best two of 12 recipes") != std::string::npos);
        const FigureTable two = figureTable(gridOfRuns(5, {0.01, 0.1}, {32}));
        const std::optional<Standing> pair = standingOf(two, *two.find("accuracy"));
        QVERIFY(pair && english(pair->verdict.sentence).find("paired over 5 seeds") != std::string::npos);
        const FigureTable once = figureTable(gridOfRuns(1));
        QVERIFY(!standingOf(once, *once.find("accuracy")));
        const FigureTable one = figureTable(gridOfRuns(5, {0.1}, {32}));
        QVERIFY(!standingOf(one, *one.find("accuracy")));
    }

    void whatRisesAndFallsAgainIsFoundToo()
    {
        const Explanation explanation = explained(gridOfRuns());
        QCOMPARE(explanation.hints.front().setting, std::string{"training.learningRate"});
        QVERIFY(explanation.hints.front().measure == SettingHint::Measure::kruskalWallis);
        QCOMPARE(explanation.hints.front().bestLevel, std::string{"0.01"});
        QVERIFY(explanation.hints.front().association.pValue < 0.001);
        const std::string sentence = english(explanation.sentence);
        QVERIFY2(sentence.starts_with("training.learningRate goes with accuracy: best at 0.01") && sentence.find("over 36 runs") != std::string::npos
                     && sentence.find("corrected; settings looked at: 3") != std::string::npos,
                 sentence.c_str());
        QVERIFY(english(*explanation.limits).starts_with("a hint, no proof"));
        const SettingHint* seed = hintOn(explanation, "seed");
        QVERIFY(seed && english(seed->sentence).find("nothing in accuracy that chance would not") != std::string::npos);
    }

    void whatRisesIsSaidToRise()
    {
        const Explanation explanation = explained(gridOfRuns(5, {0.01}, {16, 32, 64, 128, 256}));
        const SettingHint* width = hintOn(explanation, "architecture.width");
        QVERIFY(width && width->association.direction > 0.8);
        QVERIFY2(english(width->sentence).starts_with("accuracy rises with architecture.width: rank correlation +"), english(width->sentence).c_str());
    }

    void settingsThatChangeTogetherAreOneAndNamed()
    {
        std::vector<RunDetails> runs;
        for (int i = 0; i < 12; ++i) // momentum is there with sgd alone
            runs.push_back(run(i + 1, i % 2 ? 0.8 + 0.01 * i : 0.6 + 0.01 * i,
                               i % 2 ? fmt::format(R"("optimizer": "sgd", "momentum": 0.9, "seed": {})", i) : fmt::format(R"("optimizer": "adam", "seed": {})", i)));
        const Explanation explanation = explained(runs);
        QCOMPARE(explanation.hints.front().setting, std::string{"optimizer"});
        QCOMPARE(explanation.hints.front().together, Names{"momentum"});
        QVERIFY(english(*explanation.limits).find("optimizer changes together with momentum") != std::string::npos);
        QVERIFY(std::isnan(explanation.hints.back().association.pValue)); // a seed of its own each
        QVERIFY(english(explanation.hints.back().sentence).starts_with("seed has another value in every run"));
        QVERIFY(english(explanation.sentence).find("corrected; settings looked at: 1") != std::string::npos);
    }

    void ofRandomSearchesOnlyEqualOrdersAreOne()
    {
        std::vector<RunDetails> runs;
        for (int i = 0; i < 10; ++i)
            runs.push_back(run(i + 1, i, fmt::format(R"("a": {}, "b": {}, "c": {})", i * i, 1.0 / (i + 1), (i * 7) % 10)));
        const Explanation explanation = explained(runs);
        QCOMPARE(explanation.hints.size(), 2u);
        QCOMPARE(explanation.hints.front().together, Names{"b"});
        QVERIFY(hintOn(explanation, "c"));
    }

    void whatCannotBeToldIsNotTold()
    {
        QVERIFY(english(explained(gridOfRuns(1, {0.1, 0.2}, {8, 16})).sentence).find("fewer than 5 runs") != std::string::npos);
        std::vector<RunDetails> equal, flat;
        for (int i = 0; i < 6; ++i) {
            equal.push_back(run(i + 1, 0.1 * i, R"("a": 1)"));
            flat.push_back(run(i + 1, 0.5, fmt::format(R"("a": {})", i)));
        }
        QVERIFY(english(explained(equal).sentence).find("are equal: chance alone") != std::string::npos);
        QVERIFY(english(explained(flat).sentence).find("nothing to explain") != std::string::npos);
    }

    void onlyWhereItIsKnownWhatIsBetterTheBestIsMarked()
    {
        std::vector<RunDetails> runs = gridOfRuns(1, {0.1}, {8, 16});
        for (std::size_t i = 0; i < runs.size(); ++i)
            for (const char* metric : {"gradient-norm", "my-accuracy", "my-error"})
                runs[i].summary.test.set(metric, static_cast<double>(i + 1));
        const FigureTable table = figureTable(runs);
        const auto bestRow = [&](const char* name) {
            const ReportTable report = reportTable(table, {name}, {});
            return report.best.empty() ? -1 : static_cast<int>(report.best.front().first);
        };
        QCOMPARE(bestRow("gradient-norm"), -1);
        QCOMPARE(bestRow("my-accuracy"), 1);
        QCOMPARE(bestRow("my-error"), 0);
        QCOMPARE(bestRow("duration"), 0);
        QVERIFY(bestRow("accuracy") >= 0);
    }

    void aNameMayTellWhichWayIsBetter_data()
    {
        QTest::addColumn<bool>("higher");
        QTest::addColumn<bool>("known");
        const auto row = [](const char* name, bool higher, bool known) { QTest::newRow(name) << higher << known; };
        row("val_loss", false, true);
        row("trainLoss", false, true);
        row("hinge-loss/validation", false, true);
        row("best.FID", false, true);
        row("valAcc_top1", true, true);
        row("mAP@50", true, true);
        row("test.eval/f1", true, false);
        row("gradient-norm", true, false);
        row("", true, false);
        row("accuracy", true, true);
        row("perplexity", false, true);
    }
    void aNameMayTellWhichWayIsBetter()
    {
        QFETCH(bool, higher);
        QFETCH(bool, known);
        const Direction direction = directionOf(QTest::currentDataTag(), {});
        QCOMPARE(direction.higherIsBetter, higher);
        QCOMPARE(direction.isKnown, known);
    }

    void whatAPersonSaysOfAFigureIsBelieved()
    {
        std::vector<RunDetails> runs = gridOfRuns(2, {0.1}, {8, 16});
        for (std::size_t i = 0; i < runs.size(); ++i)
            runs[i].summary.test.set("charm", static_cast<double>(i));
        QVERIFY(figureTable(runs).find("charm")->higherIsBetter && !figureTable(runs).find("charm")->isJudged);
        const FigureTable table = figureTable(runs, {{"charm", false}, {"accuracy", false}});
        QVERIFY(!table.find("charm")->higherIsBetter && table.find("charm")->isJudged);
        QVERIFY(!table.find("accuracy")->higherIsBetter);
        runs.front().summary.primaryMetric = "charm";
        runs.front().summary.higherIsBetter = false;
        QVERIFY(!figureTable(runs).find("charm")->higherIsBetter && figureTable(runs).find("charm")->isJudged); // as whoever logged it said
    }

    void twoDecadesAreLogarithmicAndAnUnknownSizeIsNone()
    {
        std::vector<RunDetails> runs = gridOfRuns(1, {0.1, 0.001}, {8});
        for (std::size_t i = 0; i < runs.size(); ++i)
            runs[i].summary.parameterCount = 0, runs[i].summary.test.set("speed", i == 0 ? 1 : 100);
        const FigureTable table = figureTable(runs);
        QVERIFY(table.find("speed") && table.find("speed")->isLogarithmic);
        QVERIFY(!table.find("parameters"));
    }

    void repeatsAreOneRowWithTheirSpread()
    {
        std::vector<RunDetails> runs = gridOfRuns(2, {0.1}, {8, 16});
        const double values[]{0.7, 0.9, 0.95, 0.95}; // means 0.8 and 0.95, deviation of the first sqrt(0.02)
        for (std::size_t i = 0; i < runs.size(); ++i)
            runs[i].summary.test.set("accuracy", values[i]);
        const FigureTable table = figureTable(runs);
        QVERIFY(hasRepeats(table) && !hasRepeats(figureTable(gridOfRuns(1))));
        const ReportTable results = resultsTable(table, {"accuracy", "status"});
        QVERIFY((results.heading == std::vector<std::string>{"recipe", "runs", "accuracy"})); // words have no mean
        QVERIFY((results.rows == std::vector<std::vector<std::string>>{{"width 16", "2", "0.95 ± 0"}, {"width 8", "2", "0.8 ± 0.1414"}}));
        QVERIFY((results.best == std::vector<std::pair<std::size_t, std::size_t>>{{0, 2}}));
        runs.pop_back();
        runs.back().summary.test = {};
        QCOMPARE(resultsTable(figureTable(runs), {"accuracy"}).rows.back(), (std::vector<std::string>{"width 16", "1", ""})); // none comes last
    }

    void aTableIsWrittenForOtherPrograms()
    {
        const ReportTable table{.heading = {"run", "accuracy"}, .rows = {{"a_1 50% & \\x, \"q\"|", "0.9 ± 0.1"}, {"b\nc", ""}}, .best = {{0, 1}}};
        QCOMPARE(tableText(table, TableFormat::csv), std::string{"run,accuracy\r\n\"a_1 50% & \\x, \"\"q\"\"|\",0.9 ± 0.1\r\n\"b\nc\",\r\n"});
        QCOMPARE(tableText(table, TableFormat::markdown), std::string{"| run | accuracy |\n|:---|---:|\n| a\\_1 50% & \\\\x, \"q\"\\| | **0.9 ± 0.1** |\n| b c |  |\n"});
        QCOMPARE(tableText(table, TableFormat::latex),
                 std::string{"% \\usepackage{booktabs}\n\\begin{tabular}{lr}\n\\toprule\nrun & accuracy \\\\\n\\midrule\n"
                             "a\\_1 50\\% \\& \\textbackslash{}x, \"q\"| & \\textbf{0.9 $\\pm$ 0.1} \\\\\nb c &  \\\\\n\\bottomrule\n\\end{tabular}\n"});
    }

    void aReportIsOneFileInWhichNothingRuns()
    {
        Report report{.title = "<script>alert(1)</script>", .date = "28 Nov", .sections = {}};
        report.sections.push_back({"A & B", {ReportText{"two\nlines \xff", true}, reportTable(figureTable(gridOfRuns(1, {0.1, 0.01}, {8})), {"accuracy", "none"}),
                                             ReportPicture{"\"quoted\"", "<svg/>", "<svg dark/>"}}});
        const std::string html = reportHtml(report);
        QVERIFY(html.find("<script") == std::string::npos && html.find("&lt;script&gt;") != std::string::npos);
        QVERIFY(html.find("<h2>A &amp; B</h2>") != std::string::npos);
        QVERIFY(html.find("lines \xEF\xBF\xBD</p>") != std::string::npos);
        QVERIFY(html.find("prefers-color-scheme: dark)\" srcset=\"data:image/svg+xml;base64,PHN2ZyBkYXJrLz4=\"") != std::string::npos);
        QVERIFY(html.find("<td class=\"best\">0.9") != std::string::npos);
        QVERIFY(html.find("http://") == std::string::npos && html.find("https://") == std::string::npos);
    }

    void base64IsRfc4648s()
    {
        // Its section 10.
        const std::vector<std::pair<std::string, std::string>> vectors{{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
        for (const auto& [bytes, text] : vectors)
            QCOMPARE(base64(bytes), text);
    }

    void aThousandRunsTakeAMoment()
    {
        std::vector<RunDetails> runs = gridOfRuns(25, {0.0001, 0.001, 0.01, 0.1, 1}, {8, 16, 24, 32, 48, 64, 96, 128});
        const Recipe recipe = findRecipeTemplate("spirals")->recipe;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            Recipe one = recipe;
            one.seed = static_cast<std::int64_t>(i % 25);
            one.training["learningRate"] = 0.001 * static_cast<double>(1 + i / 25 % 5);
            one.training["weightDecay"] = 0.0001 * static_cast<double>(i / 125);
            runs[i].recipeJson = toJson(withDefaults(one));
        }
        QCOMPARE(runs.size(), 1000u);
        QBENCHMARK_ONCE
        {
            const FigureTable table = figureTable(runs);
            QCOMPARE(explain(table, *table.find("accuracy")).hints.size(), 3u);
        }
    }
};

QTEST_GUILESS_MAIN(TestSummary)
#include "tst_summary.moc"
