// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/dense_pass.h"

#include "engine/torch/nn/operation.h"

#include <ATen/ATen.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

namespace descent {

namespace {

using Function = layer::Activation::Function;

/// Whether the gradient is found from the output, so that the input may be overwritten.
bool keepsOutput(Function function)
{
    using enum Function;
    return function == relu || function == tanh || function == sigmoid || function == relu6;
}

/// kept: the output where keepsOutput(), or else the input.
at::Tensor slope(Function function, const at::Tensor& gradient, const at::Tensor& kept)
{
    using enum Function;
    switch (function) {
    case relu: return at::threshold_backward(gradient, kept, 0);
    case tanh: return at::tanh_backward(gradient, kept);
    case sigmoid: return at::sigmoid_backward(gradient, kept);
    case relu6: return at::hardtanh_backward(gradient, kept, 0, 6);
    case gelu: return at::gelu_backward(gradient, kept);
    case silu: return at::silu_backward(gradient, kept);
    case leakyRelu: return at::leaky_relu_backward(gradient, kept, 0.01, false);
    }
    throw std::invalid_argument{"unknown activation function"};
}

void accumulate(const at::Tensor& parameter, at::Tensor gradient)
{
    if (at::Tensor& sum = parameter.mutable_grad(); sum.defined())
        sum.add_(gradient);
    else
        sum = std::move(gradient);
}

}

std::optional<DensePass> DensePass::of(const NetworkSpec& spec, GraphNetwork& network)
{
    if (spec.inputs.size() != 1)
        return std::nullopt;
    const auto parameters = network.named_parameters();
    DensePass pass{network};
    std::int32_t before = NetworkSpec::input;
    for (const LayerNode& node : spec.layers) {
        if (node.inputs != std::vector{before})
            return std::nullopt;
        const bool behindLinear = !pass.m_links.empty() && pass.m_links.back().kind == Link::Kind::linear;
        if (std::holds_alternative<layer::Linear>(node.layer) && node.outputShape.size() == 1) {
            const at::Tensor* bias = parameters.find(node.name + ".bias");
            pass.m_links.push_back({.kind = Link::Kind::linear, .weight = parameters[node.name + ".weight"], .bias = bias ? *bias : at::Tensor{}});
        } else if (const auto* activation = std::get_if<layer::Activation>(&node.layer)) {
            pass.m_links.push_back({.kind = Link::Kind::activation, .function = activation->function, .mayOverwrite = behindLinear});
        } else if (const auto* dropout = std::get_if<layer::Dropout>(&node.layer)) {
            pass.m_links.push_back({.kind = Link::Kind::dropout, .probability = dropout->probability});
        } else if (std::holds_alternative<layer::Flatten>(node.layer) && before == NetworkSpec::input) {
            pass.m_links.push_back({.kind = Link::Kind::flatten});
        } else {
            return std::nullopt;
        }
        ++before;
    }
    const bool learns = std::any_of(pass.m_links.begin(), pass.m_links.end(), [](const Link& link) { return link.kind == Link::Kind::linear; });
    return learns ? std::optional{std::move(pass)} : std::nullopt;
}

bool DensePass::fits(const at::Tensor& input) const
{
    return input.is_cpu() && m_network->is_training() && std::all_of(m_links.begin(), m_links.end(), [](const Link& link) {
               return link.kind != Link::Kind::linear || (link.weight.requires_grad() && (!link.bias.defined() || link.bias.requires_grad()));
           });
}

at::Tensor DensePass::forward(const at::Tensor& input)
{
    const at::AutoDispatchBelowADInplaceOrView guard;
    at::Tensor x = input;
    for (Link& link : m_links) {
        switch (link.kind) {
        case Link::Kind::flatten:
            x = x.flatten(1);
            break;
        case Link::Kind::linear:
            link.kept = std::exchange(x, at::linear(x, link.weight, link.bias));
            break;
        case Link::Kind::activation: {
            const bool output = keepsOutput(link.function);
            at::Tensor y = activated(link.function, x, link.mayOverwrite && output);
            link.kept = output ? y : x;
            x = std::move(y);
            break;
        }
        case Link::Kind::dropout:
            link.kept.reset();
            if (link.probability > 0) {
                link.kept = at::empty_like(x).bernoulli_(1 - link.probability, m_network->generator()).div_(1 - link.probability);
                x = x * link.kept;
            }
            break;
        }
    }
    return x;
}

void DensePass::backward(at::Tensor gradient)
{
    const at::AutoDispatchBelowADInplaceOrView guard;
    const auto first = std::find_if(m_links.begin(), m_links.end(), [](const Link& link) { return link.kind == Link::Kind::linear; });
    for (auto link = m_links.rbegin(); link != m_links.rend(); ++link) {
        const at::Tensor kept = std::exchange(link->kept, {});
        switch (link->kind) {
        case Link::Kind::flatten:
            break;
        case Link::Kind::linear:
            if (link->bias.defined())
                accumulate(link->bias, gradient.sum(0));
            accumulate(link->weight, gradient.t().mm(kept));
            if (&*link == &*first)
                return;
            gradient = gradient.mm(link->weight);
            break;
        case Link::Kind::activation:
            gradient = slope(link->function, gradient, kept);
            break;
        case Link::Kind::dropout:
            if (kept.defined())
                gradient = gradient * kept;
            break;
        }
    }
}

}
