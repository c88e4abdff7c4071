// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/distributed/gradient_buckets.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <c10/util/Exception.h>
#include <gloo/common/error.h>
#include <torch/csrc/distributed/c10d/reducer.hpp>
#include <type_traits>

namespace descent {

namespace {

/// The reducer looks for parameters that a pass did not use each time, since which they are may follow from the batch; that
/// there are none is nothing to warn of.
struct QuietWarnings : c10::WarningHandler {
    void process(const c10::Warning&) override {}
};

/// Later versions of torch want one more list, of which an empty one stands for what is said already.
template <typename Reducer>
std::unique_ptr<Reducer> makeReducer(std::vector<at::Tensor> parameters, std::vector<std::vector<std::size_t>> buckets,
                                     const c10::intrusive_ptr<c10d::ProcessGroup>& group, const BucketOptions& options)
{
    const std::vector<bool> sparse(parameters.size(), false);
    constexpr bool findUnused = true, gradientsAreViews = false, skipUnused = false, python = false;
    if constexpr (std::is_constructible_v<Reducer, std::vector<at::Tensor>, std::vector<std::vector<std::size_t>>, c10::intrusive_ptr<c10d::ProcessGroup>,
                                          std::vector<bool>, std::int64_t, bool, bool, std::unordered_map<std::size_t, std::string>, std::int64_t, bool,
                                          bool, std::vector<std::int64_t>>)
        return std::make_unique<Reducer>(std::move(parameters), std::move(buckets), group, sparse, options.largest, findUnused, gradientsAreViews,
                                         std::unordered_map<std::size_t, std::string>{}, options.first, skipUnused, python, std::vector<std::int64_t>{});
    else
        return std::make_unique<Reducer>(std::move(parameters), std::move(buckets), group, sparse, options.largest, findUnused, gradientsAreViews,
                                         std::unordered_map<std::size_t, std::string>{}, options.first, skipUnused, python);
}

}

GradientBuckets::GradientBuckets(ProcessGroup& group, std::vector<at::Tensor> parameters, BucketOptions options)
{
    try {
        c10d::verify_params_across_processes(group.gradients(), parameters, std::nullopt);
    } catch (const std::exception& error) {
        throw DescentError{text("the processes have different networks: %1", error.what())};
    }
    auto [buckets, limits] = c10d::compute_bucket_assignment_by_size(
        parameters, {static_cast<std::size_t>(options.first), static_cast<std::size_t>(options.largest)});
    std::reverse(buckets.begin(), buckets.end());
    m_reducer = makeReducer<c10d::Reducer>(std::move(parameters), std::move(buckets), group.gradients(), options);
}

GradientBuckets::~GradientBuckets() = default;

void GradientBuckets::backward(const at::Tensor& loss)
{
    QuietWarnings quiet;
    const c10::WarningUtils::WarningHandlerGuard guard{&quiet};
    m_reducer->prepare_for_forward();
    m_reducer->prepare_for_backward({loss});
    try {
        loss.backward();
    } catch (const gloo::Exception&) { // a connection broke: not what a network does by itself
        throw ProcessLost{-1, text("another process has gone")};
    }
}

}
