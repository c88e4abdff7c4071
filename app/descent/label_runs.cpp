// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace descent {

namespace {

struct Options {
    std::string run, text;
    std::vector<std::string> tags;
    bool remove = false;
};

RunSummary findRun(RunStore& store, const std::string& name)
{
    return findRuns(store.runs(), {name}).front();
}

int tag(const Options& options)
{
    RunStore store = openHistory();
    const RunSummary run = findRun(store, options.run);
    std::vector<std::string> tags = run.tags;
    for (const std::string& tag : options.tags) {
        std::erase(tags, tag);
        if (!options.remove)
            tags.push_back(tag);
    }
    store.setTags(run.id, tags);
    return exitDone;
}

int note(const Options& options)
{
    RunStore store = openHistory();
    store.setNote(findRun(store, options.run).id, options.text);
    return exitDone;
}

int rename(const Options& options)
{
    RunStore store = openHistory();
    store.rename(findRun(store, options.run).id, options.text);
    return exitDone;
}

}

void addLabelCommands(CLI::App& app, Action& chosen)
{
    const auto add = [&](const char* name, const char* help, int (*action)(const Options&)) {
        CLI::App* command = app.add_subcommand(name, help);
        auto options = std::make_shared<Options>();
        command->add_option("run", options->run, runHelp)->type_name("RUN")->required();
        command->callback([options, action, &chosen] { chosen = [options, action] { return action(*options); }; });
        return std::pair{command, options};
    };
    const auto [tagCommand, tagOptions] = add("tag", "Gives a run tags", tag);
    tagCommand->add_option("tags", tagOptions->tags, "words to find it by")->type_name("TAG")->required();
    tagCommand->add_flag("--remove", tagOptions->remove, "take them away instead");
    const auto [noteCommand, noteOptions] = add("note", "Writes a run's note, in place of the one it has", note);
    noteCommand->add_option("text", noteOptions->text, "the note")->type_name("TEXT")->required();
    const auto [renameCommand, renameOptions] = add("rename", "Gives a run another name", rename);
    renameCommand->add_option("name", renameOptions->text, "the new name")->type_name("NAME")->required();
}

}
