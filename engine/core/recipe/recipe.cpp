// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/recipe.h"

#include "engine/core/network/custom/custom.h"
#include "engine/core/network/custom/custom_network.h"
#include "engine/core/network/custom/layer_kind.h"
#include "engine/core/recipe/catalog.h"
#include "engine/core/recipe/schedule.h"
#include "engine/core/recipe/section.h"
#include "engine/core/recipe/start.h"

#include <algorithm>
#include <charconv>

namespace descent {

namespace {

Problem unknownName(std::string path, std::string_view name, const std::vector<std::string>& known)
{
    const std::string nearest = nearestName(name, known);
    std::string list;
    for (const std::string& one : known)
        list += (list.empty() ? "" : ", ") + one;
    return {std::move(path), text("\"%1\" is not known here", name),
            nearest.empty() ? text("choose one of: %1", list) : text("did you mean \"%1\"?", nearest)};
}

bool isDevice(const std::string& device)
{
    if (device == "auto" || device == "cpu" || device == "cuda")
        return true;
    const bool numbered = device.starts_with("cuda:") && device.size() > 5 && device.size() <= 8;
    return numbered && std::all_of(device.begin() + 5, device.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A path left empty is told as missing: an empty text is a value to the schema, but no file to read.
void requirePath(const RecipeSection& section, Problems& problems)
{
    const ParameterSchema* path = section.schema ? findParameter(*section.schema, "path") : nullptr;
    if (path && path->type == ParameterType::path && format(valueOf(*section.schema, *section.parameters, "path")).empty())
        problems.push_back({section.name + ".path", text("no file or folder is chosen"), text("choose where the data lies")});
}

/// What the schemas cannot say of a start, since it takes several settings together. Only for settings that are valid.
void requireStart(const Recipe& recipe, Problems& problems)
{
    const StartOptions start = startOptions(recipe.start);
    if ((start.from == StartOptions::From::run || start.from == StartOptions::From::branch) && start.run == 0)
        problems.push_back({"start.run", text("no run is chosen"), text("choose the run to start from")});
    if (start.from == StartOptions::From::file && start.file.empty())
        problems.push_back({"start.file", text("no file is chosen"), text("choose a safetensors file")});
    if (start.from == StartOptions::From::nothing && integerOf(trainingSchema(), recipe.training, "epochs") == 0)
        problems.push_back({"training.epochs", text("a network that starts from nothing learns nothing in 0 epochs"),
                            text("choose 1 or more; 0 is for a start from a run or a file")});
}

/// What is like the default is no decision, and is not kept.
void decide(Parameters& decisions, const ParameterSchema& parameter, ParameterValue value)
{
    if (value == parameter.defaultValue)
        decisions.erase(parameter.name);
    else
        decisions.insert_or_assign(parameter.name, std::move(value));
}

Problems setCleaning(Cleaning& cleaning, std::string_view path, std::string_view value)
{
    constexpr std::string_view ofColumns = "cleaning.columns.", ofSamples = "cleaning.";
    const bool column = path.starts_with(ofColumns);
    const std::size_t dot = path.rfind('.');
    const std::string_view setting = path.substr(dot + 1);
    if (column && dot < ofColumns.size())
        return {{std::string{path}, text("this is a column, not a setting"), text("write %1.role=ignore", path)}};
    const Schema& schema = column ? columnSchema() : cleaningSchema();
    const std::string_view name = column ? setting : path.substr(std::min(path.size(), ofSamples.size()));
    const ParameterSchema* parameter = findParameter(schema, name);
    if (!parameter) {
        std::vector<std::string> known;
        for (const ParameterSchema& one : schema)
            known.push_back(one.name);
        if (!column)
            known.emplace_back("columns");
        return {unknownName(std::string{path}, name, known)};
    }
    Result<ParameterValue> parsed = parse(*parameter, value, path);
    if (!parsed)
        return std::move(parsed.problems);
    if (!column) {
        decide(cleaning.samples, *parameter, std::move(*parsed.value));
        return {};
    }
    const std::string called{path.substr(ofColumns.size(), dot - ofColumns.size())};
    Parameters& decisions = cleaning.columns[called];
    decide(decisions, *parameter, std::move(*parsed.value));
    if (decisions.empty())
        cleaning.columns.erase(called);
    return {};
}

/// Layers are judged as far as they can be without data: names, kinds, values, connections.
void checkLayers(const RecipeSection& section, const ParameterSchema& parameter, Problems& problems)
{
    const auto given = section.parameters->find(parameter.name);
    if (given == section.parameters->end() || !std::holds_alternative<std::string>(given->second))
        return; // the default is told of by the architecture, another type was by its schema
    const std::string path = section.name + "." + parameter.name;
    Result<LayerList> layers = layersFromJson(std::get<std::string>(given->second), path);
    for (Problem& problem : layers ? layerProblems(*layers, path) : std::move(layers.problems))
        problems.push_back(std::move(problem));
}

/// Every default of every layer written out, as withDefaults() does with a recipe.
void writeLayerDefaults(ParameterValue& value)
{
    Result<LayerList> layers = layersFromJson(std::get<std::string>(value), "");
    if (!layers)
        return;
    for (LayerEntry& layer : *layers)
        if (const LayerKind* kind = findLayerKind(layer.kind))
            for (const ParameterSchema& parameter : kind->schema)
                if (applies(kind->schema, layer.parameters, parameter))
                    layer.parameters.try_emplace(parameter.name, parameter.defaultValue);
    value = toJson(*layers);
}

/// A line a layer, so that a comparison shows which of them differ. False: they cannot be read.
bool flattenLayers(const ParameterValue& value, const std::string& path, std::vector<RecipeEntry>& entries)
{
    const auto* json = std::get_if<std::string>(&value);
    const Result<LayerList> layers = json ? layersFromJson(*json, path) : Result<LayerList>{};
    if (!layers)
        return false;
    for (const LayerEntry& layer : *layers)
        entries.push_back({path + "." + layer.name, summaryOf(layer), false});
    return true;
}

}

Problems validate(const Recipe& recipe)
{
    Problems problems;
    Recipe copy = recipe;
    for (const RecipeSection& section : sectionsOf(copy)) {
        if (section.kind && section.kind->empty())
            problems.push_back({section.name + ".kind", text("this is missing"), text("see: descent catalog")});
        else if (section.kind && !section.schema)
            problems.push_back(unknownName(section.name + ".kind", *section.kind, section.knownKinds));
        if (section.schema)
            for (Problem& problem : validate(*section.schema, *section.parameters, section.name))
                problems.push_back(std::move(problem));
        if (section.schema)
            for (const ParameterSchema& parameter : *section.schema)
                if (isLayerList(parameter))
                    checkLayers(section, parameter, problems);
        requirePath(section, problems);
    }
    const bool trainingReads = validate(trainingSchema(), recipe.training, "").empty();
    if (trainingReads)
        for (Problem& problem : validateSchedule(recipe.training))
            problems.push_back(std::move(problem));
    if (trainingReads && validate(startSchema(), recipe.start, "").empty()) {
        requireStart(recipe, problems);
        const std::int64_t batch = integerOf(trainingSchema(), recipe.training, "batchSize"), processes = integerOf(trainingSchema(), recipe.training, "processes");
        if (batch < processes)
            problems.push_back({"training.processes", text("%1 processes cannot share a batch of %2 samples", processes, batch),
                                text("choose at most %1 processes, or larger batches", batch)});
    }
    for (Problem& problem : validate(recipe.cleaning))
        problems.push_back(std::move(problem));
    if (!isDevice(recipe.device))
        problems.push_back({"device", text("\"%1\" is not a device", recipe.device), text("write auto, cpu, cuda or cuda:0")});
    constexpr std::size_t longestName = 500;
    if (recipe.name.size() > longestName)
        problems.push_back({"name", text("this name is too long"), text("at most %1 characters", longestName)});
    return problems;
}

Problems setByPath(Recipe& recipe, std::string_view path, std::string_view value)
{
    if (path == "name" || path == "device") {
        (path == "name" ? recipe.name : recipe.device) = value;
        return {};
    }
    if (path == "task")
        path = "task.kind";
    if (path == "seed") {
        std::int64_t seed = 0;
        const auto [rest, error] = std::from_chars(value.data(), value.data() + value.size(), seed);
        if (error != std::errc{} || rest != value.data() + value.size())
            return {{"seed", text("\"%1\" is not a whole number", value), {}}};
        recipe.seed = seed;
        return {};
    }
    const std::size_t dot = path.find('.');
    const std::string_view sectionName = path.substr(0, dot);
    if (sectionName == "cleaning" && dot != std::string_view::npos)
        return setCleaning(recipe.cleaning, path, value);
    auto sections = sectionsOf(recipe);
    const auto section = std::find_if(sections.begin(), sections.end(), [&](const auto& s) { return s.name == sectionName; });
    if (section == sections.end()) {
        std::vector<std::string> known{"name", "seed", "device", "cleaning"};
        for (const RecipeSection& one : sections)
            known.push_back(one.name);
        return {unknownName(std::string{path}, sectionName, known)};
    }
    if (dot == std::string_view::npos)
        return {{std::string{path}, text("this is a section, not a setting"), text("write %1.NAME=VALUE", sectionName)}};
    const std::string_view name = path.substr(dot + 1);
    if (section->kind && name == "kind") {
        if (std::find(section->knownKinds.begin(), section->knownKinds.end(), value) == section->knownKinds.end())
            return {unknownName(std::string{path}, value, section->knownKinds)};
        *section->kind = value;
        const auto renewed = sectionsOf(recipe);
        const Schema* schema = renewed[static_cast<std::size_t>(section - sections.begin())].schema;
        std::erase_if(*section->parameters, [&](const auto& parameter) {
            const ParameterSchema* kept = findParameter(*schema, parameter.first);
            return !kept || !validate(*schema, {parameter}, "").empty();
        });
        return {};
    }
    if (!section->schema)
        return {{section->name + ".kind", text("this is missing"), text("set %1.kind first", section->name)}};
    const ParameterSchema* parameter = findParameter(*section->schema, name);
    if (!parameter) {
        std::vector<std::string> known;
        for (const ParameterSchema& one : *section->schema)
            known.push_back(one.name);
        return {unknownName(std::string{path}, name, known)};
    }
    Result<ParameterValue> parsed = parse(*parameter, value, path);
    if (parsed && isLayerList(*parameter))
        parsed.value = canonicalLayers(std::get<std::string>(*parsed));
    if (parsed)
        section->parameters->insert_or_assign(std::string{name}, std::move(*parsed.value));
    return std::move(parsed.problems);
}

Recipe withDefaults(Recipe recipe)
{
    for (const RecipeSection& section : sectionsOf(recipe))
        if (section.schema && (!section.kind || *section.kind != automaticTask))
            for (const ParameterSchema& parameter : *section.schema) {
                const auto at = section.parameters->try_emplace(parameter.name, parameter.defaultValue).first;
                if (isLayerList(parameter) && std::holds_alternative<std::string>(at->second))
                    writeLayerDefaults(at->second);
            }
    return recipe;
}

std::vector<RecipeEntry> flattened(const Recipe& recipe)
{
    Recipe copy = recipe;
    std::vector<RecipeEntry> entries;
    for (const RecipeSection& section : sectionsOf(copy)) {
        if (section.kind)
            entries.push_back({section.name + ".kind", *section.kind, *section.kind == automaticTask});
        if (!section.schema) {
            for (const auto& [name, value] : *section.parameters)
                entries.push_back({section.name + "." + name, format(value), false});
            continue;
        }
        for (const ParameterSchema& parameter : *section.schema) {
            if (!applies(*section.schema, *section.parameters, parameter))
                continue;
            if (section.kind && *section.kind == automaticTask && !section.parameters->contains(parameter.name))
                continue; // of whichever task it will be
            const ParameterValue& value = valueOf(*section.schema, *section.parameters, parameter.name);
            const std::string path = section.name + "." + parameter.name;
            if (!isLayerList(parameter) || !flattenLayers(value, path, entries))
                entries.push_back({path, format(value), value == parameter.defaultValue});
        }
    }
    for (const ParameterSchema& parameter : cleaningSchema())
        if (const auto found = recipe.cleaning.samples.find(parameter.name); found != recipe.cleaning.samples.end())
            entries.push_back({"cleaning." + parameter.name, format(found->second), found->second == parameter.defaultValue});
    for (const auto& [name, decisions] : recipe.cleaning.columns)
        for (const auto& [setting, value] : decisions)
            entries.push_back({"cleaning.columns." + name + "." + setting, format(value), false});
    entries.push_back({"seed", std::to_string(recipe.seed), false});
    entries.push_back({"device", recipe.device, recipe.device == "auto"});
    return entries;
}

}
