// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/network_builder.h"
#include "engine/core/schema/parameter_schema.h"

#include <optional>
#include <string>

namespace descent {

// What every Transformer here is asked and built from.

ParameterSchema transformerWidth(std::int64_t defaultWidth);
ParameterSchema transformerDepth(std::int64_t defaultDepth);
ParameterSchema transformerHeads(std::int64_t defaultHeads);
ParameterSchema transformerDropout(double defaultDropout);

struct TransformerOptions {
    std::int64_t depth = 4, heads = 4;
    double dropout = 0;
    bool causal = false;
    std::int64_t expansion = 4; ///< of the dense layer
    std::string prefix = {};    ///< of all names: "encoder."
    /// A decoder's blocks also look at this sequence, between their own attention and the dense layer. arXiv:1706.03762, figure 1
    std::optional<NetworkBuilder::Node> memory = {};
};
/// Of a schema that has the parameters above.
TransformerOptions transformerOptions(const Schema& schema, const Parameters& parameters);

/// Blocks with the norm first (attention, then a dense layer `expansion` times as wide with GELU, each beside a shortcut) and a
/// last norm: "On Layer Normalization in the Transformer Architecture", arXiv:2002.04745. Reads and gives [steps, width].
void appendTransformerEncoder(NetworkBuilder& net, const TransformerOptions& options);

}
