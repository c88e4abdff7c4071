// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/distributed/replicas.h"

#include <ATen/ATen.h>
#include <bit>
#include <cmath>
#include <limits>
#include <torch/utils.h>

namespace descent {

Replicas::Replicas(ProcessGroup& group, torch::nn::Module& network) : m_group{group}, m_network{network}
{
    align();
}

void Replicas::align()
{
    const torch::NoGradGuard guard;
    for (at::Tensor& parameter : m_network.parameters())
        m_group.takeFromLeader(parameter);
    for (at::Tensor& buffer : m_network.buffers())
        m_group.takeFromLeader(buffer);
}

Replicas::Wish Replicas::meet(double weight, const Wish& wish)
{
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    // Only rank 0 adds what it wishes to the others' zeros.
    at::Tensor said = at::zeros({3}, at::kDouble);
    auto* values = said.mutable_data_ptr<double>();
    values[0] = weight;
    if (leads()) {
        values[1] = wish.stop;
        values[2] = wish.learningRate.value_or(none);
    }
    m_group.sum(said);
    m_weight = weight;
    m_wholeWeight = values[0];
    return {.stop = values[1] > 0, .learningRate = std::isnan(values[2]) ? std::nullopt : std::optional{values[2]}};
}

at::Tensor Replicas::backward(const at::Tensor& loss)
{
    if (!m_buckets) {
        std::vector<at::Tensor> learning;
        for (const at::Tensor& parameter : m_network.parameters())
            if (parameter.requires_grad())
                learning.push_back(parameter);
        m_buckets.emplace(m_group, std::move(learning));
    }
    // The buckets take the mean over processes: times their number it is the sum over shares.
    const double share = m_wholeWeight > 0 ? m_weight / m_wholeWeight : 0;
    m_buckets->backward(loss * (share * place().size));
    at::Tensor whole = loss.detach().to(at::kDouble) * share;
    m_group.sum(whole);
    return whole.to(loss.scalar_type());
}

std::map<std::string, double> Replicas::ofLeader(const std::map<std::string, double>& figures)
{
    std::string written;
    for (const auto& [name, value] : figures) // bits, so that every process compares the very same numbers
        written += fmt::format("{} {}\n", name, std::bit_cast<std::uint64_t>(value));
    const std::string told = m_group.textOfLeader(written);
    std::map<std::string, double> read;
    for (std::size_t at = 0; at < told.size();) {
        const std::size_t space = told.find(' ', at), end = told.find('\n', at);
        read[told.substr(at, space - at)] = std::bit_cast<double>(std::uint64_t{std::stoull(told.substr(space + 1, end - space - 1))});
        at = end + 1;
    }
    return read;
}

}
