// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/run_fields.h"

#include <QTemporaryDir>
#include <QTest>

using namespace descent;

namespace {

RunSummary demo(const char* name, const char* architecture, RunId id = 7)
{
    RunSummary run{.id = id, .experiment = "Default", .name = name, .status = RunStatus::failed, .datasetName = "Digits", .architecture = architecture, .task = "image-classification"};
    run.createdAt = WallTime{std::chrono::hours{24}};
    run.seconds = 12;
    run.parameterCount = 4000;
    run.tags = {"demo"};
    run.last = {{"loss/train", 0.3}, {"accuracy/validation", 0.8}, {"learning-rate", 0.01}};
    run.best = {{"accuracy/validation", 0.9}, {"epoch", 3}};
    run.test = {{"accuracy", 0.85}};
    run.primaryMetric = "accuracy";
    return run;
}

}

class TestRunFields : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRunAnswersToItsNames()
    {
        const RunSummary run = demo("one", "mlp");
        const WallTime now = run.createdAt + std::chrono::seconds{90};
        const auto number = [&](const char* name) { return std::get<double>(fieldOf(run, name, now)); };
        QCOMPARE(number("accuracy"), 0.85);
        QCOMPARE(number("loss"), 0.3);
        QCOMPARE(number("learning-rate"), 0.01);
        QCOMPARE(number("best.accuracy/validation"), 0.9);
        QCOMPARE(number("last.accuracy/validation"), 0.8);
        QCOMPARE(number("test.accuracy"), 0.85);
        QCOMPARE(number("age"), 90.0);
        QCOMPARE(number("created"), 86'400.0);
        QCOMPARE(number("duration"), 12.0);
        QCOMPARE(number("parameters"), 4000.0);
        QCOMPARE(number("id"), 7.0);
        QCOMPARE(number("test"), 0.85);
        QCOMPARE(number("validation"), 0.9);
        QCOMPARE(std::get<std::string>(fieldOf(run, "starred", now)), std::string{"false"});
        QCOMPARE(std::get<std::string>(fieldOf(run, "status", now)), std::string{"failed"});
        QCOMPARE(std::get<std::vector<std::string>>(fieldOf(run, "tag", now)), std::vector<std::string>{"demo"});
        for (const char* missing : {"ended", "parent", "best.loss/train", "test.loss", "bleu"})
            QVERIFY2(std::holds_alternative<std::monostate>(fieldOf(run, missing, now)), missing);
        const std::string all = std::get<std::string>(fieldOf(run, "", now));
        for (const char* part : {"one", "mlp", "Digits", "demo", "failed", "Default", "7"})
            QVERIFY2(all.find(part) != std::string::npos, part);
    }

    void settingsAreToldFromFigures()
    {
        for (const char* name : {"training.learningRate", "seed", "dataset.kind", "cleaning.columns.age.use"})
            QVERIFY2(isSetting(name), name);
        for (const char* name : {"accuracy", "dataset", "architecture", "best.loss/train", "training"})
            QVERIFY2(!isSetting(name), name);
    }

    void betterIsKnownOfFigures()
    {
        for (const char* name : {"accuracy", "best.accuracy/validation", "test.accuracy", "accuracy/train"})
            QVERIFY2(isBetterHigher(name), name);
        for (const char* name : {"loss", "best.loss/validation", "mae", "nobody-knows"})
            QVERIFY2(!isBetterHigher(name), name);
    }

    void whatIsOfferedIsWhatRunsHave()
    {
        const std::vector<QueryField> fields = queryFields(RunSet{std::vector{demo("one", "mlp", 1), demo("two", "resnet18", 2), demo("three", "resnet18", 3)}});
        const auto find = [&](const char* name) { return std::find_if(fields.begin(), fields.end(), [&](const QueryField& field) { return field.name == name; }); };
        QCOMPARE(find("architecture")->values, (std::vector<std::string>{"resnet18", "mlp"}));
        for (const char* name : {"accuracy", "loss", "test.accuracy", "best.accuracy/validation", "age", "tag", "status"})
            QVERIFY2(find(name) != fields.end(), name);
        QVERIFY(find("bleu") == fields.end());
        QVERIFY(find("") == fields.end());
    }
};

QTEST_GUILESS_MAIN(TestRunFields)
#include "tst_run_fields.moc"
