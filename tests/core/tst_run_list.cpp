// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/run_list.h"

#include "engine/core/history/run_difference.h"
#include "engine/core/history/runs_view.h"
#include "engine/core/recipe/catalog.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <cmath>

using namespace descent;

namespace {

RunSummary demo(RunId id, const char* architecture, double accuracy, const char* experiment = "Default")
{
    RunSummary run{.id = id, .experiment = experiment, .name = "run " + std::to_string(id), .status = RunStatus::completed, .architecture = architecture};
    run.createdAt = WallTime{std::chrono::minutes{id}};
    run.primaryMetric = "accuracy";
    if (!std::isnan(accuracy))
        run.test = {{"accuracy", accuracy}};
    return run;
}

RunSet sixRuns()
{
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    return RunSet{std::vector{demo(10, "resnet18", 0.9, "vision"), demo(2, "mlp", 0.7), demo(3, "mlp", 0.8), demo(4, "resnet18", 0.95, "vision/small"),
                              demo(5, "lenet5", nan, "visionary"), demo(1, "mlp", 0.75)}};
}

/// "4 10 1": numbers of the rows; the head of a group as "(mlp 3)", open or not.
std::string rowsOf(const RunList& list)
{
    std::string text;
    for (const RunList::Row& row : list.rows) {
        text += text.empty() ? "" : " ";
        const RunGroup* group = row.group < 0 ? nullptr : &list.groups[static_cast<std::size_t>(row.group)];
        text += row.run ? std::to_string(row.run->id) : "(" + std::get<std::string>(group->values[0]) + " " + std::to_string(group->runs.size()) + ")";
    }
    return text;
}

std::string listed(const RunWish& wish, const RunSet& runs = sixRuns())
{
    return rowsOf(listRuns(runs, wish, {}, WallTime{}));
}

std::string idsOf(const RunSet& runs)
{
    std::string text;
    for (const RunSummary& run : runs.each())
        text += (text.empty() ? "" : " ") + std::to_string(run.id);
    return text;
}

}

class TestRunList : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void changesGoWhereTheyBelong()
    {
        RunSet runs = sixRuns();
        const RunSet before = runs;
        QCOMPARE(idsOf(runs), std::string{"1 2 3 4 5 10"});
        runs.apply(RunSet{std::vector{demo(3, "vgg", 0.1), demo(7, "new", 0.2), demo(11, "new", 0.3)}}.shared(), std::array<RunId, 2>{2, 99});
        QCOMPARE(idsOf(runs), std::string{"1 3 4 5 7 10 11"});
        QCOMPARE(runs.find(3)->architecture, std::string{"vgg"});
        QVERIFY(!runs.find(2) && !runs.find(8));
        QCOMPARE(before.find(3)->architecture, std::string{"mlp"}); // a copy is as it was
        QCOMPARE(idsOf(before), std::string{"1 2 3 4 5 10"});
    }

    void rowsComeInTheOrderThatIsWanted_data()
    {
        QTest::addColumn<std::vector<RunOrder>>("order");
        QTest::addColumn<QString>("expected");
        QTest::addRow("newest first") << std::vector<RunOrder>{} << "10 5 4 3 2 1";
        QTest::addRow("numbers in names by their size") << std::vector<RunOrder>{{"name", false}} << "1 2 3 4 5 10";
        QTest::addRow("nothing last, up") << std::vector<RunOrder>{{"accuracy", false}} << "2 1 3 10 4 5";
        QTest::addRow("nothing last, down") << std::vector<RunOrder>{{"accuracy", true}} << "4 10 3 1 2 5";
        QTest::addRow("two fields") << std::vector<RunOrder>{{"architecture", false}, {"accuracy", true}} << "5 3 1 2 4 10";
        QTest::addRow("what nobody has") << std::vector<RunOrder>{{"bleu", true}} << "10 5 4 3 2 1";
    }
    void rowsComeInTheOrderThatIsWanted()
    {
        QFETCH(std::vector<RunOrder>, order);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(listed({.order = order})), expected);
    }

    void aPlaceHoldsWhatLiesThere()
    {
        RunSet runs = sixRuns();
        RunSummary archived = *runs.find(3), starred = *runs.find(4);
        archived.archived = starred.starred = true;
        runs.apply(RunSet{std::vector{archived, starred}}.shared(), {});
        QCOMPARE(listed({}, runs), std::string{"10 5 4 2 1"});
        QCOMPARE(listed({.place = RunWish::Place::archived}, runs), std::string{"3"});
        QCOMPARE(listed({.place = RunWish::Place::starred}, runs), std::string{"4"});
        QCOMPARE(listed({.experiment = "vision"}, runs), std::string{"10 4"}); // and below it, but not what only begins alike
        QCOMPARE(listed({.status = RunStatus::failed}, runs), std::string{});
        const RunList some = listRuns(runs, {.query = *RunQuery::parse("accuracy > 0.72")}, {}, WallTime{});
        QCOMPARE(rowsOf(some), std::string{"10 4 1"});
        QVERIFY(some.fitting == 3 && some.inPlace == 5);
        const auto sizes = experimentSizes(runs, RunWish::Place::present);
        QVERIFY((sizes == std::map<std::string, std::size_t>{{"Default", 2}, {"vision", 2}, {"vision/small", 1}, {"visionary", 1}}));
    }

    void groupsTellWhatTheirRunsShare()
    {
        RunWish wish{.groupBy = {"architecture"}, .columns = {"architecture", "experiment", "accuracy"}};
        QCOMPARE(listed(wish), std::string{"(resnet18 2) (lenet5 1) (mlp 3)"});
        wish.open = {"mlp\x1f"};
        wish.order = {{"accuracy", true}};
        const RunList list = listRuns(sixRuns(), wish, {}, WallTime{});
        QCOMPARE(rowsOf(list), std::string{"(resnet18 2) (mlp 3) 3 1 2 (lenet5 1)"}); // by the mean; the runs in each likewise
        QCOMPARE(list.fitting, 6U);
        const RunGroup& mlp = list.groups[1];
        QCOMPARE(std::get<std::string>(mlp.cells[0].common), std::string{"mlp"});
        QCOMPARE(std::get<std::string>(mlp.cells[1].common), std::string{"Default"});
        const GroupCell& figure = mlp.cells[2];
        QCOMPARE(figure.count, 3U);
        QCOMPARE(figure.mean, 0.75);
        QCOMPARE(figure.deviation, 0.05); // of 0.70, 0.75, 0.80 with n - 1
        QVERIFY(figure.low == 0.7 && figure.high == 0.8);
        QCOMPARE(list.groups[0].cells[1].different, 2U);
        QVERIFY(std::holds_alternative<std::monostate>(list.groups[0].cells[1].common));
    }

    void settingsAreAskedForAndUsed()
    {
        const RunWish wish{.query = *RunQuery::parse("training.learningRate < 0.05"), .order = {{"seed", false}}, .groupBy = {"dataset"}, .columns = {"name", "split.test"}};
        QCOMPARE(settingsOf(wish), (std::vector<std::string>{"seed", "split.test", "training.learningRate"}));
        const auto rates = std::make_shared<const RunSettings>(RunSettings{{2, 0.01}, {3, 0.1}, {4, 0.02}});
        QCOMPARE(rowsOf(listRuns(sixRuns(), {.query = wish.query, .order = {{"training.learningRate", true}}}, {{"training.learningRate", rates}}, WallTime{})), std::string{"4 2"});
    }

    void theStoreTellsWhatHasChanged()
    {
        QTemporaryDir folder;
        RunStore store{folder.path().toStdString()}, other{folder.path().toStdString()};
        const RunId first = store.createRun({.name = "first"}), second = store.createRun({.name = "second"}), third = store.createRun({.name = "third"});
        RunChanges changes = store.changesSince(0);
        QCOMPARE(idsOf(RunSet{changes.runs}), QString{"%1 %2 %3"}.arg(first).arg(second).arg(third).toStdString());
        const auto since = [&] {
            changes = store.changesSince(changes.revision);
            std::string text;
            for (const SharedRun& run : changes.runs)
                text += "+" + std::to_string(run->id);
            for (const SharedRun& run : changes.trash)
                text += "t" + std::to_string(run->id);
            for (const RunId run : changes.gone)
                text += "-" + std::to_string(run);
            return text;
        };
        QCOMPARE(since(), std::string{});
        other.record(second, std::vector<RunEvent>{MetricsLogged{{{"loss/train", 1, 0.5, 0.1}}}, RunEnded{.test = {{"accuracy", 0.5}}}});
        QCOMPARE(since(), "+" + std::to_string(second));
        QCOMPARE(changes.runs.front()->test.at("accuracy"), 0.5);
        QCOMPARE(changes.runs.front()->last.at("loss/train"), 0.5);
        other.setTags(first, {"b", "a"});
        other.setStarred(std::array{third}, true);
        QCOMPARE(since(), "+" + std::to_string(first) + "+" + std::to_string(third));
        QCOMPARE(changes.runs[0]->tags, (std::vector<std::string>{"a", "b"}));
        QVERIFY(changes.runs[1]->starred);
        other.moveToTrash(std::array{second});
        QCOMPARE(since(), "t" + std::to_string(second));
        other.emptyTrash();
        QCOMPARE(since(), "-" + std::to_string(second));
        other.renameExperiment("Default", "vision/small");
        QCOMPARE(since(), "+" + std::to_string(first) + "+" + std::to_string(third));
        QCOMPARE(changes.runs[0]->experiment, std::string{"vision/small"});
        const std::int64_t seen = changes.revision;
        QVERIFY(store.changesSince(0).gone.empty()); // a reader that begins knows of none
        QCOMPARE(store.changesSince(seen).revision, seen);
    }

    void experimentsAreFolders()
    {
        QTemporaryDir folder;
        RunStore store{folder.path().toStdString()};
        const RunId a = store.createRun({.experiment = "vision", .name = "a"}), b = store.createRun({.experiment = "vision/small", .name = "b"}),
                    c = store.createRun({.experiment = "visionary", .name = "c"});
        const auto experiments = [&] { return store.run(a)->summary.experiment + " " + store.run(b)->summary.experiment + " " + store.run(c)->summary.experiment; };
        store.renameExperiment("vision", "seeing");
        QCOMPARE(experiments(), std::string{"seeing seeing/small visionary"});
        store.moveToExperiment(std::array{a, c}, "seeing/small");
        QCOMPARE(experiments(), std::string{"seeing/small seeing/small seeing/small"});
        QVERIFY_EXCEPTION_THROWN(store.renameExperiment("seeing", "seeing/below"), StoreError);
        store.renameExperiment("seeing/small", "other");
        QCOMPARE(experiments(), std::string{"other other other"});
    }

    void recipesThatDifferInTheirSeedAloneShareANumber()
    {
        QTemporaryDir folder;
        RunStore store{folder.path().toStdString()};
        std::vector<RunId> ids;
        for (const char* json : {R"({"name":"a","seed":1,"training":{"epochs":3}})", R"({"name":"b","seed":2,"training":{"epochs":3}})",
                                 R"({"name":"a","seed":1,"training":{"epochs":4}})", "no JSON"})
            ids.push_back(store.createRun({.recipeJson = json}));
        const RunSettings numbers = store.settings("recipe");
        QVERIFY(numbers.at(ids[0]) == numbers.at(ids[1]));
        QVERIFY(numbers.at(ids[0]) != numbers.at(ids[2]));
        QCOMPARE(std::get<double>(store.settings("training.epochs", std::array{ids[2]}).at(ids[2])), 4.0);
        QCOMPARE(store.settings("training.epochs", std::array{ids[0], ids[2], ids[3]}).size(), 2U);
    }

    void whatPeopleSayOfRunsIsKept()
    {
        QTemporaryDir folder;
        RunStore store{folder.path().toStdString()};
        const std::array ids{store.createRun({.name = "a"}), store.createRun({.name = "b"})};
        store.addTag(ids, "demo");
        store.addTag(ids, "demo");
        store.removeTag(std::array{ids[1]}, "demo");
        store.setColor(ids, "#123456");
        store.setArchived(ids, true);
        const std::vector<RunSummary> runs = store.runs();
        QCOMPARE(runs[1].tags, std::vector<std::string>{"demo"});
        QVERIFY(runs[0].tags.empty() && runs[0].archived && runs[1].archived && runs[0].color == "#123456");
        store.setArchived(ids, false);
        QVERIFY(!store.runs()[0].archived);
        store.addTag(std::array<RunId, 1>{99}, "nobody"); // is passed over
        store.saveView("mine", "{}");
        store.saveView("mine", R"({"pinned":2})");
        QCOMPARE(store.views().at("mine"), std::string{R"({"pinned":2})"});
        store.removeView("mine");
        QVERIFY(store.views().empty());
    }

    void viewsComeBackAsTheyWere()
    {
        RunsView view = usualView();
        view.columns = {{"name", 300}, {"training.learningRate", 0}};
        view.pinned = 0;
        view.query = "accuracy > \"0.9\"";
        view.experiment = "vision/\xe5\xb0\x8f";
        view.order = {{"name", true}, {"test", false}};
        view.groupBy = {"recipe", "dataset"};
        const Result<RunsView> back = runsViewFromJson(toJson(view));
        QVERIFY(back && *back == view);
        QVERIFY(*runsViewFromJson("{}") == usualView());
    }

    void damagedViewsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("json");
        for (const char* json : {"", "[]", "{", R"({"columns": 3})", R"({"columns": [3]})", R"({"order": [{"field": 3}]})", R"({"groupBy": [{}]})", R"({"query": []})"})
            QTest::addRow("%s", json) << QByteArray{json};
        QTest::addRow("a million columns") << QByteArray{"{\"columns\": [" + QByteArray{"{\"field\": \"x\"},"}.repeated(1000) + "{\"field\": \"x\"}]}"};
    }
    void damagedViewsAreRefused()
    {
        QFETCH(QByteArray, json);
        const Result<RunsView> view = runsViewFromJson(json.toStdString());
        QVERIFY(!view && !view.problems.empty());
    }

    void whatOneRunHasThatAnotherHasNot()
    {
        RunDetails before, after;
        before.summary = demo(1, "mlp", 0.7);
        after.summary = demo(2, "mlp", 0.8);
        before.summary.best = {{"loss/validation", 0.4}, {"epoch", 3}};
        after.summary.best = {{"loss/validation", 0.5}, {"epoch", 4}};
        before.recipeJson = toJson(recipeTemplates().front().recipe);
        Recipe changed = recipeTemplates().front().recipe;
        changed.seed = 99;
        after.recipeJson = toJson(changed);
        const RunDifference difference = differenceOf(before, after);
        QCOMPARE(difference.settings.size(), 1U);
        QCOMPARE(difference.settings[0].path, std::string{"seed"});
        QCOMPARE(difference.figures.size(), 3U);
        QCOMPARE(difference.figures[0].field, std::string{"test.accuracy"});
        QVERIFY(difference.figures[0].better == std::optional{true});
        QVERIFY(!difference.figures[1].better); // nobody knows whether a later epoch is better
        QVERIFY(difference.figures[2].better == std::optional{false});
        after.recipeJson = "no recipe";
        QVERIFY(differenceOf(before, after).settings.empty());
    }
};

QTEST_GUILESS_MAIN(TestRunList)
#include "tst_run_list.moc"
