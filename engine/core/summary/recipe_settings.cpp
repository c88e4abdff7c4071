// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/recipe_settings.h"

#include "engine/core/recipe/recipe.h"
#include "engine/core/recipe/section.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>

namespace descent {

namespace {

using Json = nlohmann::ordered_json;

struct Setting {
    std::string path, value;
    std::string label; ///< by its schema
    bool isLogarithmic = false;
};

/// Of a recipe of another program or a newer version: every leaf of its JSON.
void collectLeaves(const Json& json, const std::string& path, int depth, std::vector<Setting>& settings)
{
    constexpr int deepest = 8;
    if (json.is_object() && depth < deepest) {
        for (const auto& [key, value] : json.items())
            collectLeaves(value, path.empty() ? key : path + "." + key, depth + 1, settings);
        return;
    }
    if (!json.is_null() && path != "name" && path != "schemaVersion")
        settings.push_back({path, json.is_string() ? json.get<std::string>() : json.dump(-1, ' ', false, Json::error_handler_t::replace), {}, false});
}

std::vector<Setting> settingsOf(const std::string& recipeJson)
{
    std::vector<Setting> settings;
    Result<Recipe> recipe = recipeDraftFromJson(recipeJson);
    if (!recipe) {
        const Json json = Json::parse(recipeJson, nullptr, false);
        if (json.is_object())
            collectLeaves(json, {}, 0, settings);
        return settings;
    }
    for (RecipeEntry& entry : flattened(*recipe))
        settings.push_back({std::move(entry.path), std::move(entry.value), {}, false});
    std::unordered_map<std::string, const ParameterSchema*> known;
    for (const RecipeSection& section : sectionsOf(*recipe))
        if (section.schema)
            for (const ParameterSchema& parameter : *section.schema)
                known.emplace(section.name + "." + parameter.name, &parameter);
    for (Setting& setting : settings)
        if (const auto found = known.find(setting.path); found != known.end()) {
            setting.label = found->second->label;
            setting.isLogarithmic = found->second->logarithmic;
        }
    return settings;
}

std::optional<double> numberIn(const std::string& text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && std::isfinite(value) ? std::optional{value} : std::nullopt;
}

void makeNumbers(FigureColumn& column)
{
    std::vector<double> numbers;
    for (const std::string& text : column.texts) {
        const std::optional<double> number = text.empty() ? std::nan("") : numberIn(text);
        if (!number)
            return;
        numbers.push_back(*number);
    }
    column.isNumber = true;
    column.numbers = std::move(numbers);
}

}

RecipeSettings recipeSettings(const std::vector<RunDetails>& runs)
{
    RecipeSettings result;
    std::unordered_map<std::string, std::size_t> columnOf, recipeOf;
    for (std::size_t run = 0; run < runs.size(); ++run) {
        std::int64_t seed = 0;
        std::string recipe;
        for (const Setting& setting : settingsOf(runs[run].recipeJson)) {
            const auto [found, isNew] = columnOf.try_emplace(setting.path, result.columns.size());
            if (isNew)
                result.columns.push_back({.role = FigureColumn::Role::setting,
                                          .name = setting.path,
                                          .label = setting.label,
                                          .isLogarithmic = setting.isLogarithmic,
                                          .texts = std::vector<std::string>(runs.size())});
            result.columns[found->second].texts[run] = setting.value;
            if (setting.path == "seed")
                seed = static_cast<std::int64_t>(numberIn(setting.value).value_or(0));
            else
                recipe += setting.path + '\n' + setting.value + '\n';
        }
        result.seeds.push_back(seed);
        result.recipes.push_back(recipeOf.try_emplace(recipe.empty() ? std::to_string(run) : recipe, recipeOf.size()).first->second);
    }
    result.recipeCount = recipeOf.size();
    std::for_each(result.columns.begin(), result.columns.end(), makeNumbers);
    return result;
}

}
