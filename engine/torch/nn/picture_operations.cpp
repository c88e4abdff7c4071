// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/operation.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>

namespace descent {

namespace {

class UpsampleToOperation : public Operation {
public:
    at::Tensor run(std::span<const at::Tensor* const> inputs, const Pass&) override
    {
        return at::upsample_nearest2d(*inputs[0], {inputs[1]->size(2), inputs[1]->size(3)});
    }
};

}

std::unique_ptr<Operation> operationOf(const layer::Conv2d& layer, OperationSite& site)
{
    LayerModule& module = site.module();
    const std::int64_t fanIn = layer.inChannels / layer.groups * layer.kernel * layer.kernel;
    const std::vector<std::int64_t> sizes{layer.outChannels, layer.inChannels / layer.groups, layer.kernel, layer.kernel};
    at::Tensor weight;
    if (layer.startsAt) {
        weight = at::empty(sizes).normal_(0, 0.01, site.generator);
    } else if (site.initialization == Initialization::kaimingFanOut) {
        const double fanOut = static_cast<double>(layer.outChannels * layer.kernel * layer.kernel);
        weight = at::empty(sizes).normal_(0, std::sqrt(2 / fanOut), site.generator);
    } else {
        weight = freshWeight(sizes, fanIn, site);
    }
    if (site.initialization == Initialization::identity && !layer.startsAt) {
        const std::int64_t center = layer.kernel / 2;
        for (std::int64_t i = 0; i < std::min(layer.outChannels, sizes[1]); ++i)
            weight[i].zero_()[i][center][center] = 1;
    }
    weight = module.register_parameter("weight", weight);
    at::Tensor bias;
    if (layer.bias)
        bias = module.register_parameter("bias", layer.startsAt ? at::full({layer.outChannels}, *layer.startsAt)
                                                                : freshBias(layer.outChannels, fanIn, site));
    return operationFrom([weight, bias, l = layer](const at::Tensor& x, const Pass&) {
        return at::conv2d(x, weight, bias, l.stride, l.padding, 1, l.groups);
    });
}

std::unique_ptr<Operation> operationOf(const layer::PatchWhitening& layer, OperationSite& site)
{
    LayerModule& module = site.module();
    const at::Tensor weight = module.register_buffer("weight", at::zeros({layer.outChannels(), layer.inChannels, layer.kernel, layer.kernel}));
    const at::Tensor bias = module.register_parameter("bias", at::zeros({layer.outChannels()}));
    return operationFrom([weight, bias](const at::Tensor& x, const Pass&) { return at::conv2d(x, weight, bias); });
}

std::unique_ptr<Operation> operationOf(const layer::BatchNorm& layer, OperationSite& site)
{
    LayerModule& module = site.module();
    const at::Tensor weight =
        module.register_parameter("weight", layer.zeroWeight ? at::zeros({layer.features}) : at::ones({layer.features}));
    const at::Tensor bias = module.register_parameter("bias", at::zeros({layer.features}));
    const at::Tensor mean = module.register_buffer("running_mean", at::zeros({layer.features}));
    const at::Tensor variance = module.register_buffer("running_var", at::ones({layer.features}));
    at::Tensor batches = module.register_buffer("num_batches_tracked", at::zeros({}, at::kLong));
    return operationFrom([=](const at::Tensor& x, const Pass& pass) {
        constexpr double momentum = 0.1, epsilon = 1e-5;
        if (pass.training && pass.statistics) {
            batches.add_(1);
            return synchronizedBatchNorm(x, weight, bias, mean, variance, momentum, epsilon, *pass.statistics);
        }
        // One value a channel has no variance: the kernel would write 0/0 into the running statistics.
        const bool measures = pass.training && x.numel() > x.size(1);
        if (measures)
            batches.add_(1);
        return at::batch_norm(x, weight, bias, mean, variance, measures, momentum, epsilon, true);
    });
}

std::unique_ptr<Operation> operationOf(const layer::MaxPool2d& layer, OperationSite&)
{
    return operationFrom([l = layer](const at::Tensor& x, const Pass&) { return at::max_pool2d(x, l.kernel, l.stride, l.padding); });
}

std::unique_ptr<Operation> operationOf(const layer::AvgPool2d& layer, OperationSite&)
{
    return operationFrom([l = layer](const at::Tensor& x, const Pass&) { return at::avg_pool2d(x, l.kernel, l.stride, l.padding); });
}

std::unique_ptr<Operation> operationOf(const layer::AdaptiveAvgPool2d& layer, OperationSite&)
{
    return operationFrom([l = layer](const at::Tensor& x, const Pass&) { return at::adaptive_avg_pool2d(x, {l.height, l.width}); });
}

std::unique_ptr<Operation> operationOf(const layer::UpsampleTo&, OperationSite&)
{
    return std::make_unique<UpsampleToOperation>();
}

std::unique_ptr<Operation> operationOf(const layer::Tokens&, OperationSite&)
{
    return operationFrom([](const at::Tensor& x, const Pass&) { return x.flatten(2).transpose(1, 2); });
}

}
