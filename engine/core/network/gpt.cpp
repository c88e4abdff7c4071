// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/text_parameters.h"
#include "engine/core/network/transformer_blocks.h"

namespace descent {

/// Sizes of nanoGPT's small preset. The scores have weights of their own, not those of the embedding.
Architecture gpt()
{
    const Schema schema{transformerWidth(128), transformerDepth(4), transformerHeads(4), transformerDropout(0.0)};
    return {.id = "gpt",
            .label = "GPT",
            .help = "A Transformer in which no token sees a later one: writes on from what stands there. Radford et al., 2019",
            .fits = fitsNextTokens,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                NetworkBuilder net{brief.inputs, Initialization::transformer};
                net.embedding("embedding", brief.inputs.front().vocabulary, integerOf(schema, parameters, "width"));
                net.positionEmbedding("positions");
                TransformerOptions options = transformerOptions(schema, parameters);
                options.causal = true;
                appendTransformerEncoder(net, options);
                net.linear("head", brief.outputs, false);
                return std::move(net).build();
            }};
}

}
