// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optim/optimizer.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <torch/utils.h>

namespace descent {

namespace {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

std::vector<at::Tensor> at_(const std::vector<at::Tensor>& all, const std::vector<std::size_t>& indices)
{
    std::vector<at::Tensor> chosen;
    chosen.reserve(indices.size());
    for (const std::size_t i : indices)
        chosen.push_back(all[i]);
    return chosen;
}

std::vector<at::Tensor> zerosLike(const NamedTensors& parameters)
{
    std::vector<at::Tensor> zeros;
    for (const auto& [name, parameter] : parameters)
        zeros.push_back(at::zeros_like(parameter, parameter.options().requires_grad(false), at::MemoryFormat::Preserve));
    return zeros;
}

void appendState(NamedTensors& state, const NamedTensors& parameters, const std::vector<at::Tensor>& values,
                 const std::string& suffix)
{
    for (std::size_t i = 0; i < values.size(); ++i)
        state.emplace_back(parameters[i].first + suffix, values[i]);
}

/// The parameters that share a decay and a rate, as positions in a list of those that have gradients.
struct Group {
    double weightDecay = 0, rateFactor = 1;
    std::vector<std::size_t> members;
};

/// indices: where each of `parameters` stands in `rateFactors`.
std::vector<Group> groupsOf(const OptimizerOptions& options, const std::vector<double>& rateFactors,
                            const std::vector<at::Tensor>& parameters, const std::vector<std::size_t>& indices)
{
    std::vector<Group> groups;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const double decay = options.decayMatricesOnly && parameters[i].dim() < 2 ? 0 : options.weightDecay;
        const double factor = rateFactors.empty() ? 1 : rateFactors[indices[i]];
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
            return group.weightDecay == decay && group.rateFactor == factor;
        });
        (same == groups.end() ? groups.emplace_back(Group{decay, factor, {}}) : *same).members.push_back(i);
    }
    return groups;
}

class Sgd : public Optimizer {
public:
    Sgd(const OptimizerOptions& options, NamedTensors parameters, std::vector<double> rateFactors)
        : Optimizer{std::move(parameters)}, m_options{options}, m_rateFactors{std::move(rateFactors)}
    {
        if (options.momentum > 0)
            m_momentum = zerosLike(m_parameters);
    }
    NamedTensors state() const override
    {
        NamedTensors state;
        appendState(state, m_parameters, m_momentum, ".momentum");
        return state;
    }

protected:
    void update(const std::vector<at::Tensor>& parameters, const std::vector<at::Tensor>& gradients,
                const std::vector<std::size_t>& indices, double learningRate) override
    {
        // Zeros with dampening 0 give the first step that torch.optim gives by copying the gradient.
        const std::vector<at::Tensor> momentum = m_momentum.empty() ? std::vector<at::Tensor>{} : at_(m_momentum, indices);
        for (const Group& group : groupsOf(m_options, m_rateFactors, parameters, indices))
            at::_fused_sgd_(at_(parameters, group.members), at_(gradients, group.members),
                            momentum.empty() ? momentum : at_(momentum, group.members), group.weightDecay, m_options.momentum,
                            learningRate * group.rateFactor, 0.0, m_options.nesterov && m_options.momentum > 0, false, false);
    }

private:
    const OptimizerOptions m_options;
    const std::vector<double> m_rateFactors;
    std::vector<at::Tensor> m_momentum;
};

class Adam : public Optimizer {
public:
    Adam(const OptimizerOptions& options, NamedTensors parameters, std::vector<double> rateFactors)
        : Optimizer{std::move(parameters)}, m_options{options}, m_rateFactors{std::move(rateFactors)}
    {
        m_mean = zerosLike(m_parameters);
        m_square = zerosLike(m_parameters);
        if (!m_parameters.empty())
            m_step = at::zeros({}, m_parameters.front().second.options().dtype(at::kFloat).requires_grad(false));
    }
    NamedTensors state() const override
    {
        NamedTensors state;
        appendState(state, m_parameters, m_mean, ".mean");
        appendState(state, m_parameters, m_square, ".square");
        return state;
    }

protected:
    void update(const std::vector<at::Tensor>& parameters, const std::vector<at::Tensor>& gradients,
                const std::vector<std::size_t>& indices, double learningRate) override
    {
        m_step.fill_(static_cast<double>(m_steps));
        const std::vector<at::Tensor> mean = at_(m_mean, indices), square = at_(m_square, indices);
        for (const Group& group : groupsOf(m_options, m_rateFactors, parameters, indices)) {
            const std::vector<at::Tensor> steps(group.members.size(), m_step); // one count serves all: the kernel only reads it
            const std::vector<at::Tensor> weights = at_(parameters, group.members), slopes = at_(gradients, group.members),
                                          means = at_(mean, group.members), squares = at_(square, group.members);
            if (m_options.kind == OptimizerOptions::Kind::adamw)
                at::_fused_adamw_(weights, slopes, means, squares, {}, steps, learningRate * group.rateFactor, m_options.beta1, m_options.beta2,
                                  group.weightDecay, m_options.epsilon, false, false);
            else
                at::_fused_adam_(weights, slopes, means, squares, {}, steps, learningRate * group.rateFactor, m_options.beta1, m_options.beta2,
                                 group.weightDecay, m_options.epsilon, false, false);
        }
    }

private:
    const OptimizerOptions m_options;
    const std::vector<double> m_rateFactors;
    std::vector<at::Tensor> m_mean, m_square;
    at::Tensor m_step;
};

}

Optimizer::Optimizer(NamedTensors parameters) : m_parameters{std::move(parameters)} {}

void Optimizer::step(double learningRate)
{
    const torch::NoGradGuard guard;
    std::vector<at::Tensor> parameters, gradients;
    std::vector<std::size_t> indices;
    parameters.reserve(m_parameters.size());
    gradients.reserve(m_parameters.size());
    indices.reserve(m_parameters.size());
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        const at::Tensor& gradient = m_parameters[i].second.grad();
        if (!gradient.defined())
            continue;
        parameters.push_back(m_parameters[i].second);
        // The fused kernels walk all tensors of a parameter as one array, so their layouts must agree.
        const bool agrees = gradient.strides() == m_parameters[i].second.strides();
        gradients.push_back(agrees ? gradient : at::empty_like(m_parameters[i].second).copy_(gradient));
        indices.push_back(i);
    }
    ++m_steps;
    if (!parameters.empty())
        update(parameters, gradients, indices, learningRate);
}

void Optimizer::clearGradients()
{
    for (auto& [name, parameter] : m_parameters)
        parameter.mutable_grad().reset();
}

at::Tensor Optimizer::clipGradients(double maximum)
{
    const torch::NoGradGuard guard;
    std::vector<at::Tensor> gradients;
    for (const auto& [name, parameter] : m_parameters)
        if (parameter.grad().defined())
            gradients.push_back(parameter.grad());
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

std::unique_ptr<Optimizer> makeOptimizer(const OptimizerOptions& options, NamedTensors parameters, std::vector<double> rateFactors)
{
    if (!rateFactors.empty() && rateFactors.size() != parameters.size())
        throw std::invalid_argument{fmt::format("{} rates for {} parameters", rateFactors.size(), parameters.size())};
    if (options.kind == OptimizerOptions::Kind::sgd)
        return std::make_unique<Sgd>(options, std::move(parameters), std::move(rateFactors));
    return std::make_unique<Adam>(options, std::move(parameters), std::move(rateFactors));
}

}
