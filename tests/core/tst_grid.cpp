// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/catalog.h"
#include "engine/core/recipe/grid.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace descent;

namespace {

Recipe spirals()
{
    return findRecipeTemplate("spirals")->recipe;
}

QString joined(const std::vector<std::string>& values)
{
    QStringList list;
    for (const std::string& value : values)
        list << QString::fromStdString(value);
    return list.join("|");
}

QString problemsOf(const Problems& problems)
{
    QStringList list;
    for (const Problem& problem : problems)
        list << QString::fromStdString(english(problem));
    return list.join("\n");
}

}

class TestGrid : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsTypedBecomesValues_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("values");
        QTest::newRow("a list") << "training.learningRate" << "0.1, 0.01 ,0.001" << "0.1|0.01|0.001";
        QTest::newRow("by factors, as the rate's schema says") << "training.learningRate" << "0.0001..0.1/4" << "0.0001|0.001|0.01|0.1";
        QTest::newRow("in round numbers") << "training.learningRate" << "0.001..0.1/4" << "0.001|0.00464|0.0215|0.1";
        QTest::newRow("ends as they were given") << "training.learningRate" << "0.00123456789..0.1/2" << "0.00123456789|0.1";
        QTest::newRow("by steps") << "training.learningRate" << "linear 0.1..0.3/3" << "0.1|0.2|0.3";
        QTest::newRow("by steps, as momentum's schema says") << "training.momentum" << "0.5..0.9/3" << "0.5|0.7|0.9";
        QTest::newRow("by factors where it would be steps") << "training.epochs" << "log 1..100/3" << "1|10|100";
        QTest::newRow("downwards") << "training.epochs" << "3..1" << "3|2|1";
        QTest::newRow("whole numbers") << "training.epochs" << "2..5" << "2|3|4|5";
        QTest::newRow("whole numbers that meet are one") << "training.epochs" << "1..3/9" << "1|2|3";
        QTest::newRow("one") << "training.learningRate" << "0.5..0.1/1" << "0.5";
        QTest::newRow("seeds") << "seed" << "7..9" << "7|8|9";
        QTest::newRow("every choice") << "training.optimizer" << "all" << "sgd|adam|adamw|nadam|rmsprop|adagrad|lion|muon";
        QTest::newRow("both") << "training.nesterov" << "all" << "true|false";
        QTest::newRow("a text holds commas") << "architecture.hidden" << "64, 64; 128" << "64, 64|128";
        QTest::newRow("twice is once") << "training.batchSize" << "16, 32, 16" << "16|32";
        QTest::newRow("a kind") << "architecture.kind" << "mlp, ft-transformer" << "mlp|ft-transformer";
    }
    void whatIsTypedBecomesValues()
    {
        QFETCH(QString, path);
        QFETCH(QString, typed);
        const Result<GridAxis> axis = gridAxis(spirals(), path.toStdString(), typed.toStdString());
        QVERIFY2(axis.value, qPrintable(problemsOf(axis.problems)));
        QTEST(joined(axis->values), "values");
    }

    void whatIsNoValueIsSaidAtItsSetting_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("says");
        QTest::newRow("no such setting") << "training.learningRat" << "1" << "did you mean \"learningRate\"?";
        QTest::newRow("a word") << "training.epochs" << "3, many" << "many";
        QTest::newRow("beyond what is allowed") << "training.learningRate" << "0.1, 1000" << "100";
        QTest::newRow("reals without a count") << "training.learningRate" << "0.1..1" << "0.1..1/5";
        QTest::newRow("factors from zero") << "training.learningRate" << "0..1/3" << "linear 0..1/3";
        QTest::newRow("no end") << "training.learningRate" << "0.1../3" << "no range";
        QTest::newRow("no count") << "training.learningRate" << "0.1..1/x" << "does not say how many";
        QTest::newRow("a count below one") << "training.learningRate" << "0.1..1/0" << "does not say how many";
        QTest::newRow("a count beyond all") << "training.learningRate" << "0.1..1/1000000000" << "does not say how many";
        QTest::newRow("a million epochs") << "training.epochs" << "1..100000" << "more than 1000";
        QTest::newRow("nothing") << "training.epochs" << " " << "there are no values";
        QTest::newRow("commas alone") << "training.epochs" << ",," << "there are no values";
    }
    void whatIsNoValueIsSaidAtItsSetting()
    {
        QFETCH(QString, path);
        QFETCH(QString, typed);
        QFETCH(QString, says);
        const Result<GridAxis> axis = gridAxis(spirals(), path.toStdString(), typed.toStdString());
        QVERIFY(!axis.value);
        QCOMPARE(axis.problems.front().path, path.toStdString());
        QVERIFY2(problemsOf(axis.problems).contains(says), qPrintable(problemsOf(axis.problems)));
    }

    void everyCombinationIsMadeWithEverySeed()
    {
        Recipe base = spirals();
        base.name = "Spirals";
        base.seed = 5;
        const Result<std::vector<GridRecipe>> recipes =
            gridRecipes(base, {{{"training.learningRate", {"0.1", "0.01"}}, {"training.batchSize", {"8", "16", "32"}}}, 2});
        QVERIFY2(recipes.value, qPrintable(problemsOf(recipes.problems)));
        QCOMPARE(recipes->size(), 12U);
        const GridRecipe& fourth = (*recipes)[3];
        QCOMPARE(fourth.recipe.name, std::string{"Spirals, learningRate 0.1, batchSize 16, seed 6"});
        QCOMPARE(fourth.recipe.seed, 6);
        QCOMPARE(realOf(trainingSchema(), fourth.recipe.training, "learningRate"), 0.1);
        QCOMPARE(integerOf(trainingSchema(), fourth.recipe.training, "batchSize"), 16);
        QVERIFY((fourth.settings == std::vector<GridSetting>{{"training.learningRate", "0.1"}, {"training.batchSize", "16"}, {"seed", "6"}}));
        QCOMPARE(realOf(trainingSchema(), recipes->back().recipe.training, "learningRate"), 0.01);
        for (const GridRecipe& one : *recipes)
            QVERIFY(validate(one.recipe).empty());
    }

    void theLargestGridIsMadeWhileItIsTyped()
    {
        const std::vector<std::string> hundred = gridAxis(spirals(), "training.batchSize", "1..100")->values;
        QElapsedTimer clock;
        clock.start();
        const auto recipes = gridRecipes(spirals(), {{{"training.batchSize", hundred}, {"training.epochs", {"1", "2", "3", "4", "5"}}}, 2});
        QCOMPARE(recipes->size(), largestGrid);
        qInfo("%zu recipes in %lld ms", recipes->size(), static_cast<long long>(clock.elapsed()));
        QVERIFY(clock.elapsed() < 5000); // for what grows with its square; it takes some hundredths of a second
    }

    void withoutAxesThereAreSeedsAlone()
    {
        const auto recipes = gridRecipes(spirals(), {{}, 3});
        QVERIFY(recipes.value);
        QCOMPARE(recipes->size(), 3U);
        QCOMPARE(recipes->front().recipe.seed, spirals().seed);
        QCOMPARE(recipes->back().recipe.seed, spirals().seed + 2);
        const auto itself = gridRecipes(spirals(), {});
        QVERIFY(itself->size() == 1 && itself->front().recipe == spirals());
    }

    void aKindIsSetBeforeWhatDependsOnIt()
    {
        const auto recipes = gridRecipes(spirals(), {{{"architecture.hidden", {"8", "16"}}, {"architecture.kind", {"mlp"}}}, 1});
        QVERIFY2(recipes.value, qPrintable(problemsOf(recipes.problems)));
        QCOMPARE(textOf(findArchitecture("mlp")->schema, recipes->back().recipe.architecture.parameters, "hidden"), std::string{"16"});
    }

    void recipesThatWouldBeEqualAreMadeOnce()
    {
        // Momentum counts with SGD alone: 3 recipes of it, one of Adam.
        const auto recipes = gridRecipes(spirals(), {{{"training.optimizer", {"sgd", "adam"}}, {"training.momentum", {"0.1", "0.5", "0.9"}}}, 1});
        QVERIFY2(recipes.value, qPrintable(problemsOf(recipes.problems)));
        QCOMPARE(recipes->size(), 4U);
    }

    void whatCannotBeIsSaid_data()
    {
        QTest::addColumn<QString>("says");
        QTest::addColumn<int>("which");
        QTest::newRow("a setting that never counts") << "training.momentum: this setting changes nothing" << 0;
        QTest::newRow("named twice") << "named twice" << 1;
        QTest::newRow("too many") << "these would be 10000 runs" << 2;
        QTest::newRow("no seed") << "no run without a seed" << 3;
        QTest::newRow("seeds twice") << "seeds are listed and counted" << 4;
        QTest::newRow("a combination that is none") << "epochs 0: training.epochs" << 5;
    }
    void whatCannotBeIsSaid()
    {
        QFETCH(QString, says);
        QFETCH(int, which);
        Recipe adam = spirals();
        adam.training.insert_or_assign("optimizer", std::string{"adam"});
        const std::vector<std::string> hundred = gridAxis(adam, "seed", "1..100")->values;
        const std::vector<Grid> grids{{{{"training.momentum", {"0.1", "0.2"}}}, 1},
                                      {{{"training.epochs", {"1"}}, {"training.epochs", {"2"}}}, 1},
                                      {{{"training.epochs", hundred}, {"training.batchSize", hundred}}, 1},
                                      {{}, 0},
                                      {{{"seed", {"1", "2"}}}, 2},
                                      {{{"training.epochs", {"0", "1"}}}, 1}};
        const auto recipes = gridRecipes(adam, grids[static_cast<std::size_t>(which)]);
        QVERIFY(!recipes.value);
        QVERIFY2(problemsOf(recipes.problems).contains(says), qPrintable(problemsOf(recipes.problems)));
    }
};

QTEST_GUILESS_MAIN(TestGrid)
#include "tst_grid.moc"
