// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/text_parameters.h"

namespace descent {

bool fitsTextClasses(const NetworkBrief& brief)
{
    return brief.reads({NetworkInput::Kind::tokens}) && brief.output == NetworkBrief::Output::numbers;
}

bool fitsNextTokens(const NetworkBrief& brief)
{
    return brief.reads({NetworkInput::Kind::tokens}) && brief.output == NetworkBrief::Output::nextTokens;
}

ParameterSchema embeddingWidth(std::int64_t defaultWidth)
{
    return {.name = "width",
            .label = "Embedding",
            .help = "Numbers that stand for a token.",
            .type = ParameterType::integer,
            .defaultValue = defaultWidth,
            .minimum = 1,
            .maximum = 4096,
            .logarithmic = true,
            .common = true};
}

namespace {

ParameterSchema dropoutParameter(const char* name, const char* label, const char* help, double defaultDropout)
{
    return {.name = name,
            .label = label,
            .help = help,
            .type = ParameterType::real,
            .defaultValue = defaultDropout,
            .minimum = 0,
            .maximum = 1,
            .belowMaximum = true};
}

}

ParameterSchema wordDropout(double defaultDropout)
{
    return dropoutParameter("embeddingDropout", "Dropout of embeddings", "Share of the tokens' numbers left out at random.",
                            defaultDropout);
}

ParameterSchema outputDropout(double defaultDropout)
{
    return dropoutParameter("dropout", "Dropout", "Share of values left out at random before the scores. arXiv:1207.0580",
                            defaultDropout);
}

Schema recurrentParameters(std::int64_t defaultHidden, std::int64_t defaultLayers)
{
    return {
        {.name = "cell",
         .label = "Cell",
         .help = "What is carried from token to token.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"lstm"},
         .common = true,
         .choices = {{"lstm", "LSTM", "Remembers long. Hochreiter and Schmidhuber, 1997"},
                     {"gru", "GRU", "Nearly as good with fewer weights. arXiv:1406.1078"},
                     {"rnn", "RNN", "The plain one: forgets quickly."}}},
        {.name = "hidden",
         .label = "Hidden",
         .help = "Numbers carried from token to token, in each direction.",
         .type = ParameterType::integer,
         .defaultValue = defaultHidden,
         .minimum = 1,
         .maximum = 4096,
         .logarithmic = true,
         .common = true},
        {.name = "layers",
         .label = "Layers",
         .help = "Recurrent layers, each reading the one below.",
         .type = ParameterType::integer,
         .defaultValue = defaultLayers,
         .minimum = 1,
         .maximum = 8,
         .common = true},
    };
}

layer::Recurrent recurrentOptions(const Schema& schema, const Parameters& parameters)
{
    using enum layer::Recurrent::Cell;
    const std::string cell = textOf(schema, parameters, "cell");
    return {.cell = cell == "rnn" ? rnn : cell == "gru" ? gru : lstm,
            .hidden = integerOf(schema, parameters, "hidden"),
            .layers = integerOf(schema, parameters, "layers"),
            .dropout = realOf(schema, parameters, "dropout")};
}

void appendEmbedding(NetworkBuilder& net, const Schema& schema, const Parameters& parameters, const NetworkBrief& brief)
{
    net.embedding("embedding", brief.inputs.front().vocabulary, integerOf(schema, parameters, "width"));
    if (const double dropout = realOf(schema, parameters, "embeddingDropout"); dropout > 0)
        net.dropout("embeddingDropout", dropout);
}

void appendScores(NetworkBuilder& net, const Schema& schema, const Parameters& parameters, const NetworkBrief& brief)
{
    if (const double dropout = realOf(schema, parameters, "dropout"); dropout > 0)
        net.dropout("dropout", dropout);
    net.linear("head", brief.outputs);
}

}
