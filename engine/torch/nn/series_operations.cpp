// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/operation.h"

#include <ATen/ATen.h>

namespace descent {

namespace {

constexpr double epsilon = 1e-5; // of the paper's code, added to the variance

/// Mean and deviation over the steps of the first features of a window: each [batch, 1, features].
std::pair<at::Tensor, at::Tensor> statisticsOf(const at::Tensor& window, std::int64_t features)
{
    const at::Tensor first = window.narrow(2, 0, features);
    return {first.mean(1, true), at::sqrt(at::var(first, at::IntArrayRef{1}, false, true) + epsilon)};
}

class WindowRestoreOperation : public Operation {
public:
    at::Tensor run(std::span<const at::Tensor* const> inputs, const Pass&) override
    {
        const auto [mean, deviation] = statisticsOf(*inputs[1], inputs[0]->size(2));
        return at::addcmul(mean, *inputs[0], deviation);
    }
};

class SubtractOperation : public Operation {
public:
    at::Tensor run(std::span<const at::Tensor* const> inputs, const Pass&) override { return at::sub(*inputs[0], *inputs[1]); }
};

/// The ends are held, as the authors of DLinear do: the average of the last steps leans on the last one.
at::Tensor movingAverage(const at::Tensor& x, std::int64_t kernel)
{
    const std::int64_t before = (kernel - 1) / 2, after = kernel - 1 - before;
    const at::Tensor padded = at::cat({x.narrow(1, 0, 1).expand({-1, before, -1}), x, x.narrow(1, x.size(1) - 1, 1).expand({-1, after, -1})}, 1);
    return at::avg_pool1d(padded.transpose(1, 2), kernel, 1).transpose(1, 2);
}

/// [batch, steps, columns] to [batch * columns, patches, length]: the last step is repeated once a stride, as in the authors' code.
at::Tensor patches(const at::Tensor& x, const layer::Patches& layer)
{
    const at::Tensor columns = x.transpose(1, 2);
    const at::Tensor padded = at::cat({columns, columns.narrow(2, columns.size(2) - 1, 1).expand({-1, -1, layer.stride})}, 2);
    return padded.unfold(2, layer.length, layer.stride).flatten(0, 1);
}

}

std::unique_ptr<Operation> operationOf(const layer::FirstFeatures& layer, OperationSite&)
{
    return operationFrom([count = layer.count](const at::Tensor& x, const Pass&) { return x.narrow(2, 0, count); });
}

std::unique_ptr<Operation> operationOf(const layer::Transpose&, OperationSite&)
{
    return operationFrom([](const at::Tensor& x, const Pass&) { return x.transpose(1, 2); });
}

std::unique_ptr<Operation> operationOf(const layer::Unflatten& layer, OperationSite&)
{
    return operationFrom([layer](const at::Tensor& x, const Pass&) { return x.view({x.size(0), layer.steps, layer.features}); });
}

std::unique_ptr<Operation> operationOf(const layer::MovingAverage& layer, OperationSite&)
{
    return operationFrom([kernel = layer.kernel](const at::Tensor& x, const Pass&) { return movingAverage(x, kernel); });
}

std::unique_ptr<Operation> operationOf(const layer::Subtract&, OperationSite&)
{
    return std::make_unique<SubtractOperation>();
}

std::unique_ptr<Operation> operationOf(const layer::WindowNorm& layer, OperationSite&)
{
    return operationFrom([features = layer.features](const at::Tensor& x, const Pass&) {
        const auto [mean, deviation] = statisticsOf(x, features);
        const at::Tensor normalised = (x.narrow(2, 0, features) - mean) / deviation;
        return features == x.size(2) ? normalised : at::cat({normalised, x.narrow(2, features, x.size(2) - features)}, 2);
    });
}

std::unique_ptr<Operation> operationOf(const layer::WindowRestore&, OperationSite&)
{
    return std::make_unique<WindowRestoreOperation>();
}

std::unique_ptr<Operation> operationOf(const layer::Patches& layer, OperationSite&)
{
    return operationFrom([layer](const at::Tensor& x, const Pass&) { return patches(x, layer); });
}

std::unique_ptr<Operation> operationOf(const layer::JoinColumns& layer, OperationSite&)
{
    return operationFrom([columns = layer.columns](const at::Tensor& x, const Pass&) { return x.view({-1, columns, x.size(1)}).transpose(1, 2); });
}

}
