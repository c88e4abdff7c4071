// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace descent {

namespace {

struct Options {
    std::string file;
    bool json = false;
};

int check(const Options& options)
{
    RunStore store = openHistory();
    const std::vector<Text> wrong = store.check();
    if (options.json) {
        Json sentences = Json::array();
        for (const Text& sentence : wrong)
            sentences.push_back(english(sentence));
        printJson({{"sound", wrong.empty()}, {"wrong", sentences}});
    } else {
        for (const Text& sentence : wrong)
            fmt::print("{}\n", english(sentence));
        fmt::print("{}\n", wrong.empty() ? "the history is sound" : "the history is damaged: put back a backup, or delete the runs named; `descent store backup` first");
    }
    return wrong.empty() ? exitDone : exitFailed;
}

int backUp(const Options& options)
{
    RunStore store = openHistory();
    const std::int64_t bytes = store.backUp(options.file);
    if (options.json)
        printJson({{"file", options.file}, {"bytes", bytes}});
    else
        fmt::print("{} has the whole history, {:.1f} MB; checkpoints are not in it\n", options.file, static_cast<double>(bytes) / 1e6);
    return exitDone;
}

int vacuum(const Options& options)
{
    RunStore store = openHistory();
    const std::int64_t freed = store.vacuum();
    if (options.json)
        printJson({{"freedBytes", freed}});
    else
        fmt::print("{:.1f} MB are free now\n", static_cast<double>(freed) / 1e6);
    return exitDone;
}

}

void addStoreCommand(CLI::App& app, Action& chosen)
{
    CLI::App* store = app.add_subcommand("store", "Looks after the file that holds the history");
    store->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    const auto part = [&](const char* name, const char* help, int (*act)(const Options&)) {
        CLI::App* command = store->add_subcommand(name, help);
        command->add_flag("--json", options->json, "as JSON");
        command->callback([options, act, &chosen] { chosen = [options, act] { return act(*options); }; });
        return command;
    };
    part("check", "Reads all of it and says what is wrong; exit code 1 when something is", check);
    part("backup", "Copies it to a file as it stands, also while runs are under way", backUp)
        ->add_option("file", options->file, "to be written")
        ->type_name("FILE")
        ->required();
    part("vacuum", "Gives the room of what was deleted back to the disk", vacuum);
}

}
