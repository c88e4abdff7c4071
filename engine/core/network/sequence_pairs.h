// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/architecture.h"

namespace descent {

/// What writes a second text while it reads a first: two inputs of token ids, and for each step of the second a score a word.
bool fitsTokenPairs(const NetworkBrief& brief);

/// Names of the layers that know the first input alone and are read by layers that know the second: what an encoder says, the
/// same for every word that is written. In the order of the network.
std::vector<std::string> encodedLayers(const NetworkSpec& network);

}
