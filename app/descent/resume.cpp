// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/follow_training.h"
#include "app/descent/history.h"
#include "app/descent/recipe_input.h"
#include "engine/core/base/files.h"
#include "engine/core/job/resume.h"
#include "engine/core/recipe/catalog.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace descent {

namespace {

struct Options {
    std::string run, name;
    std::int64_t epochs = 0; // 0: as the recipe says
    std::vector<std::string> sets;
    TrainingOutput output;
};

RunSummary chosenRun(const std::string& name)
{
    RunStore store = openHistory();
    return findRuns(store.runs(), {name}).front();
}

int resume(const Options& options)
{
    return trainAndFollow(options.output, [&](Backend& backend, const LoadControl& control) {
        const auto epochs = options.epochs > 0 ? std::optional{options.epochs} : std::nullopt;
        return prepareResume(dataFolder(), chosenRun(options.run).id, epochs, backend, control);
    });
}

/// The run's own recipe, which begins where the run stands, with what is set beside it.
Recipe branchRecipe(const Options& options)
{
    const RunSummary run = chosenRun(options.run);
    RunStore store = openHistory();
    Result<Recipe> recipe = recipeFromJson(store.run(run.id)->recipeJson);
    if (!recipe)
        throw BadInput{std::move(recipe.problems)};
    recipe->name = options.name;
    recipe->start.insert_or_assign("from", std::string{"branch"});
    recipe->start.insert_or_assign("run", run.id);
    Problems problems = applySettings(*recipe, options.sets);
    if (problems.empty())
        problems = validate(*recipe);
    if (!problems.empty())
        throw BadInput{std::move(problems)};
    return std::move(*recipe.value);
}

int branch(const Options& options)
{
    return trainAndFollow(options.output, [&](Backend& backend, const LoadControl& control) {
        return prepareTraining(branchRecipe(options), backend, control, nullptr, dataFolder());
    });
}

}

void addResumeCommands(CLI::App& app, Action& chosen)
{
    const auto add = [&](const char* name, const char* help, int (*action)(const Options&)) {
        CLI::App* command = app.add_subcommand(name, help);
        auto options = std::make_shared<Options>();
        command->add_option("run", options->run, runHelp)->type_name("RUN")->required();
        addOutputOptions(*command, options->output);
        command->callback([options, action, &chosen] { chosen = [options, action] { return action(*options); }; });
        return std::pair{command, options};
    };
    const auto [resumeCommand, resumeOptions] = add("resume", "Goes on with a run that was stopped or killed, as if it had never stopped", resume);
    resumeCommand->add_option("--epochs", resumeOptions->epochs, "how many epochs in all, to learn for longer")
        ->type_name("N")
        ->check(CLI::Range(1, 100000));
    const auto [branchCommand, branchOptions] = add("branch", "Goes on from where a run stands with other options, as a run of its own", branch);
    branchCommand->add_option("--set", branchOptions->sets, "change a setting, as in training.learningRate=0.001; may be given again")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    branchCommand->add_option("--name", branchOptions->name, "the new run's name")->type_name("TEXT");
    branchCommand->add_option("--experiment", branchOptions->output.experiment, "the experiment it belongs to")->type_name("TEXT");
    branchCommand->add_option("--tag", branchOptions->output.tags, "a tag; may be given again")->type_name("TEXT")->allow_extra_args(false);
    branchCommand->footer("A run that has done all its epochs needs more: --set training.epochs=N counts those of the first run too.");
}

}
