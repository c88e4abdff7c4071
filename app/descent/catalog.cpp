// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/layer_kind.h"
#include "engine/core/recipe/catalog.h"
#include "engine/core/recipe/start.h"
#include "app/descent/command.h"
#include "app/descent/json.h"
#include "app/descent/terminal.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cmath>
#include <memory>

namespace descent {

namespace {

/// One thing that a recipe may name, whatever it is.
struct Entry {
    std::string id, label, help;
    const Schema* schema = nullptr; ///< null: it has no settings
};
struct Group {
    std::string id, help;
    std::vector<Entry> entries;
};

std::vector<Group> groups()
{
    Group datasets{"datasets", "dataset.kind", {}};
    for (const DatasetKind& one : datasetKinds())
        datasets.entries.push_back({one.id, one.label, one.help, &one.schema});
    Group architectureGroup{"architectures", "architecture.kind", {}};
    for (const Architecture& one : architectures())
        architectureGroup.entries.push_back({one.id, one.label, one.help, &one.schema});
    Group layerGroup{"layers", "of the architecture \"custom\", each {\"name\": …, \"kind\": …} in architecture.layers", {}};
    for (const LayerKind& one : layerKinds())
        layerGroup.entries.push_back({one.id, one.label, one.help, &one.schema});
    Group preparing{"preparing",
                    "what happens to the data before training",
                    {{"split", "Split", "Which samples validate and which test.", &splitSchema()},
                     {"preprocessing", "Preprocessing", "What is done to each sample.", &preprocessingSchema()}}};
    Group training{
        "training", "how the network learns", {{"training", "Training", "Optimizer, schedule and the rest.", &trainingSchema()},
                                                  {"start", "Start", "Where the first weights come from.", &startSchema()}}};
    Group tasks{"tasks", "what is learnt; a recipe's task is found from its data unless it names one", {}};
    for (const TaskKind& one : taskKinds())
        tasks.entries.push_back({one.id, one.label, one.help, &one.schema});
    Group templates{"templates", "ready recipes; print one with: descent template NAME", {}};
    for (const RecipeTemplate& one : recipeTemplates())
        templates.entries.push_back({one.id, one.label, one.help, nullptr});
    return {datasets, architectureGroup, layerGroup, preparing, training, tasks, templates};
}

const char* typeName(ParameterType type)
{
    switch (type) {
    case ParameterType::boolean: return "boolean";
    case ParameterType::integer: return "integer";
    case ParameterType::real: return "real";
    case ParameterType::choice: return "choice";
    case ParameterType::text: return "text";
    case ParameterType::path: return "path";
    }
    return "";
}

Json toJson(const ParameterSchema& parameter)
{
    Json json{{"name", parameter.name},
              {"label", parameter.label},
              {"help", parameter.help},
              {"type", typeName(parameter.type)},
              {"default", jsonValue(parameter.defaultValue)}};
    if (std::isfinite(parameter.minimum))
        json["minimum"] = {{"value", parameter.minimum}, {"allowed", !parameter.aboveMinimum}};
    if (std::isfinite(parameter.maximum))
        json["maximum"] = {{"value", parameter.maximum}, {"allowed", !parameter.belowMaximum}};
    if (!parameter.unit.empty())
        json["unit"] = parameter.unit;
    for (const Choice& choice : parameter.choices)
        json["choices"].push_back({{"id", choice.id}, {"label", choice.label}, {"help", choice.help}});
    if (!parameter.appliesWhen.parameter.empty()) {
        Json values = Json::array();
        for (const ParameterValue& value : parameter.appliesWhen.values)
            values.push_back(jsonValue(value));
        json["appliesWhen"] = {{"parameter", parameter.appliesWhen.parameter}, {"values", std::move(values)}};
    }
    return json;
}

Json toJson(const Entry& entry)
{
    Json json{{"id", entry.id}, {"label", entry.label}, {"help", entry.help}};
    json["parameters"] = Json::array();
    if (entry.schema)
        for (const ParameterSchema& parameter : *entry.schema)
            json["parameters"].push_back(toJson(parameter));
    return json;
}

/// "real above 0, at most 100", "one of sgd, adam, adamw".
std::string rangeOf(const ParameterSchema& parameter)
{
    if (parameter.type == ParameterType::choice) {
        std::string list;
        for (const Choice& choice : parameter.choices)
            list += (list.empty() ? "one of " : ", ") + choice.id;
        return list;
    }
    std::string range = typeName(parameter.type);
    if (std::isfinite(parameter.minimum))
        range += fmt::format(", {} {:g}", parameter.aboveMinimum ? "above" : "at least", parameter.minimum);
    if (std::isfinite(parameter.maximum))
        range += fmt::format(", {} {:g}", parameter.belowMaximum ? "below" : "at most", parameter.maximum);
    return range + (parameter.unit.empty() ? "" : ", in " + parameter.unit);
}

void printEntry(const Entry& entry, const Terminal& terminal)
{
    fmt::print("{}  {}\n", coloured(terminal, 1, entry.id), entry.help);
    if (!entry.schema)
        return;
    for (const ParameterSchema& parameter : *entry.schema) {
        const std::string value = format(parameter.defaultValue);
        std::string when;
        for (const ParameterValue& one : parameter.appliesWhen.values)
            when += (when.empty() ? "; when " + parameter.appliesWhen.parameter + " is " : " or ") + format(one);
        fmt::print("    {:<16} {}\n", parameter.name, parameter.help);
        fmt::print(
            "    {:<16} {}\n", "",
            coloured(terminal, 2, fmt::format("{}; default {}{}", rangeOf(parameter), value.empty() ? "empty" : value, when)));
    }
}

int printCatalog(const std::string& kind, bool json)
{
    std::vector<Group> chosen;
    std::vector<std::string> known;
    for (Group& group : groups()) {
        known.push_back(group.id);
        for (const Entry& entry : group.entries)
            known.push_back(entry.id);
        if (kind.empty() || kind == group.id) {
            chosen.push_back(std::move(group));
            continue;
        }
        std::erase_if(group.entries, [&](const Entry& entry) { return entry.id != kind; });
        if (!group.entries.empty())
            chosen.push_back(std::move(group));
    }
    if (chosen.empty()) {
        const std::string nearest = nearestName(kind, known);
        throw BadInput{{{kind, text("the catalogue has no such kind"),
                         nearest.empty() ? text("see: descent catalog") : text("did you mean \"%1\"?", nearest)}}};
    }
    if (json) {
        Json object = Json::object();
        for (const Group& group : chosen) {
            Json entries = Json::array();
            for (const Entry& entry : group.entries)
                entries.push_back(toJson(entry));
            object[group.id] = std::move(entries);
        }
        printJson(object);
        return exitDone;
    }
    const Terminal terminal = terminalOf(stdout);
    for (const Group& group : chosen) {
        fmt::print("{} ({})\n", coloured(terminal, 36, group.id), group.help);
        for (const Entry& entry : group.entries) {
            if (kind.empty())
                fmt::print("  {:<24} {}\n", entry.id, entry.help);
            else
                printEntry(entry, terminal);
        }
        fmt::print("\n");
    }
    if (kind.empty())
        fmt::print("settings, ranges and defaults: descent catalog KIND, as in descent catalog resnet18\n");
    return exitDone;
}

}

void addCatalogCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("catalog", "Lists datasets, architectures, training options, tasks and templates");
    const auto kind = std::make_shared<std::string>();
    const auto json = std::make_shared<bool>(false);
    command->add_option("kind", *kind, "a group or one entry of it, with its settings: datasets, resnet18, training")
        ->type_name("KIND");
    command->add_flag("--json", *json, "as JSON");
    command->callback([kind, json, &chosen] { chosen = [kind, json] { return printCatalog(*kind, *json); }; });
}

}
