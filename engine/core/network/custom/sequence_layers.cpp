// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/layer_parameters.h"

namespace descent {

namespace {

LayerKind embedding()
{
    return kindOf<layer::Embedding>(
        {.id = "embedding",
         .label = "Embedding",
         .help = "A vector a word that is learnt: how a network reads tokens.",
         .group = "Sequence",
         .stem = "embedding",
         .schema = {wholeParameter("width", "Width", "Numbers that stand for a token.", 64, 1, 65536)}},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::Embedding{site.vocabulary, integerOf(schema, p, "width")};
        },
        [](const layer::Embedding& l, const NetworkBrief&) { return Parameters{{"width", l.width}}; });
}

LayerKind positionEmbedding()
{
    return kindOf<layer::PositionEmbedding>(
        {.id = "position-embedding",
         .label = "Positions",
         .help = "A learnt vector a step is added, so that attention knows the order.",
         .group = "Sequence",
         .stem = "positions"},
        [](const Schema&, const Parameters&, const LayerSite& site) {
            return layer::PositionEmbedding{site.inputs.front()->front(), site.inputs.front()->back()};
        },
        [](const layer::PositionEmbedding&, const NetworkBrief&) { return Parameters{}; });
}

LayerKind recurrent()
{
    using Cell = layer::Recurrent::Cell;
    const ParameterSchema cell{.name = "cell",
                               .label = "Cell",
                               .help = "What is carried from step to step.",
                               .type = ParameterType::choice,
                               .defaultValue = std::string{"lstm"},
                               .common = true,
                               .choices = {{"rnn", "RNN", "The plain one: forgets quickly."},
                                           {"lstm", "LSTM", "Remembers long. Hochreiter and Schmidhuber, 1997"},
                                           {"gru", "GRU", "Nearly as good with fewer weights. arXiv:1406.1078"}}};
    return kindOf<layer::Recurrent>(
        {.id = "recurrent",
         .label = "Recurrent",
         .help = "Reads step after step and remembers; a second input is what it remembers at the start.",
         .group = "Sequence",
         .stem = "rnn",
         .schema = {cell, wholeParameter("hidden", "Hidden", "Numbers carried from step to step, in each direction.", 64, 1, 65536),
                    wholeParameter("layers", "Layers", "Each reads the one below.", 1, 1, 16),
                    flagParameter("bidirectional", "Both ways", "Reads from the end as well, and gives both.", false),
                    shareParameter("dropout", "Dropout", "Share left out at random between layers.", 0)},
         .mostInputs = 2},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            const std::string cell = textOf(schema, p, "cell");
            return layer::Recurrent{.cell = cell == "rnn" ? Cell::rnn : cell == "gru" ? Cell::gru : Cell::lstm,
                                    .inFeatures = featuresOf(site),
                                    .hidden = integerOf(schema, p, "hidden"),
                                    .layers = integerOf(schema, p, "layers"),
                                    .bidirectional = booleanOf(schema, p, "bidirectional"),
                                    .dropout = realOf(schema, p, "dropout")};
        },
        [](const layer::Recurrent& l, const NetworkBrief&) {
            return Parameters{{"cell", std::string{l.cell == Cell::rnn ? "rnn" : l.cell == Cell::gru ? "gru" : "lstm"}},
                              {"hidden", l.hidden},
                              {"layers", l.layers},
                              {"bidirectional", l.bidirectional},
                              {"dropout", l.dropout}};
        });
}

LayerKind conv1d()
{
    return kindOf<layer::Conv1d>(
        {.id = "conv1d",
         .label = "Convolution 1D",
         .help = "Looks for the same patterns everywhere along the steps, and keeps their number.",
         .group = "Convolution",
         .stem = "conv",
         .schema = sizeParameters("channels", "Channels", "Patterns that are looked for.", 32)
             + Schema{wholeParameter("kernel", "Kernel", "Steps that one window sees.", 3, 1, 1024),
                      wholeParameter("dilation", "Every", "Steps between those that a window sees: 2 leaves out every other.", 1, 1, 65536),
                      flagParameter("causal", "Only back", "No step sees one that comes later.", false),
                      flagParameter("bias", "Bias", "A number is added to each channel.", true)},
         .width = "channels"},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::Conv1d{.inChannels = featuresOf(site),
                                 .outChannels = sizeOf(schema, p, "channels", site.brief),
                                 .kernel = integerOf(schema, p, "kernel"),
                                 .dilation = integerOf(schema, p, "dilation"),
                                 .causal = booleanOf(schema, p, "causal"),
                                 .bias = booleanOf(schema, p, "bias")};
        },
        [](const layer::Conv1d& l, const NetworkBrief&) {
            return Parameters{{"size", std::string{"given"}}, {"channels", l.outChannels}, {"kernel", l.kernel},
                              {"dilation", l.dilation},       {"causal", l.causal},        {"bias", l.bias}};
        });
}

LayerKind sequencePool()
{
    using Kind = layer::SequencePool::Kind;
    const ParameterSchema pool{.name = "pool",
                               .label = "Takes",
                               .help = "What stays of the steps; those that only fill up do not count.",
                               .type = ParameterType::choice,
                               .defaultValue = std::string{"mean"},
                               .common = true,
                               .choices = {{"mean", "Mean", "Of all steps."}, {"max", "Largest", "Of each feature."}, {"last", "Last", "The last step alone."}}};
    return kindOf<layer::SequencePool>(
        {.id = "sequence-pool", .label = "Pool steps", .help = "One vector of many steps.", .group = "Pooling", .stem = "pool", .schema = {pool}},
        [](const Schema& schema, const Parameters& p, const LayerSite&) {
            const std::string pool = textOf(schema, p, "pool");
            return layer::SequencePool{pool == "max" ? Kind::max : pool == "last" ? Kind::last : Kind::mean};
        },
        [](const layer::SequencePool& l, const NetworkBrief&) {
            return Parameters{{"pool", std::string{l.kind == Kind::max ? "max" : l.kind == Kind::last ? "last" : "mean"}}};
        });
}

ParameterSchema headsParameter()
{
    return wholeParameter("heads", "Heads", "Ways of looking side by side; must divide the width.", 4, 1, 1024);
}

ParameterSchema attentionDropout()
{
    return shareParameter("dropout", "Dropout", "Share of the attention left out at random.", 0);
}

LayerKind selfAttention()
{
    return kindOf<layer::SelfAttention>(
        {.id = "self-attention",
         .label = "Self-attention",
         .help = "Every step looks at every other and takes from it what it needs. arXiv:1706.03762",
         .group = "Attention",
         .stem = "attention",
         .schema = {headsParameter(), flagParameter("causal", "Only back", "A step sees itself and those before it.", false), attentionDropout()}},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::SelfAttention{featuresOf(site), integerOf(schema, p, "heads"), booleanOf(schema, p, "causal"), realOf(schema, p, "dropout")};
        },
        [](const layer::SelfAttention& l, const NetworkBrief&) {
            return Parameters{{"heads", l.heads}, {"causal", l.causal}, {"dropout", l.dropout}};
        });
}

LayerKind crossAttention()
{
    return kindOf<layer::CrossAttention>(
        {.id = "cross-attention",
         .label = "Cross-attention",
         .help = "Steps of the first input look at those of the second. arXiv:1706.03762",
         .group = "Attention",
         .stem = "cross_attention",
         .schema = {headsParameter(), attentionDropout()},
         .leastInputs = 2,
         .mostInputs = 2},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::CrossAttention{featuresOf(site), integerOf(schema, p, "heads"), realOf(schema, p, "dropout")};
        },
        [](const layer::CrossAttention& l, const NetworkBrief&) { return Parameters{{"heads", l.heads}, {"dropout", l.dropout}}; });
}

LayerKind classToken()
{
    return kindOf<layer::ClassToken>(
        {.id = "class-token",
         .label = "Class token",
         .help = "A learnt token is added at the end, to gather what the others know.",
         .group = "Sequence",
         .stem = "class"},
        [](const Schema&, const Parameters&, const LayerSite& site) { return layer::ClassToken{featuresOf(site)}; },
        [](const layer::ClassToken&, const NetworkBrief&) { return Parameters{}; });
}

LayerKind featureTokens()
{
    return kindOf<layer::FeatureTokens>(
        {.id = "feature-tokens",
         .label = "Numbers as tokens",
         .help = "Each number of a row becomes a token, as attention wants it. arXiv:2106.11959",
         .group = "Sequence",
         .stem = "tokens",
         .schema = {wholeParameter("width", "Width", "Numbers that stand for one.", 32, 1, 65536)}},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::FeatureTokens{featuresOf(site), integerOf(schema, p, "width")};
        },
        [](const layer::FeatureTokens& l, const NetworkBrief&) { return Parameters{{"width", l.width}}; });
}

LayerKind tiedDense()
{
    const ParameterSchema shared{.name = "embedding",
                                 .label = "Embedding",
                                 .help = "Name of the embedding whose vectors score the words.",
                                 .type = ParameterType::text,
                                 .defaultValue = std::string{"embedding"},
                                 .common = true};
    return kindOf<layer::TiedLinear>(
        {.id = "tied-dense",
         .label = "Tied scores",
         .help = "A score for each word by the vectors of an embedding, which it shares. arXiv:1608.05859",
         .group = "Dense",
         .stem = "head",
         .schema = {shared}},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::TiedLinear{textOf(schema, p, "embedding"), featuresOf(site), site.sharedEmbedding ? site.sharedEmbedding->vocabulary : 0};
        },
        [](const layer::TiedLinear& l, const NetworkBrief&) { return Parameters{{"embedding", l.embedding}}; });
}

}

std::vector<LayerKind> sequenceLayers()
{
    return {conv1d(),         recurrent(),   sequencePool(), selfAttention(), crossAttention(), embedding(),
            positionEmbedding(), classToken(), featureTokens(), tiedDense()};
}

}
