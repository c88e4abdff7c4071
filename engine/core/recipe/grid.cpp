// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/grid.h"

#include "engine/core/recipe/section.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

namespace descent {

namespace {

constexpr std::size_t problemsTold = 10;
constexpr int exactDigits = 17, factorDigits = 3, stepDigits = 6; // significant ones of a range's ends, and of what lies between

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

template <typename Number>
std::optional<Number> numberFrom(std::string_view text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::vector<std::string> parted(std::string_view text, char by)
{
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t at = text.find(by);
        if (const std::string_view part = trimmed(text.substr(0, at)); !part.empty())
            parts.emplace_back(part);
        if (at == std::string_view::npos)
            return parts;
        text.remove_prefix(at + 1);
    }
}

/// What a setting is, as far as a grid needs to know. The seed is a number like others here.
struct Setting {
    ParameterType type = ParameterType::text;
    bool logarithmic = false;
    std::vector<std::string> choices;
};

Setting settingAt(const Recipe& recipe, std::string_view path)
{
    if (path == "seed")
        return {ParameterType::integer, false, {}};
    Setting setting;
    if (const ParameterSchema* parameter = parameterAt(recipe, path)) {
        setting.type = parameter->type;
        setting.logarithmic = parameter->logarithmic;
        for (const Choice& choice : parameter->choices)
            setting.choices.push_back(choice.id);
        if (parameter->type == ParameterType::boolean)
            setting.choices = {"true", "false"};
    } else if (path.ends_with(".kind")) {
        setting.type = ParameterType::choice;
    }
    return setting;
}

bool isNumber(const Setting& setting)
{
    return setting.type == ParameterType::integer || setting.type == ParameterType::real;
}

/// A number as a person would write it: 0.00464, not 0.004641588833612779. Between ends that are given, nothing hangs on more.
std::string written(double value, bool whole, int significant)
{
    if (whole)
        return std::to_string(std::llround(value));
    double rounded = 0;
    const std::string digits = fmt::format("{:.{}g}", value, significant);
    std::from_chars(digits.data(), digits.data() + digits.size(), rounded);
    return fmt::format("{}", rounded);
}

Result<std::vector<std::string>> rangeFrom(std::string_view typed, const Setting& setting, std::string_view path)
{
    const auto wrong = [&](Text message, Text hint) {
        return Result<std::vector<std::string>>{std::nullopt, {{std::string{path}, std::move(message), std::move(hint)}}};
    };
    bool logarithmic = setting.logarithmic;
    for (const auto& [word, meaning] : {std::pair{std::string_view{"log "}, true}, {std::string_view{"linear "}, false}})
        if (typed.starts_with(word)) {
            logarithmic = meaning;
            typed = trimmed(typed.substr(word.size()));
        }
    const std::size_t dots = typed.find(".."), slash = typed.rfind('/');
    const bool counted = slash != std::string_view::npos && slash > dots;
    const auto first = numberFrom<double>(trimmed(typed.substr(0, dots)));
    const auto last = numberFrom<double>(trimmed(typed.substr(dots + 2, counted ? slash - dots - 2 : std::string_view::npos)));
    if (!first || !last || !std::isfinite(*first) || !std::isfinite(*last))
        return wrong(text("\"%1\" is no range", typed), text("as in 0.001..0.1/3"));
    const bool whole = setting.type == ParameterType::integer;
    const double span = std::abs(*last - *first);
    std::int64_t count = 0;
    if (counted) {
        count = numberFrom<std::int64_t>(trimmed(typed.substr(slash + 1))).value_or(0);
        if (count < 1 || count > static_cast<std::int64_t>(largestGrid))
            return wrong(text("\"%1\" does not say how many values there are", typed), text("as in 0.001..0.1/3, up to %1", largestGrid));
    } else if (!whole) {
        return wrong(text("\"%1\" does not say how many values there are", typed), text("as in %1/5", typed));
    } else if (span >= static_cast<double>(largestGrid)) {
        return wrong(text("these are more than %1 values", largestGrid), text("say how many, as in %1/5", typed));
    } else {
        count = std::llround(span) + 1;
        logarithmic = false;
    }
    if (logarithmic && (*first <= 0 || *last <= 0))
        return wrong(text("steps by factors begin above 0"), text("choose ends above 0, or write: linear %1", typed));
    std::vector<std::string> values;
    for (std::int64_t i = 0; i < count; ++i) {
        const double share = count == 1 ? 0 : static_cast<double>(i) / static_cast<double>(count - 1);
        const double value = logarithmic ? *first * std::pow(*last / *first, share) : *first + (*last - *first) * share;
        if (i == 0 || i == count - 1)
            values.push_back(written(i == 0 ? *first : *last, whole, exactDigits));
        else
            values.push_back(written(value, whole, logarithmic ? factorDigits : stepDigits));
    }
    return {std::move(values), {}};
}

bool appliesIn(const Recipe& recipe, std::string_view path)
{
    const std::vector<RecipeEntry> entries = flattened(recipe);
    // A list of layers is written flat a line a layer, below its own path.
    return std::any_of(entries.begin(), entries.end(),
                       [&](const RecipeEntry& entry) { return entry.path == path || entry.path.starts_with(std::string{path} + '.'); });
}

/// The recipe as what it does: settings that do not apply, and its name, are left out.
std::string meaningOf(const Recipe& recipe)
{
    std::string meaning;
    for (const RecipeEntry& entry : flattened(recipe))
        ((meaning += entry.path) += '=') += entry.value + '\n';
    return meaning;
}

/// The settings of combination `number`, the last axis changing fastest.
std::vector<GridSetting> settingsOf(const Grid& grid, std::size_t number)
{
    std::vector<GridSetting> settings(grid.axes.size());
    for (std::size_t i = grid.axes.size(); i-- > 0;) {
        const GridAxis& axis = grid.axes[i];
        settings[i] = {axis.path, axis.values[number % axis.values.size()]};
        number /= axis.values.size();
    }
    return settings;
}

/// Kinds first: which other settings there are depends on them.
Problems apply(Recipe& recipe, std::vector<GridSetting> settings)
{
    std::stable_partition(settings.begin(), settings.end(), [](const GridSetting& one) { return one.path.ends_with(".kind"); });
    Problems problems;
    for (const GridSetting& one : settings)
        for (Problem& problem : setByPath(recipe, one.path, one.value))
            problems.push_back(std::move(problem));
    return problems;
}

Problems checkAxes(const Grid& grid)
{
    Problems problems;
    std::set<std::string> paths;
    for (const GridAxis& axis : grid.axes) {
        if (axis.values.empty())
            problems.push_back({axis.path, text("there are no values"), text("give some, parted by commas")});
        if (!paths.insert(axis.path).second)
            problems.push_back({axis.path, text("this setting is named twice"), text("give all its values at once")});
        if (axis.path == "seed" && grid.seeds > 1)
            problems.push_back({"seed", text("seeds are listed and counted as well"), text("do one of them")});
    }
    if (grid.seeds < 1)
        problems.push_back({"seeds", text("there is no run without a seed"), text("choose 1 or more")});
    double count = static_cast<double>(grid.seeds);
    for (const GridAxis& axis : grid.axes)
        count *= static_cast<double>(axis.values.size());
    if (count > static_cast<double>(largestGrid))
        problems.push_back({"", text("these would be %1 runs, and %2 is the most", fmt::format("{:.0f}", count), largestGrid),
                            text("take fewer values, or fewer seeds")});
    return problems;
}

}

std::string summaryOf(const std::vector<GridSetting>& settings)
{
    std::string summary;
    for (const GridSetting& one : settings) {
        const std::string name = one.path.ends_with(".kind") ? one.path.substr(0, one.path.size() - 5) : one.path.substr(one.path.rfind('.') + 1);
        summary += (summary.empty() ? "" : ", ") + name + ' ' + one.value;
    }
    return summary;
}

const ParameterSchema* parameterAt(const Recipe& recipe, std::string_view path)
{
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos)
        return nullptr;
    Recipe copy = recipe;
    for (const RecipeSection& section : sectionsOf(copy))
        if (section.name == path.substr(0, dot) && section.schema)
            return findParameter(*section.schema, path.substr(dot + 1));
    return nullptr;
}

Result<GridAxis> gridAxis(const Recipe& recipe, std::string_view path, std::string_view typed)
{
    typed = trimmed(typed);
    const Setting setting = settingAt(recipe, path);
    std::vector<std::string> values;
    if (typed == "all" && !setting.choices.empty()) {
        values = setting.choices;
    } else if (isNumber(setting) && typed.find("..") != std::string_view::npos) {
        Result<std::vector<std::string>> range = rangeFrom(typed, setting, path);
        if (!range)
            return {std::nullopt, std::move(range.problems)};
        values = std::move(*range.value);
    } else {
        const bool mayHoldCommas = setting.type == ParameterType::text || setting.type == ParameterType::path;
        values = parted(typed, mayHoldCommas || typed.find(';') != std::string_view::npos ? ';' : ',');
    }
    GridAxis axis{std::string{path}, {}};
    Problems problems;
    for (std::string& value : values) {
        Recipe copy = recipe;
        const Problems wrong = setByPath(copy, path, value);
        problems.insert(problems.end(), wrong.begin(), wrong.end());
        if (std::find(axis.values.begin(), axis.values.end(), value) == axis.values.end())
            axis.values.push_back(std::move(value));
        if (problems.size() >= problemsTold)
            break;
    }
    if (values.empty())
        problems.push_back({std::string{path}, text("there are no values"), text("give some, parted by commas")});
    if (!problems.empty())
        return {std::nullopt, std::move(problems)};
    return {std::move(axis), {}};
}

Result<std::vector<GridRecipe>> gridRecipes(const Recipe& recipe, const Grid& grid)
{
    if (Problems problems = checkAxes(grid); !problems.empty())
        return {std::nullopt, std::move(problems)};
    std::size_t count = 1;
    for (const GridAxis& axis : grid.axes)
        count *= axis.values.size();
    std::vector<GridRecipe> recipes;
    std::set<std::string> meanings;
    std::vector<bool> applied(grid.axes.size());
    Problems problems;
    const std::string name = recipe.name.empty() ? recipe.architecture.kind : recipe.name;
    for (std::size_t number = 0; number < count && problems.size() < problemsTold; ++number) {
        GridRecipe combination{recipe, settingsOf(grid, number)};
        Problems wrong = apply(combination.recipe, combination.settings);
        for (Problem& problem : validate(combination.recipe))
            if (std::none_of(wrong.begin(), wrong.end(), [&](const Problem& other) { return other.path == problem.path; }))
                wrong.push_back(std::move(problem));
        for (Problem& problem : wrong) {
            if (!grid.axes.empty())
                problem.path = summaryOf(combination.settings) + ": " + problem.path;
            problems.push_back(std::move(problem));
        }
        if (!wrong.empty())
            continue;
        for (std::size_t i = 0; i < grid.axes.size(); ++i)
            applied[i] = applied[i] || appliesIn(combination.recipe, grid.axes[i].path);
        if (!meanings.insert(meaningOf(combination.recipe)).second)
            continue;
        for (std::int64_t seed = 0; seed < grid.seeds; ++seed) {
            GridRecipe seeded = combination;
            if (grid.seeds > 1) {
                seeded.recipe.seed = recipe.seed + seed;
                seeded.settings.push_back({"seed", std::to_string(seeded.recipe.seed)});
            }
            if (!seeded.settings.empty())
                seeded.recipe.name = name + ", " + summaryOf(seeded.settings);
            recipes.push_back(std::move(seeded));
        }
    }
    if (problems.empty())
        for (std::size_t i = 0; i < grid.axes.size(); ++i)
            if (!applied[i])
                problems.push_back({grid.axes[i].path, text("this setting changes nothing in any of these recipes"),
                                    text("see which other setting it belongs to")});
    if (!problems.empty())
        return {std::nullopt, std::move(problems)};
    return {std::move(recipes), {}};
}

}
