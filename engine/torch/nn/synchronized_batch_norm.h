// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace descent {

/// Adds up what several processes have of a batch that they share.
class SharedStatistics {
public:
    virtual ~SharedStatistics() = default;
    /// In place, the sum over all processes. Called the same number of times, in the same order, in each of them.
    virtual void sum(at::Tensor& values) = 0;
    /// Whether this process's samples count: not where it has none of its own and only keeps the others company.
    virtual bool counts() const = 0;
};

/// Batch normalisation in training, by the mean and variance of a batch that is shared among processes: forward and backward
/// equal those of one process with all of it, but for rounding.
/// x                           float [batch, channels, …]
/// weight, bias                float [channels]
/// runningMean, runningVar     float [channels], moved towards the batch's by `momentum`, the variance unbiased, as torch.nn does
/// returns                     float, as x; no autograd through the running statistics
/// As torch.nn.SyncBatchNorm (torch/nn/modules/_functions.py), with sums in place of gathered means: what is summed is
/// worked out from each process's own mean and variance in double, so nothing cancels.
at::Tensor synchronizedBatchNorm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& runningMean,
                                 const at::Tensor& runningVar, double momentum, double epsilon, SharedStatistics& statistics);

}
