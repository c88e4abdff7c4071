// SPDX-License-Identifier: GPL-3.0-or-later
// What a long history costs: opening it, filters, orders and groups, news while it is open, and the table in the window.
//
//   build/release/bench/bench_history [runs]...      100,000 if nothing is said; several: how the cost grows
#include "engine/core/history/run_list.h"
#include "engine/core/base/random.h"
#include "ui/history/run_history.h"
#include "ui/runs/run_table.h"
#include "ui/runs/runs_page.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QTemporaryDir>
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace descent;
using Json = nlohmann::ordered_json;

namespace {

/// Runs as a training leaves them: nine figures, a thumbnail, a recipe, tags; written at once, since it is reading that is measured.
void makeRuns(const QString& folder, std::int64_t count)
{
    RunStore{folder.toStdString()}.createRun({.name = "first"});
    SQLite::Database db{(folder + QStringLiteral("/descent.db")).toStdString(), SQLite::OPEN_READWRITE};
    SQLite::Transaction transaction{db};
    db.exec("INSERT OR IGNORE INTO experiment (name, created_at) VALUES ('vision', 0), ('vision/small', 0), ('text', 0)");
    SQLite::Statement run{db, "INSERT INTO run (id, experiment, name, status, dataset_name, dataset_kind, architecture, task, primary_metric, higher_is_better, parameter_count, "
                              "created_at, updated_at, ended_at, seconds, epoch, step, owner_pid, owner_start, owner_boot, thumbnail) "
                              "VALUES (?1, 1 + ?1 % 4, ?2, 'completed', 'CIFAR-10', 'cifar-binary', ?3, 'image-classification', 'accuracy', 1, 100000 + ?1, ?4, ?4, ?4, ?5, 10, 4000, 1, 1, 'boot', ?6)"};
    SQLite::Statement recipe{db, R"(INSERT INTO recipe VALUES (?1, '{"name":"r","seed":' || (?1 % 5) || ',"training":{"learningRate":' || ?2 || ',"batchSize":128},"filler":"' || hex(zeroblob(700)) || '"}'))"};
    SQLite::Statement summary{db, "INSERT INTO summary VALUES (?1, ?2, ?3, ?4)"};
    SQLite::Statement tag{db, "INSERT INTO tag VALUES (?1, ?2)"};
    Random random{1};
    constexpr std::array architectures{"resnet18", "mlp", "small-cnn", "vision-transformer", "lenet5"};
    for (std::int64_t id = 2; id <= count; ++id) {
        const double accuracy = std::clamp(0.9 + 0.03 * random.normal(), 0.0, 1.0);
        run.bind(1, id);
        run.bind(2, "run " + std::to_string(id));
        run.bind(3, architectures[static_cast<std::size_t>(id) % architectures.size()]);
        run.bind(4, id * 60'000);
        run.bind(5, 100 + 10 * random.uniform());
        std::array<float, 64> curve;
        for (std::size_t i = 0; i < curve.size(); ++i)
            curve[i] = static_cast<float>(2 * std::exp(-static_cast<double>(i) / 15) + 0.1 * random.uniform());
        run.bind(6, curve.data(), sizeof(curve));
        run.exec();
        run.reset();
        recipe.bind(1, id);
        recipe.bind(2, 0.001 * static_cast<double>(1 + id % 7));
        recipe.exec();
        recipe.reset();
        for (const auto& [part, name, value] :
             {std::tuple{"last", "loss/train", 0.1}, {"last", "loss/validation", 1 - accuracy}, {"last", "accuracy/validation", accuracy}, {"last", "learning-rate", 0.0},
              {"best", "loss/validation", 1 - accuracy}, {"best", "accuracy/validation", accuracy}, {"best", "epoch", 8.0}, {"test", "accuracy", accuracy - 0.01}, {"test", "loss", 1.01 - accuracy}}) {
            summary.bind(1, id);
            summary.bind(2, part);
            summary.bind(3, name);
            summary.bind(4, value);
            summary.exec();
            summary.reset();
        }
        if (id % 3 == 0) {
            tag.bind(1, id);
            tag.bind(2, "demo");
            tag.exec();
            tag.reset();
        }
    }
    transaction.commit();
}

double millisecondsOf(const auto& work)
{
    QElapsedTimer timer;
    timer.start();
    work();
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

double medianOf(int times, const auto& work)
{
    std::vector<double> all;
    for (int i = 0; i < times; ++i)
        all.push_back(millisecondsOf(work));
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
}

double megabytes()
{
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:"))
            return std::stod(line.substr(6)) / 1024;
    return 0;
}

Json quantiles(std::vector<double> times)
{
    std::sort(times.begin(), times.end());
    const auto at = [&](double share) { return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))]; };
    return {{"median", at(0.5)}, {"p99", at(0.99)}, {"most", times.back()}};
}

void until(const auto& condition)
{
    while (!condition())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

/// What the core does, without a window.
Json core(const QString& folder)
{
    Json figures;
    RunStore store{folder.toStdString()};
    RunSet runs;
    RunChanges changes;
    figures["readAllMs"] = medianOf(3, [&] {
        changes = store.changesSince(0);
        runs = RunSet{std::move(changes.runs)};
    });
    const std::map<std::string, SharedSettings> none;
    const auto list = [&](const RunWish& wish, const std::map<std::string, SharedSettings>& settings) {
        return medianOf(5, [&] { listRuns(runs, wish, settings, std::chrono::system_clock::now()); });
    };
    figures["newestFirstMs"] = list({}, none);
    figures["filterMs"] = list({.query = *RunQuery::parse("accuracy > 0.9 and architecture = resnet18 and tag = demo")}, none);
    figures["filterByAnyWordMs"] = list({.query = *RunQuery::parse("resnet 77")}, none);
    figures["orderByFigureMs"] = list({.order = {{"test", true}}}, none);
    figures["orderByNameMs"] = list({.order = {{"name", false}}}, none);
    std::map<std::string, SharedSettings> settings;
    figures["readSettingFirstMs"] = millisecondsOf([&] { settings["training.learningRate"] = std::make_shared<const RunSettings>(store.settings("training.learningRate")); });
    figures["filterBySettingMs"] = list({.query = *RunQuery::parse("training.learningRate < 0.003")}, settings);
    figures["groupMs"] = list({.groupBy = {"architecture"}, .columns = {"name", "status", "dataset", "validation", "test", "best.loss/validation", "epoch", "duration", "created", "tag"}}, none);
    figures["fieldsMs"] = medianOf(3, [&] { queryFields(runs); });
    // One run trains: what a look each second costs.
    const RunId run = store.createRun({.name = "trains"});
    std::int64_t step = 0;
    RunSet followed = runs;
    figures["newsMs"] = medianOf(9, [&] {
        store.record(run, std::vector<RunEvent>{MetricsLogged{{{"loss/train", ++step, 0.5, 0.1}}}});
        RunChanges news = store.changesSince(changes.revision);
        changes.revision = news.revision;
        followed.apply(std::move(news.runs), news.gone);
        const RunSet copy = followed;
        listRuns(copy, {}, none, std::chrono::system_clock::now());
    });
    store.record(run, std::vector<RunEvent>{RunEnded{}});
    return figures;
}

/// The Runs page, drawn offscreen.
Json window(const QString& folder)
{
    Json figures;
    const double before = megabytes();
    QElapsedTimer opening;
    opening.start();
    RunHistory history{folder.toStdString()};
    RunsPage page{history};
    page.resize(1600, 900);
    page.show();
    RunTable* table = page.table();
    until([&] { return table->model()->rowCount() > 0; });
    page.grab();
    figures["openMs"] = static_cast<double>(opening.nsecsElapsed()) / 1e6;
    figures["memoryMb"] = megabytes() - before;
    std::vector<double> frames;
    QScrollBar* bar = table->verticalScrollBar();
    QImage image{table->size(), QImage::Format_RGB32};
    for (int i = 0; i < 300; ++i) { // now smoothly, now far
        const int target = i % 3 == 2 ? static_cast<int>(static_cast<double>(bar->maximum()) * ((i * 37) % 300) / 300) : bar->value() + 120;
        frames.push_back(millisecondsOf([&] {
            bar->setValue(target);
            table->render(&image);
        }));
        QCoreApplication::processEvents(); // curves of the rows arrive
    }
    figures["scrollMs"] = quantiles(frames);
    std::vector<double> blocked;
    const auto ordered = [&](const std::string& field, bool descending) {
        RunsView view = page.view();
        view.order = {{field, descending}};
        bool arrived = false;
        const auto connection = QObject::connect(table, &RunTable::listed, [&] { arrived = true; });
        QElapsedTimer timer;
        timer.start();
        blocked.push_back(millisecondsOf([&] { page.setView(view); }));
        while (!arrived)
            blocked.push_back(millisecondsOf([] { QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents); }));
        table->render(&image);
        QObject::disconnect(connection);
        return static_cast<double>(timer.nsecsElapsed()) / 1e6;
    };
    ordered("duration", false);
    figures["orderUntilDrawnMs"] = ordered("test", true);
    figures["orderByNameUntilDrawnMs"] = ordered("name", false);
    table->selectAll();
    figures["selectAllMs"] = medianOf(3, [&] { table->selected(); });
    return figures;
}

}

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", qgetenv("QT_QPA_PLATFORM").isEmpty() ? "offscreen" : qgetenv("QT_QPA_PLATFORM"));
    QApplication application{argc, argv};
    Theme::instance().apply(Theme::Mode::light);
    std::vector<std::int64_t> counts;
    for (int i = 1; i < argc; ++i)
        counts.push_back(std::atoll(argv[i]));
    if (counts.empty())
        counts = {100'000};
    for (const std::int64_t count : counts) {
        QTemporaryDir folder;
        makeRuns(folder.path(), count);
        Json result{{"benchmark", "history"}, {"runs", count}, {"core", core(folder.path())}, {"window", window(folder.path())}};
        std::printf("%s\n", result.dump().c_str());
        std::fflush(stdout);
    }
}
