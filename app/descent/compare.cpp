// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/text_table.h"
#include "engine/core/base/files.h"
#include "engine/core/summary/report_tables.h"
#include "engine/core/summary/selection_summary.h"
#include "engine/core/summary/table_text.h"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace descent {

namespace {

struct Options {
    std::vector<std::string> runs;
    std::string report; // a file
    std::optional<TableFormat> table;
    std::string figure;                  // "": what most of the runs are judged by
    std::optional<bool> higherIsBetter;  // of it, where nothing else says so
    bool json = false;
};

void printFigures(const std::vector<RunDetails>& runs, const Terminal& terminal)
{
    std::vector<std::string> heading{""};
    for (const RunDetails& run : runs)
        heading.push_back(printable(fmt::format("{} {}", run.summary.id, run.summary.name)));
    TextTable table{heading};
    const auto row = [&](const std::string& label, auto&& valueOf) {
        std::vector<std::string> cells{label};
        for (const RunDetails& run : runs)
            cells.push_back(valueOf(run.summary));
        table.add(cells);
    };
    const auto figureRows = [&](const char* part, auto&& mapOf) {
        std::set<std::string> names;
        for (const RunDetails& run : runs)
            for (const auto& [name, value] : mapOf(run.summary))
                names.insert(name);
        for (const std::string& name : names)
            row(fmt::format("{} {}", part, name), [&](const RunSummary& run) {
                const auto found = mapOf(run).find(name);
                return found == mapOf(run).end() ? std::string{}
                    : name == "epoch"            ? fmt::format("{:.0f}", found->second)
                                                 : formatFigure(found->second);
            });
    };
    row("status", [](const RunSummary& run) { return toString(run.status); });
    figureRows(
        "test", [](const RunSummary& run) -> const auto& { return run.test; });
    figureRows(
        "best", [](const RunSummary& run) -> const auto& { return run.best; });
    row("time", [](const RunSummary& run) { return formatDuration(run.seconds); });
    row("parameters", [](const RunSummary& run) { return formatCount(run.parameterCount); });
    table.print(terminal);
}

void printChart(RunStore& store, const std::vector<RunDetails>& runs, const std::string& series, const Terminal& terminal)
{
    std::vector<ChartLine> lines;
    for (const RunDetails& run : runs)
        lines.push_back(curveOf(store, run.summary.id, series, std::to_string(run.summary.id)));
    const std::string chart = textChart(series, lines, terminal);
    if (!chart.empty())
        fmt::print("\n{}", chart);
}

/// What the runs say together, of one figure: the table's primary.
SelectionSummary askedSummary(const std::vector<RunDetails>& runs, const Options& options)
{
    FigureTable table = figureTable(runs);
    const std::string figure = options.figure.empty() ? table.primary : options.figure;
    if (options.higherIsBetter)
        table = figureTable(runs, {{metricOf(figure), *options.higherIsBetter}});
    const FigureColumn* asked = table.find(figure);
    if (!options.figure.empty() && !(asked && asked->isNumber && asked->role != FigureColumn::Role::setting)) {
        std::vector<std::string> figures = figureColumns(table);
        throw BadInput{{{"--figure", text("none of these runs has a figure \"%1\"", figure), text("choose one of: %1", joined(figures))}}};
    }
    table.primary = figure;
    return summaryOf(std::make_shared<const FigureTable>(std::move(table)), figure);
}

std::vector<const FigureColumn*> differencesOf(const FigureTable& table)
{
    std::vector<const FigureColumn*> differences;
    for (const std::string& name : differingSettings(table))
        differences.push_back(table.find(name));
    return differences;
}

void printDifferences(const FigureTable& table, const Terminal& terminal)
{
    const std::vector<const FigureColumn*> differences = differencesOf(table);
    if (differences.empty()) {
        fmt::print("\nthe recipes are the same\n");
        return;
    }
    std::vector<std::string> heading{"SETTING"};
    for (const FigureTable::Run& run : table.runs)
        heading.push_back(std::to_string(run.id));
    TextTable lines{heading};
    for (const FigureColumn* setting : differences) {
        std::vector<std::string> row{printable(setting->name)};
        for (const std::string& value : setting->texts)
            row.push_back(printable(value));
        lines.add(row);
    }
    fmt::print("\n");
    lines.print(terminal);
}

/// The sentences, those that warn of another one marked.
std::vector<ReportText> sentencesOf(const SelectionSummary& summary)
{
    std::vector<ReportText> sentences;
    const auto say = [&](const Text& text, bool isWarning = false) {
        if (!text.empty())
            sentences.push_back({english(text), isWarning});
    };
    if (summary.standing) {
        say(summary.standing->verdict.sentence);
        for (const Text& warning : summary.standing->warnings)
            say(warning, true);
    }
    say(summary.explanation.sentence);
    if (summary.explanation.limits)
        say(*summary.explanation.limits, true);
    for (const SettingHint& hint : summary.explanation.hints)
        if (hint.sentence != summary.explanation.sentence)
            say(hint.sentence);
    return sentences;
}

void printSentences(const SelectionSummary& summary)
{
    // Of a handful of runs nothing can be told, and nobody asked.
    if (summary.explanation.hints.empty() && !summary.standing)
        return;
    fmt::print("\n");
    for (const ReportText& sentence : sentencesOf(summary))
        fmt::print("{}{}\n", sentence.isWarning ? "  " : "", printable(sentence.words));
}

Json verdictJson(const std::optional<Standing>& standing)
{
    if (!standing)
        return nullptr;
    std::vector<std::string> warnings;
    for (const Text& warning : standing->warnings)
        warnings.push_back(english(warning));
    Json said{{"sentence", english(standing->verdict.sentence)},
              {"warning", fmt::format("{}", fmt::join(warnings, "; "))},
              {"first", standing->first},
              {"second", standing->second}};
    if (const auto& difference = standing->verdict.difference)
        said.update({{"test", difference->test == MeanDifference::Test::paired ? "paired" : "welch"},
                     {"difference", jsonNumber(difference->difference)},
                     {"low", jsonNumber(difference->low)},
                     {"high", jsonNumber(difference->high)},
                     {"pValue", jsonNumber(difference->pValue)}});
    return said;
}

Json explanationJson(const SelectionSummary& summary)
{
    const Explanation& explanation = summary.explanation;
    Json json{{"figure", summary.table->primary},
              {"sentence", english(explanation.sentence)},
              {"limits", explanation.limits ? english(*explanation.limits) : ""},
              {"settings", Json::array()}};
    for (const SettingHint& hint : explanation.hints)
        json["settings"].push_back({{"setting", hint.setting},
                                    {"measure", hint.measure == SettingHint::Measure::spearman ? "spearman" : "kruskal-wallis"},
                                    {"strength", jsonNumber(hint.association.strength)},
                                    {"direction", jsonNumber(hint.association.direction)},
                                    {"best", hint.bestLevel},
                                    {"pValue", jsonNumber(hint.association.pValue)},
                                    {"count", hint.runs},
                                    {"together", hint.together},
                                    {"sentence", english(hint.sentence)}});
    return json;
}

const ReportWords figureWords{.value = [](const FigureColumn& column, double value) { return column.name == "duration" ? formatDuration(value) : shortFigure(value); }};

/// The studio writes it with its charts, where it lies beside this program. Returns whether it is there.
bool writtenByStudio(const Options& options, const std::string& figure, const std::vector<RunDetails>& runs)
{
    const std::string& file = options.report;
    std::error_code ignored;
    const std::string studio = (std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "descent-studio").string();
    if (::access(studio.c_str(), X_OK) != 0)
        return false;
    std::vector<std::string> words{studio, "--write-report", std::filesystem::absolute(file).string()};
    words.push_back("--figure=" + figure);
    if (options.higherIsBetter)
        words.push_back(*options.higherIsBetter ? "--better=higher" : "--better=lower");
    for (const RunDetails& run : runs)
        words.push_back(std::to_string(run.summary.id));
    std::vector<char*> arguments;
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t process = 0;
    int status = 0;
    if (const int error = ::posix_spawn(&process, studio.c_str(), nullptr, nullptr, arguments.data(), environ); error != 0)
        throw DescentError{text("%1 could not be started: %2", studio, std::strerror(error))};
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {}
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw DescentError{text("the report %1 was not written", file)}; // and why has been said
    return true;
}

/// As one HTML file without charts: what may be said, figures, settings that differ, notes.
void writeReport(const std::string& file, const SelectionSummary& summary, const std::vector<RunDetails>& runs)
{
    const FigureTable& table = *summary.table;
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    Report report{.title = fmt::format("Comparison of {} runs", runs.size()), .date = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(now)), .sections = {}};
    ReportSection said{.title = "What may be said", .parts = {}};
    for (ReportText& sentence : sentencesOf(summary))
        said.parts.emplace_back(std::move(sentence));
    if (!said.parts.empty())
        report.sections.push_back(std::move(said));
    report.sections.push_back({"Figures, the best marked", {reportTable(table, figureColumns(table), figureWords)}});
    if (const std::vector<std::string> settings = differingSettings(table); !settings.empty())
        report.sections.push_back({"Settings that differ", {reportTable(table, settings, figureWords)}});
    ReportTable notes{.heading = {"run", "note"}, .rows = {}, .best = {}};
    for (std::size_t run = 0; run < runs.size(); ++run)
        if (!runs[run].summary.note.empty())
            notes.rows.push_back({table.runs[run].name, runs[run].summary.note});
    if (!notes.rows.empty())
        report.sections.push_back({"Notes", {std::move(notes)}});
    writeFileAtomically(file, reportHtml(report));
}

void report(const Options& options, const SelectionSummary& summary, const std::vector<RunDetails>& runs)
{
    if (writtenByStudio(options, summary.table->primary, runs))
        return;
    if (options.report.ends_with(".pdf"))
        throw DescentError{text("a PDF is written by descent-studio, which does not lie beside this program: choose a name that ends in .html")};
    writeReport(options.report, summary, runs);
}

Json comparisonJson(const std::vector<RunDetails>& runs, const SelectionSummary& summary)
{
    Json json;
    json["runs"] = Json::array();
    for (const RunDetails& run : runs)
        json["runs"].push_back(toJson(run.summary));
    json["differences"] = Json::array();
    for (const FigureColumn* setting : differencesOf(*summary.table)) {
        Json values = Json::object();
        for (std::size_t run = 0; run < runs.size(); ++run)
            values[std::to_string(runs[run].summary.id)] = setting->texts[run];
        json["differences"].push_back({{"path", setting->name}, {"values", std::move(values)}});
    }
    json["verdict"] = verdictJson(summary.standing);
    json["explanation"] = explanationJson(summary);
    return json;
}

int compare(const Options& options)
{
    RunStore store = openHistory();
    std::vector<RunDetails> runs;
    for (const RunSummary& run : findRuns(store.runs(), options.runs))
        if (auto details = store.run(run.id))
            runs.push_back(std::move(*details));
    const SelectionSummary summary = askedSummary(runs, options);
    if (!options.report.empty())
        report(options, summary, runs);
    if (options.json) {
        printJson(comparisonJson(runs, summary));
        return exitDone;
    }
    if (options.table) {
        fmt::print("{}", comparisonText(*summary.table, *options.table, figureWords));
        return exitDone;
    }
    const Terminal terminal = terminalOf(stdout);
    printFigures(runs, terminal);
    printSentences(summary);
    printDifferences(*summary.table, terminal);
    printChart(store, runs, "loss/train", terminal);
    const std::string metric = runs.front().summary.primaryMetric + "/validation";
    if (metric != "loss/validation")
        printChart(store, runs, metric, terminal);
    if (!options.report.empty())
        fmt::print("\nwritten: {}\n", printable(options.report));
    return exitDone;
}

}

void addCompareCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("compare", "Puts runs side by side: figures, curves, where their recipes differ, and which difference goes along with the figures");
    const auto options = std::make_shared<Options>();
    command->add_option("runs", options->runs, runHelp)->type_name("RUN")->required()->expected(2, 1000);
    command->add_option("--report", options->report, "also writes verdict, hints, charts and tables as one HTML file, or as a PDF where the name ends in .pdf")->type_name("FILE");
    command->add_option("--figure", options->figure, "what is asked about: loss, best.f1/validation, duration; else what most of the runs are judged by")->type_name("FIGURE");
    command->add_option("--better", options->higherIsBetter, "higher or lower: which way is better of that figure, where its name does not say it")
        ->transform(CLI::CheckedTransformer(std::map<std::string, bool>{{"higher", true}, {"lower", false}}))
        ->type_name("WAY");
    command->add_option("--table", options->table, "prints what the runs came to as a table instead: markdown or latex (recipes with several seeds as mean ± standard deviation), or csv (a row a run)")
        ->transform(CLI::CheckedTransformer(std::map<std::string, TableFormat>{{"markdown", TableFormat::markdown}, {"latex", TableFormat::latex}, {"csv", TableFormat::csv}}))
        ->type_name("FORMAT");
    command->add_flag("--json", options->json, "as JSON");
    command->callback([options, &chosen] { chosen = [options] { return compare(*options); }; });
}

}
