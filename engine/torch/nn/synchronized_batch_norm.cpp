// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/synchronized_batch_norm.h"

#include <ATen/ATen.h>
#include <torch/autograd.h>
#include <torch/utils.h>

namespace descent {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// All but the channels.
std::vector<std::int64_t> otherDimensions(const at::Tensor& x)
{
    std::vector<std::int64_t> dimensions{0};
    for (std::int64_t i = 2; i < x.dim(); ++i)
        dimensions.push_back(i);
    return dimensions;
}

/// [channels] so that it spreads over x.
at::Tensor spread(const at::Tensor& values, const at::Tensor& x)
{
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(x.dim()), 1);
    sizes[1] = -1;
    return values.view(sizes);
}

/// Of the whole batch, float [channels], and how many values a channel has in it.
struct Moments {
    at::Tensor mean, variance;
    double count = 0;
};

Moments sharedMoments(const at::Tensor& x, SharedStatistics& statistics)
{
    const auto [variance, mean] = at::var_mean(x, otherDimensions(x), /*correction=*/std::optional<at::Scalar>{0}, /*keepdim=*/false);
    const at::Tensor localMean = mean.to(at::kDouble), localVariance = variance.to(at::kDouble);
    const double values = static_cast<double>(x.numel() / x.size(1));
    const at::Tensor count = at::full({1}, values, localMean.options());
    at::Tensor sums = at::cat({localMean * values, (localVariance + localMean * localMean) * values, count});
    if (!statistics.counts())
        sums.zero_();
    statistics.sum(sums);
    const std::int64_t channels = x.size(1);
    const double all = sums[2 * channels].item<double>();
    const at::Tensor wholeMean = sums.narrow(0, 0, channels) / all;
    const at::Tensor wholeVariance = (sums.narrow(0, channels, channels) / all - wholeMean * wholeMean).clamp_min(0);
    return {wholeMean.to(x.scalar_type()), wholeVariance.to(x.scalar_type()), all};
}

struct Normalization : torch::autograd::Function<Normalization> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                              const Moments& moments, double epsilon, SharedStatistics* statistics)
    {
        const at::Tensor inverseDeviation = (moments.variance + epsilon).rsqrt();
        context->save_for_backward({x, weight, moments.mean, inverseDeviation});
        context->saved_data["count"] = moments.count;
        context->saved_data["statistics"] = reinterpret_cast<std::int64_t>(statistics); // outlives the pass
        const at::Tensor scale = inverseDeviation * weight;
        return at::addcmul(spread(bias - moments.mean * scale, x), x, spread(scale, x));
    }

    static variable_list backward(AutogradContext* context, variable_list gradients)
    {
        const variable_list saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &weight = saved[1], &mean = saved[2], &inverseDeviation = saved[3];
        auto& statistics = *reinterpret_cast<SharedStatistics*>(context->saved_data["statistics"].toInt());
        const double count = context->saved_data["count"].toDouble();
        const at::Tensor& dy = gradients[0];
        const std::vector<std::int64_t> dimensions = otherDimensions(x);
        const at::Tensor dySum = dy.sum(dimensions), dyXSum = (dy * (x - spread(mean, x))).sum(dimensions);
        const std::int64_t channels = x.size(1);
        at::Tensor sums = at::cat({dySum, dyXSum});
        statistics.sum(sums);
        const at::Tensor scale = inverseDeviation * weight;
        at::Tensor dx = dy * spread(scale, x);
        if (statistics.counts()) { // else these samples had no part in mean and variance
            const at::Tensor slope = sums.narrow(0, channels, channels) * inverseDeviation * inverseDeviation / count;
            const at::Tensor offset = sums.narrow(0, 0, channels) / count - mean * slope;
            dx -= x * spread(scale * slope, x) + spread(scale * offset, x);
        }
        // Those of the parameters stay this process's own: they are added up with all other gradients.
        return {dx, dyXSum * inverseDeviation, dySum, {}, {}, {}};
    }
};

}

at::Tensor synchronizedBatchNorm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& runningMean,
                                 const at::Tensor& runningVar, double momentum, double epsilon, SharedStatistics& statistics)
{
    Moments moments;
    {
        const torch::NoGradGuard guard;
        moments = sharedMoments(x, statistics);
        runningMean.mul_(1 - momentum).add_(moments.mean, momentum);
        runningVar.mul_(1 - momentum).add_(moments.variance, momentum * moments.count / std::max(1.0, moments.count - 1));
    }
    return Normalization::apply(x, weight, bias, moments, epsilon, &statistics);
}

}
