// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optim/averaged_weights.h"

#include "engine/core/recipe/catalog.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

namespace descent {

AveragingOptions averagingOptions(const Parameters& training)
{
    using Kind = AveragingOptions::Kind;
    const Schema& schema = trainingSchema();
    const std::string kind = textOf(schema, training, "averaging");
    return {.kind = kind == "ema" ? Kind::moving : kind == "swa" ? Kind::equal : Kind::none,
            .decay = realOf(schema, training, "averageDecay"),
            .fromEpoch = integerOf(schema, training, "averageFrom")};
}

AveragedWeights::AveragedWeights(torch::nn::Module& network, AveragingOptions options) : m_options{options}
{
    const torch::NoGradGuard guard;
    for (const auto& one : network.named_parameters())
        m_parameters.push_back({one.key(), one.value(), one.value().detach().clone()});
    if (options.kind == AveragingOptions::Kind::equal)
        for (const auto& one : network.named_buffers())
            m_statistics.push_back({one.key(), one.value(), one.value().clone()});
}

void AveragedWeights::update()
{
    const torch::NoGradGuard guard;
    if (m_count == 0) {
        for (const std::vector<Pair>* pairs : {&m_parameters, &m_statistics})
            for (const Pair& one : *pairs)
                one.average.copy_(one.own);
    } else {
        std::vector<at::Tensor> own, averages;
        for (const Pair& one : m_parameters) {
            own.push_back(one.own);
            averages.push_back(one.average);
        }
        const bool moves = m_options.kind == AveragingOptions::Kind::moving;
        at::_foreach_lerp_(averages, own, moves ? 1 - m_options.decay : 1 / static_cast<double>(m_count + 1));
    }
    ++m_count;
}

/// By their storages, so that it costs the same for every size; whoever holds a parameter (optimizer, layers) sees it change.
void AveragedWeights::swap()
{
    const torch::NoGradGuard guard;
    for (std::vector<Pair>* pairs : {&m_parameters, &m_statistics})
        for (Pair& one : *pairs) {
            const at::Tensor before = one.own.detach();
            one.own.set_data(one.average);
            one.average = before;
        }
}

void AveragedWeights::In::swap()
{
    if (m_average && m_average->m_count > 0)
        m_average->swap();
}

std::vector<std::pair<std::string, at::Tensor>> AveragedWeights::state() const
{
    std::vector<std::pair<std::string, at::Tensor>> state;
    for (const std::vector<Pair>* pairs : {&m_parameters, &m_statistics})
        for (const Pair& one : *pairs)
            state.emplace_back(one.name, one.average);
    return state;
}

void remeasureBatchNorms(GraphNetwork& network, at::Generator dropout, const std::function<std::optional<Batch>()>& next,
                         const std::function<bool()>& interrupted)
{
    constexpr double momentum = 0.1; // that our batch norms have
    struct Statistic {
        at::Tensor own, before, sum;
        std::int64_t measured = 0;
    };
    std::vector<Statistic> statistics;
    for (const auto& one : network.named_buffers())
        if (one.key().ends_with("running_mean") || one.key().ends_with("running_var"))
            statistics.push_back({one.value(), one.value().clone(), at::zeros_like(one.value(), at::kDouble)});
    if (statistics.empty())
        return;
    const torch::NoGradGuard guard;
    const bool wasTraining = network.is_training();
    bool stopped = false;
    network.train();
    while (const std::optional<Batch> batch = next()) {
        network.forward(batch->inputs, dropout);
        for (Statistic& one : statistics) {
            if (at::equal(one.own, one.before))
                continue; // frozen, or nothing to measure
            one.sum += (one.own.to(at::kDouble) - (1 - momentum) * one.before.to(at::kDouble)) / momentum;
            ++one.measured;
            one.own.copy_(one.before);
        }
        if ((stopped = interrupted && interrupted()))
            break;
    }
    for (Statistic& one : statistics)
        if (one.measured > 0 && !stopped)
            one.own.copy_(one.sum / static_cast<double>(one.measured));
    network.train(wasTraining);
}

}
