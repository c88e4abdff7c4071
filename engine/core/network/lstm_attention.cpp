// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/network_builder.h"
#include "engine/core/network/sequence_pairs.h"

namespace descent {

/// Luong's model without input feeding, so that a whole sentence is learnt from at once: the decoder's states look for the
/// encoder's by a bilinear score ("general", section 3.1), which the projections of an attention with one head make.
/// Unlike his, the encoder reads both ways, and the decoder starts from its mean.
Architecture lstmAttention()
{
    const Schema schema{
        {.name = "width",
         .label = "Width",
         .help = "Features of each word, and cells of each layer.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{256},
         .minimum = 2,
         .maximum = 4096,
         .logarithmic = true,
         .common = true},
        {.name = "depth",
         .label = "Layers",
         .help = "Recurrent layers of the encoder, and as many of the decoder.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{1},
         .minimum = 1,
         .maximum = 8,
         .common = true},
        {.name = "dropout",
         .label = "Dropout",
         .help = "Share of the features left out at random between layers. arXiv:1207.0580",
         .type = ParameterType::real,
         .defaultValue = 0.2,
         .minimum = 0,
         .maximum = 1,
         .belowMaximum = true},
    };
    return {.id = "lstm-attention",
            .label = "LSTM with attention",
            .help = "Reads and writes word after word, looking back at the words read: what came before the Transformer. arXiv:1508.04025",
            .fits = fitsTokenPairs,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                const std::int64_t width = integerOf(schema, parameters, "width"), depth = integerOf(schema, parameters, "depth");
                const double rate = realOf(schema, parameters, "dropout");
                NetworkBuilder net{brief.inputs};
                const auto dropout = [&](const char* name) {
                    if (rate > 0)
                        net.dropout(name, rate);
                };
                net.embedding("source.embedding", brief.inputs[0].vocabulary, width, NetworkBuilder::input(0));
                dropout("source.dropout");
                net.recurrent("encoder", {.hidden = width, .layers = depth, .bidirectional = true, .dropout = rate});
                const NetworkBuilder::Node memory = net.linear("bridge", width);
                net.sequencePool("summary");
                net.linear("start.linear", width);
                const NetworkBuilder::Node start = net.activation("start.tanh", layer::Activation::Function::tanh);

                net.embedding("target.embedding", brief.inputs[1].vocabulary, width, NetworkBuilder::input(1));
                dropout("target.dropout");
                const NetworkBuilder::Node state =
                    net.recurrent("decoder", {.hidden = width, .layers = depth, .dropout = rate}, NetworkBuilder::last, start);
                const NetworkBuilder::Node context = net.crossAttention("attention", {.heads = 1}, memory);
                net.concat("joined", {context, state});
                net.linear("combine.linear", width);
                net.activation("combine.tanh", layer::Activation::Function::tanh);
                dropout("combine.dropout");
                net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
