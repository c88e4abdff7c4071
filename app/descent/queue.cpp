// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/queue_run.h"
#include "app/descent/recipe_input.h"
#include "app/descent/text_table.h"
#include "engine/core/base/files.h"
#include "engine/core/base/memory.h"
#include "engine/core/recipe/absolute_paths.h"
#include "engine/core/recipe/grid.h"
#include "engine/core/store/queue_store.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

namespace descent {

namespace {

struct AddOptions {
    RecipeInput recipe;
    std::string name, experiment = "Default";
    std::vector<std::string> tags, grid;
    std::int64_t seeds = 1;
    bool json = false;
};

struct EntryOptions {
    std::vector<std::string> entries;
    std::string before, state;
    bool top = false, all = false, json = false;
};

struct LimitOptions {
    std::int64_t atOnce = -1, threads = -1;
    std::string memory;
    bool json = false;
};

QueueStore openQueue()
{
    return QueueStore{dataFolder()};
}

/// The entries that `names` mean: their numbers. Throws BadInput with all that is wrong.
std::vector<QueueEntryId> findEntries(QueueStore& store, const std::vector<std::string>& names)
{
    const std::vector<QueueEntry> entries = store.entries();
    std::vector<QueueEntryId> found;
    Problems problems;
    for (const std::string& name : names) {
        QueueEntryId id = 0;
        const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), id);
        if (error == std::errc{} && rest == name.data() + name.size()
            && std::any_of(entries.begin(), entries.end(), [&](const QueueEntry& entry) { return entry.id == id; }))
            found.push_back(id);
        else
            problems.push_back({name, text("there is no such entry in the queue"), text("see: descent queue list")});
    }
    if (!problems.empty())
        throw BadInput{std::move(problems)};
    return found;
}

std::vector<QueueEntryId> entriesThat(QueueStore& store, const std::function<bool(const QueueEntry&)>& wanted)
{
    std::vector<QueueEntryId> found;
    for (const QueueEntry& entry : store.entries())
        if (wanted(entry))
            found.push_back(entry.id);
    return found;
}

Json settingsJson(const QueueSettings& settings)
{
    return {{"paused", settings.paused},
            {"pauseReason", english(settings.pauseReason)},
            {"atOnce", settings.atOnce},
            {"threads", settings.threads},
            {"memoryBytes", settings.memoryBytes}};
}

/// What was done, to a script as numbers and to a person as a sentence.
int answer(const std::vector<QueueEntryId>& entries, bool json, const char* what)
{
    if (json)
        printJson({{"entries", entries}});
    else
        fmt::print("{} {} {}\n", entries.size(), entries.size() == 1 ? "entry" : "entries", what);
    return exitDone;
}

Grid gridOf(const Recipe& recipe, const AddOptions& options)
{
    Grid grid{{}, options.seeds};
    Problems problems;
    for (const std::string& written : options.grid) {
        const std::size_t equals = written.find('=');
        if (equals == std::string::npos || equals == 0) {
            problems.push_back({"--grid", text("\"%1\" is not of the form PATH=VALUES", written), text("as in training.learningRate=0.1,0.01")});
            continue;
        }
        // A kind that another axis sets may bring the setting with it; what is wrong with its values shows in each recipe.
        Result<GridAxis> axis = gridAxis(recipe, std::string_view{written}.substr(0, equals), std::string_view{written}.substr(equals + 1));
        problems.insert(problems.end(), axis.problems.begin(), axis.problems.end());
        if (axis)
            grid.axes.push_back(std::move(*axis.value));
    }
    if (!problems.empty())
        throw BadInput{std::move(problems)};
    return grid;
}

int add(const AddOptions& options)
{
    Recipe recipe = readRecipe(options.recipe);
    if (!options.name.empty())
        recipe.name = options.name;
    Result<std::vector<GridRecipe>> recipes = gridRecipes(recipe, gridOf(recipe, options));
    if (!recipes)
        throw BadInput{std::move(recipes.problems)};
    std::vector<NewQueueEntry> entries;
    for (const GridRecipe& one : *recipes)
        entries.push_back({.name = one.recipe.name,
                           .recipeJson = toJson(withAbsolutePaths(one.recipe)),
                           .experiment = options.experiment,
                           .tags = options.tags,
                           .settings = one.settings,
                           .batch = recipes->size() > 1 ? (recipe.name.empty() ? recipe.architecture.kind : recipe.name) : ""});
    QueueStore store = openQueue();
    const std::vector<QueueEntryId> ids = store.add(entries);
    if (options.json) {
        printJson({{"entries", ids}});
        return exitDone;
    }
    for (std::size_t i = 0; i < ids.size(); ++i)
        fmt::print("{}  {}\n", ids[i], printable(entries[i].name));
    fmt::print("{} in the queue; to begin: descent queue run\n", ids.size() == 1 ? "it is" : fmt::format("{} are", ids.size()));
    return exitDone;
}

int list(const EntryOptions& options)
{
    if (!options.state.empty()) {
        try {
            queueStateFromString(options.state);
        } catch (const std::invalid_argument&) {
            throw BadInput{{{"--state", text("\"%1\" is no state", options.state), text("one of waiting, running, done, failed, stopped")}}};
        }
    }
    QueueStore store = openQueue();
    store.takeBackOrphans(); // what a killed program left is not told as running
    std::vector<QueueEntry> entries = store.entries();
    std::erase_if(entries, [&](const QueueEntry& entry) { return !options.state.empty() && toString(entry.state) != options.state; });
    const QueueSettings settings = store.settings();
    if (options.json) {
        Json json = settingsJson(settings);
        json["entries"] = Json::array();
        for (const QueueEntry& entry : entries)
            json["entries"].push_back(toJson(entry));
        printJson(json);
        return exitDone;
    }
    if (settings.paused)
        fmt::print("the queue is paused{}; to go on: descent queue resume\n",
                   settings.pauseReason.empty() ? "" : ", since " + printable(english(settings.pauseReason)));
    if (entries.empty()) {
        fmt::print("{}\n", options.state.empty() ? "the queue is empty; to add to it: descent queue add" : "no such entries");
        return exitDone;
    }
    TextTable table{{"ENTRY", "STATE", "NAME", "RUN", "CAUSE"}};
    for (const QueueEntry& entry : entries)
        table.add({std::to_string(entry.id), toString(entry.state), printable(entry.name), entry.run ? std::to_string(*entry.run) : "",
                   printable(english(entry.cause))});
    table.print(terminalOf(stdout));
    return exitDone;
}

int move(const EntryOptions& options)
{
    QueueStore store = openQueue();
    const std::vector<QueueEntryId> chosen = findEntries(store, options.entries);
    std::optional<QueueEntryId> before;
    if (!options.before.empty())
        before = findEntries(store, {options.before}).front();
    else if (options.top)
        if (const auto waiting = entriesThat(store, [](const QueueEntry& entry) { return entry.state == QueueState::waiting; }); !waiting.empty())
            before = waiting.front();
    const std::vector<QueueEntryId> moved = store.move(chosen, before);
    if (moved.empty())
        throw BadInput{{{"ENTRY", text("only what waits can be moved"), text("see: descent queue list --state waiting")}}};
    return answer(moved, options.json, "moved");
}

int remove(const EntryOptions& options)
{
    QueueStore store = openQueue();
    const std::vector<QueueEntryId> chosen = findEntries(store, options.entries);
    const std::vector<QueueEntryId> removed = store.remove(chosen);
    if (removed.size() < chosen.size())
        printProblems({{"ENTRY", text("%1 of them run at present and stay", chosen.size() - removed.size()), {}}}, "warning");
    return answer(removed, options.json, "removed; their runs are kept");
}

int clear(const EntryOptions& options)
{
    QueueStore store = openQueue();
    return answer(store.remove(entriesThat(store, [&](const QueueEntry& entry) { return options.all || entry.state != QueueState::waiting; })),
                  options.json, "removed; their runs are kept");
}

int retry(const EntryOptions& options)
{
    QueueStore store = openQueue();
    if (options.entries.empty() && !options.all)
        throw BadInput{{{"ENTRY", text("no entry is named"), text("name some, or try all that failed again: --failed")}}};
    const std::vector<QueueEntryId> chosen =
        options.all ? entriesThat(store, [](const QueueEntry& entry) { return entry.state == QueueState::failed; }) : findEntries(store, options.entries);
    const std::vector<QueueEntryId> again = store.retry(chosen);
    if (again.empty() && !options.all)
        throw BadInput{{{"ENTRY", text("only what failed or was stopped can be tried again"), text("see: descent queue list --state failed")}}};
    return answer(again, options.json, "will be tried again");
}

int setPaused(bool paused, bool json)
{
    QueueStore store = openQueue();
    QueueSettings settings = store.settings();
    settings.paused = paused;
    settings.pauseReason = {};
    store.setSettings(settings);
    if (json)
        printJson(settingsJson(settings));
    else
        fmt::print("{}\n", paused ? "the queue is paused; what runs goes on to its end" : "the queue goes on, where a program works on it: descent queue run");
    return exitDone;
}

int limits(const LimitOptions& options)
{
    QueueStore store = openQueue();
    QueueSettings settings = store.settings();
    if (options.atOnce >= 0)
        settings.atOnce = options.atOnce;
    if (options.threads >= 0)
        settings.threads = options.threads;
    if (!options.memory.empty()) {
        settings.memoryBytes = bytesFrom(options.memory);
        if (settings.memoryBytes < 0)
            throw BadInput{{{"--memory", text("\"%1\" is no size", options.memory), text("as in 8G; 0 for what is free")}}};
    }
    if (settings != store.settings())
        store.setSettings(settings);
    if (options.json)
        printJson(settingsJson(settings));
    else
        fmt::print("{} at once, {} threads, {}\n", settings.atOnce, settings.threads > 0 ? std::to_string(settings.threads) : "all",
                   settings.memoryBytes > 0 ? fmt::format("{} MiB of memory", settings.memoryBytes >> 20) : "the memory that is free");
    return exitDone;
}

}

Json toJson(const QueueEntry& entry)
{
    Json json;
    json["entry"] = entry.id;
    json["name"] = entry.name;
    json["state"] = toString(entry.state);
    json["run"] = entry.run ? Json(*entry.run) : Json(nullptr);
    json["experiment"] = entry.experiment;
    json["tags"] = entry.tags;
    json["batch"] = entry.batch;
    json["settings"] = Json::object();
    for (const GridSetting& one : entry.settings)
        json["settings"][one.path] = one.value;
    json["added"] = jsonTime(entry.addedAt);
    json["started"] = entry.startedAt ? jsonTime(*entry.startedAt) : Json(nullptr);
    json["ended"] = entry.endedAt ? jsonTime(*entry.endedAt) : Json(nullptr);
    json["where"] = entry.cause.path;
    json["reason"] = english(entry.cause.message);
    json["hint"] = english(entry.cause.hint);
    return json;
}

void addQueueCommand(CLI::App& app, Action& chosen)
{
    CLI::App* queue = app.add_subcommand("queue", "Recipes that are trained one after the other, or several at once");
    queue->require_subcommand(1);
    const auto entryCommand = [&](const char* name, const char* help, int (*action)(const EntryOptions&), bool takesEntries = true,
                                  bool needsEntries = true) {
        CLI::App* command = queue->add_subcommand(name, help);
        const auto options = std::make_shared<EntryOptions>();
        if (takesEntries)
            command->add_option("entries", options->entries, "numbers of entries, as queue list shows them")->type_name("ENTRY")->required(needsEntries);
        command->add_flag("--json", options->json, "as JSON");
        command->callback([options, action, &chosen] { chosen = [options, action] { return action(*options); }; });
        return std::pair{command, options};
    };

    CLI::App* adding = queue->add_subcommand("add", "Adds a recipe, or a grid of them, at the end");
    const auto addOptions = std::make_shared<AddOptions>();
    addRecipeOptions(*adding, addOptions->recipe);
    adding->add_option("--device", addOptions->recipe.device, "auto, cpu, cuda or cuda:0")->type_name("DEVICE");
    adding->add_option("--grid", addOptions->grid, "a recipe for each value, as in training.learningRate=0.1,0.01 or =0.001..0.1/3; may be given again")
        ->type_name("PATH=VALUES")
        ->allow_extra_args(false);
    adding->add_option("--seeds", addOptions->seeds, "each with so many seeds")->type_name("N");
    adding->add_option("--name", addOptions->name, "the runs' name")->type_name("TEXT");
    adding->add_option("--experiment", addOptions->experiment, "the experiment they belong to")->type_name("TEXT");
    adding->add_option("--tag", addOptions->tags, "a tag; may be given again")->type_name("TEXT")->allow_extra_args(false);
    adding->add_flag("--json", addOptions->json, "as JSON");
    adding->callback([addOptions, &chosen] { chosen = [addOptions] { return add(*addOptions); }; });

    auto [listing, listOptions] = entryCommand("list", "Shows the queue in its order", list, false);
    listing->add_option("--state", listOptions->state, "waiting, running, done, failed or stopped")->type_name("STATE");
    auto [moving, moveOptions] = entryCommand("move", "Moves entries that wait: to the end, if nothing else is said", move);
    CLI::Option* before = moving->add_option("--before", moveOptions->before, "before this one")->type_name("ENTRY");
    moving->add_flag("--top", moveOptions->top, "before all others that wait")->excludes(before);
    entryCommand("remove", "Removes entries; runs that they became are kept", remove);
    auto [clearing, clearOptions] = entryCommand("clear", "Removes what has ended; its runs are kept", clear, false);
    clearing->add_flag("--all", clearOptions->all, "and what waits");
    auto [retrying, retryOptions] = entryCommand("retry", "Lets what failed or was stopped wait again, at the end", retry, true, false);
    retrying->add_flag("--failed", retryOptions->all, "all that failed");

    for (const bool paused : {true, false}) {
        CLI::App* command = paused ? queue->add_subcommand("pause", "Begins nothing more; what runs goes on to its end")
                                   : queue->add_subcommand("resume", "Takes a pause back");
        const auto json = std::make_shared<bool>(false);
        command->add_flag("--json", *json, "as JSON");
        command->callback([json, paused, &chosen] { chosen = [json, paused] { return setPaused(paused, *json); }; });
    }

    CLI::App* limiting = queue->add_subcommand("limits", "Shows or sets what the runs of the queue share");
    const auto limitOptions = std::make_shared<LimitOptions>();
    limiting->add_option("--at-once", limitOptions->atOnce, "runs at the same time")->type_name("N")->check(CLI::Range(1, 64));
    limiting->add_option("--threads", limitOptions->threads, "threads for all of them; 0: the machine's cores")->type_name("N")->check(CLI::Range(0, 1024));
    limiting->add_option("--memory", limitOptions->memory, "memory that a second run may not go beyond, as in 8G; 0: what is free")->type_name("SIZE");
    limiting->add_flag("--json", limitOptions->json, "as JSON");
    limiting->callback([limitOptions, &chosen] { chosen = [limitOptions] { return limits(*limitOptions); }; });

    addQueueRunCommand(*queue, chosen);
}

}
