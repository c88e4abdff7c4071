// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/recipe/recipe.h"
#include "engine/torch/optim/optimizer_options.h"
#include "engine/torch/precision/precision.h"

#include <chrono>
#include <cstdint>

namespace descent {

/// The training section of a recipe as the trainer reads it.
struct TrainingOptions {
    std::int64_t epochs = 10, batchSize = 32;
    std::int64_t accumulation = 1; ///< batches of one optimizer step
    OptimizerOptions optimizer;
    double labelSmoothing = 0;
    double focalGamma = 0;           ///< 0: plain cross entropy
    bool weighClasses = false;       ///< in the loss, by how rare they are
    bool balanceSampling = false;
    enum class ThresholdRule { bestF1, leastCost, half } thresholdRule = ThresholdRule::bestF1;
    double falseAlarmCost = 1, missCost = 1;
    double clipNorm = 0;            ///< 0: gradients are left as they are
    double clipValue = 0;           ///< likewise, of each number; before the norm is looked at
    Precision precision = Precision::float32;
    bool deterministic = true; ///< else the quickest kernels, see Arithmetic
    bool graphCapture = false; ///< on a GPU, see StepGraph
    std::int64_t earlyStopping = 0; ///< epochs without a better validation figure; 0: never
    std::int64_t threads = 0;       ///< 0: one a core
    std::chrono::milliseconds checkpointEvery{30'000}; ///< 0: after every step
    std::int64_t keptCheckpoints = 2;
    bool operator==(const TrainingOptions&) const = default;
};

TrainingOptions trainingOptions(const Parameters& training);

}
