// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optim/optimizer.h"

#include "engine/torch/optim/optimizer_kinds.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <torch/utils.h>

namespace descent {

namespace {

std::vector<ParameterGroup> groupsOf(const OptimizerOptions& options, const NamedTensors& parameters, const std::vector<double>& rateFactors,
                                     const std::vector<bool>& hiddenMatrices)
{
    std::vector<ParameterGroup> groups;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto& [name, parameter] = parameters[i];
        const double decay = options.decayMatricesOnly && parameter.dim() < 2 ? 0 : options.weightDecay;
        const double factor = rateFactors.empty() ? 1 : rateFactors[i];
        const bool matrices = options.kind == OptimizerOptions::Kind::muon && hiddenMatrices[i] && parameter.dim() >= 2;
        auto same = std::find_if(groups.begin(), groups.end(), [&](const ParameterGroup& group) {
            return group.weightDecay == decay && group.rateFactor == factor && group.hiddenMatrices == matrices;
        });
        if (same == groups.end())
            same = groups.insert(same, {.weightDecay = decay, .rateFactor = factor, .hiddenMatrices = matrices});
        same->names.push_back(name);
        same->parameters.push_back(parameter);
    }
    return groups;
}

std::vector<at::Tensor> gradientsOf(const std::vector<at::Tensor>& parameters)
{
    std::vector<at::Tensor> gradients;
    for (const at::Tensor& parameter : parameters)
        if (parameter.grad().defined())
            gradients.push_back(parameter.grad());
    return gradients;
}

}

Optimizer::Optimizer(std::vector<ParameterGroup> groups) : m_groups{std::move(groups)}
{
    for (const ParameterGroup& group : m_groups)
        m_parameters.insert(m_parameters.end(), group.parameters.begin(), group.parameters.end());
}

void Optimizer::step(double learningRate)
{
    const torch::NoGradGuard guard;
    ++m_steps;
    if (m_count.defined())
        m_count.fill_(static_cast<double>(m_steps));
    begin();
    for (ParameterGroup& group : m_groups) {
        const std::size_t count = group.gatherGradients();
        if (count == group.parameters.size())
            update(group, learningRate * group.rateFactor);
        else if (count > 0)
            update(group.withGradients(), learningRate * group.rateFactor);
        group.gradients.clear();
    }
}

void Optimizer::clearGradients()
{
    for (at::Tensor& parameter : m_parameters)
        parameter.mutable_grad().reset();
}

at::Tensor Optimizer::clipGradients(double maximum)
{
    const torch::NoGradGuard guard;
    const std::vector<at::Tensor> gradients = gradientsOf(m_parameters);
    if (gradients.empty())
        return at::zeros({});
    const bool onCpu = gradients.front().is_cpu();
    const auto count = static_cast<std::int64_t>(gradients.size());
    std::vector<at::Tensor> norms(gradients.size());
    if (onCpu) // the threads share out the parameters, not each of them
        at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
            const torch::NoGradGuard quiet;
            for (std::int64_t i = begin; i < end; ++i)
                norms[static_cast<std::size_t>(i)] = gradients[static_cast<std::size_t>(i)].norm();
        });
    else
        norms = at::_foreach_norm(gradients);
    const at::Tensor norm = at::stack(norms).norm(), scale = (maximum / (norm + 1e-6)).clamp_max(1.0);
    if (!onCpu)
        at::_foreach_mul_(gradients, scale);
    else if (scale.item<double>() < 1)
        at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
            const torch::NoGradGuard quiet;
            for (std::int64_t i = begin; i < end; ++i)
                gradients[static_cast<std::size_t>(i)].mul_(scale);
        });
    return norm;
}

void Optimizer::clipGradientValues(double maximum)
{
    const torch::NoGradGuard guard;
    const std::vector<at::Tensor> gradients = gradientsOf(m_parameters);
    if (gradients.empty())
        return;
    at::_foreach_clamp_min_(gradients, -maximum);
    at::_foreach_clamp_max_(gradients, maximum);
}

NamedTensors Optimizer::state() const
{
    NamedTensors state;
    for (const ParameterGroup& group : m_groups)
        for (const OptimizerMemory& memory : group.memories)
            for (std::size_t i = 0; i < group.names.size(); ++i)
                state.emplace_back(group.names[i] + memory.suffix, memory.tensors[i]);
    return state;
}

void Optimizer::countSteps()
{
    if (m_parameters.empty())
        return;
    m_count = at::zeros({}, m_parameters.front().options().dtype(at::kFloat).requires_grad(false));
    for (ParameterGroup& group : m_groups)
        group.stepCounts.assign(group.parameters.size(), m_count);
}

std::unique_ptr<Optimizer> makeOptimizer(const OptimizerOptions& options, const NamedTensors& parameters,
                                         const std::vector<double>& rateFactors, const std::vector<bool>& hiddenMatrices)
{
    using Kind = OptimizerOptions::Kind;
    if (!rateFactors.empty() && rateFactors.size() != parameters.size())
        throw std::invalid_argument{fmt::format("{} rates for {} parameters", rateFactors.size(), parameters.size())};
    if (options.kind == Kind::muon && hiddenMatrices.size() != parameters.size())
        throw std::invalid_argument{fmt::format("Muon is told of {} parameters whether they are hidden matrices, and has {}",
                                                hiddenMatrices.size(), parameters.size())};
    std::vector<ParameterGroup> groups = groupsOf(options, parameters, rateFactors, hiddenMatrices);
    switch (options.kind) {
    case Kind::sgd:
        return makeSgd(options, std::move(groups));
    case Kind::adam:
    case Kind::adamw:
        return makeAdam(options, std::move(groups));
    case Kind::nadam:
        return makeNadam(options, std::move(groups));
    case Kind::rmsprop:
        return makeRmsprop(options, std::move(groups));
    case Kind::adagrad:
        return makeAdagrad(options, std::move(groups));
    case Kind::lion:
        return makeLion(options, std::move(groups));
    case Kind::muon:
        return makeMuon(options, std::move(groups));
    }
    throw std::invalid_argument{"an optimizer of no kind"};
}

}
