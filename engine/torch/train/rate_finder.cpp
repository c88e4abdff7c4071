// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/rate_finder.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <torch/nn/module.h>
#include <torch/utils.h>

namespace descent {

namespace {

/// What training changes, put back at the end of its life: also when the pass throws.
class Restored {
public:
    Restored(torch::nn::Module& network, Optimizer& optimizer, std::vector<at::Generator> generators)
        : m_network{network}, m_optimizer{optimizer}, m_generators{std::move(generators)}, m_steps{optimizer.stepCount()}
    {
        const torch::NoGradGuard guard;
        m_weights.take(network);
        for (const auto& [name, tensor] : optimizer.state())
            m_state.emplace_back(name, tensor.clone());
        for (at::Generator& generator : m_generators) {
            const std::lock_guard lock{generator.mutex()};
            m_positions.push_back(generator.get_state());
        }
    }
    ~Restored()
    {
        m_optimizer.clearGradients();
        m_weights.restore(m_network);
        const torch::NoGradGuard guard;
        const NamedTensors state = m_optimizer.state();
        for (std::size_t i = 0; i < state.size(); ++i)
            state[i].second.copy_(m_state[i].second);
        m_optimizer.setStepCount(m_steps);
        for (std::size_t i = 0; i < m_generators.size(); ++i) {
            const std::lock_guard lock{m_generators[i].mutex()};
            m_generators[i].set_state(m_positions[i]);
        }
    }
    Restored(const Restored&) = delete;
    Restored& operator=(const Restored&) = delete;

private:
    torch::nn::Module& m_network;
    Optimizer& m_optimizer;
    std::vector<at::Generator> m_generators;
    std::vector<at::Tensor> m_positions;
    Snapshot m_weights;
    NamedTensors m_state;
    const std::int64_t m_steps;
};

}

RateCurve findRate(const RateFinderOptions& options, torch::nn::Module& network, Optimizer& optimizer, std::vector<at::Generator> generators,
                   const std::function<at::Tensor()>& pass, const std::function<bool()>& stopped)
{
    if (!(options.lowest > 0 && options.lowest < options.highest) || options.steps < 2)
        throw std::invalid_argument{fmt::format("{} steps from rate {} to {}", options.steps, options.lowest, options.highest)};
    const Restored restored{network, optimizer, std::move(generators)};
    RateCurve curve;
    double best = std::numeric_limits<double>::infinity();
    for (std::int64_t step = 0; step < options.steps && !stopped(); ++step) {
        const double share = static_cast<double>(step) / static_cast<double>(options.steps - 1);
        const double rate = options.lowest * std::pow(options.highest / options.lowest, share);
        optimizer.clearGradients();
        const double loss = pass().item<double>();
        if (!std::isfinite(loss)) {
            curve.diverged = true;
            break;
        }
        addPoint(curve, rate, loss, options.smoothing);
        best = std::min(best, curve.points.back().smoothed);
        if (curve.points.back().smoothed > options.tooMuch * best) {
            curve.diverged = true;
            break;
        }
        optimizer.step(rate);
    }
    return curve;
}

}
