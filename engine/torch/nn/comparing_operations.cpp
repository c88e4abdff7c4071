// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/operation.h"

#include <ATen/ATen.h>

namespace descent {

// What compares and joins vectors: lengths, angles, products.

namespace {

class MultiplyOperation : public Operation {
public:
    at::Tensor run(std::span<const at::Tensor* const> inputs, const Pass&) override { return at::mul(*inputs[0], *inputs[1]); }
};

class StackOperation : public Operation {
public:
    at::Tensor run(std::span<const at::Tensor* const> inputs, const Pass&) override
    {
        std::vector<at::Tensor> tensors;
        for (const at::Tensor* input : inputs)
            tensors.push_back(*input);
        return at::stack(tensors, 1);
    }
};

/// A vector of zeros stays one: there is no direction to keep.
at::Tensor ofUnitLength(const at::Tensor& x)
{
    return x / x.norm(2, {-1}, true).clamp_min(1e-12);
}

}

std::unique_ptr<Operation> operationOf(const layer::Multiply&, OperationSite&)
{
    return std::make_unique<MultiplyOperation>();
}

std::unique_ptr<Operation> operationOf(const layer::UnitLength&, OperationSite&)
{
    return operationFrom([](const at::Tensor& x, const Pass&) { return ofUnitLength(x); });
}

std::unique_ptr<Operation> operationOf(const layer::CosineLinear& layer, OperationSite& site)
{
    const at::Tensor weight =
        site.module().register_parameter("weight", freshWeight({layer.outFeatures, layer.inFeatures}, layer.inFeatures, site));
    return operationFrom([weight](const at::Tensor& x, const Pass&) { return at::linear(x, ofUnitLength(weight)); });
}

std::unique_ptr<Operation> operationOf(const layer::Stack&, OperationSite&)
{
    return std::make_unique<StackOperation>();
}

}
