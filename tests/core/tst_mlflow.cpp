// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/interchange/mlflow_files.h"
#include "engine/core/interchange/mlflow_meta.h"
#include "engine/core/interchange/mlflow_sqlite.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

#include <cmath>
#include <fstream>
#include <limits>

using namespace descent;

namespace fs = std::filesystem;

namespace {

constexpr char python[] = SOURCE_DIR "/.venv/bin/python";

/// MLflow writes a store with all that we take, then what its own client reads from it.
constexpr char writes[] = R"(
import sys
from mlflow.entities import Metric
from mlflow.tracking import MlflowClient
c = MlflowClient(tracking_uri=sys.argv[1])
e = c.create_experiment("Größe: alle")
r = c.create_run(e, run_name="first: run", tags={"mlflow.note.content": "a note\nof two lines", "team": "vision", "demo": ""}).info.run_id
c.log_param(r, "lr", "0.001")
c.log_param(r, "optimizer/name", "adam")
c.log_param(r, "nesterov", True)
c.log_param(r, "lines", "a\nb")
c.log_batch(r, metrics=[Metric("train/loss", 1 / (3 + i), 1700000000000 + i * 250, i) for i in range(900)])
c.log_batch(r, metrics=[Metric("acc", v, 1700000000000 + i * 250, i) for i, v in enumerate([float("nan"), 0.1, float("inf"), -0.0, 1e-300, 0.1])])
c.set_terminated(r, "FINISHED", end_time=1700000300000)
k = c.create_run(e, run_name="child", tags={"mlflow.parentRunId": r}).info.run_id
c.log_metric(k, "train/loss", 0.25, step=-3)
c.set_terminated(k, "FAILED")
c.delete_run(c.create_run(e, run_name="gone").info.run_id)
d = c.create_experiment("deleted")
c.log_metric(c.create_run(d).info.run_id, "x", 1.0)
c.delete_experiment(d)
)";

constexpr char reads[] = R"(
import json, sys
from mlflow.tracking import MlflowClient
c = MlflowClient(tracking_uri=sys.argv[1])
out = {}
for e in c.search_experiments():
    for r in c.search_runs([e.experiment_id]):
        out[r.info.run_name] = {"experiment": e.name, "status": r.info.status, "start": r.info.start_time, "params": r.data.params, "tags": r.data.tags,
            "metrics": {k: [[m.step, repr(m.value), m.timestamp] for m in c.get_metric_history(r.info.run_id, k)] for k in r.data.metrics}}
print(json.dumps(out))
)";

}

class TestMlflow : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path path(const char* name) const { return fs::path{m_folder->path().toStdString()} / name; }

    /// What the script prints; nothing where there is no MLflow.
    static std::optional<QByteArray> run(const char* script, const std::string& argument)
    {
        if (!fs::exists(python))
            return std::nullopt;
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("MLFLOW_ALLOW_FILE_STORE", "true");
        environment.insert("MLFLOW_DISABLE_TELEMETRY", "true");
        process.setProcessEnvironment(environment);
        process.start(python, {"-c", QString{"import importlib.util as u, sys\nsys.exit(77) if u.find_spec('mlflow') is None else 0\n"} + script, QString::fromStdString(argument)});
        if (!process.waitForFinished(120'000) || process.exitCode() == 77)
            return std::nullopt;
        if (process.exitCode() != 0)
            qWarning("%s", process.readAllStandardError().constData());
        return process.readAllStandardOutput();
    }
    static RunSummary named(RunStore& store, const std::string& name)
    {
        for (const RunSummary& summary : store.runs())
            if (summary.name == name)
                return summary;
        throw std::out_of_range{name};
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void whatMlflowWroteComesInValueForValue_data()
    {
        QTest::addColumn<bool>("isFiles");
        QTest::newRow("file store") << true;
        QTest::newRow("database") << false;
    }
    void whatMlflowWroteComesInValueForValue()
    {
        QFETCH(bool, isFiles);
        const std::string uri = isFiles ? "file://" + path("mlruns").string() : "sqlite:///" + path("mlflow.db").string();
        if (!run(writes, uri))
            QSKIP("MLflow is not there");
        RunStore store{path("store")};
        const auto open = [&](Intake::Mode mode = Intake::Mode::take) -> std::unique_ptr<RunImport> {
            if (isFiles)
                return std::make_unique<MlflowFilesImport>(path("mlruns"), "", mode);
            return std::make_unique<MlflowSqliteImport>(path("mlflow.db"), "", mode);
        };
        const ImportReport counted = open(Intake::Mode::count)->update(store);
        QVERIFY(store.runs().empty());
        QCOMPARE(counted.points, 907);
        QCOMPARE(counted.newRuns, 2);
        auto source = open();
        const ImportReport report = source->update(store);
        source->finish(store);
        QVERIFY2(report.problems.empty(), report.problems.empty() ? "" : english(report.problems[0]).c_str());
        QCOMPARE(report.points, 907);
        QCOMPARE(report.runs, 2);

        const RunSummary first = named(store, "first: run");
        QCOMPARE(first.experiment, std::string{"Größe: alle"});
        QCOMPARE(first.note, std::string{"a note\nof two lines"});
        QVERIFY((std::set<std::string>{first.tags.begin(), first.tags.end()} == std::set<std::string>{"team=vision", "demo"}));
        QVERIFY(first.status == RunStatus::completed);
        QVERIFY(first.endedAt == WallTime{std::chrono::milliseconds{1700000300000}});
        QVERIFY(named(store, "child").status == RunStatus::failed);
        QCOMPARE(std::get<double>(store.settings("hparams.lr").at(first.id)), 0.001);
        QCOMPARE(std::get<std::string>(store.settings("hparams.optimizer/name").at(first.id)), std::string{"adam"});
        QCOMPARE(std::get<std::string>(store.settings("hparams.lines").at(first.id)), std::string{"a\nb"});
        const auto environment = store.run(named(store, "child").id)->environment;
        QCOMPARE(environment.at(importedFrom), mlflowSource(environment.at("mlflow.parentRunId")).size() == 39 ? environment.at(importedFrom) : std::string{});

        // MLflow's own client and we say the same.
        const QJsonObject theirs = QJsonDocument::fromJson(*run(reads, uri))
                                       .object();
        QCOMPARE(theirs.size(), 2);
        for (const QString& name : theirs.keys()) {
            const RunSummary mine = named(store, name.toStdString());
            QCOMPARE(std::chrono::duration_cast<std::chrono::milliseconds>(mine.createdAt.time_since_epoch()).count(), theirs[name]["start"].toInteger());
            for (const QString& metric : theirs[name]["metrics"].toObject().keys()) {
                const auto points = store.points(mine.id, metric.toStdString());
                const QJsonArray values = theirs[name]["metrics"][metric].toArray();
                QCOMPARE(static_cast<qsizetype>(points.size()), values.size());
                for (qsizetype i = 0; i < values.size(); ++i) {
                    const auto& point = points[static_cast<std::size_t>(i)];
                    QCOMPARE(point.step, values[i][0].toInteger());
                    const QString text = values[i][1].toString();
                    const double value = text == "nan" ? std::nan("") : text == "inf" ? HUGE_VAL : text.toDouble();
                    QVERIFY2(point.value == value || (std::isnan(point.value) && std::isnan(value)), qPrintable(text));
                    QVERIFY(std::abs(point.seconds * 1000 + static_cast<double>(theirs[name]["start"].toInteger()) - values[i][2].toDouble()) < 0.01);
                }
            }
        }

        // Again: nothing is new, in this program and in the next.
        QCOMPARE(source->update(store).points, 0);
        const ImportReport again = open()->update(store);
        QCOMPARE(again.points + again.newRuns, 0);
        QCOMPARE(again.known, 907);
        QCOMPARE(store.runs().size(), 2u);
    }

    void aRunGoesToMlflowValueForValueAndBack_data() { whatMlflowWroteComesInValueForValue_data(); }
    void aRunGoesToMlflowValueForValueAndBack()
    {
        QFETCH(bool, isFiles);
        RunStore store{path("store")}, other{path("other")};
        const RunId id = store.createRun({.experiment = "Vision", .name = "ours: ü", .recipeJson = R"({"name": "x", "training": {"learningRate": 0.1, "nesterov": true}, "layers": [1, 2]})", .environment = {{"device", "cpu"}}});
        MetricsLogged logged;
        for (int i = 1; i <= 5000; ++i)
            logged.points.push_back({"loss/train", i, i == 9 ? std::nan("") : 1.0 / (0.3 + i), i * 0.25});
        for (int i = 1; i <= 20; ++i)
            logged.points.push_back({"loss", i, 2.5, 1}); // beside "loss/train"; always the same value
        for (int i = 0; i < 3; ++i)
            logged.points.push_back({"again (%)", 7, 1, 2}); // three times one value at one step
        store.record(id, std::vector<RunEvent>{std::move(logged), RunEnded{.status = RunStatus::stopped, .test = {{"accuracy", 0.75}}}});
        store.setTags(id, {"demo", "team=vision"});
        store.setNote(id, "a \"note\"\n\ttwo");
        const fs::path to = path(isFiles ? "mlruns" : "out.db");
        if (isFiles)
            exportToMlflowFiles(store, std::vector{id}, to);
        else
            exportToMlflowSqlite(store, std::vector{id}, to);

        if (const auto read = run(reads, isFiles ? "file://" + to.string() : "sqlite:///" + to.string())) {
            const QJsonObject theirs = QJsonDocument::fromJson(*read).object()["ours: ü"].toObject();
            QCOMPARE(theirs["experiment"].toString(), QString{"Vision"});
            QCOMPARE(theirs["status"].toString(), QString{"KILLED"});
            QCOMPARE(theirs["params"]["training.learningRate"].toString(), QString{"0.1"});
            QCOMPARE(theirs["params"]["training.nesterov"].toString(), QString{"True"});
            QCOMPARE(theirs["params"]["layers"].toString(), QString{"[1,2]"});
            QCOMPARE(theirs["tags"]["team"].toString(), QString{"vision"});
            QCOMPARE(theirs["tags"]["mlflow.note.content"].toString(), QString{"a \"note\"\n\ttwo"});
            QCOMPARE(theirs["tags"]["descent.device"].toString(), QString{"cpu"});
            const QJsonArray values = theirs["metrics"]["loss/train"].toArray();
            const auto points = store.points(id, "loss/train");
            QCOMPARE(values.size(), 5000);
            for (qsizetype i = 0; i < 5000; ++i) {
                QCOMPARE(values[i][0].toInteger(), points[static_cast<std::size_t>(i)].step);
                QVERIFY(i == 8 ? values[i][1].toString() == "nan" : values[i][1].toString().toDouble() == points[static_cast<std::size_t>(i)].value);
            }
            QCOMPARE(theirs["metrics"]["again ___"].toArray().size(), 3);
            QCOMPARE(theirs["metrics"]["test/accuracy"][0][1].toString(), QString{"0.75"});
        } else {
            qWarning("MLflow is not there: what it reads was not compared");
        }

        std::unique_ptr<RunImport> back;
        if (isFiles)
            back = std::make_unique<MlflowFilesImport>(to, "");
        else
            back = std::make_unique<MlflowSqliteImport>(to, "");
        const ImportReport home = back->update(store); // where it came from
        QCOMPARE(home.runs, 1);
        QCOMPARE(home.newRuns + home.points, 0);
        QCOMPARE(store.runs().size(), 1u);
        if (isFiles)
            back = std::make_unique<MlflowFilesImport>(to, "");
        else
            back = std::make_unique<MlflowSqliteImport>(to, "");
        back->update(other);
        const RunSummary mine = named(other, "ours: ü");
        QVERIFY(mine.status == RunStatus::stopped);
        QCOMPARE(mine.note, std::string{"a \"note\"\n\ttwo"});
        QVERIFY((std::set<std::string>{mine.tags.begin(), mine.tags.end()} == std::set<std::string>{"demo", "team=vision"}));
        QCOMPARE(other.points(mine.id, "loss/train").size(), 5000u);
        QCOMPARE(other.points(mine.id, "again ___").size(), 3u);
        QCOMPARE(other.run(mine.id)->environment.at("device"), std::string{"cpu"});
        QCOMPARE(std::get<double>(other.settings("hparams.training.learningRate").at(mine.id)), 0.1);
    }

    void aStoreIsFollowedWhileMlflowWrites_data() { whatMlflowWroteComesInValueForValue_data(); }
    void aStoreIsFollowedWhileMlflowWrites()
    {
        QFETCH(bool, isFiles);
        const std::string uri = isFiles ? "file://" + path("mlruns").string() : "sqlite:///" + path("mlflow.db").string();
        RunStore store{path("store")};
        if (!run("from mlflow.tracking import MlflowClient\nMlflowClient(tracking_uri=sys.argv[1]).create_experiment('live')", uri))
            QSKIP("MLflow is not there");
        QProcess writer;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("MLFLOW_ALLOW_FILE_STORE", "true");
        writer.setProcessEnvironment(environment);
        writer.start(python, {"-c", R"(
import sys
from mlflow.tracking import MlflowClient
c = MlflowClient(tracking_uri=sys.argv[1])
r = c.create_run(c.get_experiment_by_name("live").experiment_id, run_name="live").info.run_id
for i in range(300):
    c.log_metric(r, "loss", 1 / (1 + i), step=i)
    if i == 20:
        c.log_param(r, "late", "7")
c.set_terminated(r)
)", QString::fromStdString(uri)});
        QVERIFY(writer.waitForStarted());
        std::unique_ptr<RunImport> source;
        if (isFiles)
            source = std::make_unique<MlflowFilesImport>(path("mlruns"), "");
        else
            source = std::make_unique<MlflowSqliteImport>(path("mlflow.db"), "");
        std::int64_t points = 0, times = 0;
        bool wasRunning = false;
        while (writer.state() != QProcess::NotRunning) {
            const ImportReport report = source->update(store);
            points += report.points;
            times += report.points > 0;
            wasRunning = wasRunning || (!store.runs().empty() && store.runs()[0].status == RunStatus::running);
            writer.waitForFinished(5);
        }
        QVERIFY2(writer.exitCode() == 0, writer.readAllStandardError().constData());
        points += source->update(store).points;
        QCOMPARE(points, 300);
        QVERIFY(times > 3);
        QVERIFY(wasRunning);
        QVERIFY(store.runs()[0].status == RunStatus::completed);
        QCOMPARE(std::get<double>(store.settings("hparams.late").at(store.runs()[0].id)), 7.0);
        const auto all = store.points(store.runs()[0].id, "loss");
        for (int i = 0; i < 300; ++i)
            QCOMPARE(all[static_cast<std::size_t>(i)].value, 1.0 / (1 + i));
    }

    void whatIsDamagedIsNamedAndTheRestRead()
    {
        const fs::path run = path("mlruns/1/abc");
        fs::create_directories(run / "metrics/deep");
        fs::create_directories(run / "params");
        writeFileAtomically(path("mlruns/1") / "meta.yaml", "name: 'it''s'\nlifecycle_stage: active\n");
        writeFileAtomically(run / "meta.yaml", "run_id: abc\nrun_name: \"a\\x41 \\\n  \\ b\"\nstatus: 1\nstart_time: 1700000000000\nlifecycle_stage: active\n");
        writeFileAtomically(run / "metrics/deep/loss", "1700000000000 0.5 1\nnonsense\n1700000001000 nan 2\n1700000002000 0.25 3 data digest\n1 2 3 4\n1700000003000 0.1");
        writeFileAtomically(run / "params/p", "\xff\xfe");
        fs::create_directories(path("mlruns/1/empty/tags"));
        writeFileAtomically(path("mlruns/1/empty") / "meta.yaml", "status: 1\n");
        RunStore store{path("store")};
        MlflowFilesImport source{path("mlruns"), ""};
        const ImportReport report = source.update(store);
        QCOMPARE(report.points, 3); // the last line has no end yet
        QCOMPARE(report.damaged, 3);
        QCOMPARE(report.problems[0].path, (run / "metrics/deep/loss").string() + ":2");
        QCOMPARE(store.runs()[0].name, std::string{"aA  b"});
        QCOMPARE(store.runs()[0].experiment, std::string{"it's"});
        source.finish(store);
        QVERIFY(store.runs()[0].status == RunStatus::interrupted); // it says that it runs, and nobody looks

        writeFileAtomically(path("no.db"), "SQLite format 3");
        MlflowSqliteImport none{path("no.db"), ""}, missing{path("missing.db"), ""};
        QVERIFY_THROWS_EXCEPTION(DescentError, none.update(store));
        QVERIFY_THROWS_EXCEPTION(DescentError, missing.update(store));
        QVERIFY(!fs::exists(path("missing.db")));
        QVERIFY(!isMlflowDatabase(path("store/descent.db")));
    }

    void namesAndMetaFilesKeepEverything()
    {
        QCOMPARE(mlflowName("a//b(c)/../x/"), std::string{"a/_b_c_/_./x/_"});
        QCOMPARE(mlflowName(""), std::string{"_"});
        const std::map<std::string, std::string> texts{{"a", "plain"}, {"b", "it's: \"so\"\n\\ #x"}, {"c", ""}, {"d", " ü\t\x01"}};
        const auto read = readMlflowMeta(mlflowMeta(texts, {{"n", -5}}));
        for (const auto& [name, value] : texts)
            QCOMPARE(read.at(name), value);
        QCOMPARE(read.at("n"), std::string{"-5"});
        const auto folded = readMlflowMeta("name: one\n  two\n\n  three\nq: 'it''s\n\n  x'\nnone: null\nlist:\n- a\n");
        QCOMPARE(folded.at("name"), std::string{"one two\nthree"});
        QCOMPARE(folded.at("q"), std::string{"it's\nx"});
        QVERIFY(!folded.contains("none"));
    }
};

QTEST_GUILESS_MAIN(TestMlflow)
#include "tst_mlflow.moc"
