// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/schema/parameter_schema.h"

#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// One layer as a person writes it: what follows from the data is left out, so that the same list fits other data.
struct LayerEntry {
    std::string name; ///< as checkpoints store it: "layer1.0.conv1"; unique
    std::string kind; ///< of layerKinds()
    /// Where it reads: names of layers before it, "previous", or the network's "input", "input2", … Empty: the layer before
    /// it, and for the first one the network's first input.
    std::vector<std::string> from;
    Parameters parameters;
    bool operator==(const LayerEntry&) const = default;
};

/// A network of one's own, in the order in which its layers run; the last one gives the outputs.
using LayerList = std::vector<LayerEntry>;

inline constexpr char previousLayer[] = "previous";
inline constexpr std::size_t mostLayers = 1000;

/// "input" of the network's first input, "input2" of the second.
std::string inputName(std::size_t which);

/// A JSON list, a layer a line, keys and parameters in a fixed order: the same list gives the same text. `indent` blanks stand
/// before each line but the first.
std::string toJson(const LayerList& layers, int indent = 0);

/// Reads what toJson writes. What is wrong with its form, all at once; paths are `path` + "." + the layer's name, or its place
/// ("[3]") where it has none. Names, kinds and values are judged by layerProblems() (custom_network.h). At most 1 MiB.
Result<LayerList> layersFromJson(std::string_view json, std::string_view path);

/// The same list as toJson() writes it; what cannot be read comes back as it is.
std::string canonicalLayers(std::string_view json);

/// "conv2d, channels 16, kernel 3, from relu": how one layer is told in a comparison.
std::string summaryOf(const LayerEntry& layer);

}
