// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/custom/layer_checks.h"
#include "engine/core/network/custom/layer_list.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace descent {

/// One layer of a list, as far as it can be worked out.
struct LayerOutcome {
    std::optional<Layer> layer;        ///< none: something is wrong here or before
    Shape shape;                       ///< of what it gives; empty: unknown
    std::int64_t parameterCount = 0, multiplyAdds = 0;
    std::vector<std::int32_t> inputs;  ///< places in the list, below 0 inputs of the network; those that are known
    bool skipped = false;              ///< asks for as many as the task has, and that is none: what it reads is passed on
    std::vector<LayerTrouble> troubles;
};

/// A list of layers worked out for a task: what can be known of each layer, also behind and beside one that is broken.
struct CustomNetwork {
    std::vector<LayerOutcome> layers; ///< one a layer of the list
    Problems general;                 ///< of the list as a whole
    Problems problems() const;        ///< everything, in the order of the list
};

/// brief: null while the data is not known; then names, kinds, values and connections are judged, shapes are not.
/// Paths are `path` + "." + the layer's name, and + "." + the parameter where it is at fault.
CustomNetwork workOut(const LayerList& layers, const NetworkBrief* brief, std::string_view path);

/// All that is wrong with a list before its data is seen.
Problems layerProblems(const LayerList& layers, std::string_view path);

/// The network of a list, or all that is wrong with it.
Result<NetworkSpec> buildCustom(const LayerList& layers, const NetworkBrief& brief, Initialization initialization);

/// Why a layer cannot have this name; empty: it can.
Text nameProblem(std::string_view name);

}
