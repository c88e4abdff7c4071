// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace descent {

namespace {

struct Options {
    std::vector<std::string> runs, tags;
    std::string run, text;
    bool remove = false;
};

std::vector<RunId> idsOf(RunStore& store, const std::vector<std::string>& names)
{
    std::vector<RunId> ids;
    for (const RunSummary& run : findRuns(store.runs(), names))
        ids.push_back(run.id);
    return ids;
}

RunId idOf(RunStore& store, const std::string& name)
{
    return idsOf(store, {name}).front();
}

int tag(const Options& options)
{
    RunStore store = openHistory();
    const std::vector<RunId> ids{idOf(store, options.run)};
    for (const std::string& tag : options.tags)
        options.remove ? store.removeTag(ids, tag) : store.addTag(ids, tag);
    return exitDone;
}

int note(const Options& options)
{
    RunStore store = openHistory();
    store.setNote(idOf(store, options.run), options.text);
    return exitDone;
}

int rename(const Options& options)
{
    RunStore store = openHistory();
    store.rename(idOf(store, options.run), options.text);
    return exitDone;
}

int star(const Options& options)
{
    RunStore store = openHistory();
    store.setStarred(idsOf(store, options.runs), !options.remove);
    return exitDone;
}

int archive(const Options& options)
{
    RunStore store = openHistory();
    store.setArchived(idsOf(store, options.runs), !options.remove);
    return exitDone;
}

int color(const Options& options)
{
    const bool sound = options.text == "none"
        || (options.text.size() == 7 && options.text[0] == '#' && options.text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos);
    if (!sound)
        throw BadInput{{{"--to", text("\"%1\" is no colour", options.text), text("written as #1f77b4, or none for the one of its number")}}};
    RunStore store = openHistory();
    store.setColor(idsOf(store, options.runs), options.text == "none" ? "" : options.text);
    return exitDone;
}

int move(const Options& options)
{
    RunStore store = openHistory();
    store.moveToExperiment(idsOf(store, options.runs), options.text);
    return exitDone;
}

int renameExperiment(const Options& options)
{
    RunStore store = openHistory();
    const std::string below = options.run + '/';
    const std::vector<RunSummary> runs = store.runs();
    if (std::none_of(runs.begin(), runs.end(), [&](const RunSummary& run) { return run.experiment == options.run || run.experiment.starts_with(below); }))
        throw BadInput{{{"experiment", text("there is no experiment \"%1\"", options.run), text("descent runs --group experiment lists them")}}};
    store.renameExperiment(options.run, options.text);
    return exitDone;
}

}

void addLabelCommands(CLI::App& app, Action& chosen)
{
    const auto add = [&](const char* name, const char* help, int (*action)(const Options&)) {
        CLI::App* command = app.add_subcommand(name, help);
        auto options = std::make_shared<Options>();
        command->callback([options, action, &chosen] { chosen = [options, action] { return action(*options); }; });
        return std::pair{command, options};
    };
    const auto forOne = [&](const char* name, const char* help, int (*action)(const Options&)) {
        const auto made = add(name, help, action);
        made.first->add_option("run", made.second->run, runHelp)->type_name("RUN")->required();
        return made;
    };
    const auto forSeveral = [&](const char* name, const char* help, int (*action)(const Options&)) {
        const auto made = add(name, help, action);
        made.first->add_option("runs", made.second->runs, runHelp)->type_name("RUN")->required();
        return made;
    };
    const auto [tagCommand, tagOptions] = forOne("tag", "Gives a run tags", tag);
    tagCommand->add_option("tags", tagOptions->tags, "words to find it by")->type_name("TAG")->required();
    tagCommand->add_flag("--remove", tagOptions->remove, "take them away instead");
    const auto [noteCommand, noteOptions] = forOne("note", "Writes a run's note, in place of the one it has", note);
    noteCommand->add_option("text", noteOptions->text, "the note, in Markdown")->type_name("TEXT")->required();
    const auto [renameCommand, renameOptions] = forOne("rename", "Gives a run another name", rename);
    renameCommand->add_option("name", renameOptions->text, "the new name")->type_name("NAME")->required();
    const auto [starCommand, starOptions] = forSeveral("star", "Gives runs a star", star);
    starCommand->add_flag("--remove", starOptions->remove, "take it away instead");
    const auto [archiveCommand, archiveOptions] = forSeveral("archive", "Puts runs out of the way: they are kept, and not listed", archive);
    archiveCommand->add_flag("--remove", archiveOptions->remove, "take them out again");
    const auto [colorCommand, colorOptions] = forSeveral("color", "Gives runs a colour of their own in charts and tables", color);
    colorCommand->add_option("--to", colorOptions->text, "#1f77b4, or none")->type_name("COLOR")->required();
    const auto [moveCommand, moveOptions] = forSeveral("move", "Moves runs to another experiment", move);
    moveCommand->add_option("--to", moveOptions->text, "its name, with / between folders; made where there is none")->type_name("EXPERIMENT")->required();
    const auto [experimentCommand, experimentOptions] = add("rename-experiment", "Gives an experiment, and what is below it, another name", renameExperiment);
    experimentCommand->add_option("experiment", experimentOptions->run, "the one there is")->type_name("EXPERIMENT")->required();
    experimentCommand->add_option("name", experimentOptions->text, "the new name; runs join those of an experiment that has it")->type_name("NAME")->required();
}

}
