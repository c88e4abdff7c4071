// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/tensorboard.h"

#include "engine/core/base/files.h"
#include "engine/core/interchange/export_kinds.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <set>

using namespace descent;

namespace fs = std::filesystem;

class TestTensorBoard : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path path(const char* name) const { return fs::path{m_folder->path().toStdString()} / name; }

    static MetricsLogged losses(std::int64_t from, std::int64_t to)
    {
        MetricsLogged logged;
        for (std::int64_t step = from; step <= to; ++step) {
            logged.points.push_back({"loss/train", step, step == 7 ? std::nan("") : 1.0 / (0.3 + static_cast<double>(step)), static_cast<double>(step) * 0.25});
            if (step % 10 == 0)
                logged.points.push_back({"accuracy/validation", step, 0.5 + static_cast<double>(step) * 1e-4, static_cast<double>(step) * 0.25});
        }
        return logged;
    }
    static void compare(const std::vector<SeriesPoint>& actual, const std::vector<SeriesPoint>& expected)
    {
        QCOMPARE(actual.size(), expected.size());
        for (std::size_t i = 0; i < actual.size(); ++i) {
            QCOMPARE(actual[i].step, expected[i].step);
            QVERIFY(actual[i].value == expected[i].value || (std::isnan(actual[i].value) && std::isnan(expected[i].value)));
            QVERIFY(std::abs(actual[i].seconds - expected[i].seconds) < 1e-6);
        }
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aRunGoesThereAndBackValueForValue()
    {
        RunStore from{path("from")}, to{path("to")};
        const RunId run = from.createRun({.name = "a/b: demo", .recipeJson = R"({"training": {"learningRate": 0.1, "nesterov": true, "optimizer": "sgd"}, "seed": 3})"});
        from.record(run, std::vector<RunEvent>{losses(1, 9000), RunEnded{}});
        exportToTensorBoard(from, run, path("logs") / fileNameFor("a/b: demo"));

        TensorBoardImport import{path("logs"), "Elsewhere"};
        ImportReport report = import.update(to);
        QCOMPARE(report.newRuns, 1);
        QCOMPARE(report.points, 9900);
        QCOMPARE(report.damaged, 0);
        QVERIFY(report.problems.empty());
        import.finish(to);
        const std::vector<RunSummary> runs = to.runs();
        QCOMPARE(runs.size(), 1u);
        QCOMPARE(runs[0].name, std::string{"a_b_ demo"});
        QCOMPARE(runs[0].experiment, std::string{"Elsewhere"});
        QVERIFY(runs[0].status == RunStatus::completed);
        QVERIFY(runs[0].createdAt == from.runs()[0].createdAt);
        for (const char* series : {"loss/train", "accuracy/validation"})
            compare(to.points(runs[0].id, series), from.points(run, series));
        QCOMPARE(std::get<double>(to.settings("hparams.training.learningRate").at(runs[0].id)), 0.1); // one key, dots and all
    }

    void whatIsTakenAgainAddsOnlyWhatIsNew()
    {
        RunStore from{path("from")}, to{path("to")};
        const RunId run = from.createRun({.name = "grows", .recipeJson = "{}"});
        from.record(run, std::vector<RunEvent>{losses(1, 100)});
        exportToTensorBoard(from, run, path("logs/grows"));
        {
            TensorBoardImport import{path("logs"), "x"};
            QCOMPARE(import.update(to).points, 110);
            QCOMPARE(import.update(to).points, 0);
        }
        from.record(run, std::vector<RunEvent>{losses(101, 150)});
        exportToTensorBoard(from, run, path("longer"));
        TensorBoardImport import{path("longer"), "x"}; // another folder is another run
        QCOMPARE(import.update(to).newRuns, 1);
        QCOMPARE(to.runs().size(), 2u);

        // A writer that goes on, and a program that was started anew meanwhile.
        EventFileWriter more{path("logs/grows"), 2e9};
        for (int step = 101; step <= 130; ++step)
            more.add({.tag = "loss/train", .step = step, .value = 0.5, .wallTime = 2e9 + step});
        more.finish();
        TensorBoardImport again{path("logs"), "x"};
        const ImportReport report = again.update(to);
        QCOMPARE(report.newRuns, 0);
        QCOMPARE(report.points, 30);
        QCOMPARE(to.runs().size(), 2u);
    }

    void foldersBelowAreRunsOfTheirOwn()
    {
        RunStore store{path("store")};
        for (const char* name : {"tree/a/train", "tree/a/val", "tree/b"}) {
            EventFileWriter writer{path(name), 1.7e9};
            writer.add({.tag = "loss", .step = 1, .value = 2, .wallTime = 1.7e9});
            writer.finish();
        }
        writeFileAtomically(path("tree/notes.txt"), "no events");
        fs::create_directories(path("tree/empty"));
        TensorBoardImport import{path("tree"), "x"};
        QCOMPARE(import.update(store).newRuns, 3);
        std::set<std::string> names;
        for (const RunSummary& run : store.runs())
            names.insert(run.name);
        QVERIFY((names == std::set<std::string>{"a/train", "a/val", "b"}));
    }

    void aFailureAndWrongBytesAreSaid()
    {
        RunStore store{path("store")};
        EventFileWriter writer{path("bad"), 1.7e9};
        for (int step = 0; step < 20; ++step)
            writer.add({.tag = "loss", .step = step, .value = 2, .wallTime = 1.7e9});
        writer.add(EventHyperparameters{.values = {}, .status = 2}, 1.7e9);
        writer.finish();
        std::string bytes = readFile(writer.file(), 1 << 20);
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        writeFileAtomically(writer.file(), bytes);
        TensorBoardImport import{path("bad"), "x"};
        const ImportReport report = import.update(store);
        QCOMPARE(report.damaged, 1);
        QCOMPARE(report.problems.size(), 1u);
        QCOMPARE(report.problems[0].path, writer.file().string());
        import.finish(store);
        if (report.points == 19) // a value was hit, not a length
            QVERIFY(store.runs()[0].status == RunStatus::failed);
        TensorBoardImport missing{path("nowhere"), "x"};
        QVERIFY_THROWS_EXCEPTION(DescentError, missing.update(store));
        QVERIFY_THROWS_EXCEPTION(StoreError, exportToTensorBoard(store, 99, path("out")));
    }

    void namesOfFoldersAreSafe()
    {
        for (const char* name : {"", ".", "..", "a/b", "a\nb", "../../x", "C:\\x"}) {
            const std::string safe = fileNameFor(name);
            QVERIFY(!safe.empty() && safe != "." && safe != ".." && safe.find('/') == std::string::npos && safe.find('\\') == std::string::npos);
        }
        QCOMPARE(fileNameFor("模型 1"), std::string{"模型 1"});
    }
};

QTEST_GUILESS_MAIN(TestTensorBoard)
#include "tst_tensorboard.moc"
