// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/distributed/gradient_buckets.h"
#include "engine/torch/distributed/process_group.h"
#include "engine/torch/nn/synchronized_batch_norm.h"

#include <torch/nn/module.h>

#include <map>
#include <optional>
#include <string>

namespace descent {

/// The network of this process and those of the others, kept the same: each learns from its share of a batch as one process
/// would from all of it, but for rounding. For one thread; all that stands here must be called by all processes, in the same
/// order. Throws ProcessLost wherever it needs another that has gone.
class Replicas : public SharedStatistics {
public:
    /// `group` and `network` outlive it. Weights and buffers become those of rank 0.
    Replicas(ProcessGroup& group, torch::nn::Module& network);

    bool leads() const { return m_group.leads(); }
    const GroupPlace& place() const { return m_group.place(); }
    ProcessGroup& group() { return m_group; }
    void align(); ///< weights and buffers become those of rank 0 again

    /// What a person asks of rank 0, and rank 0 of the others.
    struct Wish {
        bool stop = false;
        std::optional<double> learningRate;
    };
    /// Before each step: how much this process's share of the batch counts (its loss is a mean over so many), or 0 where it
    /// has none. Returns the wish of rank 0.
    Wish meet(double weight, const Wish& wish);

    /// Backward through the share that the processes met about: gradients become those of the mean over the whole batch.
    /// loss     float scalar, the mean over this process's share
    /// returns  float scalar: the mean over the whole batch, the same in all processes
    at::Tensor backward(const at::Tensor& loss);

    /// Figures of rank 0, which alone judges the network; in the others `figures` is not looked at.
    std::map<std::string, double> ofLeader(const std::map<std::string, double>& figures);

    void sum(at::Tensor& values) override { m_group.sum(values); }
    bool counts() const override { return m_weight > 0; }

private:
    ProcessGroup& m_group;
    torch::nn::Module& m_network;
    std::optional<GradientBuckets> m_buckets; // made at the first backward: layers may be frozen until then
    double m_weight = 0, m_wholeWeight = 0;   // of the batch at hand
};

}
