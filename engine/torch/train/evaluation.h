// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/data/batches.h"
#include "engine/torch/nn/graph_network.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace descent {

/// How wrong outputs are, as a scalar to learn from: mean over the batch.
/// classification: cross entropy in nats, labels smoothed ("Rethinking the Inception Architecture", section 7, arXiv:1512.00567)
/// regression: squared error of standardised targets; outputs [batch, 1]
at::Tensor lossOf(const at::Tensor& outputs, const at::Tensor& targets, double labelSmoothing);

/// What a model is worth on some samples, by metric.
/// classification: loss (cross entropy, labels as they are), accuracy, macro-f1 (mean over classes that occur)
/// regression: loss (as learnt), mae and r2 in the target's own unit
/// Runs without gradients, in evaluation mode; leaves the network in the mode it was in. Reads the device once, at the end.
/// `interrupted` is asked between batches: when it says yes, an empty map comes back.
std::map<std::string, double> evaluate(GraphNetwork& network, const ResidentSamples& samples,
                                       const std::vector<std::int64_t>& rows, const PreparedData& data,
                                       const std::function<bool()>& interrupted = {});

}
