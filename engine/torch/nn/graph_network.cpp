// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/graph_network.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <variant>

namespace descent {

/// One layer ready to run: what it is, its tensors (shared with the registered module), and where it reads.
struct GraphNetwork::Operation {
    Layer layer;
    at::Tensor weight, bias;                 // of convolution, linear, batch norm
    at::Tensor runningMean, runningVariance; // of batch norm
    at::Tensor batches;                      // of batch norm: int64 scalar, steps seen
    std::vector<std::size_t> inputs;         // slots; slot 0 is the network's input, slot i + 1 the output of layer i
    std::vector<bool> lastReader;            // by input: nobody reads the slot after this layer
    bool inPlace = false;                    // the activation may overwrite its input
};

namespace {

using torch::nn::Module;

/// Holds the tensors of one layer, or stands for a dot in a name.
class Node : public Module {
public:
    using Module::register_buffer;
    using Module::register_parameter;
};

/// The module at a dotted name below `root`, made with all its parents where they are missing.
Node& nodeAt(Module& root, const std::string& name)
{
    Module* at = &root;
    std::size_t start = 0;
    while (start <= name.size()) {
        const std::size_t dot = std::min(name.find('.', start), name.size());
        const std::string part = name.substr(start, dot - start);
        const auto children = at->named_children();
        if (const auto* found = children.find(part))
            at = found->get();
        else
            at = at->register_module(part, std::make_shared<Node>()).get();
        start = dot + 1;
    }
    return dynamic_cast<Node&>(*at);
}

at::Tensor uniform(at::IntArrayRef sizes, double bound, at::Generator& generator)
{
    return at::empty(sizes).uniform_(-bound, bound, generator);
}

/// torch.nn's default: Kaiming uniform with a = sqrt(5), which comes to 1 / sqrt(fan in), for weights and biases alike.
double defaultBound(std::int64_t fanIn)
{
    return fanIn > 0 ? 1 / std::sqrt(static_cast<double>(fanIn)) : 0;
}

/// Activations may run in place behind layers whose backward does not look at their output.
bool toleratesOverwriting(const Layer& layer)
{
    return std::holds_alternative<layer::Conv2d>(layer) || std::holds_alternative<layer::Linear>(layer)
        || std::holds_alternative<layer::BatchNorm>(layer) || std::holds_alternative<layer::Add>(layer);
}

at::Tensor activate(const layer::Activation& activation, const at::Tensor& x, bool inPlace)
{
    using enum layer::Activation::Function;
    at::Tensor y = x;
    switch (activation.function) {
    case relu: return inPlace ? at::relu_(y) : at::relu(x);
    case tanh: return inPlace ? at::tanh_(y) : at::tanh(x);
    case sigmoid: return inPlace ? at::sigmoid_(y) : at::sigmoid(x);
    case gelu: return at::gelu(x);
    case silu: return at::silu(x);
    case leakyRelu: return at::leaky_relu(x);
    }
    throw std::invalid_argument{"unknown activation function"};
}

at::Tensor dropout(const at::Tensor& x, double probability, at::Generator& generator)
{
    const at::Tensor mask = at::empty_like(x).bernoulli_(1 - probability, generator).div_(1 - probability);
    return x * mask;
}

}

GraphNetwork::GraphNetwork(const NetworkSpec& spec, at::Generator generator) : m_generator{std::move(generator)}
{
    std::vector<std::size_t> readers(spec.layers.size() + 1);
    for (const LayerNode& node : spec.layers)
        for (const std::int32_t input : node.inputs)
            ++readers[static_cast<std::size_t>(input + 1)];

    std::vector<std::size_t> readSoFar(readers.size());
    for (const LayerNode& node : spec.layers) {
        Operation operation{.layer = node.layer};
        for (const std::int32_t input : node.inputs) {
            const auto slot = static_cast<std::size_t>(input + 1);
            operation.inputs.push_back(slot);
            operation.lastReader.push_back(++readSoFar[slot] == readers[slot]);
        }
        if (const auto* conv = std::get_if<layer::Conv2d>(&node.layer)) {
            const std::int64_t fanIn = conv->inChannels / conv->groups * conv->kernel * conv->kernel;
            const std::vector<std::int64_t> sizes{conv->outChannels, conv->inChannels / conv->groups, conv->kernel, conv->kernel};
            Node& module = nodeAt(*this, node.name);
            if (spec.initialization == Initialization::kaimingFanOut) {
                const double fanOut = static_cast<double>(conv->outChannels * conv->kernel * conv->kernel);
                operation.weight =
                    module.register_parameter("weight", at::empty(sizes).normal_(0, std::sqrt(2 / fanOut), m_generator));
            } else {
                operation.weight = module.register_parameter("weight", uniform(sizes, defaultBound(fanIn), m_generator));
            }
            if (conv->bias)
                operation.bias =
                    module.register_parameter("bias", uniform({conv->outChannels}, defaultBound(fanIn), m_generator));
        } else if (const auto* linear = std::get_if<layer::Linear>(&node.layer)) {
            Node& module = nodeAt(*this, node.name);
            const double bound = defaultBound(linear->inFeatures);
            operation.weight =
                module.register_parameter("weight", uniform({linear->outFeatures, linear->inFeatures}, bound, m_generator));
            if (linear->bias)
                operation.bias = module.register_parameter("bias", uniform({linear->outFeatures}, bound, m_generator));
        } else if (const auto* norm = std::get_if<layer::BatchNorm>(&node.layer)) {
            Node& module = nodeAt(*this, node.name);
            operation.weight =
                module.register_parameter("weight", norm->zeroWeight ? at::zeros({norm->features}) : at::ones({norm->features}));
            operation.bias = module.register_parameter("bias", at::zeros({norm->features}));
            operation.runningMean = module.register_buffer("running_mean", at::zeros({norm->features}));
            operation.runningVariance = module.register_buffer("running_var", at::ones({norm->features}));
            operation.batches = module.register_buffer("num_batches_tracked", at::zeros({}, at::kLong));
        } else if (std::holds_alternative<layer::Activation>(node.layer)) {
            const std::int32_t input = node.inputs.front();
            operation.inPlace = input != NetworkSpec::input && operation.lastReader.front()
                && readers[static_cast<std::size_t>(input + 1)] == 1
                && toleratesOverwriting(spec.layers[static_cast<std::size_t>(input)].layer);
        }
        m_operations.push_back(std::move(operation));
    }
}

GraphNetwork::~GraphNetwork() = default;

at::Tensor GraphNetwork::forward(const at::Tensor& input)
{
    const bool training = is_training();
    std::vector<at::Tensor> slots(m_operations.size() + 1);
    slots[0] = input;
    for (std::size_t i = 0; i < m_operations.size(); ++i) {
        Operation& op = m_operations[i];
        at::Tensor& in = slots[op.inputs.front()];
        at::Tensor& out = slots[i + 1];
        if (std::holds_alternative<layer::Conv2d>(op.layer)) {
            const auto& l = std::get<layer::Conv2d>(op.layer);
            out = at::conv2d(in, op.weight, op.bias, l.stride, l.padding, 1, l.groups);
        } else if (std::holds_alternative<layer::BatchNorm>(op.layer)) {
            // One value a channel has no variance: the kernel would write 0/0 into the running statistics.
            const bool measures = training && in.numel() > in.size(1);
            if (measures)
                op.batches.add_(1);
            out = at::batch_norm(in, op.weight, op.bias, op.runningMean, op.runningVariance, measures, 0.1, 1e-5, true);
        } else if (const auto* activation = std::get_if<layer::Activation>(&op.layer)) {
            out = activate(*activation, in, op.inPlace);
        } else if (std::holds_alternative<layer::Linear>(op.layer)) {
            out = at::linear(in, op.weight, op.bias);
        } else if (std::holds_alternative<layer::Add>(op.layer)) {
            out = at::add(in, slots[op.inputs[1]]);
        } else if (const auto* pool = std::get_if<layer::MaxPool2d>(&op.layer)) {
            out = at::max_pool2d(in, pool->kernel, pool->stride, pool->padding);
        } else if (const auto* average = std::get_if<layer::AvgPool2d>(&op.layer)) {
            out = at::avg_pool2d(in, average->kernel, average->stride, average->padding);
        } else if (const auto* adaptive = std::get_if<layer::AdaptiveAvgPool2d>(&op.layer)) {
            out = at::adaptive_avg_pool2d(in, {adaptive->height, adaptive->width});
        } else if (std::holds_alternative<layer::Flatten>(op.layer)) {
            out = in.flatten(1);
        } else if (const auto* drop = std::get_if<layer::Dropout>(&op.layer)) {
            out = training && drop->probability > 0 ? dropout(in, drop->probability, m_generator) : in;
        } else {
            throw std::logic_error{"a kind of layer that GraphNetwork does not know"};
        }
        // What no later layer reads is let go at once: without autograd this bounds the memory to the widest place.
        for (std::size_t k = 0; k < op.inputs.size(); ++k)
            if (op.lastReader[k])
                slots[op.inputs[k]].reset();
    }
    return slots.back();
}

void toChannelsLast(Module& network)
{
    const torch::NoGradGuard guard;
    // clone, not contiguous: a kernel over one channel counts as channels-last already, keeps its strides, and they would
    // lead everything behind the first convolution of a grey picture to the slower layout.
    for (at::Tensor& parameter : network.parameters())
        if (parameter.dim() == 4)
            parameter.set_data(parameter.clone(at::MemoryFormat::ChannelsLast));
}

}
