// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/follow_training.h"
#include "app/descent/history.h"
#include "app/descent/recipe_input.h"
#include "app/descent/stop_signals.h"
#include "app/descent/terminal.h"
#include "engine/core/base/files.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace descent {

namespace {

struct Options {
    RecipeInput recipe;
    std::string name, from;
    std::string resumePoint; // of a worker: the checkpoint from which all processes go on
    TrainingOutput output;
};

/// `--from` as settings: a path where there is such a file or folder or it looks like one, else a run.
std::vector<std::string> startSettings(const std::string& from)
{
    std::error_code ignored;
    if (from.ends_with(".safetensors") || from.find('/') != std::string::npos
        || (std::filesystem::exists(from, ignored) && !std::all_of(from.begin(), from.end(), [](unsigned char c) { return std::isdigit(c); })))
        return {"start.from=file", "start.file=" + std::filesystem::absolute(from).string()};
    RunStore store = openHistory();
    return {"start.from=run", fmt::format("start.run={}", findRuns(store.runs(), {from}).front().id)};
}

/// Says nothing, but why it failed.
class FailureOnly : public RunObserver {
public:
    void onEvent(const RunEvent& event) override
    {
        if (const auto* end = std::get_if<RunEnded>(&event); end && end->status == RunStatus::failed) {
            fmt::print(stderr, "{}\n", printable(english(end->reason)));
            code = exitFailed;
        }
    }
    int code = exitDone;
};

/// One of several processes, and not that of rank 0: it learns with the others and keeps nothing.
int work(const Options& options, const GroupPlace& place)
{
    // Ctrl-C reaches all processes of a terminal, and a cluster tells all to stop: rank 0 decides, at a step that all share.
    const StopSignals signals{[] {}};
    Backend& backend = loadBackend();
    RecipeInput input = options.recipe;
    if (!options.from.empty())
        for (std::string& setting : startSettings(options.from))
            input.sets.push_back(std::move(setting));
    // What goes on has its weights from the checkpoint, wherever they came from first.
    Result<PreparedTraining> prepared = prepareTraining(readRecipe(input), backend, {}, nullptr, options.resumePoint.empty() ? dataFolder() : std::filesystem::path{});
    if (!prepared)
        throw BadInput{std::move(prepared.problems)};
    RunControl control;
    FailureOnly observer;
    TrainingRequest request = requestOf(*prepared.value);
    request.group = place;
    if (!options.resumePoint.empty()) {
        Result<ResumePoint> point = readCheckpoint(options.resumePoint);
        if (!point)
            throw BadInput{std::move(point.problems)};
        request.resume = std::move(*point.value);
    }
    backend.train(request, control, observer);
    return observer.code;
}

int train(const Options& options)
{
    const Result<GroupPlace> place = placeFromEnvironment();
    if (!place.problems.empty())
        throw BadInput{place.problems};
    if (place && place->rank > 0)
        return work(options, *place);
    TrainingOutput output = options.output;
    output.group = place.value;
    return trainAndFollow(output, [&](Backend& backend, const LoadControl& control) {
        RecipeInput input = options.recipe;
        if (!options.from.empty())
            for (std::string& setting : startSettings(options.from))
                input.sets.push_back(std::move(setting));
        Recipe recipe = readRecipe(input);
        if (!options.name.empty())
            recipe.name = options.name;
        return prepareTraining(recipe, backend, control, nullptr, dataFolder());
    });
}

}

void addTrainCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("train", "Trains a recipe and keeps the run");
    const auto options = std::make_shared<Options>();
    addRecipeOptions(*command, options->recipe);
    command->add_option("--device", options->recipe.device, "auto, cpu, cuda or cuda:0")->type_name("DEVICE");
    command->add_option("--from", options->from, "begin with the weights of a run (its number or name, or \"last\") or of a safetensors file")
        ->type_name("RUN|FILE");
    command->add_option("--resume-point", options->resumePoint, "of a worker: the checkpoint from which all go on")->group(""); // hidden
    command->add_option("--name", options->name, "the run's name")->type_name("TEXT");
    command->add_option("--experiment", options->output.experiment, "the experiment it belongs to")->type_name("TEXT");
    command->add_option("--tag", options->output.tags, "a tag; may be given again")->type_name("TEXT")->allow_extra_args(false);
    addOutputOptions(*command, options->output);
    command->footer("Without a recipe it begins from a template that suits the data named by --set dataset.kind or\n"
                    "dataset.path, or else with spirals, the quick start. Ctrl-C stops after the step under way and keeps\n"
                    "the run; a second one ends the program at once. descent resume goes on with it.");
    command->callback([options, &chosen] { chosen = [options] { return train(*options); }; });
}

}
