// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/training_memory.h"

#include <algorithm>

namespace descent {

namespace {

constexpr std::int64_t bytesPerNumber = 4;
constexpr std::int64_t perWeight = 4; // weight, gradient, two moments
constexpr std::int64_t perOutput = 2; // value, gradient

}

std::int64_t trainingMemory(const NetworkSpec& network, std::int64_t batchSize)
{
    double outputs = 0; // as a real: a batch of 65,536 large pictures has more numbers than fit an int64 of bytes
    for (const LayerNode& layer : network.layers) {
        double size = 1;
        for (const std::int64_t length : layer.outputShape)
            size *= static_cast<double>(std::max<std::int64_t>(length, 1));
        outputs += size;
    }
    const double bytes = bytesPerNumber
        * (perWeight * static_cast<double>(network.parameterCount()) + perOutput * outputs * static_cast<double>(batchSize));
    return static_cast<std::int64_t>(std::min(bytes, 9e18));
}

std::int64_t trainingMemory(const PreparedTraining& training)
{
    return trainingMemory(training.network, integerOf(trainingSchema(), training.recipe.training, "batchSize"));
}

}
