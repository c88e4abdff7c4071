// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/run_cells.h"
#include "app/descent/text_table.h"
#include "engine/core/history/family.h"
#include "engine/core/history/runs_view.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace descent {

namespace {

struct Options {
    std::string status, experiment, tag, where, view;
    std::vector<std::string> sort, groupBy, columns;
    std::size_t limit = 0;
    bool json = false, trash = false, archived = false, starred = false, tree = false, views = false;
};

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
int printTree(const RunSet& runs)
{
    const Terminal terminal = terminalOf(stdout);
    TextTable table{{"RUN", "STATUS", "DATA", "NETWORK", "FIGURE"}};
    for (const auto& [line, member] : familyLines(families(runs), terminal.unicode)) {
        if (member.summary)
            table.add({line, toString(member.summary->status), member.summary->datasetName, member.summary->architecture,
                       headline(*member.summary)});
        else
            table.add({line, "deleted", "", "", ""});
    }
    table.print(terminal);
    return exitDone;
}

/// "accuracy", "accuracy:asc": numbers are wanted from the highest down, unless it is said otherwise.
RunOrder parsedOrder(const std::string& written)
{
    const auto colon = written.rfind(':');
    const std::string way = colon == std::string::npos ? "" : written.substr(colon + 1);
    if (!way.empty() && way != "asc" && way != "desc")
        throw BadInput{{{"--sort", text("\"%1\" is no direction", way), text("asc or desc, as in accuracy:desc")}}};
    return {written.substr(0, colon), way == "desc"};
}

RunsView viewOf(const Options& options, RunStore& store)
{
    RunsView view;
    for (const char* field : {"id", "name", "status", "dataset", "architecture", "test", "curve", "epoch", "duration", "created", "tag"})
        view.columns.push_back({field, 0});
    if (!options.view.empty()) {
        const auto views = store.views();
        const auto found = views.find(options.view);
        if (found == views.end()) {
            std::vector<std::string> names;
            for (const auto& [name, json] : views)
                names.push_back(name);
            throw BadInput{{{"--view", text("there is no view \"%1\"", options.view), names.empty() ? text("the window keeps views") : text("one of %1", joined(names))}}};
        }
        Result<RunsView> kept = runsViewFromJson(found->second);
        if (!kept)
            throw BadInput{std::move(kept.problems)};
        view = *kept;
        view.columns.insert(view.columns.begin(), {"id", 0});
    }
    if (!options.columns.empty()) {
        view.columns.clear();
        for (const std::string& field : options.columns)
            view.columns.push_back({field, 0});
    }
    if (!options.sort.empty()) {
        view.order.clear();
        for (const std::string& one : options.sort)
            view.order.push_back(parsedOrder(one));
    }
    if (!options.groupBy.empty())
        view.groupBy = options.groupBy;
    if (!options.where.empty())
        view.query = options.where;
    if (!options.experiment.empty())
        view.experiment = options.experiment;
    return view;
}

RunWish wishOf(const Options& options, const RunsView& view)
{
    RunWish wish;
    wish.place = options.trash      ? RunWish::Place::trash
        : options.archived ? RunWish::Place::archived
        : options.starred  ? RunWish::Place::starred
                           : RunWish::Place::present;
    if (!options.status.empty()) {
        try {
            wish.status = runStatusFromString(options.status);
        } catch (const std::invalid_argument&) {
            throw BadInput{{{"--status", text("\"%1\" is no status", options.status),
                             text("one of queued, running, completed, stopped, failed, interrupted")}}};
        }
    }
    wish.query = parsedQuery(view.query);
    wish.experiment = view.experiment;
    wish.order = view.order;
    wish.groupBy = view.groupBy;
    for (const RunsView::Column& column : view.columns)
        if (column.field != "curve")
            wish.columns.push_back(column.field);
    return wish;
}

void printGroups(const RunList& list, const RunWish& wish)
{
    std::vector<std::string> heading{"GROUP", "RUNS"};
    for (const std::string& field : wish.columns)
        if (field != "id" && field != "name")
            heading.push_back(headingOf(field));
    TextTable table{heading};
    for (const RunGroup& group : list.groups) {
        std::vector<std::string> row{titleOf(group), std::to_string(group.runs.size())};
        for (std::size_t i = 0; i < wish.columns.size(); ++i)
            if (wish.columns[i] != "id" && wish.columns[i] != "name")
                row.push_back(cellOf(group, group.cells[i], wish.columns[i]));
        table.add(std::move(row));
    }
    table.print(terminalOf(stdout));
}

void printRuns(const std::vector<SharedRun>& runs, const RunsView& view, const std::map<std::string, SharedSettings>& settings, RunStore& store)
{
    const Terminal terminal = terminalOf(stdout);
    std::vector<std::string> heading;
    std::vector<RunField> fields;
    std::vector<RunId> ids;
    for (const RunsView::Column& column : view.columns) {
        heading.push_back(column.field == "curve" ? "LOSS" : headingOf(column.field));
        const auto known = settings.find(column.field);
        fields.emplace_back(column.field, known == settings.end() ? nullptr : known->second);
    }
    for (const SharedRun& run : runs)
        ids.push_back(run->id);
    RunThumbnails thumbnails = store.thumbnails(ids);
    TextTable table{std::move(heading)};
    for (const SharedRun& run : runs) {
        std::vector<std::string> row;
        for (const RunField& field : fields)
            row.push_back(field.name() == "curve"  ? sparkline(std::move(thumbnails[run->id]), terminal.unicode)
                          : field.name() == "test" ? headline(*run) // else the best of validation, with its name
                                                   : cellOf(*run, field));
        table.add(std::move(row));
    }
    table.print(terminal);
}

int list(const Options& options)
{
    RunStore store = openHistory();
    if (options.views) {
        for (const auto& [name, json] : store.views())
            fmt::print("{}\n", name);
        return exitDone;
    }
    const RunsView view = viewOf(options, store);
    RunWish wish = wishOf(options, view);
    RunChanges all = store.changesSince(0);
    if (options.tree)
        return printTree(RunSet{std::move(all.runs)});
    std::map<std::string, SharedSettings> settings;
    for (const std::string& path : settingsOf(wish))
        settings[path] = std::make_shared<const RunSettings>(store.settings(path));
    const RunSet runs{std::move(options.trash ? all.trash : all.runs)};
    RunList list = listRuns(runs, wish, settings, std::chrono::system_clock::now());
    std::vector<SharedRun> shown;
    for (const RunList::Row& row : list.rows)
        if (row.run && (options.tag.empty() || std::find(row.run->tags.begin(), row.run->tags.end(), options.tag) != row.run->tags.end()))
            shown.push_back(row.run);
    const std::size_t fitting = shown.size();
    if (options.limit > 0 && fitting > options.limit)
        shown.resize(options.limit);
    if (options.json) {
        Json array = Json::array();
        for (const SharedRun& run : shown)
            array.push_back(toJson(*run));
        for (const RunGroup& group : list.groups)
            array.push_back(toJson(group, wish));
        printJson(array);
        return exitDone;
    }
    if (!list.groups.empty()) {
        printGroups(list, wish);
        return exitDone;
    }
    if (shown.empty()) {
        fmt::print("{}\n", runs.empty() && !options.trash ? "no runs yet; train one: descent train" : "no such runs");
        return exitDone;
    }
    printRuns(shown, view, settings, store);
    if (shown.size() < fitting)
        fmt::print("{} of {} runs\n", shown.size(), fitting);
    return exitDone;
}

}

void addRunsCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("runs", "Lists the runs, newest first");
    const auto options = std::make_shared<Options>();
    CLI::Option* status = command->add_option("--status", options->status, "running, completed, stopped, failed or interrupted")->type_name("STATUS");
    CLI::Option* experiment = command->add_option("--experiment", options->experiment, "of this experiment, and those below it")->type_name("TEXT");
    CLI::Option* tag = command->add_option("--tag", options->tag, "with this tag")->type_name("TEXT");
    CLI::Option* where = command->add_option("--where", options->where, "that fit: accuracy > 0.9 and architecture = resnet18 and tag = demo")->type_name("QUERY");
    CLI::Option* limit = command->add_option("--limit", options->limit, "at most so many")->type_name("N");
    CLI::Option* sort = command->add_option("--sort", options->sort, "in the order of this, as in accuracy:desc; several: the first counts most")->type_name("FIELD");
    CLI::Option* group = command->add_option("--group", options->groupBy, "one line for those that share it, with mean and deviation; \"recipe\" is all but the seed")->type_name("FIELD");
    CLI::Option* columns = command->add_option("--columns", options->columns, "what is shown, as names of a query")->type_name("FIELD")->delimiter(',');
    CLI::Option* view = command->add_option("--view", options->view, "as a view that the window has kept")->type_name("NAME");
    CLI::Option* views = command->add_flag("--views", options->views, "lists the views");
    CLI::Option* trash = command->add_flag("--trash", options->trash, "those that were deleted");
    CLI::Option* archived = command->add_flag("--archived", options->archived, "those in the archive");
    CLI::Option* starred = command->add_flag("--starred", options->starred, "those with a star");
    CLI::Option* tree = command->add_flag("--tree", options->tree, "all of them, each below the run it started from");
    trash->excludes(archived)->excludes(starred);
    archived->excludes(starred);
    for (CLI::Option* part : {status, experiment, tag, where, limit, sort, group, columns, view, views, trash, archived, starred}) // a parent left out would look deleted
        tree->excludes(part);
    tag->excludes(group);
    command->add_flag("--json", options->json, "as a JSON array");
    command->callback([options, &chosen] { chosen = [options] { return list(*options); }; });
}

}
