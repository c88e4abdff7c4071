// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/network_spec.h"

#include <vector>

namespace descent {

/// By layer, whether its weights (not its biases) are matrices from features to features, for which an optimizer may use what
/// is known of matrices: Linear, Conv1d, Conv2d, Recurrent, attention, in front of the head. Not the head itself, nor
/// embeddings, norms and learnt tokens, nor convolutions in groups, whose filters do not read the same channels.
/// The parting is that of "Muon: An optimizer for hidden layers in neural networks" (2024).
std::vector<bool> hiddenMatrixLayers(const NetworkSpec& network);

}
