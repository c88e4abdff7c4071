// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/figure_table.h"

#include "engine/core/history/run_fields.h"
#include "engine/core/summary/recipe_settings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace descent {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<const char*, 4> costs{"duration", "parameters", "epoch", "step"};
constexpr std::array<const char*, 5> words{"experiment", "dataset", "architecture", "task", "status"};

/// What the runs have under a name; nothing, where none has a number or a word.
std::optional<FigureColumn> columnOf(const std::vector<RunDetails>& runs, const std::string& name, FigureColumn::Role role)
{
    FigureColumn column{.role = role, .name = name, .isNumber = role != FigureColumn::Role::word};
    const RunField field{name};
    bool hasAny = false;
    for (const RunDetails& run : runs) {
        const RunValue value = field.of(run.summary, run.summary.createdAt);
        const double* number = std::get_if<double>(&value);
        const std::string* word = std::get_if<std::string>(&value);
        if (column.isNumber)
            column.numbers.push_back(number && std::isfinite(*number) ? *number : nan);
        else
            column.texts.push_back(word ? *word : std::string{});
        hasAny = hasAny || (column.isNumber ? !std::isnan(column.numbers.back()) : !column.texts.back().empty());
    }
    return hasAny ? std::optional{std::move(column)} : std::nullopt;
}

void judge(FigureColumn& column)
{
    if (!column.isNumber) {
        column.differs = std::adjacent_find(column.texts.begin(), column.texts.end(), std::not_equal_to{}) != column.texts.end();
        return;
    }
    double low = INFINITY, high = -INFINITY;
    bool hasGap = false;
    for (const double value : column.numbers) {
        hasGap = hasGap || std::isnan(value);
        low = std::fmin(low, value);
        high = std::fmax(high, value);
    }
    column.differs = low < high || (hasGap && low == high);
    column.isLogarithmic = low > 0 && high > low && (column.isLogarithmic || high / low >= 100);
}

/// Names that none shares: those that several have get their numbers.
void nameRuns(FigureTable& table)
{
    std::unordered_map<std::string, int> counts;
    for (const FigureTable::Run& run : table.runs)
        ++counts[run.name];
    for (FigureTable::Run& run : table.runs)
        if (run.name.empty() || counts[run.name] > 1)
            run.name = fmt::format("{}{}#{}", run.name, run.name.empty() ? "" : " ", run.id);
}

/// By what they differ in, where that is short; else by the first run of each.
void nameRecipes(FigureTable& table)
{
    constexpr std::size_t most = 3;
    std::vector<const FigureColumn*> differing;
    for (const FigureColumn& column : table.columns)
        if (column.role == FigureColumn::Role::setting && column.differs && column.name != "seed")
            differing.push_back(&column);
    const bool bySettings = table.recipes.size() > 1 && !differing.empty() && differing.size() <= most;
    std::vector<bool> named(table.recipes.size());
    for (std::size_t i = 0; i < table.runs.size(); ++i) {
        const std::size_t recipe = table.runs[i].recipe;
        if (named[recipe])
            continue;
        named[recipe] = true;
        std::string name;
        for (const FigureColumn* column : differing) {
            if (!bySettings)
                break;
            const std::string value = column->texts[i].empty() ? "–" : column->isNumber ? shortFigure(column->numbers[i]) : column->texts[i];
            name += (name.empty() ? "" : ", ") + (column->name.ends_with(".kind") ? value : column->name.substr(column->name.rfind('.') + 1) + " " + value);
        }
        table.recipes[recipe] = bySettings ? name : table.runs[i].name;
    }
}

}

const FigureColumn* FigureTable::find(std::string_view name) const
{
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const FigureColumn& column) { return column.name == name; });
    return found == columns.end() ? nullptr : &*found;
}

FigureTable figureTable(const std::vector<RunDetails>& runs, const Directions& directions)
{
    FigureTable table;
    RecipeSettings settings = recipeSettings(runs);
    std::map<std::string, int> primaries;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        table.runs.push_back({runs[i].summary.id, runs[i].summary.name, settings.seeds[i], settings.recipes[i], runs[i].summary.color});
        if (!runs[i].summary.primaryMetric.empty())
            ++primaries[runs[i].summary.primaryMetric];
    }
    table.recipes.resize(settings.recipeCount);
    nameRuns(table);

    std::vector<RunSummary> summaries;
    for (const RunDetails& run : runs)
        summaries.push_back({.id = run.summary.id, .last = run.summary.last, .best = run.summary.best, .test = run.summary.test});
    std::unordered_set<std::string> taken{costs.begin(), costs.end()};
    taken.insert({"name", "id", "age", "created", "ended", "note", "tag", "parent", "starred", "archived", "test", "validation", ""});
    taken.insert(words.begin(), words.end());
    for (const QueryField& field : queryFields(RunSet{std::move(summaries)}))
        if (taken.insert(field.name).second)
            if (auto column = columnOf(runs, field.name, FigureColumn::Role::metric)) {
                const Direction direction = directionOf(field.name, runs, directions);
                column->higherIsBetter = direction.higherIsBetter;
                column->isJudged = direction.isKnown;
                table.columns.push_back(std::move(*column));
            }
    for (const char* cost : costs)
        if (auto column = columnOf(runs, cost, FigureColumn::Role::cost)) {
            column->higherIsBetter = false;
            column->isJudged = true;
            table.columns.push_back(std::move(*column));
        }
    const std::size_t figures = table.columns.size();
    std::move(settings.columns.begin(), settings.columns.end(), std::back_inserter(table.columns));
    const std::size_t beforeWords = table.columns.size();
    for (const char* word : words)
        if (auto column = columnOf(runs, word, FigureColumn::Role::word))
            table.columns.push_back(std::move(*column));
    std::for_each(table.columns.begin(), table.columns.end(), judge);
    std::stable_partition(table.columns.begin() + static_cast<std::ptrdiff_t>(figures), table.columns.begin() + static_cast<std::ptrdiff_t>(beforeWords),
                          [](const FigureColumn& column) { return column.differs; });
    nameRecipes(table);

    const auto most = std::max_element(primaries.begin(), primaries.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != primaries.end() && table.find(most->first))
        table.primary = most->first;
    else if (!table.columns.empty() && table.columns.front().role == FigureColumn::Role::metric)
        table.primary = table.columns.front().name;
    return table;
}

ColumnLevels levelsOf(const FigureColumn& column, std::size_t mostNumbers)
{
    ColumnLevels levels;
    if (!column.isNumber) {
        std::vector<std::string> sorted;
        std::copy_if(column.texts.begin(), column.texts.end(), std::back_inserter(sorted), [](const std::string& text) { return !text.empty(); });
        std::sort(sorted.begin(), sorted.end());
        sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
        for (const std::string& text : column.texts)
            levels.of.push_back(text.empty() ? ColumnLevels::none : static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), text) - sorted.begin()));
        levels.names = std::move(sorted);
        return levels;
    }
    std::vector<double> sorted;
    std::copy_if(column.numbers.begin(), column.numbers.end(), std::back_inserter(sorted), [](double value) { return !std::isnan(value); });
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    if (sorted.size() > mostNumbers) {
        constexpr std::size_t ranges = 10;
        const auto scaled = [&](double value) { return column.isLogarithmic ? std::log(value) : value; };
        const auto plain = [&](double value) { return column.isLogarithmic ? std::exp(value) : value; };
        const double low = scaled(sorted.front()), width = (scaled(sorted.back()) - low) / static_cast<double>(ranges);
        for (std::size_t i = 0; i < ranges; ++i)
            levels.names.push_back(shortFigure(plain(low + width * static_cast<double>(i))) + " – " + shortFigure(plain(low + width * static_cast<double>(i + 1))));
        for (const double value : column.numbers)
            levels.of.push_back(std::isnan(value) ? ColumnLevels::none : std::min(ranges - 1, static_cast<std::size_t>((scaled(value) - low) / width)));
        levels.binned = true;
        return levels;
    }
    for (const double value : sorted)
        levels.names.push_back(shortFigure(value));
    for (const double value : column.numbers)
        levels.of.push_back(std::isnan(value) ? ColumnLevels::none : static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin()));
    return levels;
}

std::string shortFigure(double value)
{
    // 4 digits, but a whole number whole: a width of 12345 is not 1.234e+04.
    return std::trunc(value) == value && std::abs(value) < 1e9 ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
}

}
