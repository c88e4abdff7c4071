// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/stages.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace descent {

namespace {

constexpr const char* headName = "head";

template <typename... Kinds>
bool isAny(const Layer& layer)
{
    return (std::holds_alternative<Kinds>(layer) || ...);
}

bool hasWeights(const LayerNode& node)
{
    return node.parameterCount > 0 || isAny<layer::TiedLinear>(node.layer);
}

/// Changes each feature for itself: what lies behind it is still to be found.
bool isNorm(const Layer& layer)
{
    return isAny<layer::BatchNorm, layer::LayerNorm, layer::LayerScale>(layer);
}

std::vector<bool> headLayers(const NetworkSpec& network)
{
    std::vector<bool> head(network.layers.size()), visited(network.layers.size());
    std::vector<std::int32_t> open{static_cast<std::int32_t>(network.layers.size()) - 1};
    while (!open.empty()) {
        const std::int32_t at = open.back();
        open.pop_back();
        if (at < 0 || visited[static_cast<std::size_t>(at)])
            continue;
        visited[static_cast<std::size_t>(at)] = true;
        const LayerNode& node = network.layers[static_cast<std::size_t>(at)];
        head[static_cast<std::size_t>(at)] = hasWeights(node);
        if (const auto* tied = std::get_if<layer::TiedLinear>(&node.layer))
            for (std::size_t i = 0; i < network.layers.size(); ++i)
                if (network.layers[i].name == tied->embedding)
                    head[i] = true;
        if (!hasWeights(node) || isNorm(node.layer))
            open.insert(open.end(), node.inputs.begin(), node.inputs.end());
    }
    return head;
}

/// The first `parts` dotted parts of a name; all of a name that has fewer.
std::string beginning(const std::string& name, std::size_t parts)
{
    std::size_t end = 0;
    for (std::size_t i = 0; i < parts && end != std::string::npos; ++i)
        end = name.find('.', i == 0 ? 0 : end + 1);
    return name.substr(0, end);
}

}

Stages stagesOf(const NetworkSpec& network)
{
    const std::vector<bool> head = headLayers(network);
    std::vector<std::size_t> trunk;
    for (std::size_t i = 0; i < network.layers.size(); ++i)
        if (hasWeights(network.layers[i]) && !head[i])
            trunk.push_back(i);
    std::vector<std::size_t> parts(network.layers.size(), 1);
    for (bool parted = true; parted;) {
        parted = false;
        std::map<std::string, std::vector<std::size_t>> groups;
        for (const std::size_t i : trunk)
            groups[beginning(network.layers[i].name, parts[i])].push_back(i);
        for (const auto& [name, members] : groups) {
            const bool deeper = std::any_of(members.begin(), members.end(), [&](std::size_t i) { return network.layers[i].name != name; });
            if (2 * members.size() <= trunk.size() || !deeper)
                continue;
            for (const std::size_t i : members)
                parts[i] += network.layers[i].name != name;
            parted = true;
        }
    }
    Stages result{.stages = {}, .stageOf = std::vector<std::int32_t>(network.layers.size(), -1)};
    std::set<std::string> mixing; // stages that are more than norms
    for (const std::size_t i : trunk)
        if (!isNorm(network.layers[i].layer))
            mixing.insert(beginning(network.layers[i].name, parts[i]));
    for (const std::size_t i : trunk) {
        std::string name = beginning(network.layers[i].name, parts[i]);
        if (!mixing.contains(name) && !result.stages.empty())
            name = result.stages.back().name; // a norm between stages belongs to what it normalises
        auto found = std::find_if(result.stages.begin(), result.stages.end(), [&](const Stage& stage) { return stage.name == name; });
        if (found == result.stages.end())
            found = result.stages.insert(found, {.name = name});
        found->parameterCount += network.layers[i].parameterCount;
        result.stageOf[i] = static_cast<std::int32_t>(found - result.stages.begin());
    }
    Stage last{.name = headName, .isHead = true};
    for (std::size_t i = 0; i < head.size(); ++i)
        if (head[i]) {
            last.parameterCount += network.layers[i].parameterCount;
            result.stageOf[i] = static_cast<std::int32_t>(result.stages.size());
        }
    result.stages.push_back(std::move(last));
    return result;
}

std::int32_t layerOfTensor(const NetworkSpec& network, std::string_view tensor)
{
    std::int32_t best = -1;
    std::size_t length = 0;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const std::string& name = network.layers[i].name;
        if (name.size() >= length && tensor.size() > name.size() && tensor.starts_with(name) && tensor[name.size()] == '.') {
            best = static_cast<std::int32_t>(i);
            length = name.size();
        }
    }
    return best;
}

Result<std::vector<bool>> frozenLayers(const NetworkSpec& network, std::string_view freeze)
{
    std::vector<bool> frozen(network.layers.size());
    if (freeze == "none")
        return {std::move(frozen), {}};
    const Stages stages = stagesOf(network);
    const auto trunkEnd = std::find_if(stages.stages.begin(), stages.stages.end(), [](const Stage& stage) { return stage.isHead; });
    auto last = trunkEnd;
    if (freeze != "trunk") {
        const auto named = std::find_if(stages.stages.begin(), trunkEnd, [&](const Stage& stage) { return stage.name == freeze; });
        if (named == trunkEnd) {
            std::string known = "none";
            for (auto stage = stages.stages.begin(); stage != trunkEnd; ++stage)
                known += ", " + stage->name;
            return {std::nullopt,
                    {{"start.freeze", text("this network has no stage \"%1\"", freeze), text("choose one of: %1, trunk", known)}}};
        }
        last = named + 1;
    }
    for (std::size_t i = 0; i < frozen.size(); ++i)
        frozen[i] = stages.stageOf[i] >= 0 && stages.stageOf[i] < last - stages.stages.begin();
    for (std::size_t reader = frozen.size(); reader-- > 0;)
        if (frozen[reader])
            for (const std::int32_t input : network.layers[reader].inputs)
                if (input >= 0 && stages.stageOf[static_cast<std::size_t>(input)] < 0)
                    frozen[static_cast<std::size_t>(input)] = true;
    return {std::move(frozen), {}};
}

std::vector<double> rateFactors(const Stages& stages, double trunkRate, double decay)
{
    const auto trunk = static_cast<std::int32_t>(stages.stages.size()) - 1;
    std::vector<double> factors;
    for (const std::int32_t stage : stages.stageOf)
        factors.push_back(stage < 0 || stage == trunk ? 1 : trunkRate * std::pow(decay, trunk - stage));
    return factors;
}

std::int32_t embeddingLayer(const NetworkSpec& network)
{
    if (network.layers.empty())
        return -1;
    const LayerNode& last = network.layers.back();
    const auto* linear = std::get_if<layer::Linear>(&last.layer);
    const bool scores = (linear && linear->bias) || isAny<layer::CosineLinear>(last.layer);
    return scores && last.outputShape.size() == 1 ? last.inputs.front() : -1;
}

}
