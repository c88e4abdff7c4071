// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/stop_signals.h"
#include "engine/core/interchange/tensorboard.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <thread>

namespace descent {

namespace {

using namespace std::chrono_literals;

struct ImportOptions {
    std::string folder, experiment = "TensorBoard";
    bool follow = false, json = false;
};

struct ExportOptions {
    std::vector<std::string> runs;
    std::string folder;
    bool json = false;
};

void tell(const TensorBoardImport::Report& report, bool json)
{
    for (const std::filesystem::path& file : report.broken)
        printProblems({{file.string(), text("it is damaged: what stands behind that place was left out"), {}}}, "warning");
    if (report.damaged > 0)
        printProblems({{"import", text("%1 records were left out, since their checksums are wrong", report.damaged), {}}}, "warning");
    if (json)
        printJson({{"runs", report.runs}, {"newRuns", report.newRuns}, {"points", report.points}, {"damaged", report.damaged}});
    else
        fmt::print("{} runs, {} of them new, {} values taken\n", report.runs, report.newRuns, report.points);
}

int importTensorBoard(const ImportOptions& options)
{
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    RunStore store = openHistory();
    TensorBoardImport source{options.folder, options.experiment};
    TensorBoardImport::Report report = source.update(store, stop.get_token());
    if (report.runs == 0 && !options.follow)
        throw BadInput{{{options.folder, text("no event file of TensorBoard lies below it"), text("a folder with files such as events.out.tfevents.1700000000.host")}}};
    tell(report, options.json);
    while (options.follow && !stop.stop_requested()) {
        std::this_thread::sleep_for(500ms);
        report = source.update(store, stop.get_token());
        if (report.points > 0)
            tell(report, options.json);
    }
    source.finish(store);
    return exitDone;
}

int exportTensorBoard(const ExportOptions& options)
{
    RunStore store = openHistory();
    const std::vector<RunSummary> runs = findRuns(store.runs(), options.runs);
    Json files = Json::array();
    for (const RunSummary& run : runs) {
        const std::string file = exportToTensorBoard(store, run.id, std::filesystem::path{options.folder} / folderNameFor(fmt::format("{} {}", run.id, run.name))).string();
        if (!options.json)
            fmt::print("{}\n", file);
        files.push_back(file);
    }
    if (options.json)
        printJson(files);
    return exitDone;
}

}

void addInterchangeCommands(CLI::App& app, Action& chosen)
{
    const auto given = std::make_shared<ImportOptions>();
    CLI::App* takes = app.add_subcommand("import", "Takes runs of another program into the history");
    takes->require_subcommand(1);
    CLI::App* events = takes->add_subcommand("tensorboard", "Each folder with event files is a run; taken again, only what is new is added");
    events->add_option("folder", given->folder, "the log folder")->type_name("FOLDER")->required();
    events->add_option("--experiment", given->experiment, "that the runs belong to")->type_name("TEXT");
    events->add_flag("--follow", given->follow, "goes on taking what is written, until Ctrl+C");
    events->add_flag("--json", given->json, "says what was taken as JSON");
    events->callback([given, &chosen] { chosen = [given] { return importTensorBoard(*given); }; });

    const auto wanted = std::make_shared<ExportOptions>();
    CLI::App* gives = app.add_subcommand("export", "Writes runs for another program");
    gives->require_subcommand(1);
    CLI::App* board = gives->add_subcommand("tensorboard", "Event files that tensorboard opens, a folder a run");
    board->add_option("runs", wanted->runs, runHelp)->type_name("RUN")->required();
    board->add_option("--to", wanted->folder, "the folder to write into")->type_name("FOLDER")->required();
    board->add_flag("--json", wanted->json, "the files as a JSON array");
    board->callback([wanted, &chosen] { chosen = [wanted] { return exportTensorBoard(*wanted); }; });
}

}
