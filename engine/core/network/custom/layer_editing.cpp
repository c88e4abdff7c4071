// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/layer_editing.h"

#include "engine/core/network/custom/layer_kind.h"

#include <algorithm>
#include <map>

namespace descent {

namespace {

bool isTaken(const LayerList& layers, const std::string& name)
{
    return std::any_of(layers.begin(), layers.end(), [&](const LayerEntry& layer) { return layer.name == name; });
}

std::string freeName(const LayerList& layers, const std::string& stem)
{
    for (std::size_t number = 1;; ++number)
        if (std::string name = stem + std::to_string(number); !isTaken(layers, name))
            return name;
}

/// Everywhere that a layer is named by another one.
template <typename Rename>
void renameReferences(LayerEntry& layer, Rename rename)
{
    for (std::string& from : layer.from)
        from = rename(from);
    if (const auto shared = layer.parameters.find("embedding"); shared != layer.parameters.end())
        if (auto* name = std::get_if<std::string>(&shared->second))
            *name = rename(*name);
}

/// What the layer at `at` reads first, by a name that means the same from everywhere.
std::string sourceOf(const LayerList& layers, std::size_t at)
{
    const LayerEntry& layer = layers[at];
    if (!layer.from.empty() && layer.from.front() != previousLayer)
        return layer.from.front();
    return at == 0 ? inputName(0) : layers[at - 1].name;
}

}

std::string freeLayerName(const LayerList& layers, std::string_view kind)
{
    const LayerKind* found = findLayerKind(kind);
    return freeName(layers, found ? found->stem : std::string{kind});
}

LayerEntry newLayer(const LayerList& layers, std::string_view kind, std::size_t at)
{
    LayerEntry layer{.name = freeLayerName(layers, kind), .kind = std::string{kind}};
    const LayerKind* found = findLayerKind(kind);
    if (found && found->leastInputs > 1) {
        layer.from.push_back(previousLayer);
        while (layer.from.size() < found->leastInputs)
            layer.from.push_back(at >= 2 ? layers[at - 2].name : inputName(0));
    }
    return layer;
}

LayerList withInserted(const LayerList& layers, std::size_t at, LayerList added)
{
    LayerList result = layers;
    std::map<std::string, std::string> renamed;
    std::set<std::string> before;
    for (std::size_t i = 0; i < at; ++i)
        before.insert(layers[i].name);
    LayerList everything = layers;
    for (LayerEntry& layer : added) {
        std::string name = layer.name;
        if (isTaken(everything, name)) {
            std::string stem = name;
            while (!stem.empty() && stem.back() >= '0' && stem.back() <= '9')
                stem.pop_back();
            name = freeName(everything, stem.empty() || stem.back() == '.' ? stem + "layer" : stem);
        }
        renamed[layer.name] = name;
        layer.name = name;
        everything.push_back(layer);
    }
    for (LayerEntry& layer : added) {
        renameReferences(layer, [&](const std::string& name) {
            const auto found = renamed.find(name);
            return found == renamed.end() ? name : found->second;
        });
        for (std::string& from : layer.from) {
            const bool isInput = from.starts_with(inputName(0)) && !isTaken(layers, from);
            const bool isAdded = std::any_of(added.begin(), added.end(), [&](const LayerEntry& other) { return other.name == from; });
            if (!isInput && !isAdded && !before.contains(from))
                from = previousLayer;
        }
        if (layer.from == std::vector<std::string>{previousLayer})
            layer.from.clear();
    }
    result.insert(result.begin() + static_cast<std::ptrdiff_t>(at), added.begin(), added.end());
    return result;
}

LayerList withRemoved(const LayerList& layers, const std::set<std::size_t>& places)
{
    std::map<std::string, std::string> instead;
    for (const std::size_t place : places) {
        const std::string source = sourceOf(layers, place); // stands before it, so what is said of it is final
        const auto further = instead.find(source);
        instead[layers[place].name] = further == instead.end() ? source : further->second;
    }
    LayerList result;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (places.contains(i))
            continue;
        LayerEntry layer = layers[i];
        for (std::string& from : layer.from)
            if (const auto found = instead.find(from); found != instead.end())
                from = !result.empty() && found->second == result.back().name ? previousLayer : found->second;
        if (layer.from == std::vector<std::string>{previousLayer})
            layer.from.clear();
        result.push_back(std::move(layer));
    }
    return result;
}

MovedLayers withMoved(const LayerList& layers, const std::set<std::size_t>& places, std::size_t to)
{
    MovedLayers moved;
    LayerList block;
    for (std::size_t i = 0; i <= layers.size(); ++i) {
        if (i == to)
            moved.first = moved.layers.size();
        if (i < layers.size())
            (places.contains(i) ? block : moved.layers).push_back(layers[i]);
    }
    moved.layers.insert(moved.layers.begin() + static_cast<std::ptrdiff_t>(moved.first), block.begin(), block.end());
    return moved;
}

LayerList withRenamed(const LayerList& layers, std::size_t at, const std::string& name)
{
    LayerList result = layers;
    const std::string old = layers[at].name;
    result[at].name = name;
    for (LayerEntry& layer : result)
        renameReferences(layer, [&](const std::string& one) { return one == old ? name : one; });
    return result;
}

LayerList withConnection(const LayerList& layers, std::size_t reader, const std::string& source)
{
    LayerList result = layers;
    LayerEntry& layer = result[reader];
    const LayerKind* kind = findLayerKind(layer.kind);
    const std::string meant = reader > 0 && layers[reader - 1].name == source ? previousLayer : source;
    if (layer.from.empty())
        layer.from = {previousLayer};
    if (std::find(layer.from.begin(), layer.from.end(), meant) != layer.from.end())
        return layers;
    if (kind && layer.from.size() < kind->mostInputs)
        layer.from.push_back(meant);
    else
        layer.from.back() = meant;
    if (layer.from == std::vector<std::string>{previousLayer})
        layer.from.clear();
    return result;
}

}
