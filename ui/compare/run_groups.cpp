// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/run_groups.h"

#include "engine/core/history/seed_groups.h"

#include <QCoreApplication>

#include <algorithm>
#include <unordered_map>

namespace descent {

namespace {

/// What tells the group of a run, and how it is called.
std::pair<std::string, QString> groupOf(const RunSummary& run, const std::map<RunId, std::string>& recipes, GroupBy by)
{
    switch (by) {
    case GroupBy::recipe: {
        const auto recipe = recipes.find(run.id);
        return {recipe == recipes.end() ? std::to_string(run.id) : recipeWithoutSeed(recipe->second), QString::fromStdString(run.name)};
    }
    case GroupBy::tag:
        if (run.tags.empty())
            return {{}, QCoreApplication::translate("RunGroups", "no tag")};
        return {'#' + *std::ranges::min_element(run.tags), QString::fromStdString(*std::ranges::min_element(run.tags))};
    case GroupBy::dataset: return {run.datasetName, QString::fromStdString(run.datasetName)};
    case GroupBy::architecture: return {run.architecture, QString::fromStdString(run.architecture)};
    case GroupBy::none: break;
    }
    return {};
}

}

std::vector<MeanGroup> groupsOf(const std::vector<const RunSummary*>& runs, const std::map<RunId, std::string>& recipes, GroupBy by)
{
    std::vector<MeanGroup> groups;
    if (by == GroupBy::none)
        return groups;
    std::unordered_map<std::string, std::size_t> placeOf;
    for (const RunSummary* run : runs) {
        auto [key, name] = groupOf(*run, recipes, by);
        const auto [place, isNew] = placeOf.emplace(std::move(key), groups.size());
        if (isNew)
            groups.push_back({name, {}});
        groups[place->second].runs.push_back(run->id);
    }
    // Two recipes may have one name.
    std::map<QString, int> sameName;
    for (const MeanGroup& group : groups)
        ++sameName[group.name];
    for (MeanGroup& group : groups)
        if (sameName[group.name] > 1)
            group.name += QStringLiteral(" #%1").arg(group.runs.front());
    return groups;
}

}
