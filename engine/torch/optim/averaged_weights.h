// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/schema/parameter_schema.h"
#include "engine/torch/data/device_samples.h"
#include "engine/torch/nn/graph_network.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace descent {

/// What is averaged of the weights that a training goes through.
struct AveragingOptions {
    enum class Kind { none, moving, equal } kind = Kind::none;
    double decay = 0.999;       ///< moving: how much of the average stays at a step
    std::int64_t fromEpoch = 0; ///< so many epochs are learnt before the first weights are taken
    bool operator==(const AveragingOptions&) const = default;
};
AveragingOptions averagingOptions(const Parameters& training);

/// An average of a network's weights over optimizer steps, which begins as a copy of the first, so that nothing pulls it towards
/// zero. As torch.optim.swa_utils.AveragedModel with get_ema_multi_avg_fn (moving) or get_swa_multi_avg_fn (equal).
/// moving: batch norms go with the network's newest statistics.
/// equal: "Averaging Weights Leads to Wider Optima and Better Generalization", arXiv:1803.05407. Batch norms have statistics of
/// their own, which remeasureBatchNorms() must find while the average is in.
class AveragedWeights {
public:
    /// `network` outlives it, and is on its device.
    AveragedWeights(torch::nn::Module& network, AveragingOptions options);

    void update();                              ///< takes the network's weights in
    std::int64_t count() const { return m_count; } ///< of weights taken in; 0: there is no average

    /// While it lives, the network has the average, where there is one; then its own weights and statistics again. No step may
    /// be taken meanwhile.
    class In {
    public:
        explicit In(AveragedWeights* average) : m_average{average} { swap(); } ///< null: nothing happens
        ~In() { swap(); }
        In(const In&) = delete;
        In& operator=(const In&) = delete;

    private:
        void swap();
        AveragedWeights* m_average;
    };

    /// What a checkpoint must hold beside count(). The tensors are the average's own: what is put into them is its new value.
    std::vector<std::pair<std::string, at::Tensor>> state() const;
    void setCount(std::int64_t count) { m_count = count; }

private:
    void swap();

    const AveragingOptions m_options;
    struct Pair {
        std::string name;
        at::Tensor own, average; // values change places
    };
    std::vector<Pair> m_parameters, m_statistics; // statistics: none of a moving average
    std::int64_t m_count = 0;
};

/// Gives batch norms the mean of the statistics that they measure on each of the batches that `next` gives, until none comes:
/// torch.optim.swa_utils.update_bn. Frozen ones keep theirs, and so do all where no batch comes or `interrupted`, asked between
/// batches, says yes. Leaves the network in the mode it was in. `dropout` is drawn from.
void remeasureBatchNorms(GraphNetwork& network, at::Generator dropout, const std::function<std::optional<Batch>()>& next,
                         const std::function<bool()>& interrupted = {});

}
