// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/text_parameters.h"
#include "engine/core/network/transformer_blocks.h"

namespace descent {

Architecture transformerEncoder()
{
    const Schema schema{transformerWidth(64), transformerDepth(2), transformerHeads(4), wordDropout(0.3), transformerDropout(0.3)};
    return {.id = "transformer-encoder",
            .label = "Transformer encoder",
            .help = "Attention between all words of a text; shows its strength on many texts. arXiv:1706.03762",
            .fits = fitsTextClasses,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                NetworkBuilder net{brief.inputs, Initialization::transformer};
                appendEmbedding(net, schema, parameters, brief);
                net.positionEmbedding("positions");
                appendTransformerEncoder(net, transformerOptions(schema, parameters));
                net.sequencePool("pool");
                net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
