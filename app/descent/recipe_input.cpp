// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/recipe_input.h"

#include "app/descent/command.h"
#include "engine/core/base/files.h"
#include "engine/core/recipe/catalog.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace descent {

namespace {

constexpr std::size_t maximumBytes = 1 << 20;
constexpr const char* quickStart = "spirals";

std::string readStandardInput()
{
    std::string content;
    std::array<char, 1 << 16> buffer;
    while (content.size() <= maximumBytes) {
        const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), stdin);
        if (count == 0)
            break;
        content.append(buffer.data(), count);
    }
    return content; // longer than a recipe may be: recipeFromJson says so
}

/// The value given to `path`, or empty.
std::string settingOf(const std::vector<std::string>& sets, const std::string& path)
{
    std::string value;
    for (const std::string& set : sets)
        if (set.starts_with(path + "="))
            value = set.substr(path.size() + 1);
    return value;
}

/// Begins from what suits the data, so that naming the data is enough.
Recipe recipeForData(std::vector<std::string>& sets)
{
    std::string kind = settingOf(sets, "dataset.kind");
    const std::string path = settingOf(sets, "dataset.path");
    if (kind.empty() && !path.empty()) {
        Result<SourceDescription> source = recognizeSource(path);
        if (!source)
            throw BadInput{std::move(source.problems)};
        kind = source->kind;
        sets.insert(sets.begin(), "dataset.kind=" + kind);
    }
    Recipe recipe = templateFor(kind.empty() ? quickStart : kind).recipe;
    const bool asItStands = std::none_of(sets.begin(), sets.end(), [](const std::string& set) {
        return set.starts_with("dataset.") || set.starts_with("architecture.");
    });
    if (!asItStands)
        recipe.name.clear(); // the run is then named after its data and network
    return recipe;
}

Recipe baseRecipe(const RecipeInput& input, std::vector<std::string>& sets)
{
    if (!input.file.empty() && !input.templateId.empty())
        throw BadInput{{{"--template", text("a recipe file is given as well"), text("give one of them")}}};
    if (!input.templateId.empty()) {
        if (const RecipeTemplate* found = findRecipeTemplate(input.templateId))
            return found->recipe;
        std::vector<std::string> known;
        for (const RecipeTemplate& one : recipeTemplates())
            known.push_back(one.id);
        const std::string nearest = nearestName(input.templateId, known);
        throw BadInput{{{"--template", text("there is no template \"%1\"", input.templateId),
                         nearest.empty() ? text("see: descent template") : text("did you mean \"%1\"?", nearest)}}};
    }
    if (input.file.empty())
        return recipeForData(sets);
    std::string json;
    if (input.file == "-") {
        json = readStandardInput();
    } else {
        try {
            json = readFile(input.file, maximumBytes);
        } catch (const DescentError& error) {
            throw BadInput{{{input.file, error.message(), text("to begin with one: descent template spirals")}}};
        }
    }
    Result<Recipe> recipe = recipeDraftFromJson(json); // --set may give what is missing: a template has no path yet
    if (!recipe)
        throw BadInput{recipeFromJson(json).problems}; // all that is wrong, not its form alone
    return std::move(*recipe.value);
}

}

void addRecipeOptions(CLI::App& command, RecipeInput& input)
{
    command.add_option("recipe", input.file, "a recipe's JSON file, or - for standard input")->type_name("RECIPE.json");
    command.add_option("--template", input.templateId, "begin from a template; see: descent template")->type_name("NAME");
    command.add_option("--set", input.sets, "change a setting, as in training.epochs=5; may be given again")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
}

Problems applySettings(Recipe& recipe, const std::vector<std::string>& sets)
{
    Problems problems;
    std::vector<std::string> ordered = sets;
    std::stable_partition(ordered.begin(), ordered.end(), [](const std::string& set) {
        return set.starts_with("dataset.kind=") || set.starts_with("architecture.kind=");
    });
    for (const std::string& set : ordered) {
        // A column's name may hold any sign; what is set of it never does.
        const std::size_t equals = set.starts_with("cleaning.columns.") ? set.rfind('=') : set.find('=');
        if (equals == std::string::npos || equals == 0) {
            problems.push_back({"--set", text("\"%1\" is not of the form PATH=VALUE", set), text("as in training.epochs=5")});
            continue;
        }
        std::string value = set.substr(equals + 1);
        if (set.starts_with("architecture.layers=@")) { // a list of layers is long: @FILE holds it
            try {
                value = readFile(value.substr(1), maximumBytes);
            } catch (const DescentError& error) {
                problems.push_back({value.substr(1), error.message(), {}});
                continue;
            }
        }
        Problems wrong = setByPath(recipe, std::string_view{set}.substr(0, equals), value);
        problems.insert(problems.end(), wrong.begin(), wrong.end());
    }
    return problems;
}

Recipe readRecipe(const RecipeInput& input)
{
    std::vector<std::string> sets = input.sets;
    Recipe recipe = baseRecipe(input, sets);
    Problems problems = applySettings(recipe, sets);
    if (!input.device.empty())
        recipe.device = input.device;
    for (Problem& problem : validate(recipe))
        if (std::none_of(problems.begin(), problems.end(), [&](const Problem& other) { return other.path == problem.path; }))
            problems.push_back(std::move(problem));
    if (!problems.empty())
        throw BadInput{std::move(problems)};
    return recipe;
}

}
