// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/distributed/replicas.h"
#include "engine/torch/nn/graph_network.h"
#include "engine/torch/precision/precision.h"
#include "engine/torch/task/task_program.h"
#include "engine/torch/train/dense_pass.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace descent {

/// Forward and backward through a batch. On a CPU of several threads a batch is shared out among them where its samples have
/// nothing to do with each other: each thread takes its samples from the first layer to the last and back by itself, where
/// threads that share every operation wait for each other at the end of each (a small GPT: 1.3 times the time).
/// The numbers are those of one pass but for rounding, and the same for the same number of threads.
/// Each share has gradients of its own, which are added up: worth it where a parameter is used often in a batch.
class GradientPass {
public:
    /// `network` and `program` outlive it. `seed`: of the dropout of shares.
    /// replicas: batches are shared among processes, and so not among threads; null: they are not.
    /// precision: in which the network computes; what it says, and the loss, are float32.
    GradientPass(GraphNetwork& network, const TaskProgram& program, std::uint64_t seed, bool shares, Replicas* replicas = nullptr,
                 Precision precision = Precision::float32);

    /// From now on the network goes without autograd where `dense` is something and fits, in float32 and in one process.
    void goDense(std::optional<DensePass> dense) { m_dense = std::move(dense); }

    /// Whether shares pay for batches of so many samples.
    static bool sharesPay(const NetworkSpec& network, std::int64_t batchSize);

    /// Adds the gradients of the batch's loss, multiplied by `part`, to those of the network's parameters, as backward() does.
    /// Returns that product. number: of the batch in the run, for the dropout of shares.
    at::Tensor run(const Batch& batch, std::int64_t number, double part = 1);
    /// The same for the batches of one optimizer step: the gradient of the mean over all that their losses are the means of.
    /// number: of the first batch.
    at::Tensor run(const std::vector<Batch>& batches, std::int64_t number);

    /// What gradients, but not the losses returned, are multiplied by from now on: a LossScaler's factor.
    void scaleGradients(double factor) { m_factor = factor; }

    /// What the network said to the last batch.
    at::Tensor outputs() const;
    void setOutputs(at::Tensor outputs) { m_outputs = {std::move(outputs)}; } ///< of a pass that was replayed
    /// Lets go of it, so that the next pass gets the same memory, which is still in the cache.
    void clear() { m_outputs.clear(); }

private:
    std::int64_t sharesOf(const Batch& batch) const;
    at::Tensor runShared(const Batch& batch, std::int64_t shares, std::int64_t number, double part);
    at::Tensor runDense(const Batch& batch, double part);
    at::Tensor forward(const Batch& batch, at::Generator* dropout); // null: the network's own
    at::Tensor scaled(const at::Tensor& loss) const { return m_factor == 1 ? loss : loss * m_factor; }

    GraphNetwork& m_network;
    const TaskProgram& m_program;
    const std::uint64_t m_seed;
    const bool m_shares;
    Replicas* const m_replicas;
    const Precision m_precision;
    std::optional<DensePass> m_dense;
    double m_factor = 1;
    std::vector<at::Tensor> m_parameters, m_outputs;
};

}
