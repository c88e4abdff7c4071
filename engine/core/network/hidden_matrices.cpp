// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/hidden_matrices.h"

#include "engine/core/network/stages.h"

namespace descent {

namespace {

bool mapsFeatures(const Layer& layer)
{
    if (const auto* conv = std::get_if<layer::Conv2d>(&layer))
        return conv->groups == 1;
    return std::holds_alternative<layer::Linear>(layer) || std::holds_alternative<layer::Conv1d>(layer)
        || std::holds_alternative<layer::Recurrent>(layer) || std::holds_alternative<layer::SelfAttention>(layer)
        || std::holds_alternative<layer::CrossAttention>(layer);
}

}

std::vector<bool> hiddenMatrixLayers(const NetworkSpec& network)
{
    const Stages stages = stagesOf(network);
    std::vector<bool> hidden;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const std::int32_t stage = stages.stageOf[i];
        hidden.push_back(stage >= 0 && !stages.stages[static_cast<std::size_t>(stage)].isHead && mapsFeatures(network.layers[i].layer));
    }
    return hidden;
}

}
