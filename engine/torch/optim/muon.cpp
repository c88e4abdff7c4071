// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optim/optimizer_kinds.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>

namespace descent {

namespace {

/// Newton-Schulz iteration of the fifth order, with the coefficients of Keller Jordan's post, in bfloat16 as in torch: the
/// singular values of `matrix` [rows, columns] brought near 1, between 0.7 and 1.2 or so, which is as good and much cheaper.
at::Tensor orthogonalised(const at::Tensor& matrix)
{
    constexpr double a = 3.4445, b = -4.7750, c = 2.0315, epsilon = 1e-7;
    constexpr int iterations = 5;
    const bool tall = matrix.size(0) > matrix.size(1);
    at::Tensor result = matrix.to(at::kBFloat16);
    if (tall)
        result = result.t();
    result.div_(result.norm().clamp_min(epsilon)); // the largest singular value is at most the norm
    for (int i = 0; i < iterations; ++i) {
        const at::Tensor gram = at::mm(result, result.t());
        result = at::addmm(result, at::addmm(gram, gram, gram, b, c), result, a);
    }
    return tall ? result.t() : result;
}

class Muon : public Optimizer {
public:
    Muon(const OptimizerOptions& options, std::vector<ParameterGroup> groups) : Optimizer{std::move(groups)}, m_options{options}
    {
        countSteps();
        for (ParameterGroup& group : m_groups) {
            if (group.hiddenMatrices) {
                group.remember(".momentum");
                continue;
            }
            group.remember(".mean");
            group.remember(".square");
        }
    }

protected:
    void update(const ParameterGroup& group, double learningRate) override
    {
        if (group.hiddenMatrices)
            for (std::size_t i = 0; i < group.parameters.size(); ++i)
                updateMatrix(group.parameters[i], group.gradients[i], group.memory(0)[i], group.weightDecay, learningRate);
        else
            at::_fused_adamw_(group.parameters, group.gradients, group.memory(0), group.memory(1), {}, group.stepCounts, learningRate,
                              m_options.beta1, m_options.beta2, group.weightDecay, m_options.epsilon, false, false);
    }

private:
    void updateMatrix(const at::Tensor& parameter, const at::Tensor& gradient, const at::Tensor& momentum, double weightDecay,
                      double learningRate) const
    {
        momentum.lerp_(gradient, 1 - m_options.momentum);
        const at::Tensor matrix = at::lerp(gradient, momentum, m_options.momentum).flatten(1);
        const auto longer = static_cast<double>(std::max(matrix.size(0), matrix.size(1)));
        parameter.mul_(1 - learningRate * weightDecay);
        parameter.add_(orthogonalised(matrix).reshape(parameter.sizes()), -learningRate * 0.2 * std::sqrt(longer));
    }

    const OptimizerOptions m_options;
};

}

std::unique_ptr<Optimizer> makeMuon(const OptimizerOptions& options, std::vector<ParameterGroup> groups)
{
    return std::make_unique<Muon>(options, std::move(groups));
}

}
