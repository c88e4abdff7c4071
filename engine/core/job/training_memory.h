// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/job/training_job.h"

#include <cstdint>

namespace descent {

/// Bytes that training will take beside the data, which is in memory by then: weights, gradients and two moments of the
/// optimizer, and what every layer gives for a batch with its gradient. An estimate: workspaces of convolutions and
/// attentions come on top, and dead values are freed early.
std::int64_t trainingMemory(const PreparedTraining& training);

/// The same of a network and a batch of that many samples.
std::int64_t trainingMemory(const NetworkSpec& network, std::int64_t batchSize);

}
