// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/stop_signals.h"
#include "app/descent/terminal.h"
#include "engine/core/interchange/archive.h"
#include "engine/core/interchange/export_kinds.h"
#include "engine/core/interchange/import_kinds.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

namespace descent {

namespace fs = std::filesystem;

namespace {

using namespace std::chrono_literals;

struct ImportOptions {
    std::string path, experiment;
    bool follow = false, dryRun = false, json = false;
};

struct ExportOptions {
    std::vector<std::string> runs;
    std::string to;
    bool columns = false, withoutFiles = false, json = false;
};

/// How far it is, where a person looks.
class ProgressLine {
public:
    void show(double done)
    {
        const int percent = static_cast<int>(100 * done);
        if (m_isSeen && percent != std::exchange(m_percent, percent))
            fmt::print(stderr, "\r{:3} %", percent);
    }
    void clear() const
    {
        if (m_percent >= 0)
            fmt::print(stderr, "\r{:8}\r", "");
    }

private:
    const bool m_isSeen = terminalOf(stderr).interactive;
    int m_percent = -1;
};

struct KindName {
    const char* name;
    const char* help;
    std::vector<ImportKind> kinds;
};
const std::vector<KindName>& importNames()
{
    static const std::vector<KindName> names{
        {"tensorboard", "Each folder with event files is a run", {ImportKind::tensorboard}},
        {"mlflow", "Runs of MLflow: a folder mlruns, or a database mlflow.db", {ImportKind::mlflowFiles, ImportKind::mlflowSqlite}},
        {"csv", "Tables: a row a step and a column a series, or a row a value; a file, or a folder of them", {ImportKind::csv}},
        {"jsonl", "JSON lines: an object a step, or an object a value; a file, or a folder of them", {ImportKind::jsonLines}},
        {"archive", "A .descent file with runs, checkpoints and all", {ImportKind::archive}},
    };
    return names;
}

void tell(const ImportReport& report, const ImportOptions& options)
{
    if (!report.problems.empty())
        printProblems(report.problems, "warning");
    if (const auto told = static_cast<std::int64_t>(report.problems.size()); report.damaged > told)
        printProblems({{"import", text("%1 more records or lines were left out", report.damaged - told), {}}}, "warning");
    if (options.json)
        printJson({{"runs", report.runs}, {"newRuns", report.newRuns}, {"series", report.series}, {"points", report.points}, {"known", report.known}, {"damaged", report.damaged}});
    else
        fmt::print("{} runs, {} of them new, {} values {}, {} were here already\n", report.runs, report.newRuns, report.points, options.dryRun ? "to take" : "taken", report.known);
}

/// What lies there, if it is one of `kinds`; of any kind where there are none.
ImportKind kindAt(const std::string& path, const std::vector<ImportKind>& kinds)
{
    std::error_code error;
    if (!fs::exists(path, error))
        throw BadInput{{{path, text("there is no such file or folder"), {}}}};
    const std::optional<ImportKind> found = recogniseImport(path);
    if (kinds.size() == 1 && kinds.front() != ImportKind::archive)
        return kinds.front(); // whatever it is called
    if (!found)
        throw BadInput{{{path, text("nothing that can be imported was found there"), text("event files, mlruns, mlflow.db, CSV, JSON lines or a .descent archive")}}};
    if (!kinds.empty() && std::ranges::find(kinds, *found) == kinds.end())
        throw BadInput{{{path, text("it looks like %1", english(nameOf(*found))), text("descent import PATH takes what is there")}}};
    return *found;
}

int takeArchive(const ImportOptions& options, const std::stop_token& stop)
{
    if (options.follow)
        throw BadInput{{{"--follow", text("an archive does not grow"), {}}}};
    RunStore store = openHistory();
    ProgressLine line;
    const ArchiveReport report = options.dryRun ? lookIntoArchive(store, options.path) : importArchive(store, options.path, stop, [&](double done) { line.show(done); });
    line.clear();
    if (options.json)
        printJson({{"runs", report.runs}, {"newRuns", report.newRuns}, {"updatedRuns", report.updatedRuns}, {"points", report.points}, {"files", report.files}, {"imported", report.imported}});
    else
        fmt::print("{} runs, {} of them new{}, {} values and {} files {}\n", report.runs, report.newRuns,
                   report.updatedRuns > 0 ? fmt::format(", {} have gone on since they were taken", report.updatedRuns) : "", report.points, report.files,
                   options.dryRun ? "in it" : "taken");
    return exitDone;
}

int importRuns(const ImportOptions& options, const std::vector<ImportKind>& kinds)
{
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    const ImportKind kind = kindAt(options.path, kinds);
    if (kind == ImportKind::archive)
        return takeArchive(options, stop.get_token());
    RunStore store = openHistory();
    const std::unique_ptr<RunImport> source =
        openImport({.kind = kind, .path = options.path, .experiment = options.experiment}, options.dryRun ? Intake::Mode::count : Intake::Mode::take);
    ProgressLine line;
    ImportReport report = source->update(store, stop.get_token(), [&](const ImportProgress& progress) { line.show(progress.done); });
    line.clear();
    if (!options.follow) {
        report.add(source->finish(store));
        if (report.runs == 0 && report.damaged == 0 && !stop.stop_requested())
            throw BadInput{{{options.path, text("no run was found there as %1", english(nameOf(kind))), {}}}};
        tell(report, options);
        return exitDone;
    }
    tell(report, options);
    while (!stop.stop_requested()) {
        std::this_thread::sleep_for(500ms);
        report = source->update(store, stop.get_token());
        if (report.points > 0 || report.newRuns > 0 || report.damaged > 0)
            tell(report, options);
    }
    source->finish(store);
    return exitDone;
}

int exportTo(ExportKind kind, const ExportOptions& options)
{
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    RunStore store = openHistory();
    std::vector<RunId> runs;
    for (const RunSummary& run : findRuns(store.runs(), options.runs))
        if (std::ranges::find(runs, run.id) == runs.end())
            runs.push_back(run.id);
    ProgressLine line;
    const std::vector<fs::path> written = exportRuns(store, runs, {.kind = kind, .to = options.to, .columns = options.columns, .files = !options.withoutFiles},
                                                     stop.get_token(), [&](double done) { line.show(done); });
    line.clear();
    Json files = Json::array();
    for (const fs::path& file : written) {
        if (!options.json)
            fmt::print("{}\n", file.string());
        files.push_back(file.string());
    }
    if (options.json)
        printJson(files);
    return exitDone;
}

void addImport(CLI::App& app, Action& chosen)
{
    const auto given = std::make_shared<ImportOptions>();
    CLI::App* takes = app.add_subcommand("import", "Takes runs of another program, or of another machine, into the history");
    const auto addOptions = [given](CLI::App* command, bool isRequired) {
        CLI::Option* path = command->add_option("path", given->path, "a file or a folder")->type_name("PATH");
        if (isRequired)
            path->required();
        command->add_option("--experiment", given->experiment, "that the runs belong to")->type_name("TEXT");
        command->add_flag("--follow", given->follow, "goes on taking what is written, until Ctrl+C");
        command->add_flag("--dry-run", given->dryRun, "says what would be taken, and takes nothing");
        command->add_flag("--json", given->json, "says what was taken as JSON");
    };
    takes->footer("Taken again, only what is new is added.");
    takes->require_subcommand(0, 1);
    addOptions(takes, false);
    takes->callback([given, takes, &chosen] {
        if (!takes->get_subcommands().empty())
            return;
        if (given->path.empty())
            throw CLI::RequiredError{"PATH"};
        chosen = [given] { return importRuns(*given, {}); };
    });
    for (const KindName& kind : importNames()) {
        CLI::App* command = takes->add_subcommand(kind.name, kind.help);
        addOptions(command, true);
        command->callback([given, &kind, &chosen] { chosen = [given, &kind] { return importRuns(*given, kind.kinds); }; });
    }
}

void addExport(CLI::App& app, Action& chosen)
{
    const auto wanted = std::make_shared<ExportOptions>();
    CLI::App* gives = app.add_subcommand("export", "Writes runs for another program, or for another machine");
    gives->require_subcommand(1);
    const auto add = [&](ExportKind kind, const char* name, const char* help, const char* to) {
        CLI::App* command = gives->add_subcommand(name, help);
        command->add_option("runs", wanted->runs, runHelp)->type_name("RUN")->required();
        command->add_option("--to", wanted->to, to)->type_name("PATH")->required();
        command->add_flag("--json", wanted->json, "the files as a JSON array");
        command->callback([wanted, kind, &chosen] { chosen = [wanted, kind] { return exportTo(kind, *wanted); }; });
        return command;
    };
    add(ExportKind::tensorboard, "tensorboard", "Event files that tensorboard opens, a folder a run", "the folder to write into");
    add(ExportKind::mlflow, "mlflow", "What mlflow opens: a new database, or a file store", "a file ending in .db, or the folder mlruns");
    add(ExportKind::csv, "csv", "Curves as a table, a row a value", "the file")->add_flag("--columns", wanted->columns, "a row a step and a column a series: --to is a folder, a file a run");
    add(ExportKind::json, "json", "Everything that is known of runs, with all points", "the file");
    add(ExportKind::archive, "archive", "One file with everything, for the history of another machine", "the file, as in runs.descent")
        ->add_flag("--no-files", wanted->withoutFiles, "without checkpoints");
}

}

void addInterchangeCommands(CLI::App& app, Action& chosen)
{
    addImport(app, chosen);
    addExport(app, chosen);
}

}
