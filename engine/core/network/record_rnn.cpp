// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/record_inputs.h"

namespace descent {

namespace {

layer::Recurrent::Cell cellOf(const std::string& name)
{
    using enum layer::Recurrent::Cell;
    return name == "lstm" ? lstm : name == "rnn" ? rnn : gru;
}

layer::SequencePool::Kind poolOf(const std::string& name)
{
    using enum layer::SequencePool::Kind;
    return name == "mean" ? mean : name == "last" ? last : max;
}

}

Architecture recordRnn()
{
    const Schema schema{
        {.name = "cell",
         .label = "Cell",
         .help = "How an event changes what is remembered of those before it.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"gru"},
         .common = true,
         .choices = {{"gru", "GRU", "Two gates: quick and good. arXiv:1406.1078"},
                     {"lstm", "LSTM", "Three gates and a memory of its own. Hochreiter and Schmidhuber (1997)"},
                     {"rnn", "RNN", "No gates: forgets soon."}}},
        {.name = "width",
         .label = "Width",
         .help = "Features of each event.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{32},
         .minimum = 2,
         .maximum = 4096,
         .logarithmic = true,
         .common = true},
        {.name = "hidden",
         .label = "Memory",
         .help = "Features that are remembered.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{64},
         .minimum = 2,
         .maximum = 4096,
         .logarithmic = true,
         .common = true},
        {.name = "layers",
         .label = "Layers",
         .help = "Each reads what the one below remembers.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{1},
         .minimum = 1,
         .maximum = 16},
        {.name = "bidirectional",
         .label = "Both ways",
         .help = "Also from the end to the beginning.",
         .type = ParameterType::boolean,
         .defaultValue = false},
        {.name = "pool",
         .label = "Judged by",
         .help = "What of the memory after each event decides.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"max"},
         .choices = {{"max", "Maximum", "The strongest sign of each kind, whenever it came."},
                     {"last", "Last", "What is remembered at the end."},
                     {"mean", "Mean", "All of it alike."}}},
        {.name = "dropout",
         .label = "Dropout",
         .help = "Share of features left out at random before the decision and between layers. arXiv:1207.0580",
         .type = ParameterType::real,
         .defaultValue = 0.2,
         .minimum = 0,
         .maximum = 1,
         .belowMaximum = true},
    };
    return {.id = "record-rnn",
            .label = "Recurrent network for records",
            .help = "Reads event after event and remembers: GRU, LSTM or RNN, with the time between events and their values.",
            .fits = fitsRecords,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                const double dropout = realOf(schema, parameters, "dropout");
                NetworkBuilder net{brief.inputs};
                appendEventEmbedding(net, brief, integerOf(schema, parameters, "width"));
                net.recurrent("memory", {.cell = cellOf(textOf(schema, parameters, "cell")),
                                         .hidden = integerOf(schema, parameters, "hidden"),
                                         .layers = integerOf(schema, parameters, "layers"),
                                         .bidirectional = booleanOf(schema, parameters, "bidirectional"),
                                         .dropout = dropout});
                net.sequencePool("pool", poolOf(textOf(schema, parameters, "pool")));
                if (dropout > 0)
                    net.dropout("dropout", dropout);
                net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
