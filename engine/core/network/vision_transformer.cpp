// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"
#include "engine/core/network/transformer_blocks.h"

#include <algorithm>

namespace descent {

Architecture visionTransformer()
{
    const Schema schema{
        {.name = "patch",
         .label = "Patch",
         .help = "Side of the squares the picture is cut into; each becomes one token. 0: about an eighth of the picture.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{0},
         .minimum = 0,
         .maximum = 64,
         .common = true,
         .unit = "px"},
        transformerWidth(96),
        transformerDepth(4),
        transformerHeads(4),
        transformerDropout(0.0),
    };
    return {.id = "vision-transformer",
            .label = "Vision Transformer",
            .help = "Attention between squares of the picture; wants more data than convolutions. arXiv:2010.11929",
            .fits = fitsPictures,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                std::int64_t patch = integerOf(schema, parameters, "patch");
                if (patch == 0)
                    patch = std::max<std::int64_t>(2, shorterSide(brief.inputShape()) / 8);
                NetworkBuilder net{brief.inputs, Initialization::transformer};
                net.conv2d("patches", integerOf(schema, parameters, "width"), {.kernel = patch, .stride = patch});
                net.tokens("tokens");
                net.positionEmbedding("positions");
                appendTransformerEncoder(net, transformerOptions(schema, parameters));
                net.sequencePool("pool"); // of all tokens: as good as a class token at this size, and simpler. arXiv:2205.01580
                net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
