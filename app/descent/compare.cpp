// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/text_table.h"
#include "engine/core/recipe/recipe.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

namespace descent {

namespace {

struct Options {
    std::vector<std::string> runs;
    bool json = false;
};

/// One setting, with its value in each run; empty where it does not apply.
struct Difference {
    std::string path;
    std::vector<std::string> values;
};

/// The settings in which the recipes differ, in the order of the first recipe that has them.
std::vector<Difference> differences(const std::vector<RunDetails>& runs)
{
    std::vector<Difference> all;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const Result<Recipe> recipe = recipeDraftFromJson(runs[i].recipeJson);
        if (!recipe)
            continue; // of a newer version: its figures can still be compared
        for (const RecipeEntry& entry : flattened(*recipe)) {
            auto found = std::find_if(all.begin(), all.end(), [&](const Difference& one) { return one.path == entry.path; });
            if (found == all.end())
                found = all.insert(all.end(), {entry.path, std::vector<std::string>(runs.size())});
            found->values[i] = entry.value;
        }
    }
    std::erase_if(all, [](const Difference& one) {
        return std::all_of(one.values.begin(), one.values.end(),
                           [&](const std::string& value) { return value == one.values[0]; });
    });
    return all;
}

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

void printDifferences(const std::vector<RunDetails>& runs, const Terminal& terminal)
{
    const std::vector<Difference> different = differences(runs);
    if (different.empty()) {
        fmt::print("\nthe recipes are the same\n");
        return;
    }
    std::vector<std::string> heading{"SETTING"};
    for (const RunDetails& run : runs)
        heading.push_back(std::to_string(run.summary.id));
    TextTable table{heading};
    for (const Difference& one : different) {
        std::vector<std::string> row{one.path};
        row.insert(row.end(), one.values.begin(), one.values.end());
        table.add(row);
    }
    fmt::print("\n");
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

Json comparisonJson(const std::vector<RunDetails>& runs)
{
    Json json;
    json["runs"] = Json::array();
    for (const RunDetails& run : runs)
        json["runs"].push_back(toJson(run.summary));
    json["differences"] = Json::array();
    for (const Difference& one : differences(runs)) {
        Json values = Json::object();
        for (std::size_t i = 0; i < runs.size(); ++i)
            values[std::to_string(runs[i].summary.id)] = one.values[i];
        json["differences"].push_back({{"path", one.path}, {"values", std::move(values)}});
    }
    return json;
}

int compare(const Options& options)
{
    RunStore store = openHistory();
    std::vector<RunDetails> runs;
    for (const RunSummary& run : findRuns(store.runs(), options.runs))
        if (auto details = store.run(run.id))
            runs.push_back(std::move(*details));
    if (options.json) {
        printJson(comparisonJson(runs));
        return exitDone;
    }
    const Terminal terminal = terminalOf(stdout);
    printFigures(runs, terminal);
    printDifferences(runs, terminal);
    printChart(store, runs, "loss/train", terminal);
    const std::string metric = runs.front().summary.primaryMetric + "/validation";
    if (metric != "loss/validation")
        printChart(store, runs, metric, terminal);
    return exitDone;
}

}

void addCompareCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("compare", "Puts runs side by side: figures, curves, and where their recipes differ");
    const auto options = std::make_shared<Options>();
    command->add_option("runs", options->runs, runHelp)->type_name("RUN")->required()->expected(2, 1000);
    command->add_flag("--json", options->json, "as JSON");
    command->callback([options, &chosen] { chosen = [options] { return compare(*options); }; });
}

}
