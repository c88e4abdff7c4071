// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/layer_parameters.h"

#include <algorithm>
#include <stdexcept>

namespace descent {

std::vector<LayerKind> pictureLayers();
std::vector<LayerKind> commonLayers();
std::vector<LayerKind> sequenceLayers();
std::vector<LayerKind> seriesLayers();

namespace {

constexpr std::size_t mostMerged = 16;

template <typename L>
LayerKind merging(const char* id, const char* label, const char* help, std::size_t most)
{
    return plainKind<L>({.id = id, .label = label, .help = help, .group = "Merge", .stem = id, .leastInputs = 2, .mostInputs = most});
}

std::vector<LayerKind> mergingLayers()
{
    return {
        merging<layer::Add>("add", "Add", "Sum of two inputs of one shape: the end of a residual branch. arXiv:1512.03385", 2),
        merging<layer::Concat>("concat", "Concatenate", "Inputs side by side along their features.", mostMerged),
        merging<layer::Multiply>("multiply", "Multiply", "Product place by place: each decides what of the other counts.", 2),
        merging<layer::Subtract>("subtract", "Subtract", "The first input less the second.", 2),
        merging<layer::Stack>("stack", "Stack", "Vectors of one length below each other.", mostMerged),
    };
}

}

const std::vector<LayerKind>& layerKinds()
{
    static const std::vector<LayerKind> list = [] {
        std::vector<LayerKind> all;
        for (std::vector<LayerKind> (*kinds)() : {pictureLayers, commonLayers, sequenceLayers, mergingLayers, seriesLayers})
            for (LayerKind& kind : kinds())
                all.push_back(std::move(kind));
        // A palette goes group by group, in the order in which most networks are built.
        const std::vector<std::string> groups{"Convolution", "Pooling", "Dense", "Activation", "Normalisation", "Sequence", "Attention", "Merge", "Shape", "Series"};
        const auto placeOf = [&](const LayerKind& kind) { return std::find(groups.begin(), groups.end(), kind.group); };
        std::stable_sort(all.begin(), all.end(), [&](const LayerKind& left, const LayerKind& right) { return placeOf(left) < placeOf(right); });
        return all;
    }();
    return list;
}

const LayerKind* findLayerKind(std::string_view id)
{
    const auto& list = layerKinds();
    const auto found = std::find_if(list.begin(), list.end(), [&](const LayerKind& kind) { return kind.id == id; });
    return found == list.end() ? nullptr : &*found;
}

const LayerKind& layerKindOf(const Layer& layer)
{
    for (const LayerKind& kind : layerKinds())
        if (kind.alternative == layer.index())
            return kind;
    throw std::logic_error{fmt::format("no kind of layers for {}", layerName(layer))};
}

}
