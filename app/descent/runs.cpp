// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/text_table.h"
#include "engine/core/history/run_fields.h"
#include "engine/core/history/family.h"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace descent {

namespace {

struct Options {
    std::string status, experiment, tag, where;
    std::size_t limit = 0;
    bool json = false, trash = false, tree = false;
};

bool matches(const RunSummary& run, const Options& options)
{
    return (options.status.empty() || toString(run.status) == options.status)
        && (options.experiment.empty() || run.experiment == options.experiment)
        && (options.tag.empty() || std::find(run.tags.begin(), run.tags.end(), options.tag) != run.tags.end());
}

/// The loss curve in eight characters of eight heights, logarithmic where it falls far: else it would hug the floor.
std::string sparkline(std::vector<float> values, bool unicode)
{
    constexpr std::size_t columns = 8;
    constexpr float logarithmicFrom = 20;
    if (values.size() < 2 || !unicode)
        return {};
    const auto extremes = [&] { return std::minmax_element(values.begin(), values.end()); };
    if (const auto [low, high] = extremes(); *low > 0 && *high / *low > logarithmicFrom)
        for (float& value : values)
            value = std::log(value);
    const auto [low, high] = extremes();
    std::string text;
    for (std::size_t i = 0; i < columns; ++i) {
        const float value = values[i * (values.size() - 1) / (columns - 1)];
        const float share = *high > *low ? (value - *low) / (*high - *low) : 0;
        text += std::string{"\xE2\x96"} + static_cast<char>(0x81 + std::lround(share * 7)); // U+2581 to U+2588
    }
    return text;
}

/// Every run below the one it started from. What was deleted keeps its place, since others came from it.
int printTree(const std::vector<RunSummary>& runs)
{
    const Terminal terminal = terminalOf(stdout);
    TextTable table{{"RUN", "STATUS", "DATA", "NETWORK", "FIGURE"}};
    for (const auto& [line, member] : familyLines(families(RunSet{runs}), terminal.unicode)) {
        if (member.summary)
            table.add({line, toString(member.summary->status), member.summary->datasetName, member.summary->architecture,
                       headline(*member.summary)});
        else
            table.add({line, "deleted", "", "", ""});
    }
    table.print(terminal);
    return exitDone;
}

int list(const Options& options)
{
    if (!options.status.empty()) {
        try {
            runStatusFromString(options.status);
        } catch (const std::invalid_argument&) {
            throw BadInput{{{"--status", text("\"%1\" is no status", options.status),
                             text("one of queued, running, completed, stopped, failed, interrupted")}}};
        }
    }
    RunStore store = openHistory();
    std::vector<RunSummary> runs = options.trash ? store.trash() : store.runs();
    std::erase_if(runs, [&](const RunSummary& run) { return !matches(run, options); });
    if (!options.where.empty()) {
        Result<RunQuery> query = RunQuery::parse(options.where);
        if (!query) {
            for (Problem& problem : query.problems)
                problem.path = "--where, character " + std::to_string(std::stoul(problem.path) + 1);
            throw BadInput{std::move(query.problems)};
        }
        runs = fitting(std::move(runs), *query, store);
    }
    const std::size_t all = runs.size();
    if (options.limit > 0 && all > options.limit)
        runs.resize(options.limit);
    if (options.json) {
        Json array = Json::array();
        for (const RunSummary& run : runs)
            array.push_back(toJson(run));
        printJson(array);
        return exitDone;
    }
    if (runs.empty()) {
        const bool everything = options.status.empty() && options.tag.empty() && options.experiment.empty() && options.where.empty() && !options.trash;
        fmt::print("{}\n", everything ? "no runs yet; train one: descent train" : "no such runs");
        return exitDone;
    }
    if (options.tree)
        return printTree(runs);
    const Terminal terminal = terminalOf(stdout);
    std::vector<RunId> shown;
    for (const RunSummary& run : runs)
        shown.push_back(run.id);
    RunThumbnails thumbnails = store.thumbnails(shown);
    TextTable table{{"RUN", "NAME", "STATUS", "DATA", "NETWORK", "FIGURE", "LOSS", "EPOCH", "TIME", "STARTED", "TAGS"}};
    for (const RunSummary& run : runs)
        table.add({std::to_string(run.id), run.name, toString(run.status), run.datasetName, run.architecture, headline(run),
                   sparkline(std::move(thumbnails[run.id]), terminal.unicode), std::to_string(run.epoch), formatDuration(run.seconds),
                   fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(std::chrono::system_clock::to_time_t(run.createdAt))),
                   joined(run.tags)});
    table.print(terminal);
    if (runs.size() < all)
        fmt::print("{} of {} runs\n", runs.size(), all);
    return exitDone;
}

}

void addRunsCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("runs", "Lists the runs, newest first");
    const auto options = std::make_shared<Options>();
    CLI::Option* status = command->add_option("--status", options->status, "running, completed, stopped, failed or interrupted")->type_name("STATUS");
    CLI::Option* experiment = command->add_option("--experiment", options->experiment, "of this experiment")->type_name("TEXT");
    CLI::Option* tag = command->add_option("--tag", options->tag, "with this tag")->type_name("TEXT");
    CLI::Option* where = command->add_option("--where", options->where, "that fit: accuracy > 0.9 and architecture = resnet18 and tag = demo")->type_name("QUERY");
    CLI::Option* limit = command->add_option("--limit", options->limit, "at most so many")->type_name("N");
    CLI::Option* trash = command->add_flag("--trash", options->trash, "those that were deleted");
    CLI::Option* tree = command->add_flag("--tree", options->tree, "all of them, each below the run it started from");
    for (CLI::Option* part : {status, experiment, tag, where, limit, trash}) // a parent left out would look deleted
        tree->excludes(part);
    command->add_flag("--json", options->json, "as a JSON array");
    command->callback([options, &chosen] { chosen = [options] { return list(*options); }; });
}

}
