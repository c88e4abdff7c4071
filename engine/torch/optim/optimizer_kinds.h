// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/optim/optimizer.h"

namespace descent {

/// SGD, with momentum and Nesterov's. "On the importance of initialization and momentum in deep learning" (2013).
std::unique_ptr<Optimizer> makeSgd(const OptimizerOptions& options, std::vector<ParameterGroup> groups);
/// Adam: arXiv:1412.6980. AdamW: arXiv:1711.05101.
std::unique_ptr<Optimizer> makeAdam(const OptimizerOptions& options, std::vector<ParameterGroup> groups);

}
