// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/transformer_blocks.h"

namespace descent {

ParameterSchema transformerWidth(std::int64_t defaultWidth)
{
    return {.name = "width",
            .label = "Width",
            .help = "Features of each token; the heads share them out.",
            .type = ParameterType::integer,
            .defaultValue = defaultWidth,
            .minimum = 4,
            .maximum = 4096,
            .logarithmic = true,
            .common = true};
}

ParameterSchema transformerDepth(std::int64_t defaultDepth)
{
    return {.name = "depth",
            .label = "Blocks",
            .help = "How often tokens look at each other.",
            .type = ParameterType::integer,
            .defaultValue = defaultDepth,
            .minimum = 1,
            .maximum = 48,
            .common = true};
}

ParameterSchema transformerHeads(std::int64_t defaultHeads)
{
    return {.name = "heads",
            .label = "Heads",
            .help = "Attentions side by side; must divide the width.",
            .type = ParameterType::integer,
            .defaultValue = defaultHeads,
            .minimum = 1,
            .maximum = 64,
            .common = true};
}

ParameterSchema transformerDropout(double defaultDropout)
{
    return {.name = "dropout",
            .label = "Dropout",
            .help = "Share of attention weights and of each block's output left out at random. arXiv:1207.0580",
            .type = ParameterType::real,
            .defaultValue = defaultDropout,
            .minimum = 0,
            .maximum = 1,
            .belowMaximum = true};
}

TransformerOptions transformerOptions(const Schema& schema, const Parameters& parameters)
{
    return {.depth = integerOf(schema, parameters, "depth"),
            .heads = integerOf(schema, parameters, "heads"),
            .dropout = realOf(schema, parameters, "dropout")};
}

void appendTransformerEncoder(NetworkBuilder& net, const TransformerOptions& options)
{
    const std::int64_t width = net.shape().back();
    const auto dropout = [&](const std::string& name) {
        if (options.dropout > 0)
            net.dropout(name, options.dropout);
    };
    dropout(options.prefix + "dropout");
    for (std::int64_t block = 0; block < options.depth; ++block) {
        const std::string prefix = options.prefix + "blocks." + std::to_string(block) + ".";
        NetworkBuilder::Node shortcut = net.position();
        const auto normalised = [&](const char* name) {
            shortcut = net.position();
            net.layerNorm(prefix + name);
        };
        const auto joined = [&](const char* dropped, const char* name) {
            dropout(prefix + dropped);
            net.add(prefix + name, net.position(), shortcut);
        };
        normalised("norm1");
        net.selfAttention(prefix + "attention", {.heads = options.heads, .causal = options.causal, .dropout = options.dropout});
        joined("dropout1", "add1");
        if (options.memory) {
            normalised("cross_norm");
            net.crossAttention(prefix + "cross_attention", {.heads = options.heads, .dropout = options.dropout}, *options.memory);
            joined("cross_dropout", "cross_add");
        }
        normalised("norm2");
        net.linear(prefix + "expand", options.expansion * width);
        net.activation(prefix + "gelu", layer::Activation::Function::gelu);
        net.linear(prefix + "project", width);
        joined("dropout2", "add2");
    }
    net.layerNorm(options.prefix + "norm");
}

}
