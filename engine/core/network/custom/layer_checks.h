// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/architecture.h"

#include <optional>
#include <string>
#include <vector>

namespace descent {

/// What would make a layer fit, where that is plain.
struct LayerFix {
    Parameters set;           ///< of the layer
    std::string insertBefore; ///< a kind of layer to put in front of it; empty: none
    bool empty() const { return set.empty() && insertBefore.empty(); }
    bool operator==(const LayerFix&) const = default;
};

/// What is wrong with one layer. The path names the layer, and the parameter where it is one parameter's fault.
struct LayerTrouble {
    Problem problem;
    LayerFix fix;
};

/// What a layer, or an input of the network, gives to others.
struct LayerValue {
    Shape shape;
    bool tokens = false;         ///< ids of words
    bool stepsVary = false;      ///< a batch holds fewer steps than `shape` says, or some that only fill up
    bool written = false;        ///< comes from the tokens that are being written: no step may know a later one
    std::int64_t columns = 0;    ///< of a series that is being read column by column (Patches); 0: it is not
    std::int64_t vocabulary = 0; ///< of tokens
};

/// Why `layer` cannot read `inputs`, or null. The problem's path is empty, or "." and the parameter at fault.
/// writesBesideReading: a network of two token inputs, whose output is written word by word from kept states.
std::optional<LayerTrouble> misfit(const Layer& layer, const std::vector<const LayerValue*>& inputs, bool writesBesideReading);

/// Why a network that ends with `value` does not give what is wanted, or null.
std::optional<LayerTrouble> outputMisfit(const LayerValue& value, const Layer& layer, const NetworkBrief& brief);

std::string written(const Shape& shape); ///< "[64, 8, 8]"

}
