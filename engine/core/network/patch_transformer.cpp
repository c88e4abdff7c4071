// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"
#include "engine/core/network/transformer_blocks.h"
#include "engine/core/network/window_parameters.h"

namespace descent {

/// PatchTST: each column by itself, its window cut into overlapping patches that look at each other; one set of weights for all
/// columns. Layer normalisation in front of each half of a block, where the paper has batch normalisation behind it.
Architecture patchTransformer()
{
    const Schema schema{
        {.name = "patch",
         .label = "Patch",
         .help = "Steps that make one token.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{16},
         .minimum = 1,
         .maximum = 512,
         .common = true,
         .unit = "steps"},
        {.name = "stride",
         .label = "Every",
         .help = "Steps from one patch to the next; less than a patch: they overlap.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{8},
         .minimum = 1,
         .maximum = 512,
         .common = true,
         .unit = "steps"},
        transformerWidth(32),
        transformerDepth(2),
        transformerHeads(4),
        transformerDropout(0.2),
        windowNormParameter(true),
    };
    return {.id = "patch-transformer",
            .label = "Patch transformer",
            .help = "Attention between stretches of the past, each column by itself: PatchTST. arXiv:2211.14730",
            .fits = fitsFuture,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                NetworkBuilder net{brief.inputs, Initialization::transformer};
                const NetworkBuilder::Node window = beginWindow(net, brief, booleanOf(schema, parameters, "windowNorm"));
                net.firstFeatures("columns", brief.outputs, window);
                net.patches("patches", integerOf(schema, parameters, "patch"), integerOf(schema, parameters, "stride"));
                net.linear("embed", integerOf(schema, parameters, "width"));
                net.positionEmbedding("position");
                appendTransformerEncoder(net, transformerOptions(schema, parameters));
                net.flatten("flatten");
                net.linear("head", brief.horizon);
                net.joinColumns("future", brief.outputs);
                endWindow(net, window);
                return std::move(net).build();
            }};
}

}
