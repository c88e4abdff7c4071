// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/record_inputs.h"
#include "engine/core/network/transformer_blocks.h"

namespace descent {

Architecture recordTransformer()
{
    const Schema schema{transformerWidth(64), transformerDepth(2), transformerHeads(4), transformerDropout(0.1)};
    return {.id = "record-transformer",
            .label = "Transformer for records",
            .help = "Every event looks at every other; when it happened stands in place of its number. After BEHRT, arXiv:1907.09538",
            .fits = fitsRecords,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                NetworkBuilder net{brief.inputs};
                appendEventEmbedding(net, brief, integerOf(schema, parameters, "width"));
                appendTransformerEncoder(net, transformerOptions(schema, parameters));
                net.sequencePool("pool");
                net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
