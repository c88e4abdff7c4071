// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/layer_list.h"

#include "engine/core/network/custom/layer_kind.h"
#include "engine/core/schema/parameter_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace descent {

using Json = nlohmann::json;

namespace {

constexpr std::size_t maximumBytes = 1 << 20;

/// A name that is no UTF-8 must not make the list unwritable.
std::string quoted(const std::string& words)
{
    return Json(words).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string written(const ParameterValue& value)
{
    return std::visit([](const auto& v) { return Json(v).dump(-1, ' ', false, Json::error_handler_t::replace); }, value);
}

/// The parameters in the order of their kind's schema; what the schema does not know goes last, so that nothing is lost.
std::vector<std::pair<std::string, ParameterValue>> ordered(const LayerEntry& layer)
{
    std::vector<std::pair<std::string, ParameterValue>> list;
    const LayerKind* kind = findLayerKind(layer.kind);
    if (kind)
        for (const ParameterSchema& parameter : kind->schema)
            if (const auto given = layer.parameters.find(parameter.name); given != layer.parameters.end())
                list.emplace_back(*given);
    for (const auto& given : layer.parameters)
        if (!kind || !findParameter(kind->schema, given.first))
            list.emplace_back(given);
    return list;
}

std::string lineOf(const LayerEntry& layer)
{
    std::string line = "{\"name\": " + quoted(layer.name) + ", \"kind\": " + quoted(layer.kind);
    if (!layer.from.empty()) {
        line += ", \"from\": [";
        for (std::size_t i = 0; i < layer.from.size(); ++i)
            line += (i > 0 ? ", " : "") + quoted(layer.from[i]);
        line += "]";
    }
    for (const auto& [name, value] : ordered(layer))
        line += ", " + quoted(name) + ": " + written(value);
    return line + "}";
}

LayerEntry readLayer(const Json& object, const std::string& place, Problems& problems)
{
    LayerEntry layer;
    const auto named = object.find("name");
    const bool hasName = named != object.end() && named->is_string();
    if (hasName)
        layer.name = named->get<std::string>();
    const std::string path = hasName && !layer.name.empty() ? place.substr(0, place.rfind('[')) + "." + layer.name : place;
    for (const char* key : {"name", "kind"}) {
        const auto found = object.find(key);
        if (found == object.end())
            problems.push_back({path + "." + key, text("this is missing"), text("see: descent catalog layers")});
        else if (!found->is_string())
            problems.push_back({path + "." + key, text("this has the wrong type"), text("write a text")});
    }
    if (const auto kind = object.find("kind"); kind != object.end() && kind->is_string())
        layer.kind = kind->get<std::string>();
    if (const auto from = object.find("from"); from != object.end()) {
        if (from->is_string())
            layer.from = {from->get<std::string>()};
        else if (from->is_array() && std::all_of(from->begin(), from->end(), [](const Json& one) { return one.is_string(); }))
            layer.from = from->get<std::vector<std::string>>();
        else
            problems.push_back({path + ".from", text("this has the wrong type"), text("write a list of names of layers")});
    }
    const LayerKind* kind = findLayerKind(layer.kind);
    for (const auto& [key, value] : object.items()) {
        if (key == "name" || key == "kind" || key == "from")
            continue;
        if (auto parameter = parameterFrom(value, kind ? findParameter(kind->schema, key) : nullptr))
            layer.parameters.insert_or_assign(key, std::move(*parameter));
        else
            problems.push_back({path + "." + key, text("this must be a number, a text, true or false"), {}});
    }
    return layer;
}

}

std::string inputName(std::size_t which)
{
    return which == 0 ? "input" : "input" + std::to_string(which + 1);
}

std::string toJson(const LayerList& layers, int indent)
{
    if (layers.empty())
        return "[]";
    const std::string margin(static_cast<std::size_t>(indent), ' ');
    std::string json = "[";
    for (const LayerEntry& layer : layers)
        json += (&layer == &layers.front() ? "\n" : ",\n") + margin + "  " + lineOf(layer);
    return json + "\n" + margin + "]";
}

Result<LayerList> layersFromJson(std::string_view bytes, std::string_view path)
{
    const auto refused = [&](Text message, Text hint = {}) {
        return Result<LayerList>{std::nullopt, {{std::string{path}, std::move(message), std::move(hint)}}};
    };
    if (bytes.size() > maximumBytes)
        return refused(text("a list of layers has at most %1 bytes", maximumBytes));
    Json json;
    try {
        json = Json::parse(bytes);
    } catch (const Json::exception&) {
        return refused(text("this is no list of layers"), text("write [{\"name\": \"fc\", \"kind\": \"dense\", \"size\": \"outputs\"}]"));
    }
    if (!json.is_array())
        return refused(text("this is no list of layers"), text("write [{\"name\": \"fc\", \"kind\": \"dense\", \"size\": \"outputs\"}]"));
    if (json.size() > mostLayers)
        return refused(text("%1 layers are too many", json.size()), text("at most %1", mostLayers));
    LayerList layers;
    Problems problems;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const std::string place = fmt::format("{}[{}]", path, i);
        if (json[i].is_object())
            layers.push_back(readLayer(json[i], place, problems));
        else
            problems.push_back({place, text("this must be an object"), text("write {\"name\": …, \"kind\": …}")});
    }
    if (!problems.empty())
        return {std::nullopt, std::move(problems)};
    return {std::move(layers), {}};
}

std::string canonicalLayers(std::string_view json)
{
    const Result<LayerList> layers = layersFromJson(json, "");
    return layers ? toJson(*layers) : std::string{json};
}

std::string summaryOf(const LayerEntry& layer)
{
    std::string summary = layer.kind;
    for (const auto& [name, value] : ordered(layer))
        summary += fmt::format(", {} {}", name, format(value));
    for (const std::string& from : layer.from)
        summary += (&from == &layer.from.front() ? ", from " : " and ") + from;
    return summary;
}

}
