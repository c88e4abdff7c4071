// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/sequence_pairs.h"

#include <algorithm>

namespace descent {

bool fitsTokenPairs(const NetworkBrief& brief)
{
    using enum NetworkInput::Kind;
    return brief.output == NetworkBrief::Output::nextTokens && brief.reads({tokens, tokens});
}

std::vector<std::string> encodedLayers(const NetworkSpec& network)
{
    std::vector<bool> knowsSecond; // by layer
    std::vector<bool> encoded(network.layers.size());
    for (const LayerNode& node : network.layers) {
        knowsSecond.push_back(std::any_of(node.inputs.begin(), node.inputs.end(), [&](std::int32_t input) {
            return input < 0 ? input == NetworkSpec::inputAt(1) : knowsSecond[static_cast<std::size_t>(input)];
        }));
        for (const std::int32_t input : node.inputs)
            if (input >= 0 && knowsSecond.back() && !knowsSecond[static_cast<std::size_t>(input)])
                encoded[static_cast<std::size_t>(input)] = true;
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < encoded.size(); ++i)
        if (encoded[i])
            names.push_back(network.layers[i].name);
    return names;
}

}
