// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/custom.h"
#include "engine/core/network/custom/layer_kind.h"
#include "engine/core/network/custom/layer_list.h"

#include <algorithm>

namespace descent {

namespace {

/// The same architecture for a task that asks for more; empty where its layers are then others.
std::vector<LayerNode> layersFor(const Architecture& architecture, const Parameters& parameters, const NetworkBrief& brief, const NetworkSpec& like)
{
    const Result<NetworkSpec> other = architecture.build(parameters, brief);
    const auto isSame = [](const LayerNode& left, const LayerNode& right) { return left.name == right.name && left.layer.index() == right.layer.index(); };
    if (!other || !std::equal(like.layers.begin(), like.layers.end(), other->layers.begin(), other->layers.end(), isSame))
        return {};
    return other->layers;
}

/// "previous" for the layer directly before, so that it stays connected when one is put between them.
std::vector<std::string> namesOf(const NetworkSpec& spec, std::size_t at)
{
    const LayerNode& node = spec.layers[at];
    const auto previous = static_cast<std::int32_t>(at) - 1;
    if (node.inputs == std::vector<std::int32_t>{previous})
        return {};
    std::vector<std::string> names;
    for (const std::int32_t input : node.inputs)
        names.push_back(input < 0            ? inputName(static_cast<std::size_t>(-1 - input))
                        : input == previous ? previousLayer
                                            : spec.layers[static_cast<std::size_t>(input)].name);
    return names;
}

bool isUnflattened(const NetworkSpec& spec, std::size_t at)
{
    return std::any_of(spec.layers.begin(), spec.layers.end(), [&](const LayerNode& node) {
        return std::holds_alternative<layer::Unflatten>(node.layer) && node.inputs.front() == static_cast<std::int32_t>(at);
    });
}

}

Result<Parameters> openAsCustom(const Architecture& architecture, const Parameters& parameters, const NetworkBrief& brief)
{
    if (architecture.id == customArchitecture)
        return {parameters, {}};
    const Result<NetworkSpec> spec = architecture.build(parameters, brief);
    if (!spec)
        return {std::nullopt, spec.problems};
    if (spec->layers.size() > mostLayers)
        return {std::nullopt, {{"architecture", text("%1 layers are too many to be edited one by one", spec->layers.size()), text("at most %1", mostLayers)}}};
    const bool forecasts = brief.output == NetworkBrief::Output::future;
    NetworkBrief more = brief;
    ++(forecasts ? more.horizon : more.outputs); // more columns would be other data
    // An identity task without outputs has no layer for them, which one output more would give it.
    const auto grown = layersFor(architecture, parameters, more, *spec);
    LayerList layers;
    for (std::size_t i = 0; i < spec->layers.size(); ++i) {
        const LayerNode& node = spec->layers[i];
        const LayerKind& kind = layerKindOf(node.layer);
        LayerEntry entry{.name = node.name, .kind = kind.id, .from = namesOf(*spec, i), .parameters = kind.parametersOf(node.layer, brief)};
        if (!kind.width.empty() && !grown.empty() && kind.parametersOf(grown[i].layer, more).at(kind.width) != entry.parameters.at(kind.width)) {
            const bool isHorizon = entry.parameters.at(kind.width) == ParameterValue{brief.horizon} && !isUnflattened(*spec, i);
            entry.parameters["size"] = std::string{!forecasts ? "outputs" : isHorizon ? "horizon" : "future"};
        }
        std::erase_if(entry.parameters, [&](const auto& given) {
            const ParameterSchema& parameter = *findParameter(kind.schema, given.first);
            return given.second == parameter.defaultValue || !applies(kind.schema, entry.parameters, parameter);
        });
        layers.push_back(std::move(entry));
    }
    Parameters opened{{layersParameter, toJson(layers)}};
    if (spec->initialization != Initialization::torchDefault)
        opened["initialization"] = initializationId(spec->initialization);
    return {std::move(opened), {}};
}

}
