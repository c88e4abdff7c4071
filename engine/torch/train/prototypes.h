// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/data/device_samples.h"
#include "engine/torch/nn/graph_network.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace descent {

/// Fills a network's head (see embeddingLayer) with the mean features of each class, so that its scores name the class whose
/// mean is nearest to a sample's features. A Linear head gets weights 2p/s and biases -|p|²/s, p being the class's mean: its
/// scores differ from -|x - p|²/s by what all classes share. "Prototypical Networks for Few-shot Learning", section 2.4,
/// arXiv:1703.05175. s is the mean squared distance of the prototypes from their own mean: it does not change which is
/// nearest, and keeps the probabilities soft enough to go on learning from. A CosineLinear head gets the directions of the
/// means. "Low-Shot Learning with Imprinted Weights", arXiv:1712.07136.
/// rows: of `samples`, at least one of each class; in evaluation mode, without augmentation. The network keeps its mode.
/// Asks `interrupted` between batches, and leaves the head as it is when that says yes.
void fillPrototypes(GraphNetwork& network, const NetworkSpec& spec, const DeviceSamples& samples,
                    const std::vector<std::int64_t>& rows, const std::function<bool()>& interrupted = {});

}
