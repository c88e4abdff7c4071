// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_store.h"
#include "tests/app/descent_process.h"

#include <QJsonArray>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include <csignal>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace descent;

namespace {

/// A training of a blink. One thread: several would wait for each other on a machine that has other work.
const QStringList shortTraining{
    "train", "--set", "dataset.samples=200", "--set", "training.epochs=3", "--set", "training.threads=1"};
const QStringList endlessTraining{
    "train", "--json", "--set", "dataset.samples=200", "--set", "training.epochs=100000", "--set", "training.threads=1"};

/// Waits until the program has printed `text`; what it printed so far.
QByteArray readUntil(QProcess& process, const QByteArray& text)
{
    QByteArray out;
    while (!out.contains(text) && process.waitForReadyRead(60'000))
        out += process.readAllStandardOutput();
    return out;
}

/// The points of a series as `train --json` printed them.
QJsonArray pointsOf(const DescentHome::Outcome& outcome, const QString& series)
{
    QJsonArray points;
    for (const QJsonObject& line : outcome.lines())
        for (const QJsonValue& point : line["points"].toArray())
            if (point["series"] == series)
                points.append(QJsonArray{point["step"], point["value"]}); // without its time, which no seed decides
    return points;
}

QJsonObject firstOf(const QJsonDocument& array)
{
    return array.array().at(0).toObject();
}

}

class TestCommandLine : public QObject {
    Q_OBJECT
    std::unique_ptr<DescentHome> m_home;
    DescentHome::Outcome descent(const QStringList& arguments, const QByteArray& input = {}) const
    {
        return m_home->run(arguments, input);
    }

private Q_SLOTS:
    void init()
    {
        if (!canTrain())
            QSKIP("built without the training module");
        m_home = std::make_unique<DescentHome>();
    }

    void exitCodesAndMessagesSayWhatIsWrong_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("says"); // on standard error
        const auto row = [](const char* name, const QStringList& arguments, int code, const char* says) {
            QTest::newRow(name) << arguments << code << QByteArray{says};
        };
        row("no command", {}, 2, "subcommand");
        row("unknown command", {"trian"}, 2, "did you mean \"train\"?");
        row("unknown option", {"train", "--jsn"}, 2, "--jsn");
        row("help", {"--help"}, 0, "");
        row("help of a command", {"train", "--help"}, 0, "");
        row("version", {"--version"}, 0, "");
        row("no such recipe", {"train", "/no/such/recipe.json"}, 2, "/no/such/recipe.json");
        row("no such template", {"train", "--template", "spiral"}, 2, "did you mean \"spirals\"?");
        row("recipe and template", {"train", "x.json", "--template", "spirals"}, 2, "--template");
        row("unknown setting", {"train", "--set", "training.epohs=5"}, 2, "did you mean \"epochs\"?");
        row("unknown section", {"train", "--set", "trainin.epochs=5"}, 2, "did you mean \"training\"?");
        row("unknown network", {"train", "--set", "architecture.kind=resnet19"}, 2, "did you mean \"resnet18\"?");
        row("no value", {"train", "--set", "training.epochs"}, 2, "PATH=VALUE");
        row("out of range", {"train", "--set", "training.epochs=0"}, 2, "training.epochs");
        row("a network that does not fit", {"train", "--set", "architecture.kind=lenet5"}, 2, "architecture");
        row("no data there", {"train", "--set", "dataset.path=/no/such/data"}, 2, "/no/such/data");
        row("no GPU", {"train", "--device", "cuda:99"}, 2, "device");
        row("no such device", {"train", "--device", "tpu"}, 2, "device");
        row("no such run", {"show", "7"}, 2, "no runs");
        row("no such status", {"runs", "--status", "done"}, 2, "completed");
        row("one run to compare", {"compare", "1"}, 2, "");
        row("no such kind", {"catalog", "resnet19"}, 2, "did you mean \"resnet18\"?");
        row("no such template to print", {"template", "spiral"}, 2, "did you mean \"spirals\"?");
        row("nothing to inspect", {"data", "inspect", "/no/such/data"}, 2, "/no/such/data");
        row("nothing to import", {"import", "/no/such/runs"}, 2, "/no/such/runs");
        row("import what", {"import"}, 2, "PATH");
        row("what nobody can import", {"import", SOURCE_DIR "/README.md"}, 2, "nothing that can be imported");
        row("an archive does not grow", {"import", "archive", SOURCE_DIR "/README.md", "--follow"}, 2, "README.md");
        row("export as what", {"export", "1"}, 2, "");
        row("export what", {"export", "csv", "7", "--to", "/tmp/x.csv"}, 2, "no runs");
        row("delete what", {"delete"}, 2, "RUN");
        row("no runs is no failure", {"runs"}, 0, "");
    }
    void exitCodesAndMessagesSayWhatIsWrong()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QByteArray, says);
        const auto outcome = descent(arguments);
        QVERIFY2(outcome.code == code, outcome.err);
        QVERIFY2(outcome.err.contains(says), outcome.err);
        QVERIFY(outcome.code == 0 || !outcome.err.isEmpty());
    }

    void allThatIsWrongIsSaidAtOnce()
    {
        const auto outcome =
            descent({"train", "-", "--set", "seed=x"},
                    R"({"dataset": {"kind": "spirals", "noise": -1}, "architecture": {"kind": "mlp", "hiden": "8"},
                                         "training": {"epochs": -1, "optimizer": "adma"}})");
        QCOMPARE(outcome.code, 2);
        for (const char* path : {"dataset.noise", "architecture.hiden", "training.epochs", "training.optimizer", "seed"})
            QVERIFY2(outcome.err.contains(path), outcome.err);
        QCOMPARE(outcome.err.count('\n'), 5);
        QVERIFY(RunStore{m_home->folder()}.runs().empty());
    }

    void problemsAreEventsForAProgram()
    {
        const auto outcome = descent({"train", "--json", "--set", "training.epohs=5"});
        QCOMPARE(outcome.code, 2);
        const auto lines = outcome.lines();
        QCOMPARE(lines.size(), 1u);
        QCOMPARE(lines[0],
                 (QJsonObject{{"event", "problem"},
                              {"severity", "error"},
                              {"path", "training.epohs"},
                              {"message", "\"epohs\" is not known here"},
                              {"hint", "did you mean \"epochs\"?"}}));
    }

    void aTrainingIsToldEventByEvent()
    {
        const auto outcome =
            descent(shortTraining + QStringList{"--json", "--name", "short", "--tag", "demo", "--experiment", "Tests"});
        QVERIFY2(outcome.code == 0, outcome.err);
        const auto lines = outcome.lines();
        QMap<QString, int> counts;
        for (const QJsonObject& line : lines)
            ++counts[line["event"].toString()];
        QCOMPARE(counts.value("started"), 1);
        QCOMPARE(counts.value("epoch"), 3);
        QVERIFY(counts.value("metrics") > 0);
        QVERIFY(counts.value("checkpoint") > 0);
        QCOMPARE(counts.value("ended"), 1);
        QCOMPARE(lines.front()["event"].toString(), QString{"started"});
        QCOMPARE(lines.front()["epochs"].toInt(), 3);
        QCOMPARE(lines.front()["classes"].toArray().size(), 2);

        const QJsonObject& ended = lines.back();
        QCOMPARE(QStringList(ended.keys()), (QStringList{"best", "event", "run", "status", "test"}));
        QCOMPARE(ended["event"].toString(), QString{"ended"});
        QCOMPARE(ended["status"].toString(), QString{"completed"});
        QCOMPARE(ended["run"], lines.front()["run"]);
        QVERIFY(ended["best"]["epoch"].toInt() >= 1);
        QVERIFY(ended["best"]["accuracy/validation"].isDouble());
        QVERIFY(ended["test"]["accuracy"].isDouble());
        QVERIFY(ended["test"]["loss"].isDouble());
        // As the issue tracker of another program would cut it out of the text.
        QVERIFY(outcome.out.trimmed().split('\n').last().startsWith(R"({"event":"ended","status":"completed","run":1,"best":{)"));

        const QJsonObject run = firstOf(descent({"runs", "--json"}).json());
        QCOMPARE(run["id"], ended["run"]);
        QCOMPARE(run["name"].toString(), QString{"short"});
        QCOMPARE(run["experiment"].toString(), QString{"Tests"});
        QCOMPARE(run["tags"].toArray(), QJsonArray{"demo"});
        QCOMPARE(run["status"].toString(), QString{"completed"});
        QCOMPARE(run["best"], ended["best"]);
        QCOMPARE(run["test"], ended["test"]);
        QCOMPARE(run["dataset"]["kind"].toString(), QString{"spirals"});

        const QJsonObject shown = descent({"show", "last", "--json"}).json().object();
        QCOMPARE(shown["recipe"]["training"]["epochs"].toInt(), 3);
        QVERIFY(shown["environment"]["torch"].toString().startsWith("2."));
        QVERIFY(shown["series"].toArray().contains("loss/train"));
        for (const QJsonValue& checkpoint : shown["checkpoints"].toArray())
            QVERIFY(QFileInfo::exists(shown["folder"].toString() + "/" + checkpoint["path"].toString()));

        const QList<QByteArray> csv = descent({"show", "short", "--points", "loss/train"}).out.trimmed().split('\n');
        QCOMPARE(csv.front(), QByteArray{"step,value,seconds"});
        const QJsonArray told = pointsOf(outcome, "loss/train");
        QCOMPARE(csv.size() - 1, told.size());
        for (qsizetype i = 0; i < told.size(); ++i) {
            const QList<QByteArray> cells = csv[i + 1].split(',');
            QCOMPARE(cells[0].toLongLong(), told[i][0].toInteger());
            QCOMPARE(cells[1].toDouble(), told[i][1].toDouble());
        }
    }

    void theSameSeedGivesTheSameMetrics()
    {
        const auto first = descent(shortTraining + QStringList{"--json", "--set", "seed=5"});
        const auto second = descent(shortTraining + QStringList{"--json", "--set", "seed=5"});
        const auto other = descent(shortTraining + QStringList{"--json", "--set", "seed=6"});
        for (const char* series : {"loss/train", "loss/validation", "accuracy/validation"}) {
            QVERIFY(!pointsOf(first, series).isEmpty());
            QCOMPARE(pointsOf(first, series), pointsOf(second, series));
        }
        QCOMPARE(first.lines().back()["test"], second.lines().back()["test"]);
        QVERIFY(pointsOf(first, "loss/train") != pointsOf(other, "loss/train"));
    }

    void aTemplateTrainsAsItIsPrinted()
    {
        const QByteArray recipe = descent({"template", "spirals"}).out;
        QVERIFY(!recipe.isEmpty());
        const auto piped = descent({"train", "-", "--json", "--set", "training.epochs=2", "--set", "training.threads=1"}, recipe);
        const auto named =
            descent({"train", "--template", "spirals", "--json", "--set", "training.epochs=2", "--set", "training.threads=1"});
        QCOMPARE(piped.code, 0);
        QCOMPARE(pointsOf(piped, "loss/train"), pointsOf(named, "loss/train"));
        // And what the run kept trains again to the same.
        const auto again = descent({"train", "-", "--json"}, descent({"show", "last", "--recipe"}).out);
        QCOMPARE(pointsOf(again, "loss/train"), pointsOf(named, "loss/train"));
    }

    void aTemplateThatLacksItsDataIsCompletedBySet()
    {
        const QByteArray recipe = descent({"template", "mnist"}).out;
        const auto without = descent({"train", "-"}, recipe);
        QCOMPARE(without.code, 2);
        QVERIFY2(without.err.contains("dataset.path"), without.err);
        const auto with = descent({"train", "-", "--set", "dataset.path=" + m_home->path("nothing-here")}, recipe);
        QCOMPARE(with.code, 2);
        QVERIFY2(with.err.contains("nothing-here"), with.err); // so it was taken
    }

    void namingATableIsEnoughToTrainOnIt()
    {
        QFile file{m_home->path("flowers.csv")};
        QVERIFY(file.open(QFile::WriteOnly));
        file.write("width,kind\n");
        for (int i = 0; i < 60; ++i)
            file.write(i % 2 ? "1.5,rose\n" : "0.5,lily\n");
        file.close();
        const auto outcome = descent({"train", "--json", "--set", "dataset.path=" + file.fileName(), "--set",
                                      "training.epochs=20", "--set", "training.threads=1"});
        QVERIFY2(outcome.code == 0, outcome.err);
        const QJsonObject ended = outcome.lines().back();
        QCOMPARE(ended["test"]["accuracy"].toDouble(), 1.0);
        QCOMPARE(firstOf(descent({"runs", "--json"}).json())["name"].toString(), QString{"flowers.csv mlp"});
    }

    void askingToStopKeepsTheRun_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl-C") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
    }
    void askingToStopKeepsTheRun()
    {
        QFETCH(int, signal);
        QProcess process;
        m_home->start(process, endlessTraining);
        QByteArray out = readUntil(process, "\"epoch\"");
        ::kill(static_cast<pid_t>(process.processId()), signal);
        QVERIFY(process.waitForFinished());
        out += process.readAllStandardOutput();
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 0);
        const auto lines = DescentHome::Outcome{0, out, {}}.lines();
        QCOMPARE(lines.back()["event"].toString(), QString{"ended"});
        QCOMPARE(lines.back()["status"].toString(), QString{"stopped"});
        QVERIFY(!lines.back()["best"].toObject().isEmpty());
        const QJsonObject run = firstOf(descent({"runs", "--json", "--status", "stopped"}).json());
        QCOMPARE(run["id"], lines.back()["run"]);
        QVERIFY(!descent({"show", "last", "--json"}).json()["checkpoints"].toArray().isEmpty());
    }

    void aReaderThatGoesAwayStopsTheRunInOrder()
    {
        QProcess shell;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("DESCENT_HOME", m_home->path(""));
        shell.setProcessEnvironment(environment);
        shell.start("sh", {"-c", BIN_DIR "/descent " + endlessTraining.join(' ') + " | head -n 1"});
        QVERIFY(shell.waitForFinished(60'000)); // head ends at once, and the training with it
        QCOMPARE(firstOf(descent({"runs", "--json"}).json())["status"].toString(), QString{"stopped"});
    }

    void aTrainingThatBreaksFailsAndSaysAtWhichStep()
    {
        const auto outcome = descent({"train", "--json", "--template", "table", "--set", "training.optimizer=sgd", "--set",
                                      "training.learningRate=100", "--set", "training.momentum=0.99", "--set",
                                      "training.epochs=50", "--set", "training.threads=1"});
        QCOMPARE(outcome.code, 1);
        const QJsonObject ended = outcome.lines().back();
        QCOMPARE(ended["status"].toString(), QString{"failed"});
        QVERIFY2(ended["reason"].toString().contains("step"), outcome.out.right(500));
        QVERIFY(ended["hint"].toString().contains("learning rate"));
        QCOMPARE(firstOf(descent({"runs", "--json"}).json())["reason"], ended["reason"]);
        QVERIFY(outcome.err.contains("step"));
    }

    void aPipeGetsPlainLinesAndATerminalABar()
    {
        const auto piped = descent(shortTraining);
        QVERIFY(!piped.out.contains('\x1b') && !piped.out.contains('\r'));
        QVERIFY(piped.out.contains("epoch 3/3"));
        QVERIFY(piped.out.contains("* training"));
        QVERIFY(piped.out.contains("test "));

        constexpr int columns = 60;
        const winsize size{24, columns, 0, 0};
        int terminal = -1;
        const QByteArray home = m_home->path("").toLocal8Bit();
        const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
        if (child == 0) {
            setenv("DESCENT_HOME", home, 1);
            setenv("TERM", "xterm", 1);
            setenv("LC_ALL", "C.UTF-8", 1);
            unsetenv("NO_COLOR");
            execl(BIN_DIR "/descent", "descent", "train", "--set", "training.epochs=400", "--set", "training.threads=1", nullptr);
            _exit(127);
        }
        QByteArray out;
        char buffer[4096];
        for (ssize_t count; (count = read(terminal, buffer, sizeof buffer)) > 0;)
            out.append(buffer, static_cast<qsizetype>(count));
        int status = 0;
        waitpid(child, &status, 0);
        ::close(terminal);
        QCOMPARE(WEXITSTATUS(status), 0);
        QVERIFY2(out.contains("\repoch ") && out.contains(" left"), out.constData());
        QVERIFY(out.contains("\xE2\xA3") || out.contains("\xE2\xA0")); // braille
        QRegularExpression escapes{"\x1b\\[[0-9;]*[mK]"};
        for (const QString& line :
             QString::fromUtf8(out).replace("\r\n", "\n").remove(escapes).split(QRegularExpression{"[\r\n]"}))
            if (line.startsWith("epoch") || line.contains(QChar{0x2502}))
                QVERIFY2(line.size() <= columns, qPrintable(line));
    }

    void quietPrintsTheNumberAlone() { QCOMPARE(descent(shortTraining + QStringList{"--quiet"}).out, QByteArray{"1\n"}); }

    void runsAreFoundByNumberNameAndLast()
    {
        RunStore store{m_home->folder()};
        store.createRun({.name = "alpha"});
        store.createRun({.name = "beta"});
        store.createRun({.name = "beta"});
        const auto id = [&](const QString& run) { return descent({"show", run, "--json"}).json()["id"].toInt(); };
        QCOMPARE(id("1"), 1);
        QCOMPARE(id("alpha"), 1);
        QCOMPARE(id("last"), 3);
        QCOMPARE(id("latest"), 3);
        const auto several = descent({"show", "beta"});
        QCOMPARE(several.code, 2);
        QVERIFY2(several.err.contains("3, 2"), several.err);
        QVERIFY(descent({"show", "alhpa"}).err.contains("did you mean \"alpha\"?"));
    }

    void listsAreFilteredAndCut()
    {
        RunStore store{m_home->folder()};
        for (int i = 0; i < 5; ++i)
            store.record(store.createRun({.experiment = i < 2 ? "A" : "B", .name = "run"}),
                         std::vector<RunEvent>{RunEnded{.status = i % 2 ? RunStatus::failed : RunStatus::completed}});
        const auto count = [&](const QStringList& filter) {
            return descent(QStringList{"runs", "--json"} + filter).json().array().size();
        };
        QCOMPARE(count({}), 5);
        QCOMPARE(count({"--limit", "3"}), 3);
        QCOMPARE(count({"--status", "failed"}), 2);
        QCOMPARE(count({"--experiment", "A"}), 2);
        QCOMPARE(count({"--experiment", "A", "--status", "failed"}), 1);
        QVERIFY(descent({"runs", "--limit", "2"}).out.contains("2 of 5 runs"));
    }

    void runsAreLabelledThrownAwayAndFetchedBack()
    {
        RunStore{m_home->folder()}.createRun({.name = "run"});
        RunStore{m_home->folder()}.record(1, std::vector<RunEvent>{RunEnded{}});
        QCOMPARE(descent({"tag", "run", "demo", "slow"}).code, 0);
        QCOMPARE(descent({"tag", "run", "slow", "--remove"}).code, 0);
        QCOMPARE(descent({"note", "run", "looks odd"}).code, 0);
        QCOMPARE(descent({"rename", "run", "better"}).code, 0);
        const QJsonObject run = firstOf(descent({"runs", "--json", "--tag", "demo"}).json());
        QCOMPARE(run["tags"].toArray(), QJsonArray{"demo"});
        QCOMPARE(run["note"].toString(), QString{"looks odd"});
        QCOMPARE(run["name"].toString(), QString{"better"});

        QCOMPARE(descent({"delete", "better"}).code, 0);
        QVERIFY(descent({"runs", "--json"}).json().array().isEmpty());
        QCOMPARE(descent({"runs", "--json", "--trash"}).json().array().size(), 1);
        QCOMPARE(descent({"restore", "better"}).code, 0);
        QCOMPARE(descent({"runs", "--json"}).json().array().size(), 1);
        QCOMPARE(descent({"delete", "1", "--empty-trash"}).code, 0);
        QCOMPARE(descent({"restore", "1"}).code, 2);
    }

    void aQueryChoosesRuns()
    {
        RunStore store{m_home->folder()};
        for (const auto& [name, accuracy, rate] : {std::tuple{"low", 0.7, "0.1"}, {"high", 0.95, "0.01"}, {"none", -1.0, "0.01"}}) {
            const RunId id = store.createRun({.name = name, .recipeJson = std::string{R"({"training": {"nesterov": true, "optimizer": "sgd", "learningRate": )"} + rate + "}}", .architecture = "resnet18"});
            store.record(id, std::vector<RunEvent>{RunEnded{.test = accuracy < 0 ? std::map<std::string, double>{} : std::map<std::string, double>{{"accuracy", accuracy}}}});
        }
        const auto chosen = [&](const char* query) {
            QStringList names;
            for (const QJsonValue& run : descent({"runs", "--json", "--where", query}).json().array())
                names << run.toObject()["name"].toString();
            return names;
        };
        QCOMPARE(chosen("accuracy > 90%"), QStringList{"high"});
        QCOMPARE(chosen("architecture = ResNet18 and accuracy != none"), (QStringList{"high", "low"}));
        QCOMPARE(chosen("training.learningRate <= 0.01"), (QStringList{"none", "high"}));
        QCOMPARE(chosen("training.learningRate <= 0.01 and training.nesterov = true and training.optimizer ~ sg and not low"), (QStringList{"none", "high"}));
        QCOMPARE(chosen("training.nothing = none and age < 1h and id = 1"), QStringList{"low"});
        QCOMPARE(chosen("accuracy > 1"), QStringList{});
        const auto refused = descent({"runs", "--where", "accuracy >"});
        QCOMPARE(refused.code, 2);
        QVERIFY(refused.err.contains("--where, character 11"));
    }

    void runsAreMarkedMovedAndGrouped()
    {
        RunStore store{m_home->folder()};
        for (const auto& [name, network, accuracy] : {std::tuple{"a", "mlp", 0.7}, {"b", "mlp", 0.8}, {"c", "vgg", 0.9}}) {
            const RunId id = store.createRun({.name = name, .recipeJson = R"({"seed": 1})", .architecture = network, .primaryMetric = "accuracy"});
            store.record(id, std::vector<RunEvent>{RunEnded{.test = {{"accuracy", accuracy}}}});
        }
        const auto names = [&](QStringList options) {
            QStringList all;
            for (const QJsonValue& run : descent(QStringList{"runs", "--json"} + options).json().array())
                all << run.toObject()["name"].toString();
            return all.join(' ');
        };
        QCOMPARE(names({"--sort", "accuracy"}), QString{"a b c"});
        QCOMPARE(names({"--sort", "architecture:desc", "--sort", "accuracy:desc"}), QString{"c b a"});
        QCOMPARE(descent({"star", "a", "c"}).code, 0);
        QCOMPARE(names({"--starred"}), QString{"c a"});
        QCOMPARE(descent({"star", "a", "--remove"}).code, 0);
        QCOMPARE(names({"--starred"}), QString{"c"});
        QCOMPARE(descent({"archive", "b"}).code, 0);
        QCOMPARE(names({}), QString{"c a"});
        QCOMPARE(names({"--archived"}), QString{"b"});
        QCOMPARE(descent({"archive", "b", "--remove"}).code, 0);
        QCOMPARE(descent({"color", "a", "--to", "#102030"}).code, 0);
        QCOMPARE(descent({"color", "a", "--to", "pink"}).code, 2);
        QCOMPARE(store.run(1)->summary.color, std::string{"#102030"});
        QCOMPARE(descent({"move", "a", "b", "--to", "vision/small"}).code, 0);
        QCOMPARE(names({"--experiment", "vision"}), QString{"b a"});
        QCOMPARE(descent({"rename-experiment", "vision", "seeing"}).code, 0);
        QCOMPARE(names({"--experiment", "seeing/small"}), QString{"b a"});
        const auto nowhere = descent({"rename-experiment", "vision", "other"});
        QVERIFY(nowhere.code == 2 && nowhere.err.contains("vision"));

        const QJsonArray groups = descent({"runs", "--json", "--group", "architecture", "--columns", "accuracy,experiment"}).json().array();
        QCOMPARE(groups.size(), 2);
        const QJsonObject mlp = groups[1].toObject();
        QCOMPARE(mlp["by"].toObject()["architecture"].toString(), QString{"mlp"});
        QCOMPARE(mlp["runs"].toArray(), (QJsonArray{2, 1}));
        QCOMPARE(mlp["columns"].toObject()["accuracy"].toObject()["mean"].toDouble(), 0.75);
        QCOMPARE(mlp["columns"].toObject()["experiment"].toString(), QString{"seeing/small"});
        QVERIFY(descent({"runs", "--group", "architecture"}).out.contains("0.7500 ± 0.0707"));
        store.saveView("mine", R"({"columns": [{"field": "name"}, {"field": "seed"}], "query": "accuracy < 0.85", "order": [{"field": "name"}]})");
        QCOMPARE(descent({"runs", "--views"}).out.trimmed(), QByteArray{"mine"});
        QCOMPARE(names({"--view", "mine"}), QString{"a b"});
        QVERIFY(descent({"runs", "--view", "mine"}).out.startsWith("RUN  NAME  SEED"));
        QCOMPARE(descent({"runs", "--view", "yours"}).code, 2);
    }

    void roomOfCheckpointsIsFreedWhenItIsSaid()
    {
        QVERIFY(descent(shortTraining).code == 0);
        const auto best = m_home->folder() / "runs" / "1" / "best.safetensors";
        QVERIFY(std::filesystem::exists(best));
        const QStringList all{"store", "free", "--keep", "nothing", "--older-than", "0", "--json"};
        const QJsonObject planned = descent(all).json().object();
        QVERIFY(!planned["freed"].toBool() && planned["bytes"].toInteger() > 1000 && !planned["files"].toArray().isEmpty());
        QVERIFY(std::filesystem::exists(best));
        QCOMPARE(descent(all + QStringList{"--where", "accuracy > 2"}).json().object()["files"].toArray().size(), 0);
        QCOMPARE(descent({"store", "free", "--keep", "all"}).code, 2);
        const QJsonObject freed = descent(all + QStringList{"--apply"}).json().object();
        QVERIFY(freed["freed"].toBool());
        QCOMPARE(freed["bytes"].toInteger(), planned["bytes"].toInteger());
        QVERIFY(!std::filesystem::exists(best));
        QCOMPARE(descent({"evaluate", "1"}).code, 2); // says that there is no network any more
        QCOMPARE(descent({"runs", "--json"}).json().array().size(), 1);
    }

    void comparingShowsTheSettingsThatDiffer()
    {
        descent(shortTraining);
        descent(shortTraining + QStringList{"--set", "training.learningRate=0.02", "--set", "training.optimizer=sgd"});
        const auto outcome = descent({"compare", "1", "2"});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.out.contains("training.learningRate"));
        QVERIFY(outcome.out.contains("training.momentum")); // sgd alone has one
        QVERIFY(!outcome.out.contains("training.batchSize"));
        QVERIFY(outcome.out.contains("test accuracy"));
        QVERIFY(outcome.out.contains("loss/train"));
        const QJsonObject json = descent({"compare", "1", "2", "--json"}).json().object();
        QCOMPARE(json["runs"].toArray().size(), 2);
        for (const QJsonValue& difference : json["differences"].toArray())
            if (difference["path"] == "training.learningRate")
                QCOMPARE(difference["values"].toObject(), (QJsonObject{{"1", "0.01"}, {"2", "0.02"}}));
    }

    void comparingManySaysWhichDifferenceExplainsTheFigure()
    {
        RunStore store{m_home->folder()};
        for (int i = 0; i < 12; ++i) {
            NewRun run{.name = "grid", .recipeJson = fmt::format(R"({{"seed": {}, "training": {{"learningRate": {}}}}})", i % 3, i < 6 ? 0.1 : 0.01)};
            run.primaryMetric = "accuracy";
            const RunId id = store.createRun(run);
            const std::vector<RunEvent> events{RunEnded{.reason = {}, .hint = {}, .best = {}, .test = {{"accuracy", (i < 6 ? 0.7 : 0.9) + 0.001 * (i % 5)}}}};
            store.record(id, events);
        }
        QStringList compare{"compare"};
        for (int run = 1; run <= 12; ++run)
            compare << QString::number(run);
        const QString report = QString::fromStdString((m_home->folder() / "report.html").string());
        const auto outcome = descent(compare + QStringList{"--report", report});
        QVERIFY2(outcome.code == 0, outcome.err);
        QVERIFY2(outcome.out.contains("accuracy falls with training.learningRate") || outcome.out.contains("training.learningRate goes with accuracy: best at 0.01"), outcome.out);
        QVERIFY2(outcome.out.contains("is better than learningRate 0.1 in accuracy"), outcome.out);
        QFile file{report};
        QVERIFY(file.open(QFile::ReadOnly));
        const QByteArray html = file.readAll();
        QVERIFY(html.startsWith("<!DOCTYPE html>") && html.contains("is better than learningRate 0.1") && html.contains("Settings that differ"));

        const QJsonObject json = descent(compare + QStringList{"--json"}).json().object();
        const QJsonObject explanation = json["explanation"].toObject(), first = explanation["settings"].toArray().at(0).toObject();
        QCOMPARE(explanation["figure"].toString(), QString{"accuracy"});
        QCOMPARE(first["setting"].toString(), QString{"training.learningRate"});
        QVERIFY(first["pValue"].toDouble() < 0.05);
        QCOMPARE(json["verdict"].toObject()["second"].toString(), QString{"learningRate 0.01"});
        QFile readme{SOURCE_DIR "/README.md"};
        QVERIFY(readme.open(QFile::ReadOnly));
        const QByteArray words = readme.readAll();
        for (const QJsonObject& object : {explanation, first, json["verdict"].toObject()})
            for (const QString& key : object.keys())
                QVERIFY2(words.contains('`' + key.toUtf8() + '`'), qPrintable(key));
        const auto lower = descent(compare + QStringList{"--better", "lower"});
        QVERIFY2(lower.out.contains("learningRate 0.1 is better than learningRate 0.01 in accuracy"), lower.out);
        QVERIFY(descent(compare + QStringList{"--figure", "duration"}).out.contains("duration"));
        const auto unknown = descent(compare + QStringList{"--figure", "beauty"});
        QVERIFY2(unknown.code == 2 && unknown.err.contains("none of these runs has a figure \"beauty\"") && unknown.err.contains("accuracy"), unknown.err);
        const auto markdown = descent(compare + QStringList{"--table", "markdown"});
        QVERIFY2(markdown.out.startsWith("| recipe | runs | accuracy |") && markdown.out.contains("| learningRate 0.01 | 6 | **0.9018 ± 0.001472** |"), markdown.out);
        QCOMPARE(descent(compare + QStringList{"--table", "csv"}).out.count('\n'), 13);
        QVERIFY(descent(compare + QStringList{"--table", "latex"}).out.contains("\\toprule"));
        QCOMPARE(descent(compare + QStringList{"--table", "word"}).code, 2);
        QCOMPARE(descent(compare + QStringList{"--report", "/nowhere/at/all.html"}).code, 1);
        if (!QFile::exists(BIN_DIR "/descent-studio"))
            QSKIP("descent-studio is not built: it paints the charts");
        QVERIFY(html.contains("alt=\"Accuracy by recipe\"")); // the studio paints
        const QString pages = QString::fromStdString((m_home->folder() / "report.pdf").string());
        QCOMPARE(descent(compare + QStringList{"--report", pages}).code, 0);
        QFile pdf{pages};
        QVERIFY(pdf.open(QFile::ReadOnly) && pdf.readAll().startsWith("%PDF-"));
    }

    void theCatalogueNamesEveryKindWithItsSettings()
    {
        const QJsonObject all = descent({"catalog", "--json"}).json().object();
        for (const char* group : {"datasets", "architectures", "training", "tasks", "templates"})
            QVERIFY2(!all[QLatin1String{group}].toArray().isEmpty(), group);
        const QJsonObject one = descent({"catalog", "mlp", "--json"}).json()["architectures"].toArray()[0].toObject();
        QCOMPARE(one["id"].toString(), QString{"mlp"});
        QVERIFY(!one["parameters"].toArray().isEmpty());
        const QByteArray text = descent({"catalog", "training"}).out;
        QVERIFY(text.contains("learningRate") && text.contains("default 0.001") && text.contains("one of sgd, adam, adamw"));
    }

    void theDevicesAreListedWithTheirMemory()
    {
        const QJsonObject all = descent({"devices", "--json"}).json().object();
        const QJsonObject cpu = all["devices"].toArray().at(0).toObject();
        QCOMPARE(cpu["id"].toString(), QString{"cpu"});
        QVERIFY(cpu["memoryBytes"].toDouble() > 1e8);
        QVERIFY(cpu["freeBytes"].toDouble() > 0 && cpu["freeBytes"].toDouble() <= cpu["memoryBytes"].toDouble());
        const QByteArray text = descent({"devices"}).out;
        QVERIFY(text.startsWith("DEVICE") && text.contains("cpu ") && text.contains(" GB"));
    }

    void dataIsInspected()
    {
        const QJsonObject report =
            descent({"data", "inspect", "moons", "--set", "dataset.samples=300", "--json"}).json().object();
        QCOMPARE(report["kind"].toString(), QString{"moons"});
        QCOMPARE(report["samples"]["train"].toInt(), 300);
        QCOMPARE(report["classes"].toArray().size(), 2);
        QCOMPARE(report["columns"].toArray().size(), 2);
        QVERIFY(descent({"data", "inspect", "moons"}).out.contains("50.0 %"));
        QCOMPARE(descent({"data", "inspect", "moons", "--set", "training.epochs=3"}).code, 2);
    }

    void everyKeyThatIsPrintedIsInTheReadme()
    {
        QFile file{SOURCE_DIR "/README.md"};
        QVERIFY(file.open(QFile::ReadOnly));
        const QByteArray readme = file.readAll();
        const auto training = descent(shortTraining + QStringList{"--json"});
        std::vector<QJsonObject> objects = training.lines();
        objects.push_back(firstOf(descent({"runs", "--json"}).json()));
        objects.push_back(descent({"show", "last", "--json"}).json().object());
        const QJsonObject devices = descent({"devices", "--json"}).json().object();
        objects.push_back(devices);
        objects.push_back(devices["devices"].toArray().at(0).toObject());
        for (const QJsonObject& object : objects)
            for (const QString& key : object.keys())
                QVERIFY2(readme.contains('"' + key.toUtf8() + "\":"), qPrintable(key));
    }

    void aLearningRateIsSoughtAndNoRunKept()
    {
        const auto found = descent({"find-rate", "--json", "--template", "drawn-digits", "--set", "dataset.samples=600"});
        QVERIFY2(found.code == 0, found.err);
        const QJsonObject curve = found.json().object();
        QCOMPARE(curve["points"].toArray()[0].toObject()["rate"].toDouble(), 1e-7);
        QVERIFY(curve["steepest"].toDouble() > 1e-5);
        const auto drawn = descent({"find-rate", "--template", "drawn-digits", "--set", "dataset.samples=600"});
        QVERIFY2(drawn.out.contains("training.learningRate="), drawn.out);
        QVERIFY(drawn.out.contains("1e-07"));
        QCOMPARE(descent({"runs", "--json"}).json().array().size(), 0);
        const auto wrong = descent({"find-rate", "--lowest", "2", "--highest", "1"});
        QCOMPARE(wrong.code, 2);
        QVERIFY2(wrong.err.contains("--lowest"), wrong.err);
    }

    void aRunWhoseEndCannotBeStoredHasFailed()
    {
        RunStore{m_home->folder()}.runs();
        SQLite::Database{(m_home->folder() / "descent.db").string(), SQLite::OPEN_READWRITE}.exec(
            "CREATE TRIGGER broken BEFORE INSERT ON point BEGIN SELECT raise(ABORT, 'disk on fire'); END");
        const auto outcome = descent(shortTraining + QStringList{"--json"});
        QCOMPARE(outcome.code, 1);
        const auto lines = outcome.lines();
        QCOMPARE(lines.back()["event"].toString(), QString{"ended"});
        QCOMPARE(lines.back()["status"].toString(), QString{"failed"});
        for (const QJsonObject& line : lines)
            QVERIFY(line["event"] != "metrics"); // nothing is told that is not kept
    }

    void aRunThatLearntBoxesIsAskedWhatStandsWhere()
    {
        const QString picture = SOURCE_DIR "/tests/fuzz/corpus/png/colour.png";
        QCOMPARE(descent({"train", "--template", "street", "--set", "dataset.samples=20", "--set", "dataset.width=64", "--set", "training.epochs=1",
                          "--set", "training.batchSize=8", "--set", "training.threads=1"}).code, 0);
        const auto all = descent({"detect", "last", "--picture", picture, "--score", "0", "--json"});
        QVERIFY2(all.code == 0, all.err);
        const QJsonObject seen = all.json().array().at(0).toObject();
        QCOMPARE(seen["picture"].toString(), picture);
        const QJsonArray boxes = seen["boxes"].toArray();
        QVERIFY(!boxes.isEmpty()); // a network that knows nothing yet, of which nothing is left out
        for (const QJsonValue& value : boxes) {
            const QJsonObject box = value.toObject();
            QVERIFY(box["left"].toDouble() >= 0 && box["right"].toDouble() <= seen["width"].toInt() && box["left"].toDouble() < box["right"].toDouble());
            QVERIFY(QStringList({"car", "truck", "person", "sign", "light"}).contains(box["class"].toString()));
        }
        QVERIFY(descent({"detect", "last", "--picture", picture, "--score", "1"}).out.contains("nothing"));
        const auto missing = descent({"detect", "last", "--picture", "none.png"});
        QCOMPARE(missing.code, 2);
        QVERIFY2(missing.err.contains("none.png"), missing.err);
        QCOMPARE(descent(shortTraining).code, 0);
        const auto other = descent({"detect", "last", "--picture", picture});
        QCOMPARE(other.code, 2);
        QVERIFY2(other.err.contains("did not learn to find boxes"), other.err);
    }

    void aHistoryThatCannotBeOpenedIsNamed()
    {
        QFile file{m_home->path("descent.db")};
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(QByteArray(5000, 'x'));
        file.close();
        for (const QStringList& arguments : {QStringList{"runs"}, shortTraining}) {
            const auto outcome = descent(arguments);
            QCOMPARE(outcome.code, 1);
            QVERIFY2(outcome.err.contains("descent.db") && outcome.err.contains("damaged"), outcome.err);
        }
        QCOMPARE(descent(shortTraining + QStringList{"--json"}).lines().back()["event"].toString(), QString{"problem"});
    }

    void aNewerDatabaseIsListedButNotTrainedInto()
    {
        RunStore{m_home->folder()}.createRun({.name = "of the future"});
        SQLite::Database{(m_home->folder() / "descent.db").string(), SQLite::OPEN_READWRITE}.exec("PRAGMA user_version = 1000");
        QVERIFY(descent({"runs"}).out.contains("of the future"));
        const auto outcome = descent(shortTraining);
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.err.contains("newer"), outcome.err);
    }

    void aRunGoesOnFromAnother()
    {
        QCOMPARE(descent(shortTraining + QStringList{"--quiet", "--name", "first"}).code, 0);
        const auto outcome = descent(shortTraining + QStringList{"--json", "--from", "last", "--name", "second", "--set", "start.freeze=fc1"});
        QVERIFY2(outcome.code == 0, outcome.err);
        int epochs = 0;
        bool told = false;
        for (const QJsonObject& line : outcome.lines()) {
            epochs += line["event"] == "epoch";
            told = told || line["text"].toString().contains("taken over from run 1 (first)");
        }
        QCOMPARE(epochs, 4); // the first before any step
        QVERIFY(told);
        const QString folder = QString::fromStdString((m_home->folder() / "runs" / "2").string());
        QCOMPARE(descent(shortTraining + QStringList{"--quiet", "--from", folder, "--name", "third"}).code, 0);

        const QJsonObject third = descent({"show", "3", "--json"}).json().object(), first = descent({"show", "1", "--json"}).json().object();
        QCOMPARE(third["parent"].toInt(), 2);
        QCOMPARE(first["children"].toArray(), QJsonArray{2});
        QVERIFY(first["parent"].isNull() && first["start"].isNull());
        const QJsonObject second = descent({"show", "2", "--json"}).json().object();
        QCOMPARE(second["start"]["name"].toString(), QString{"first"});
        QCOMPARE(second["start"]["sha256"], first["checkpoints"].toArray().at(0).toObject()["sha256"]);
        QVERIFY(descent({"show", "2"}).out.contains("started from  run 1  first"));
        const QByteArray tree = descent({"runs", "--tree"}).out;
        QVERIFY2(tree.indexOf("1  first") < tree.indexOf("\u2514\u2500 2  second") && tree.contains("   \u2514\u2500 3  third"), tree);

        descent({"delete", "1"});
        descent({"delete", "--empty-trash"});
        QVERIFY(descent({"show", "2"}).out.contains("run 1, deleted"));
        QVERIFY(descent({"runs", "--tree"}).out.contains("deleted"));
    }

    void weightsThatDoNotFitAreListedBeforeAnythingStarts()
    {
        QCOMPARE(descent(shortTraining + QStringList{"--quiet"}).code, 0);
        const auto outcome = descent(shortTraining + QStringList{"--from", "1", "--set", "architecture.hidden=7"});
        QCOMPARE(outcome.code, 2);
        for (const char* said : {"start.run", "do not fit", "fc1.weight", "fc1.bias", "64x2", "7x2"})
            QVERIFY2(outcome.err.contains(said), outcome.err);
        QCOMPARE(descent({"runs", "--json"}).json().array().size(), 1);
        QCOMPARE(descent(shortTraining + QStringList{"--from", "9"}).code, 2);
        QVERIFY(descent({"train", "--template", "transfer"}).err.contains("start.run"));
        QVERIFY(descent(shortTraining + QStringList{"--from", "1", "--set", "start.freeze=layer1"}).err.contains("start.freeze"));
    }

    void textsOfOthersDoNotCommandTheTerminal()
    {
        RunStore{m_home->folder()}.createRun({.name = "evil\x1b[2Jname\r\n"});
        const QByteArray out = descent({"runs"}).out + descent({"show", "1"}).out;
        QVERIFY(out.contains("evil?[2Jname??"));
        QVERIFY(!out.contains('\x1b') && !out.contains('\r'));
    }
};

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
