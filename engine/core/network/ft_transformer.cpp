// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"
#include "engine/core/network/transformer_blocks.h"

namespace descent {

/// Each prepared feature is a token: a number as in the paper, a category as one feature for each of its values.
Architecture ftTransformer()
{
    const Schema schema{transformerWidth(64), transformerDepth(3), transformerHeads(8), transformerDropout(0.1)};
    return {.id = "ft-transformer",
            .label = "FT-Transformer",
            .help = "Attention between the columns of a table; slower, often better where columns act together. arXiv:2106.11959",
            .fits = fitsRows,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                NetworkBuilder net{brief.inputs};
                net.featureTokens("tokens", integerOf(schema, parameters, "width"));
                net.classToken("class");
                appendTransformerEncoder(net, transformerOptions(schema, parameters));
                net.sequencePool("pool", layer::SequencePool::Kind::last);
                net.activation("relu");
                net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
