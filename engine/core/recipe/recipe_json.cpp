// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/recipe.h"

#include "engine/core/network/custom/custom.h"
#include "engine/core/network/custom/layer_list.h"
#include "engine/core/recipe/section.h"
#include "engine/core/schema/parameter_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace descent {

using OrderedJson = nlohmann::ordered_json; // to write: keys in a fixed order
using Json = nlohmann::json;                // to read: an ordered one looks at every key before it adds one

namespace {

constexpr std::size_t maximumBytes = 1 << 20;

OrderedJson toJson(const ParameterValue& value)
{
    return std::visit([](const auto& v) { return OrderedJson(v); }, value);
}

/// In the order of the schema; what the schema does not know goes last, so that nothing is lost on the way.
void writeParameters(OrderedJson& object, const Parameters& parameters, const Schema* schema)
{
    if (schema)
        for (const ParameterSchema& parameter : *schema)
            if (const auto given = parameters.find(parameter.name); given != parameters.end())
                object[parameter.name] = toJson(given->second);
    for (const auto& [name, value] : parameters)
        if (!object.contains(name))
            object[name] = toJson(value);
}

/// A list of layers as its text. Null when it is none: dump() must not be led down into what a person nested a million deep.
std::optional<ParameterValue> layersFrom(const Json& json)
{
    if (json.is_string())
        return json.get<std::string>();
    const auto isFlat = [](const Json& value) {
        return !value.is_object() && (!value.is_array() || std::all_of(value.begin(), value.end(), [](const Json& one) { return !one.is_structured(); }));
    };
    const auto isLayer = [&](const Json& layer) { return !layer.is_structured() || (layer.is_object() && std::all_of(layer.begin(), layer.end(), isFlat)); };
    if (!json.is_array() || !std::all_of(json.begin(), json.end(), isLayer))
        return std::nullopt;
    return canonicalLayers(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

/// Two levels of keys, a line each; lists, which only layers are, as they write themselves.
std::string printed(const OrderedJson& recipe, const std::string& layersPath, const std::string& layers)
{
    const auto leaf = [](const OrderedJson& value) { return value.dump(2, ' ', false, OrderedJson::error_handler_t::replace); };
    std::string json = "{";
    for (const auto& [key, value] : recipe.items()) {
        json += (json.size() > 1 ? ",\n  " : "\n  ") + leaf(key) + ": ";
        if (!value.is_object() || value.empty()) {
            json += leaf(value);
            continue;
        }
        json += "{";
        bool first = true;
        for (const auto& [name, inner] : value.items()) {
            json += std::string{first ? "" : ","} + "\n    " + leaf(name) + ": " + (key + "." + name == layersPath ? layers : leaf(inner));
            first = false;
        }
        json += "\n  }";
    }
    return json + "\n}\n";
}

Problem unknownKey(const std::string& path, const std::string& key, const std::vector<std::string>& known)
{
    const std::string nearest = nearestName(key, known);
    return {path, text("\"%1\" is not known here", key), nearest.empty() ? Text{} : text("did you mean \"%1\"?", nearest)};
}

/// Decisions, a value a name. Names and ranges are checked by validate() afterwards.
void readDecisions(const Json& object, const std::string& path, const Schema& schema, Parameters& decisions, Problems& problems)
{
    if (!object.is_object()) {
        problems.push_back({path, text("this must be an object"), text("write {\"name\": value, …}")});
        return;
    }
    for (const auto& [key, value] : object.items())
        if (auto parameter = parameterFrom(value, findParameter(schema, key)))
            decisions.insert_or_assign(key, std::move(*parameter));
        else
            problems.push_back({path + "." + key, text("this must be a number, a text, true or false"), {}});
}

void readCleaning(Json object, Cleaning& cleaning, Problems& problems)
{
    if (object.is_object() && object.contains("columns")) {
        const Json columns = object["columns"];
        object.erase("columns");
        if (!columns.is_object())
            problems.push_back({"cleaning.columns", text("this must be an object"), text("write {\"age\": {\"role\": \"ignore\"}}")});
        else
            for (const auto& [name, decisions] : columns.items())
                readDecisions(decisions, "cleaning.columns." + name, columnSchema(), cleaning.columns[name], problems);
    }
    readDecisions(object, "cleaning", cleaningSchema(), cleaning.samples, problems);
}

/// Only what was decided: a recipe without decisions has no such section.
OrderedJson toJson(const Cleaning& cleaning)
{
    OrderedJson object = OrderedJson::object();
    writeParameters(object, cleaning.samples, &cleaningSchema());
    for (const auto& [name, decisions] : cleaning.columns) {
        OrderedJson one = OrderedJson::object();
        writeParameters(one, decisions, &columnSchema());
        object["columns"][name] = std::move(one);
    }
    return object;
}

/// One section's object into `section`. Ranges and names are checked by validate() afterwards.
void readSection(const Json& object, RecipeSection& section, Problems& problems)
{
    if (!object.is_object()) {
        problems.push_back({section.name, text("this must be an object"), text("write {\"name\": value, …}")});
        return;
    }
    for (const auto& [key, value] : object.items()) {
        if (section.kind && key == "kind")
            continue;
        const ParameterSchema* schema = section.schema ? findParameter(*section.schema, key) : nullptr;
        const bool isLayers = schema && isLayerList(*schema);
        if (auto parameter = isLayers ? layersFrom(value) : parameterFrom(value, schema))
            section.parameters->insert_or_assign(key, std::move(*parameter));
        else
            problems.push_back({section.name + "." + key,
                                isLayers ? text("this must be a list of layers") : text("this must be a number, a text, true or false"),
                                isLayers ? text("write [{\"name\": \"fc\", \"kind\": \"dense\", \"size\": \"outputs\"}]") : Text{}});
    }
}

template <typename T>
void readField(const Json& object, const char* key, T& field, const char* expected, Problems& problems)
{
    const auto found = object.find(key);
    if (found == object.end())
        return;
    const bool wraps = found->is_number_unsigned() && found->template get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
    const bool fits = std::is_same_v<T, std::string> ? found->is_string() : found->is_number_integer() && !wraps;
    if (fits)
        field = found->template get<T>();
    else
        problems.push_back({key, text("this has the wrong type"), text(expected)});
}

/// nlohmann gives a byte; a person wants line and column.
Problem syntaxProblem(std::string_view json, const Json::parse_error& error)
{
    const std::size_t at = std::min(error.byte > 0 ? error.byte - 1 : 0, json.size());
    const std::string_view before = json.substr(0, at);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t lineStart = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return {"", text("this is not valid JSON: line %1, column %2", line, at - lineStart + 1),
            text("look for a missing quote, comma or brace")};
}

}

std::string toJson(const Recipe& recipe)
{
    Recipe copy = recipe;
    OrderedJson json;
    std::string layersPath, layers;
    json["schemaVersion"] = Recipe::currentSchemaVersion;
    json["name"] = recipe.name;
    for (const RecipeSection& section : sectionsOf(copy)) {
        OrderedJson object = OrderedJson::object();
        if (section.kind)
            object["kind"] = *section.kind;
        writeParameters(object, *section.parameters, section.schema);
        json[section.name] = std::move(object);
        if (section.name == "preprocessing" && !recipe.cleaning.empty())
            json["cleaning"] = toJson(recipe.cleaning);
        for (const auto& [name, value] : *section.parameters)
            if (const ParameterSchema* schema = section.schema ? findParameter(*section.schema, name) : nullptr;
                schema && isLayerList(*schema) && std::holds_alternative<std::string>(value))
                if (const Result<LayerList> list = layersFromJson(std::get<std::string>(value), "")) {
                    layersPath = section.name + "." + name;
                    layers = toJson(*list, 4);
                }
    }
    json["seed"] = recipe.seed;
    json["device"] = recipe.device;
    // A name that is no UTF-8 (a file's, say) must not make the recipe unwritable.
    return printed(json, layersPath, layers);
}

namespace {

/// All that the JSON says, as far as it can be read, and what is wrong with its form.
Result<Recipe> read(std::string_view bytes)
{
    if (bytes.size() > maximumBytes)
        return {std::nullopt, {{"", text("a recipe has at most %1 bytes", maximumBytes), {}}}};
    Json json;
    try {
        json = Json::parse(bytes);
    } catch (const Json::parse_error& error) {
        return {std::nullopt, {syntaxProblem(bytes, error)}};
    } catch (const Json::out_of_range&) {
        return {std::nullopt, {{"", text("a number in this recipe is beyond 1e308"), {}}}};
    }
    if (!json.is_object())
        return {std::nullopt, {{"", text("a recipe is a JSON object"), text("start from: descent template spirals")}}};

    Recipe recipe;
    Problems problems;
    std::int64_t version = Recipe::currentSchemaVersion;
    readField(json, "schemaVersion", version, "write a whole number", problems);
    if (version > Recipe::currentSchemaVersion || version < 1)
        return {std::nullopt,
                {{"schemaVersion", text("version %1 is not known to this program", version),
                  text("this program reads versions up to %1; a newer Descent may read it", Recipe::currentSchemaVersion)}}};
    readField(json, "name", recipe.name, "write a text", problems);
    readField(json, "seed", recipe.seed, "write a whole number", problems);
    readField(json, "device", recipe.device, "write a text: auto, cpu, cuda", problems);

    // Kinds first: the schemas of the sections, and so the types of their values, follow from them.
    for (auto [section, component] : {std::pair{"dataset", &recipe.dataset}, std::pair{"architecture", &recipe.architecture}}) {
        const auto found = json.find(section);
        if (found == json.end() || !found->is_object() || !found->contains("kind"))
            problems.push_back({fmt::format("{}.kind", section), text("this is missing"), text("see: descent catalog")});
        else if (!(*found)["kind"].is_string())
            problems.push_back({fmt::format("{}.kind", section), text("this has the wrong type"), text("write a text")});
        else
            component->kind = (*found)["kind"].get<std::string>();
    }
    // A task without settings of its own may be written as its name alone.
    if (const auto task = json.find("task"); task != json.end()) {
        if (task->is_string())
            *task = {{"kind", task->get<std::string>()}};
        const auto kind = task->is_object() ? task->find("kind") : task->end();
        if (!task->is_object() || (kind != task->end() && !kind->is_string()))
            problems.push_back({"task", text("this has the wrong type"), text("write a text")});
        else if (kind != task->end())
            recipe.task.kind = kind->get<std::string>();
    }
    if (const auto found = json.find("cleaning"); found != json.end())
        readCleaning(*found, recipe.cleaning, problems);
    std::vector<std::string> known{"schemaVersion", "name", "seed", "device", "cleaning"};
    auto sections = sectionsOf(recipe);
    for (RecipeSection& section : sections) {
        known.push_back(section.name);
        if (const auto found = json.find(section.name); found != json.end() && (section.name != "task" || found->is_object()))
            readSection(*found, section, problems);
    }
    for (const auto& item : json.items())
        if (std::find(known.begin(), known.end(), item.key()) == known.end())
            problems.push_back(unknownKey(item.key(), item.key(), known));

    return {std::move(recipe), std::move(problems)};
}

}

Result<Recipe> recipeDraftFromJson(std::string_view json)
{
    Result<Recipe> result = read(json);
    if (!result.problems.empty())
        result.value.reset();
    return result;
}

Result<Recipe> recipeFromJson(std::string_view json)
{
    Result<Recipe> result = read(json);
    if (!result)
        return result;
    Problems& problems = result.problems;
    std::set<std::string> told;
    for (const Problem& problem : problems)
        told.insert(problem.path);
    for (Problem& problem : validate(*result))
        if (!told.contains(problem.path))
            problems.push_back(std::move(problem));
    if (!problems.empty())
        result.value.reset();
    return result;
}

}
