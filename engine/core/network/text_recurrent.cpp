// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/text_parameters.h"

namespace descent {

Architecture textRecurrent()
{
    Schema schema{embeddingWidth(128)};
    for (ParameterSchema& parameter : recurrentParameters(128, 1))
        schema.push_back(std::move(parameter));
    schema.push_back({.name = "bidirectional",
                      .label = "Both directions",
                      .help = "Reads from the end as well.",
                      .type = ParameterType::boolean,
                      .defaultValue = true,
                      .common = true});
    schema.push_back({.name = "pool",
                      .label = "Sum up by",
                      .help = "What of all the steps goes to the scores.",
                      .type = ParameterType::choice,
                      .defaultValue = std::string{"max"},
                      .choices = {{"max", "Maximum", "The strongest value of each: finds the word that decides."},
                                  {"mean", "Mean", "All steps alike."},
                                  {"last", "Last", "What is remembered at the end."}}});
    schema.push_back(wordDropout(0.5));
    schema.push_back(outputDropout(0.5));
    return {.id = "lstm",
            .label = "LSTM, GRU, RNN",
            .help = "Reads word after word and remembers; in both directions if wanted.",
            .fits = fitsTextClasses,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                using enum layer::SequencePool::Kind;
                NetworkBuilder net{brief.inputs, Initialization::transformer};
                appendEmbedding(net, schema, parameters, brief);
                layer::Recurrent options = recurrentOptions(schema, parameters);
                options.bidirectional = booleanOf(schema, parameters, "bidirectional");
                net.recurrent("recurrent", options);
                const std::string pool = textOf(schema, parameters, "pool");
                net.sequencePool("pool", pool == "mean" ? mean : pool == "last" ? last : max);
                appendScores(net, schema, parameters, brief);
                return std::move(net).build();
            }};
}

}
