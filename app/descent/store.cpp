// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "engine/core/store/retention.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace descent {

namespace {

struct Options {
    std::string file, keep = "best", where;
    double olderThanDays = 30;
    bool json = false, apply = false, starred = false;
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

RetentionRule ruleOf(const Options& options, RunStore& store)
{
    RetentionRule rule{.olderThanDays = options.olderThanDays, .alsoStarred = options.starred, .among = {}};
    if (options.keep == "newest")
        rule.keep = RetentionRule::Keep::bestAndNewest;
    else if (options.keep == "nothing")
        rule.keep = RetentionRule::Keep::nothing;
    if (!options.where.empty()) {
        rule.among = runsWhere(store, options.where);
        rule.among.insert(0); // there is no such run: a query that fits none is not "all"
    }
    return rule;
}

int freeRoom(const Options& options)
{
    RunStore store = openHistory();
    const RetentionPlan plan = planRetention(store, ruleOf(options, store));
    if (options.apply)
        freeCheckpoints(store, plan);
    if (options.json) {
        Json files = Json::array();
        for (const FreedFile& file : plan.files)
            files.push_back({{"run", file.run}, {"path", file.path}, {"bytes", file.bytes}});
        printJson({{"freed", options.apply}, {"bytes", plan.bytes}, {"keptBytes", plan.kept}, {"files", files}});
        return exitDone;
    }
    const auto megabytes = [](std::int64_t bytes) { return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6); };
    fmt::print("{} checkpoints of {} runs {}: {}; {} of others stay\n", plan.files.size(), plan.runs, options.apply ? "are removed" : "may go", megabytes(plan.bytes), megabytes(plan.kept));
    if (!options.apply && !plan.files.empty())
        fmt::print("nothing is removed yet: the same with --apply does it\n");
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
    CLI::App* free = part("free", "Says which checkpoints of ended runs may go, and what that frees; --apply removes them", freeRoom);
    free->add_option("--keep", options->keep, "best: the best network; newest: and the newest checkpoint, to go on from; nothing")
        ->type_name("WHAT")
        ->check(CLI::IsMember({"best", "newest", "nothing"}))
        ->capture_default_str();
    free->add_option("--older-than", options->olderThanDays, "days since the run has ended")->type_name("DAYS")->check(CLI::NonNegativeNumber)->capture_default_str();
    free->add_option("--where", options->where, "of runs that fit")->type_name("QUERY");
    free->add_flag("--starred", options->starred, "of starred runs too");
    free->add_flag("--apply", options->apply, "removes them; figures, curves and recipes stay");
}

}
