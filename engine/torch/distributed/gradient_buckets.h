// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/distributed/process_group.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace c10d {
class Reducer;
}

namespace descent {

/// Sizes in bytes. The first bucket is small, so that the connections have work early in a backward pass.
/// "PyTorch Distributed: Experiences on Accelerating Data Parallel Training", section 3.2, arXiv:2006.15704
struct BucketOptions {
    std::int64_t first = std::int64_t{1} << 20;
    std::int64_t largest = std::int64_t{25} << 20;
    bool operator==(const BucketOptions&) const = default;
};

/// Makes each gradient the mean over all processes while the rest of the backward pass goes on: gradients are gathered in
/// buckets in the order in which they come, last layers first, and a full one is on its way while others are worked out. The
/// work is c10d's Reducer's, as under torch's DistributedDataParallel.
/// A parameter that no process used keeps no gradient; one that some used has the others' zeros in its mean.
class GradientBuckets {
public:
    /// parameters: those that learn, in the order of use; equal in all processes. Throws DescentError where they are not.
    /// `group` outlives it.
    GradientBuckets(ProcessGroup& group, std::vector<at::Tensor> parameters, BucketOptions options = {});
    ~GradientBuckets();

    /// loss.backward(), after which .grad is the mean over all processes. Without this, as for all but the last of several
    /// batches whose gradients are added up, a backward pass is this process's own. Throws ProcessLost.
    void backward(const at::Tensor& loss);

private:
    std::unique_ptr<c10d::Reducer> m_reducer;
};

}
