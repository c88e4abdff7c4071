// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"

namespace descent {

// What the networks that read tokens are asked and built from.

bool fitsTextClasses(const NetworkBrief& brief); ///< one sequence of tokens, a score a class
bool fitsNextTokens(const NetworkBrief& brief);  ///< one sequence of tokens, a score a token for what comes next

ParameterSchema embeddingWidth(std::int64_t defaultWidth);
ParameterSchema wordDropout(double defaultDropout);   ///< "embeddingDropout"
ParameterSchema outputDropout(double defaultDropout); ///< "dropout"
/// cell, hidden, layers: of a recurrent network.
Schema recurrentParameters(std::int64_t defaultHidden, std::int64_t defaultLayers);
layer::Recurrent recurrentOptions(const Schema& schema, const Parameters& parameters);

/// Token ids to vectors, some of whose values are left out at random while training.
void appendEmbedding(NetworkBuilder& net, const Schema& schema, const Parameters& parameters, const NetworkBrief& brief);
/// Dropout where there is any, then a score for each output.
void appendScores(NetworkBuilder& net, const Schema& schema, const Parameters& parameters, const NetworkBrief& brief);

}
