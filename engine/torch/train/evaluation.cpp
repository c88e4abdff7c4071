// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/evaluation.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <span>
#include <torch/utils.h>

namespace descent {

namespace {

/// Without gradients a batch needs little memory; larger ones keep the device busy, smaller ones the cache warm.
constexpr std::int64_t evaluationBatch = 256;
constexpr std::int64_t valuesPerBatch = 32 << 20; // for large pictures

}

std::map<std::string, double> evaluate(GraphNetwork& network, const ResidentSamples& samples,
                                       const std::vector<std::int64_t>& rows, const TaskProgram& program,
                                       const std::map<std::string, double>& chosen,
                                       const std::function<bool()>& interrupted)
{
    const torch::NoGradGuard guard;
    const bool wasTraining = network.is_training();
    network.eval();
    const auto count = static_cast<std::int64_t>(rows.size());
    const std::int64_t perSample = std::max<std::int64_t>(1, samples.preparedBytes(1) / 4);
    const std::int64_t batchSize = std::clamp<std::int64_t>(valuesPerBatch / perSample, 1, evaluationBatch);
    const std::unique_ptr<Judge> judge = program.judge(chosen);
    bool stopped = false;
    for (std::int64_t start = 0; start < count && !stopped; start += batchSize) {
        const std::int64_t size = std::min(batchSize, count - start);
        const auto some = std::span{rows}.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(size));
        Batch batch = samples.gather(some);
        batch.rows = some;
        judge->take(network, batch);
        stopped = interrupted && interrupted();
    }
    network.train(wasTraining);
    return stopped ? std::map<std::string, double>{} : judge->figures();
}

}
