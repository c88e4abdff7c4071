// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace descent {

namespace {

struct Options {
    std::vector<std::string> runs;
    bool forGood = false;
};

std::vector<RunId> idsOf(const std::vector<RunSummary>& runs)
{
    std::vector<RunId> ids;
    for (const RunSummary& run : runs)
        ids.push_back(run.id);
    return ids;
}

int moveToTrash(const Options& options)
{
    RunStore store = openHistory();
    if (options.runs.empty() && !options.forGood)
        throw BadInput{{{"RUN", text("no run is named"), text("to empty the trash: descent delete --empty-trash")}}};
    const std::vector<RunId> runs = idsOf(findRuns(store.runs(), options.runs));
    store.moveToTrash(runs);
    if (options.forGood)
        store.emptyTrash();
    else
        fmt::print("{} in the trash; to undo: descent restore RUN\n", runs.size() == 1 ? "the run is" : "the runs are");
    return exitDone;
}

int restore(const Options& options)
{
    RunStore store = openHistory();
    store.restoreFromTrash(idsOf(findRuns(store.trash(), options.runs)));
    return exitDone;
}

}

void addTrashCommands(CLI::App& app, Action& chosen)
{
    const auto options = std::make_shared<Options>();
    CLI::App* remove = app.add_subcommand("delete", "Moves runs to the trash");
    remove->add_option("runs", options->runs, runHelp)->type_name("RUN");
    remove->add_flag("--empty-trash", options->forGood,
                     "and then deletes all that is in the trash for good, with its checkpoints");
    remove->callback([options, &chosen] { chosen = [options] { return moveToTrash(*options); }; });
    CLI::App* undo = app.add_subcommand("restore", "Takes runs out of the trash again");
    undo->add_option("runs", options->runs, runHelp)->type_name("RUN")->required();
    undo->callback([options, &chosen] { chosen = [options] { return restore(*options); }; });
}

}
