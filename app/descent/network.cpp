// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/json.h"
#include "app/descent/recipe_input.h"
#include "app/descent/text_table.h"
#include "engine/core/network/custom/custom.h"
#include "engine/core/network/custom/layer_list.h"
#include "engine/core/recipe/catalog.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace descent {

namespace {

struct NetworkOptions {
    RecipeInput input;
    bool asCustom = false, json = false;
};

/// Throws BadInput where `result` has no value.
template <typename T>
T valueOf(Result<T> result)
{
    if (!result)
        throw BadInput{std::move(result.problems)};
    return std::move(*result.value);
}

/// What the recipe's data and task want of a network. The data is read, nothing is trained.
NetworkBrief briefOf(const Recipe& recipe)
{
    const Dataset dataset = valueOf(findDatasetKind(recipe.dataset.kind)->load(recipe.dataset.parameters, {}));
    const TaskKind task = valueOf(resolveTask(recipe, dataset));
    return valueOf(task.brief(dataset, preparationOf(recipe)));
}

std::string written(const Shape& shape)
{
    return fmt::format("{}", fmt::join(shape, "x"));
}

std::string readsFrom(const NetworkSpec& network, const LayerNode& node)
{
    std::string names;
    for (const std::int32_t input : node.inputs)
        names += (names.empty() ? "" : ", ")
            + (input >= 0 ? network.layers[static_cast<std::size_t>(input)].name : inputName(static_cast<std::size_t>(-1 - input)));
    return names;
}

void print(const NetworkSpec& network)
{
    TextTable table{{"LAYER", "KIND", "", "READS", "OUTPUT", "PARAMETERS", "MULTIPLY-ADDS"}};
    for (std::size_t i = 0; i < network.inputs.size(); ++i)
        table.add({inputName(i), "", "", "", written(network.inputs[i].shape), "", ""});
    for (const LayerNode& node : network.layers)
        table.add({node.name, layerName(node.layer), layerDetail(node.layer), readsFrom(network, node), written(node.outputShape),
                   std::to_string(node.parameterCount), std::to_string(node.multiplyAdds)});
    table.print(terminalOf(stdout));
    fmt::print("{} parameters, {} multiply-adds a sample\n", network.parameterCount(), network.multiplyAdds());
}

Json toJson(const NetworkSpec& network)
{
    Json layers = Json::array();
    for (const LayerNode& node : network.layers) {
        Json inputs = Json::array();
        for (const std::int32_t input : node.inputs)
            inputs.push_back(input >= 0 ? network.layers[static_cast<std::size_t>(input)].name : inputName(static_cast<std::size_t>(-1 - input)));
        layers.push_back({{"name", node.name},
                          {"kind", layerName(node.layer)},
                          {"detail", layerDetail(node.layer)},
                          {"from", std::move(inputs)},
                          {"shape", node.outputShape},
                          {"parameters", node.parameterCount},
                          {"multiplyAdds", node.multiplyAdds}});
    }
    Json inputs = Json::array();
    for (const NetworkInput& input : network.inputs)
        inputs.push_back(input.shape);
    return {{"inputs", std::move(inputs)},
            {"layers", std::move(layers)},
            {"parameters", network.parameterCount()},
            {"multiplyAdds", network.multiplyAdds()}};
}

int showNetwork(const NetworkOptions& options)
{
    Recipe recipe = readRecipe(options.input);
    const NetworkBrief brief = briefOf(recipe);
    const NetworkSpec network = valueOf(buildNetwork(recipe, brief));
    if (options.asCustom) {
        recipe.architecture = {customArchitecture,
                               valueOf(openAsCustom(*findArchitecture(recipe.architecture.kind), recipe.architecture.parameters, brief))};
        fmt::print("{}", toJson(recipe));
    } else if (options.json) {
        printJson(toJson(network));
    } else {
        print(network);
    }
    return exitDone;
}

}

void addNetworkCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("network", "Prints a recipe's network layer by layer, or as layers to change");
    const auto options = std::make_shared<NetworkOptions>();
    command->add_option("recipe", options->input.file, "a recipe file, or - for standard input")->type_name("FILE");
    command->add_option("--template", options->input.templateId, "a ready recipe: see descent template")->type_name("NAME");
    command->add_option("--set", options->input.sets, "a setting, as in architecture.kind=resnet18; may be given again")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    command->add_flag("--as-custom", options->asCustom, "print the recipe with its network written down layer by layer (architecture custom)");
    command->add_flag("--json", options->json, "as JSON");
    command->callback([options, &chosen] { chosen = [options] { return showNetwork(*options); }; });
}

}
