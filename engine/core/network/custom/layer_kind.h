// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/architecture.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// What a layer is told of its surroundings, from which come the sizes that nobody writes.
struct LayerSite {
    const std::vector<const Shape*>& inputs;             ///< as many as its kind reads
    const NetworkBrief& brief;
    std::int64_t vocabulary = 0;                         ///< where it reads token ids
    std::int64_t columns = 0;                            ///< of the series that Patches took apart before it; 0: there were none
    const layer::Embedding* sharedEmbedding = nullptr;   ///< that its parameter "embedding" names; null: there is none
};

/// A kind of layer that a network of one's own may have, described once: from this come the palette, the form, the JSON, the
/// validation and `descent catalog layers`. Adding one is its entry in one of the *_layers.cpp.
struct LayerKind {
    std::string id, label, help; ///< kebab-case; "Convolution"; one sentence
    std::string group;           ///< a heading of the palette
    std::string stem;            ///< what new ones are named after: "conv" gives conv1, conv2, …
    Schema schema;
    std::size_t leastInputs = 1, mostInputs = 1;
    std::string width;           ///< the parameter that may follow the task instead (see sizeParameters); empty: none
    std::size_t alternative = 0; ///< its place in the variant Layer
    std::function<Layer(const Parameters&, const LayerSite&)> make;
    /// The parameters that make this layer, in a network wanted for `brief`; every one of them, defaults too.
    std::function<Parameters(const Layer&, const NetworkBrief&)> parametersOf;
};

const std::vector<LayerKind>& layerKinds();
const LayerKind* findLayerKind(std::string_view id);  ///< null when there is none
const LayerKind& layerKindOf(const Layer& layer);     ///< every layer has one

}
