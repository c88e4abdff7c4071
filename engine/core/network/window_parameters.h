// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"

#include <optional>

namespace descent {

// What the architectures that forecast series have in common.

/// Whether each window is freed of its own level and spread, which the forecast gets back.
/// "Reversible Instance Normalization for Accurate Time-Series Forecasting against Distribution Shift", ICLR 2022; without the
/// paper's learnt factors, as the PatchTST authors use it.
ParameterSchema windowNormParameter(bool defaultValue);

/// The first layers: the window, normalised or as it is. Gives what endWindow needs.
NetworkBuilder::Node beginWindow(NetworkBuilder& net, const NetworkBrief& brief, bool normalised);
/// The last: [horizon, outputs] in the scale of the window again. `window`: what beginWindow gave.
void endWindow(NetworkBuilder& net, NetworkBuilder::Node window);
/// From features that know the whole window to [horizon, outputs], by one linear layer named "head".
void appendFutureHead(NetworkBuilder& net, const NetworkBrief& brief);

/// The columns of a series, to come, from its past.
bool fitsFuture(const NetworkBrief& brief);

}
