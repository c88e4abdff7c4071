// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/operation.h"

#include <ATen/ATen.h>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace descent {

namespace {

class FunctionOperation : public Operation {
public:
    explicit FunctionOperation(std::function<at::Tensor(const at::Tensor&, const Pass&)> function) : m_function{std::move(function)} {}
    at::Tensor run(std::span<const at::Tensor* const> inputs, const Pass& pass) override { return m_function(*inputs[0], pass); }

private:
    const std::function<at::Tensor(const at::Tensor&, const Pass&)> m_function;
};

class AddOperation : public Operation {
public:
    at::Tensor run(std::span<const at::Tensor* const> inputs, const Pass&) override { return at::add(*inputs[0], *inputs[1]); }
};

class ConcatOperation : public Operation {
public:
    at::Tensor run(std::span<const at::Tensor* const> inputs, const Pass&) override
    {
        std::vector<at::Tensor> tensors;
        for (const at::Tensor* input : inputs)
            tensors.push_back(*input);
        return at::cat(tensors, tensors.front().dim() == 3 ? 2 : 1); // a sequence's features stand last, a picture's channels first
    }
};

}

at::Tensor activated(layer::Activation::Function function, const at::Tensor& x, bool inPlace)
{
    using enum layer::Activation::Function;
    at::Tensor y = x;
    switch (function) {
    case relu: return inPlace ? at::relu_(y) : at::relu(x);
    case tanh: return inPlace ? at::tanh_(y) : at::tanh(x);
    case sigmoid: return inPlace ? at::sigmoid_(y) : at::sigmoid(x);
    case gelu: return at::gelu(x);
    case silu: return at::silu(x);
    case leakyRelu: return at::leaky_relu(x);
    case relu6: return inPlace ? at::hardtanh_(y, 0, 6) : at::hardtanh(x, 0, 6);
    }
    throw std::invalid_argument{"unknown activation function"};
}

std::unique_ptr<Operation> operationFrom(std::function<at::Tensor(const at::Tensor&, const Pass&)> function)
{
    return std::make_unique<FunctionOperation>(std::move(function));
}

at::Tensor freshWeight(at::IntArrayRef sizes, std::int64_t fanIn, const OperationSite& site)
{
    if (site.initialization == Initialization::transformer)
        return at::empty(sizes).normal_(0, 0.02, site.generator);
    const double bound = fanIn > 0 ? 1 / std::sqrt(static_cast<double>(fanIn)) : 0;
    return at::empty(sizes).uniform_(-bound, bound, site.generator);
}

at::Tensor freshBias(std::int64_t size, std::int64_t fanIn, const OperationSite& site)
{
    return site.initialization == Initialization::transformer ? at::zeros({size}) : freshWeight({size}, fanIn, site);
}

at::Tensor droppedOut(const at::Tensor& x, double probability, const Pass& pass)
{
    if (!pass.training || probability == 0)
        return x;
    return x * at::empty_like(x).bernoulli_(1 - probability, pass.generator).div_(1 - probability);
}

std::unique_ptr<Operation> operationOf(const layer::Linear& layer, OperationSite& site)
{
    LayerModule& module = site.module();
    const at::Tensor weight =
        module.register_parameter("weight", freshWeight({layer.outFeatures, layer.inFeatures}, layer.inFeatures, site));
    const at::Tensor bias =
        layer.bias ? module.register_parameter("bias", freshBias(layer.outFeatures, layer.inFeatures, site)) : at::Tensor{};
    return operationFrom([weight, bias](const at::Tensor& x, const Pass&) { return at::linear(x, weight, bias); });
}

std::unique_ptr<Operation> operationOf(const layer::Activation& layer, OperationSite& site)
{
    return operationFrom([function = layer.function, inPlace = site.mayOverwrite](const at::Tensor& x, const Pass&) {
        return activated(function, x, inPlace);
    });
}

std::unique_ptr<Operation> operationOf(const layer::Dropout& layer, OperationSite&)
{
    return operationFrom([probability = layer.probability](const at::Tensor& x, const Pass& pass) { return droppedOut(x, probability, pass); });
}

std::unique_ptr<Operation> operationOf(const layer::Flatten&, OperationSite&)
{
    return operationFrom([](const at::Tensor& x, const Pass&) { return x.flatten(1); });
}

std::unique_ptr<Operation> operationOf(const layer::Add&, OperationSite&)
{
    return std::make_unique<AddOperation>();
}

std::unique_ptr<Operation> operationOf(const layer::Concat&, OperationSite&)
{
    return std::make_unique<ConcatOperation>();
}

std::unique_ptr<Operation> operationOf(const layer::LayerNorm& layer, OperationSite& site)
{
    LayerModule& module = site.module();
    const at::Tensor weight = module.register_parameter("weight", at::ones({layer.features}));
    const at::Tensor bias = module.register_parameter("bias", at::zeros({layer.features}));
    return operationFrom([weight, bias, features = layer.features](const at::Tensor& x, const Pass&) {
        constexpr double epsilon = 1e-5;
        if (x.dim() != 4)
            return at::layer_norm(x, {features}, weight, bias, epsilon);
        // Channels-last pictures have the channels side by side already: neither turn copies.
        return at::layer_norm(x.permute({0, 2, 3, 1}), {features}, weight, bias, epsilon).permute({0, 3, 1, 2});
    });
}

std::unique_ptr<Operation> operationOf(const layer::LayerScale& layer, OperationSite& site)
{
    const at::Tensor weight = site.module().register_parameter("weight", at::full({layer.features}, layer.initial));
    return operationFrom(
        [weight](const at::Tensor& x, const Pass&) { return x * (x.dim() == 4 ? weight.view({1, -1, 1, 1}) : weight); });
}

}
