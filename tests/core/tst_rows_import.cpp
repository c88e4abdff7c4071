// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/interchange/csv_runs.h"
#include "engine/core/interchange/export_kinds.h"
#include "engine/core/interchange/import_kinds.h"
#include "engine/core/interchange/json_lines.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>
#include <set>

using namespace descent;

namespace fs = std::filesystem;

namespace {

void append(const fs::path& file, std::string_view text)
{
    std::ofstream{file, std::ios::app | std::ios::binary}.write(text.data(), static_cast<std::streamsize>(text.size()));
}

bool isSame(double left, double right)
{
    return left == right || (std::isnan(left) && std::isnan(right));
}

}

class TestRowsImport : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path path(const char* name) const { return fs::path{m_folder->path().toStdString()} / name; }

    static ImportReport take(RunImport&& source, RunStore& store)
    {
        ImportReport report = source.update(store);
        report.add(source.finish(store));
        return report;
    }
    static std::map<std::string, RunId> byName(RunStore& store)
    {
        std::map<std::string, RunId> runs;
        for (const RunSummary& run : store.runs())
            runs[run.name] = run.id;
        return runs;
    }
    static RunId trained(RunStore& store, const std::string& name)
    {
        const RunId run = store.createRun({.name = name, .recipeJson = R"({"seed": 3})", .environment = {{"device", "cpu"}}});
        MetricsLogged logged;
        for (int i = 1; i <= 5000; ++i)
            logged.points.push_back({"loss/train", i, i == 7 ? std::nan("") : i == 8 ? -HUGE_VAL : 1.0 / (0.3 + i), i * 0.1});
        for (int i = 10; i <= 5000; i += 10)
            logged.points.push_back({"a, \"quoted\" name", i, 1e-300 * i, i * 0.1});
        for (int i = 0; i < 3; ++i)
            logged.points.push_back({"again", 20, 0.1 * i, 2});
        store.record(run, std::vector<RunEvent>{std::move(logged), RunEnded{}});
        return run;
    }
    static void compare(RunStore& left, RunId a, RunStore& right, RunId b, bool withSeconds)
    {
        const RunDetails details = *left.run(a);
        QVERIFY(details.series == right.run(b)->series);
        for (const std::string& series : details.series) {
            const auto first = left.points(a, series), second = right.points(b, series);
            QCOMPARE(first.size(), second.size());
            for (std::size_t i = 0; i < first.size(); ++i) {
                QCOMPARE(first[i].step, second[i].step);
                QVERIFY(isSame(first[i].value, second[i].value));
                QVERIFY(!withSeconds || first[i].seconds == second[i].seconds);
            }
        }
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void tablesComeInAsTheyAreMeant_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("series");
        QTest::addColumn<int>("points");
        QTest::addColumn<int>("lastStep");
        QTest::addColumn<double>("lastValue");
        const auto row = [](const char* name, const char* text, const char* series, int points, int step, double value) { QTest::newRow(name) << QByteArray{text} << QByteArray{series} << points << step << value; };
        row("a column a series", "step,loss,acc\n1,0.5,\n2,0.25,0.9\n", "loss", 2, 2, 0.25);
        row("cells without a value", "step,loss,acc\n1,0.5,\n2,0.25,0.9\n", "acc", 1, 2, 0.9);
        row("no step", "loss\n5\n4\n3\n", "loss", 3, 2, 3);
        row("a row a value", "step,name,value\n1,loss,0.5\n2,loss,nan\n2,acc,1\n", "loss", 2, 2, std::nan(""));
        row("another separator and quotes", "\xEF\xBB\xBF\"step\";\"the;loss\"\r\n1;0.5\r\n", "the;loss", 1, 1, 0.5);
        row("Lightning", "epoch,step,train_loss,val_loss\n0,49,0.7,\n0,49,,0.8\n", "val_loss", 1, 49, 0.8);
        row("TensorBoard's download", "Wall time,Step,Value\n1700000000.5,3,0.25\n", "Value", 1, 3, 0.25);
        row("the last line without its end", "step,loss\n1,0.5\n2,0.25", "loss", 2, 2, 0.25);
        row("infinities", "step,loss\n1,inf\n2,-Infinity\n", "loss", 2, 2, -HUGE_VAL);
    }
    void tablesComeInAsTheyAreMeant()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, series);
        QFETCH(int, points);
        QFETCH(int, lastStep);
        QFETCH(double, lastValue);
        writeFileAtomically(path("a.csv"), text.toStdString());
        RunStore store{path("store")};
        const ImportReport report = take(CsvImport{path("a.csv"), "CSV"}, store);
        QCOMPARE(report.newRuns, 1);
        QCOMPARE(report.damaged, 0);
        QCOMPARE(store.runs()[0].name, std::string{"a"});
        QVERIFY(store.runs()[0].status == RunStatus::completed);
        const auto all = store.points(store.runs()[0].id, series.toStdString());
        QCOMPARE(static_cast<int>(all.size()), points);
        QCOMPARE(all.back().step, lastStep);
        QVERIFY(isSame(all.back().value, lastValue));
    }

    void jsonLinesComeInAsTheyAreMeant()
    {
        fs::copy_file(SOURCE_DIR "/tests/fuzz/corpus/json_lines/many-forms", path("log.jsonl"));
        RunStore store{path("store")};
        const ImportReport report = take(JsonLinesImport{path("log.jsonl"), "JSON lines"}, store);
        QVERIFY2(report.problems.empty(), report.problems.empty() ? "" : english(report.problems[0]).c_str());
        const auto runs = byName(store);
        QCOMPARE(runs.size(), 2u);
        const RunId other = runs.at("other"), run = runs.begin()->second == other ? std::next(runs.begin())->second : runs.begin()->second;
        const auto loss = store.points(run, "loss");
        QCOMPARE(loss.size(), 5u);
        QCOMPARE(loss[0].seconds, 2.5);
        QVERIFY(std::isnan(loss[1].value));
        QCOMPARE(loss[2].value, -HUGE_VAL);
        QCOMPARE(loss[3].value, 0.125);
        QCOMPARE(loss[4].step, 1000);
        QCOMPARE(store.points(run, "eval.acc")[0].value, 0.25);
        QCOMPARE(store.points(run, "best")[0].value, HUGE_VAL);
        QVERIFY(store.points(run, "text").empty());
        QCOMPARE(std::get<double>(store.settings("hparams.net.width").at(run)), 8.0);
        QCOMPARE(std::get<std::string>(store.settings("hparams.amp").at(run)), std::string{"true"});
        QCOMPARE(store.points(other, "loss")[0].step, 5);
    }

    void damagedLinesAreNamedAndTheRestIsRead()
    {
        writeFileAtomically(path("a.jsonl"), "{\"step\": 1, \"loss\": 2}\n{\"step\": 2, \"loss\"\n[1]\n{\"step\": \"x\", \"loss\": 1}\n" + std::string(1 << 17, '[') + "\n{\"step\": 3, \"loss\": 1}\n{\"step\": 4, \"lo");
        writeFileAtomically(path("b.csv"), "step,loss\n1,0.5\n2,0.5,7\nx,1\n\"open,1\n5,0.25\n");
        RunStore store{path("store")};
        ImportReport report = take(JsonLinesImport{path("a.jsonl"), "x"}, store);
        QCOMPARE(report.points, 2);
        QCOMPARE(report.damaged, 5); // the cut line at the end is one
        QCOMPARE(report.problems[0].path, path("a.jsonl").string() + ":2");
        report = take(CsvImport{path("b.csv"), "x"}, store);
        QCOMPARE(report.points, 2);
        QCOMPARE(report.damaged, 3);
        QCOMPARE(report.problems[1].path, path("b.csv").string() + ":4");
    }

    void aFileIsFollowedAndTakenAgainWithoutRepeats()
    {
        RunStore store{path("store")};
        append(path("metrics.csv"), "step,loss\n1,0.5\n2,0.2");
        CsvImport source{path("metrics.csv"), "x"};
        QCOMPARE(source.update(store).points, 1); // who knows how that number goes on
        QVERIFY(store.runs()[0].status == RunStatus::running);
        append(path("metrics.csv"), "5\n3,0.125\n");
        QCOMPARE(source.update(store).points, 2);
        QCOMPARE(source.update(store).points, 0);
        source.finish(store);
        QVERIFY(store.runs()[0].status == RunStatus::completed);
        append(path("metrics.csv"), "4,0.1\n");
        const ImportReport again = take(CsvImport{path("metrics.csv"), "x"}, store);
        QCOMPARE(again.known, 3);
        QCOMPARE(again.points, 1);
        QCOMPARE(again.newRuns, 0);
        QCOMPARE(store.points(store.runs()[0].id, "loss")[1].value, 0.25);
        writeFileAtomically(path("metrics.csv"), "step,loss\n");
        QCOMPARE(source.update(store).damaged, 1);
        QCOMPARE(source.update(store).damaged, 0); // once is enough
    }

    void twoImportsAtOnceTakeNothingTwice()
    {
        RunStore store{path("store")};
        append(path("a.csv"), "step,loss\n1,0.5\n");
        CsvImport one{path("a.csv"), "x"}, two{path("a.csv"), "x"};
        QCOMPARE(one.update(store).points, 1);
        QCOMPARE(two.update(store).known, 1); // it began later
        append(path("a.csv"), "2,0.25\n");
        QCOMPARE(two.update(store).points, 1);
        QVERIFY_THROWS_EXCEPTION(DescentError, one.update(store));
        QCOMPARE(store.points(store.runs()[0].id, "loss").size(), 2u);

        const ImportTurn turn{path("store"), {}};
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_THROWS_EXCEPTION(Cancelled, two.update(store, stop.get_token()));
    }

    void foldersNameTheirRuns()
    {
        for (const char* file : {"tree/a/version_0/metrics.csv", "tree/a/version_1/metrics.csv", "tree/plain.csv", "tree/note.txt"}) {
            fs::create_directories(path(file).parent_path());
            writeFileAtomically(path(file), "step,loss\n1,2\n");
        }
        RunStore store{path("store")};
        take(CsvImport{path("tree"), "x"}, store);
        std::set<std::string> names;
        for (const auto& [name, run] : byName(store))
            names.insert(name);
        QVERIFY((names == std::set<std::string>{"a/version_0", "a/version_1", "plain"}));
    }

    void aRunGoesToTablesAndBackValueForValue()
    {
        RunStore store{path("store")}, other{path("other")};
        const RunId one = trained(store, "one, two"), two = trained(store, "three");
        const std::vector runs{one, two};
        exportRuns(store, runs, {.kind = ExportKind::csv, .to = path("out/all.csv")});
        const ImportReport report = take(CsvImport{path("out/all.csv"), "x"}, other);
        QCOMPARE(report.newRuns, 2);
        QCOMPARE(report.points, 2 * 5503);
        compare(store, one, other, byName(other).at("one, two"), true);
        compare(store, two, other, byName(other).at("three"), true);

        const auto files = exportRuns(store, runs, {.kind = ExportKind::csv, .to = path("wide"), .columns = true});
        QCOMPARE(files.size(), 2u);
        RunStore third{path("third")};
        take(CsvImport{path("wide"), "x"}, third);
        compare(store, one, third, byName(third).at(files[0].stem().string()), false);
    }

    void aRunIsWrittenAsJsonWithAllThatIsKnown()
    {
        RunStore store{path("store")};
        const std::vector runs{trained(store, "one"), trained(store, "two")};
        exportRuns(store, runs, {.kind = ExportKind::json, .to = path("runs.json")});
        QFile file{path("runs.json").c_str()};
        QVERIFY(file.open(QFile::ReadOnly));
        QJsonParseError wrong;
        const QJsonArray array = QJsonDocument::fromJson(file.readAll(), &wrong).array();
        QVERIFY2(wrong.error == QJsonParseError::NoError, qPrintable(wrong.errorString() + QString::number(wrong.offset)));
        QCOMPARE(array.size(), 2);
        const QJsonObject run = array[0].toObject();
        QCOMPARE(run["name"].toString(), QString{"one"});
        QCOMPARE(run["recipe"]["seed"].toInt(), 3);
        QCOMPARE(run["environment"]["device"].toString(), QString{"cpu"});
        const QJsonObject points = run["points"]["loss/train"].toObject();
        const auto ours = store.points(runs[0], "loss/train");
        QCOMPARE(points["value"].toArray().size(), 5000);
        QCOMPARE(points["value"][6].toString(), QString{"NaN"});
        for (qsizetype i = 10; i < 5000; ++i) {
            QCOMPARE(points["step"][i].toInteger(), ours[static_cast<std::size_t>(i)].step);
            QCOMPARE(points["value"][i].toDouble(), ours[static_cast<std::size_t>(i)].value);
            QCOMPARE(points["seconds"][i].toDouble(), ours[static_cast<std::size_t>(i)].seconds);
        }
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_THROWS_EXCEPTION(Cancelled, exportRuns(store, runs, {.kind = ExportKind::json, .to = path("not.json")}, stop.get_token()));
        QVERIFY(!fs::exists(path("not.json")));
    }

    void whatLiesThereIsRecognised()
    {
        RunStore store{path("store")};
        const std::vector runs{trained(store, "one")};
        using enum ExportKind;
        exportRuns(store, runs, {.kind = tensorboard, .to = path("board")});
        exportRuns(store, runs, {.kind = mlflow, .to = path("mlruns")});
        exportRuns(store, runs, {.kind = mlflow, .to = path("ml/mlflow.db")});
        exportRuns(store, runs, {.kind = csv, .to = path("tables/a.csv")});
        exportRuns(store, runs, {.kind = archive, .to = path("a.descent")});
        writeFileAtomically(path("log"), " {\"loss\": 1}\n");
        writeFileAtomically(path("text"), "hello");
        const auto is = [&](const char* name, std::optional<ImportKind> kind) { return recogniseImport(path(name)) == kind; };
        QVERIFY(is("board", ImportKind::tensorboard));
        QVERIFY(is("mlruns", ImportKind::mlflowFiles));
        QVERIFY(is("ml", ImportKind::mlflowSqlite));
        QVERIFY(is("ml/mlflow.db", ImportKind::mlflowSqlite));
        QVERIFY(is("tables", ImportKind::csv));
        QVERIFY(is("tables/a.csv", ImportKind::csv));
        QVERIFY(is("a.descent", ImportKind::archive));
        QVERIFY(is("log", ImportKind::jsonLines));
        for (const char* name : {"text", "nowhere", "store/descent.db", "store/runs"})
            QVERIFY2(is(name, std::nullopt), name);
    }
};

QTEST_GUILESS_MAIN(TestRowsImport)
#include "tst_rows_import.moc"
