// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/text_table.h"
#include "engine/core/history/seed_groups.h"
#include "engine/core/recipe/recipe_comparison.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <set>

namespace descent {

namespace {

struct Options {
    std::vector<std::string> runs;
    bool json = false;
};

/// The settings in which the recipes differ. Those of a newer version, which cannot be read, are left out and said.
struct Differences {
    std::vector<RunId> runs; ///< whose recipes could be read: the columns
    std::vector<RecipeComparisonRow> rows;
};

Differences differencesOf(const std::vector<RunDetails>& runs)
{
    Differences differences;
    std::vector<Recipe> recipes;
    for (const RunDetails& run : runs) {
        Result<Recipe> recipe = recipeDraftFromJson(run.recipeJson);
        if (!recipe) {
            printProblems(recipe.problems, "warning");
            continue;
        }
        differences.runs.push_back(run.summary.id);
        recipes.push_back(std::move(*recipe.value));
    }
    differences.rows = compareRecipes(recipes);
    std::erase_if(differences.rows, [](const RecipeComparisonRow& row) { return !row.differs; });
    return differences;
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

void printDifferences(const Differences& differences, const Terminal& terminal)
{
    if (differences.rows.empty()) {
        fmt::print("\nthe recipes are the same\n");
        return;
    }
    std::vector<std::string> heading{"SETTING"};
    for (const RunId run : differences.runs)
        heading.push_back(std::to_string(run));
    TextTable table{heading};
    for (const RecipeComparisonRow& one : differences.rows) {
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

/// "12 + 13 + 14": by their runs, since a recipe has no name of its own.
std::string nameOf(const SeedGroup& group)
{
    std::vector<std::string> ids;
    for (const SeedGroup::Run& run : group.runs)
        ids.push_back(std::to_string(run.id));
    return fmt::format("{}", fmt::join(ids, "+"));
}

/// Where the runs are two recipes, of which one at least was trained more than once.
std::optional<SeedVerdict> verdictOn(const std::vector<RunDetails>& runs)
{
    const RunSummary& run = runs.front().summary;
    const std::vector<SeedGroup> groups = seedGroups(runs, run.primaryMetric);
    if (groups.size() != 2 || runs.size() < 3)
        return std::nullopt;
    return verdictOf(groups[0], groups[1], nameOf(groups[0]), nameOf(groups[1]), run.primaryMetric, run.higherIsBetter);
}

void printVerdict(const std::vector<RunDetails>& runs)
{
    if (const std::optional<SeedVerdict> verdict = verdictOn(runs)) {
        fmt::print("\n{}\n", english(verdict->sentence));
        if (verdict->warning)
            fmt::print("{}\n", english(*verdict->warning));
    }
}

Json comparisonJson(const std::vector<RunDetails>& runs)
{
    Json json;
    json["runs"] = Json::array();
    for (const RunDetails& run : runs)
        json["runs"].push_back(toJson(run.summary));
    json["differences"] = Json::array();
    const Differences differences = differencesOf(runs);
    for (const RecipeComparisonRow& row : differences.rows) {
        Json values = Json::object();
        for (std::size_t i = 0; i < differences.runs.size(); ++i)
            values[std::to_string(differences.runs[i])] = row.values[i];
        json["differences"].push_back({{"path", row.path}, {"values", std::move(values)}});
    }
    json["verdict"] = nullptr;
    if (const std::optional<SeedVerdict> verdict = verdictOn(runs)) {
        Json& said = json["verdict"] = {{"sentence", english(verdict->sentence)}, {"warning", verdict->warning ? english(*verdict->warning) : ""}};
        if (const auto& difference = verdict->difference)
            said.update({{"test", difference->test == MeanDifference::Test::paired ? "paired" : "welch"},
                         {"difference", jsonNumber(difference->difference)},
                         {"low", jsonNumber(difference->low)},
                         {"high", jsonNumber(difference->high)},
                         {"pValue", jsonNumber(difference->pValue)}});
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
    printVerdict(runs);
    printDifferences(differencesOf(runs), terminal);
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
