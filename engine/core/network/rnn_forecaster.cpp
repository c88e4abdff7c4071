// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"
#include "engine/core/network/window_parameters.h"

namespace descent {

/// Reads the window step after step; what it remembers at the last one gives the whole future at once.
Architecture rnnForecaster()
{
    const Schema schema{
        {.name = "cell",
         .label = "Cell",
         .help = "How it remembers.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"lstm"},
         .common = true,
         .choices = {{"rnn", "RNN", "One state, overwritten at each step: forgets soon."},
                     {"lstm", "LSTM", "Gates keep a second state over long stretches. Neural Computation 9(8), 1997."},
                     {"gru", "GRU", "Gates with one state: nearly an LSTM, and smaller. arXiv:1406.1078"}}},
        {.name = "width",
         .label = "Width",
         .help = "Numbers it remembers from step to step.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{64},
         .minimum = 1,
         .maximum = 4096,
         .logarithmic = true,
         .common = true},
        {.name = "layers",
         .label = "Layers",
         .help = "One reads what the one below remembers.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{1},
         .minimum = 1,
         .maximum = 8,
         .common = true},
        {.name = "dropout",
         .label = "Dropout",
         .help = "Share left out at random between layers and before the last. arXiv:1207.0580",
         .type = ParameterType::real,
         .defaultValue = 0.1,
         .minimum = 0,
         .maximum = 1,
         .belowMaximum = true},
        windowNormParameter(true),
    };
    return {.id = "rnn-forecaster",
            .label = "RNN, LSTM, GRU",
            .help = "Reads the past step after step and remembers: for short windows and columns that act on each other.",
            .fits = fitsFuture,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                using enum layer::Recurrent::Cell;
                const std::string cell = textOf(schema, parameters, "cell");
                const double dropout = realOf(schema, parameters, "dropout");
                NetworkBuilder net{brief.inputs};
                const NetworkBuilder::Node window = beginWindow(net, brief, booleanOf(schema, parameters, "windowNorm"));
                net.recurrent("rnn",
                              {.cell = cell == "rnn" ? rnn : cell == "gru" ? gru : lstm,
                               .hidden = integerOf(schema, parameters, "width"),
                               .layers = integerOf(schema, parameters, "layers"),
                               .dropout = dropout},
                              window);
                net.sequencePool("last", layer::SequencePool::Kind::last);
                if (dropout > 0)
                    net.dropout("dropout", dropout);
                appendFutureHead(net, brief);
                endWindow(net, window);
                return std::move(net).build();
            }};
}

}
