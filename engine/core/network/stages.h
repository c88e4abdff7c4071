// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/network/network_spec.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// A part of a network that is kept, held or slowed down as one.
struct Stage {
    std::string name; ///< what its layers' names begin with: "layer1", "blocks.0"; of the head "head"
    std::int64_t parameterCount = 0;
    bool isHead = false;
    bool operator==(const Stage&) const = default;
};

/// A network parted into stages.
struct Stages {
    std::vector<Stage> stages;         ///< as they stand in the network, the head last; only those with weights
    std::vector<std::int32_t> stageOf; ///< by layer: a position in `stages`, or -1 for a layer without weights
};

/// Stages by the first dotted part of the layers' names; a part that would hold more than half of the layers with weights is
/// parted at its next dot, and norms alone join the stage before them. The head is what turns features into the answer, and so depends on what is learnt: on every way
/// back from the output the first layer that mixes features, with the norms behind it. Where it scores words by the vectors
/// of an embedding, that embedding is of the head too.
Stages stagesOf(const NetworkSpec& network);

/// The layer whose tensors are named `tensor` ("layer1.0.conv1.weight"), as a position; -1: no layer has it.
std::int32_t layerOfTensor(const NetworkSpec& network, std::string_view tensor);

/// Which layers do not learn. `freeze`: "none", "trunk" (all but the head), or a stage: it and those before it. A layer
/// without weights holds still with the frozen layer that reads it, so that dropout before the head stays on.
/// The problem (path "start.freeze") names the stages there are.
Result<std::vector<bool>> frozenLayers(const NetworkSpec& network, std::string_view freeze);

/// By layer, what the learning rate is multiplied by where its weights were taken over: 1 in the head; in the trunk
/// `trunkRate`, times `decay` once for each stage from the head down.
/// "Universal Language Model Fine-tuning for Text Classification", section 3.2 (discriminative rates), arXiv:1801.06146
std::vector<double> rateFactors(const Stages& stages, double trunkRate, double decay);

/// The layer whose value the head reads, as a position, where the head is one layer that gives a score a class of a vector:
/// Linear with a bias, or CosineLinear. -1: the head is another.
std::int32_t embeddingLayer(const NetworkSpec& network);

}
