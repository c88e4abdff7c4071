// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/evaluation.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <span>
#include <torch/utils.h>

namespace descent {

namespace {

/// Samples judged at once. Without gradients only the widest layer counts: on a CPU its values are to stay in a thread's cache
/// (a GPT judges 1.7 times as fast in batches of 32 windows as of 1,024); a GPU is to be kept busy.
std::int64_t evaluationBatch(const GraphNetwork& network, at::Device device)
{
    const std::int64_t values = device.is_cpu() ? std::int64_t{at::get_num_threads()} << 20 : 32 << 20;
    return std::clamp<std::int64_t>(values / network.widestSample(), 1, 1024);
}

}

std::map<std::string, double> evaluate(GraphNetwork& network, const DeviceSamples& samples,
                                       const std::vector<std::int64_t>& rows, const TaskProgram& program,
                                       const std::map<std::string, double>& chosen,
                                       const std::function<bool()>& interrupted)
{
    const torch::NoGradGuard guard;
    const bool wasTraining = network.is_training();
    network.eval();
    const auto count = static_cast<std::int64_t>(rows.size());
    const std::int64_t batchSize = evaluationBatch(network, samples.device());
    const std::unique_ptr<Judge> judge = program.judge(chosen);
    bool stopped = false;
    samples.expect(rows, batchSize);
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
