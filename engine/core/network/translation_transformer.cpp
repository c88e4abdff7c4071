// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/network_builder.h"
#include "engine/core/network/sequence_pairs.h"
#include "engine/core/network/transformer_blocks.h"

namespace descent {

Architecture translationTransformer()
{
    ParameterSchema depth = transformerDepth(3);
    depth.help = "How many the encoder has, and the decoder has as many.";
    const Schema schema{
        transformerWidth(256),
        std::move(depth),
        transformerHeads(4),
        {.name = "expansion",
         .label = "Dense layer",
         .help = "How many times wider than a token the dense layer of a block is.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{2},
         .minimum = 1,
         .maximum = 16,
         .common = true,
         .unit = "x"},
        transformerDropout(0.1),
        {.name = "tieEmbeddings",
         .label = "Tied output",
         .help = "Words are scored with the vectors they are read with: fewer weights, better on little data. arXiv:1608.05859",
         .type = ParameterType::boolean,
         .defaultValue = true},
    };
    return {.id = "transformer",
            .label = "Transformer",
            .help = "An encoder reads the whole sentence, a decoder looks back at it word by word. arXiv:1706.03762",
            .fits = fitsTokenPairs,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                const std::int64_t width = integerOf(schema, parameters, "width");
                TransformerOptions options = transformerOptions(schema, parameters);
                options.expansion = integerOf(schema, parameters, "expansion");
                NetworkBuilder net{brief.inputs, Initialization::transformer};

                net.embedding("source.embedding", brief.inputs[0].vocabulary, width, NetworkBuilder::input(0));
                net.positionEmbedding("source.positions");
                options.prefix = "encoder.";
                appendTransformerEncoder(net, options);
                options.memory = net.position();

                net.embedding("target.embedding", brief.inputs[1].vocabulary, width, NetworkBuilder::input(1));
                net.positionEmbedding("target.positions");
                options.prefix = "decoder.";
                options.causal = true;
                appendTransformerEncoder(net, options);
                if (booleanOf(schema, parameters, "tieEmbeddings"))
                    net.tiedLinear("head", "target.embedding");
                else
                    net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
