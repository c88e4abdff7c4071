// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/text_parameters.h"

namespace descent {

Architecture embeddingBag()
{
    const Schema schema{embeddingWidth(64), wordDropout(0.5), outputDropout(0.5)};
    return {.id = "embedding-bag",
            .label = "Embedding bag",
            .help = "The mean of the words' vectors: their order does not count, and little beats it on few texts. arXiv:1607.01759",
            .fits = fitsTextClasses,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                NetworkBuilder net{brief.inputs, Initialization::transformer};
                appendEmbedding(net, schema, parameters, brief);
                net.sequencePool("pool");
                appendScores(net, schema, parameters, brief);
                return std::move(net).build();
            }};
}

}
