// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"

namespace descent {

/// A score a class from coded events and numbers that go with each: codes [steps], padded, and [steps, features].
bool fitsRecords(const NetworkBrief& brief);

/// Code and numbers of each event as one vector, [steps, width]: an embedding, and a small network of the numbers added to it,
/// so that time enters as a smooth function. "Time2Vec" (arXiv:1907.05321) in spirit; GELU in place of its sines.
void appendEventEmbedding(NetworkBuilder& net, const NetworkBrief& brief, std::int64_t width);

}
