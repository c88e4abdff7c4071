// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/catalog.h"
#include "engine/core/recipe/recipe.h"
#include "engine/core/recipe/recipe_comparison.h"

#include <QTest>
#include <cmath>

using namespace descent;

class TestRecipe : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyTemplateSurvivesJson_data()
    {
        QTest::addColumn<QString>("id");
        for (const RecipeTemplate& one : recipeTemplates())
            QTest::newRow(one.id.c_str()) << QString::fromStdString(one.id);
    }
    void everyTemplateSurvivesJson()
    {
        QFETCH(QString, id);
        Recipe recipe = findRecipeTemplate(id.toStdString())->recipe;
        if (recipe.dataset.parameters.contains("path"))
            recipe.dataset.parameters.insert_or_assign("path", std::string{"/data/十 digits"});
        if (recipe.start.contains("run"))
            recipe.start.insert_or_assign("run", std::int64_t{7});
        const Result<Recipe> back = recipeFromJson(toJson(recipe));
        QVERIFY2(back.value, back.problems.empty() ? "" : english(back.problems.front()).c_str());
        QVERIFY(*back == recipe);
        QCOMPARE(toJson(*back), toJson(recipe));
    }

    void defaultsWrittenOutMeanTheSame()
    {
        const Recipe recipe = findRecipeTemplate("spirals")->recipe;
        const auto plain = flattened(recipe), full = flattened(withDefaults(recipe));
        QCOMPARE(plain.size(), full.size());
        for (std::size_t i = 0; i < plain.size(); ++i)
            QCOMPARE(plain[i].value, full[i].value);
    }

    void whatIsWrongIsSaidWithWhereAndWhatWouldBeRight_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("words");
        const auto recipe = [](const char* extra) {
            return QByteArray{R"({"dataset":{"kind":"moons"},"architecture":{"kind":"mlp"})"} + extra + "}";
        };
        QTest::newRow("unknown key") << recipe(R"(,"trainning":{})") << "trainning" << "training";
        QTest::newRow("unknown setting") << recipe(R"(,"training":{"epocs":3})") << "training.epocs" << "epochs";
        QTest::newRow("wrong type") << recipe(R"(,"training":{"epochs":"many"})") << "training.epochs" << "whole number";
        QTest::newRow("out of range") << recipe(R"(,"training":{"batchSize":0})") << "training.batchSize" << "from 1";
        QTest::newRow("no epoch from nothing") << recipe(R"(,"training":{"epochs":0})") << "training.epochs" << "0 is for a start";
        QTest::newRow("unknown choice") << recipe(R"(,"training":{"optimizer":"adamm"})") << "training.optimizer" << "adam";
        QTest::newRow("not JSON") << QByteArray{"{\n\"dataset\": }"} << "" << "line 2";
        QTest::newRow("newer") << recipe(R"(,"schemaVersion":99)") << "schemaVersion" << "newer";
        QTest::newRow("unknown kind") << QByteArray{R"({"dataset":{"kind":"spiral"},"architecture":{"kind":"mlp"}})"} << "dataset.kind" << "spirals";
        QTest::newRow("no kind") << QByteArray{R"({"dataset":{},"architecture":{"kind":"mlp"}})"} << "dataset.kind" << "catalog";
        QTest::newRow("an object where a value belongs") << recipe(R"(,"training":{"epochs":{}})") << "training.epochs" << "number";
        QTest::newRow("no file") << QByteArray{R"({"dataset":{"kind":"csv"},"architecture":{"kind":"mlp"}})"} << "dataset.path" << "choose";
        QTest::newRow("a number too large") << recipe(R"(,"training":{"epochs":99999999999999999999})") << "training.epochs" << "whole number";
        QTest::newRow("a number no machine holds") << recipe(R"(,"training":{"epochs":1e400})") << "" << "1e308";
        QTest::newRow("a seed beyond 64 bits") << recipe(R"(,"seed":18446744073709551615)") << "seed" << "whole number";
    }
    void whatIsWrongIsSaidWithWhereAndWhatWouldBeRight()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, path);
        QFETCH(QString, words);
        const Result<Recipe> result = recipeFromJson({json.constData(), static_cast<std::size_t>(json.size())});
        QVERIFY(!result);
        QCOMPARE(QString::fromStdString(result.problems.front().path), path);
        const QString said = QString::fromStdString(english(result.problems.front()));
        QVERIFY2(said.contains(words), qPrintable(said));
    }

    void allProblemsComeAtOnce()
    {
        const Result<Recipe> result = recipeFromJson(
            R"({"dataset":{"kind":"moons","noise":-1},"architecture":{"kind":"mlp"},"training":{"epochs":-1,"batchSize":0}})");
        QVERIFY(!result);
        QCOMPARE(result.problems.size(), 3U);
    }

    void aPathSetsOneSetting()
    {
        Recipe recipe = findRecipeTemplate("spirals")->recipe;
        QVERIFY(setByPath(recipe, "training.learningRate", "1e-3").empty());
        QCOMPARE(realOf(trainingSchema(), recipe.training, "learningRate"), 1e-3);
        QVERIFY(setByPath(recipe, "seed", "42").empty());
        QCOMPARE(recipe.seed, std::int64_t{42});
        QCOMPARE(setByPath(recipe, "training.epochs", "3.5").size(), 1U);
        QCOMPARE(setByPath(recipe, "trainin.epochs", "3").front().hint.arguments.front(), std::string{"training"});
    }

    void anotherKindKeepsWhatItKnows()
    {
        Recipe recipe = findRecipeTemplate("spirals")->recipe;
        QVERIFY(setByPath(recipe, "dataset.kind", "moons").empty());
        QVERIFY(recipe.dataset.parameters.contains("noise"));
        QVERIFY(!recipe.dataset.parameters.contains("turns"));
        QVERIFY(validate(recipe).empty());
    }

    void aComparisonTellsWhatDiffers()
    {
        Recipe a = findRecipeTemplate("spirals")->recipe, b = a;
        setByPath(b, "training.optimizer", "sgd");
        std::vector<std::string> different;
        for (const RecipeComparisonRow& row : compareRecipes({a, b}))
            if (row.differs)
                different.push_back(row.path);
        QVERIFY(std::find(different.begin(), different.end(), "training.optimizer") != different.end());
        QVERIFY(std::find(different.begin(), different.end(), "training.momentum") != different.end());   // applies to one only
        QVERIFY(std::find(different.begin(), different.end(), "training.epochs") == different.end());
    }

    void randomBytesAreNeverARecipe()
    {
        std::uint32_t state = 1;
        for (int round = 0; round < 2000; ++round) {
            std::string bytes = toJson(findRecipeTemplate("table")->recipe);
            for (int change = 0; change < 3; ++change) {
                state = state * 1664525U + 1013904223U;
                bytes[(state >> 8) % bytes.size()] = static_cast<char>(state >> 24);
            }
            const Result<Recipe> result = recipeFromJson(bytes);   // must neither throw nor crash
            QVERIFY(result.value || !result.problems.empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestRecipe)
#include "tst_recipe.moc"
