// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/checkpoint/training_state.h"
#include "engine/core/task/task.h"
#include "engine/torch/checkpoint/checkpoint.h"

#include <cstdint>
#include <map>
#include <string>

namespace descent {

/// The best network so far, by the task's primary figure on validation: its weights, its figures, and how long ago it was.
class BestModel {
public:
    using Metrics = std::map<std::string, double>;
    explicit BestModel(const TaskKind& task) : m_task{task} {} // which outlives it

    /// Keeps a copy of `network` where its figures beat the best so far; tells whether they do.
    /// validation: by metric. bySeries: what is told of this epoch.
    bool consider(const torch::nn::Module& network, std::int64_t epoch, const Metrics& validation, const Metrics& bySeries);
    /// The network has learnt since.
    void moveOn() { m_isPresent = false; }

    bool exists() const { return !m_weights.empty(); }
    const Snapshot& weights() const { return m_weights; }
    const Metrics& validation() const { return m_validation; } ///< empty: none yet
    const Metrics& epoch() const { return m_epoch; }           ///< by series, with "epoch"
    std::int64_t epochsWithoutBest() const { return m_epochsWithout; }

    /// Its part of a checkpoint: figures go into `state`, weights to `tensors` unless they are the network's own.
    void save(TrainingState& state, NamedTensors& tensors) const;
    /// Takes it back; `network` is as it was when it was saved. Problems: the weights are not in the file.
    Problems restore(const TrainingState& state, const WeightsFile& weights, const torch::nn::Module& network);

private:
    bool isBetter(const Metrics& validation) const;

    const TaskKind& m_task;
    Snapshot m_weights;
    Metrics m_validation, m_epoch;
    std::int64_t m_epochsWithout = 0;
    bool m_isPresent = false; // the network has not learnt since it was the best
};

}
