// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/json.h"
#include "app/descent/recipe_input.h"
#include "app/descent/stop_signals.h"
#include "app/descent/terminal.h"
#include "engine/core/base/files.h"
#include "engine/core/data/prepared_csv.h"
#include "engine/core/recipe/catalog.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace descent {

namespace {

struct Options {
    RecipeInput recipe;
    std::string output;
};

int prepare(const Options& options)
{
    const Recipe recipe = readRecipe(options.recipe);
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    const LoadControl control{.stop = stop.get_token()};
    Result<Dataset> dataset = findDatasetKind(recipe.dataset.kind)->load(recipe.dataset.parameters, control);
    if (!dataset)
        throw BadInput{std::move(dataset.problems)};
    Result<TaskKind> task = resolveTask(recipe, *dataset);
    if (!task)
        throw BadInput{std::move(task.problems)};
    if (!std::holds_alternative<Table>(dataset->train.inputs))
        throw BadInput{{{"dataset", text("this is no table"), text("only tables are written as the network sees them")}}};
    Result<PreparedData> data = task->prepare(std::make_shared<const Dataset>(std::move(*dataset.value)), preparationOf(recipe), control);
    if (!data)
        throw BadInput{std::move(data.problems)};
    printProblems(dataset.problems, "warning");
    printProblems(data.problems, "warning");
    const std::string csv = preparedCsv(*data);
    if (options.output.empty())
        fmt::print("{}", csv);
    else
        writeFileAtomically(options.output, csv);
    return exitDone;
}

}

void addDataPrepareCommand(CLI::App& data, Action& chosen)
{
    CLI::App* command = data.add_subcommand("prepare", "Writes a table as the network sees it: cleaned, encoded, scaled, with the part of each row");
    const auto options = std::make_shared<Options>();
    command->add_option("recipe", options->recipe.file, "a recipe file; - reads standard input")->type_name("RECIPE");
    command->add_option("--template", options->recipe.templateId, "begin with a ready recipe")->type_name("NAME");
    command->add_option("--set", options->recipe.sets, "change a setting, as in dataset.path=table.csv; may be given again")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    command->add_option("--output,-o", options->output, "where to; without it to the terminal")->type_name("FILE");
    command->callback([options, &chosen] { chosen = [options] { return prepare(*options); }; });
}

}
