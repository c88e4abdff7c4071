// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/recipe_input.h"
#include "engine/core/job/slurm_script.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace descent {

namespace {

struct Options {
    RecipeInput recipe;
    SlurmOptions slurm;
};

int printScript(const Options& options)
{
    Result<std::string> script = slurmScript(readRecipe(options.recipe), options.slurm);
    if (!script)
        throw BadInput{std::move(script.problems)};
    fmt::print("{}", *script);
    return exitDone;
}

}

void addSlurmCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("slurm", "Prints a script that trains a recipe on a cluster: descent slurm … > job.sh && sbatch job.sh");
    const auto options = std::make_shared<Options>();
    addRecipeOptions(*command, options->recipe);
    command->add_option("--nodes", options->slurm.nodes, "machines")->type_name("N");
    command->add_option("--tasks-per-node", options->slurm.tasksPerNode, "processes on each, which share every batch")->type_name("N");
    command->add_option("--cpus-per-task", options->slurm.cpusPerTask, "cores for each process")->type_name("N");
    command->add_option("--gpus-per-node", options->slurm.gpusPerNode, "GPUs on each machine")->type_name("N");
    command->add_option("--time", options->slurm.time, "the most it may take, as in 2:00:00; it stops in order a minute before")->type_name("TIME");
    command->add_option("--partition", options->slurm.partition, "the cluster's queue")->type_name("NAME");
    command->add_option("--account", options->slurm.account, "who pays")->type_name("NAME");
    command->add_option("--program", options->slurm.program, "descent, as the machines of the cluster find it")->type_name("PATH");
    command->add_option("--home", options->slurm.home, "where the cluster keeps the history (DESCENT_HOME)")->type_name("FOLDER");
    command->callback([options, &chosen] { chosen = [options] { return printScript(*options); }; });
}

}
