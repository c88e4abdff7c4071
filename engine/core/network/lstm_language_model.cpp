// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/text_parameters.h"

namespace descent {

Architecture lstmLanguageModel()
{
    Schema schema{embeddingWidth(128)};
    for (ParameterSchema& parameter : recurrentParameters(256, 1))
        schema.push_back(std::move(parameter));
    schema.push_back(wordDropout(0.0));
    schema.push_back(outputDropout(0.0));
    return {.id = "lstm-language-model",
            .label = "LSTM language model",
            .help = "Reads token after token and says what comes next; light, and good on little text.",
            .fits = fitsNextTokens,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                NetworkBuilder net{brief.inputs, Initialization::transformer};
                appendEmbedding(net, schema, parameters, brief);
                net.recurrent("recurrent", recurrentOptions(schema, parameters));
                appendScores(net, schema, parameters, brief);
                return std::move(net).build();
            }};
}

}
