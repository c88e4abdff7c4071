// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/graph_network.h"

#include "engine/torch/nn/operation.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <variant>

namespace descent {

/// One layer ready to run, and where it reads.
struct GraphNetwork::Step {
    std::unique_ptr<Operation> operation;
    std::vector<std::size_t> inputs; // slots; slot 0 is the network's input, slot i + 1 the output of layer i
    std::vector<bool> lastReader;    // by input: nobody reads the slot after this layer
};

namespace {

using torch::nn::Module;

/// The module at a dotted name below `root`, made with all its parents where they are missing.
LayerModule& moduleAt(Module& root, const std::string& name)
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
            at = at->register_module(part, std::make_shared<LayerModule>()).get();
        start = dot + 1;
    }
    return dynamic_cast<LayerModule&>(*at);
}

/// Activations may run in place behind layers whose backward does not look at their output.
bool toleratesOverwriting(const Layer& layer)
{
    return std::holds_alternative<layer::Conv2d>(layer) || std::holds_alternative<layer::Linear>(layer)
        || std::holds_alternative<layer::BatchNorm>(layer) || std::holds_alternative<layer::Add>(layer);
}

}

GraphNetwork::GraphNetwork(const NetworkSpec& spec, at::Generator generator)
    : m_generator{std::move(generator)}, m_paddedWithZero{spec.paddedWithZero}
{
    std::vector<std::size_t> readers(spec.layers.size() + 1);
    for (const LayerNode& node : spec.layers)
        for (const std::int32_t input : node.inputs)
            ++readers[static_cast<std::size_t>(input + 1)];

    std::vector<std::size_t> readSoFar(readers.size());
    for (const LayerNode& node : spec.layers) {
        Step step;
        for (const std::int32_t input : node.inputs) {
            const auto slot = static_cast<std::size_t>(input + 1);
            step.inputs.push_back(slot);
            step.lastReader.push_back(++readSoFar[slot] == readers[slot]);
        }
        const std::int32_t input = node.inputs.front();
        OperationSite site{.module = [&]() -> LayerModule& { return moduleAt(*this, node.name); },
                           .generator = m_generator,
                           .initialization = spec.initialization,
                           .mayOverwrite = input != NetworkSpec::input && readers[static_cast<std::size_t>(input + 1)] == 1
                               && toleratesOverwriting(spec.layers[static_cast<std::size_t>(input)].layer)};
        step.operation = std::visit([&](const auto& layer) { return operationOf(layer, site); }, node.layer);
        m_steps.push_back(std::move(step));
    }
}

GraphNetwork::~GraphNetwork() = default;

at::Tensor GraphNetwork::forward(const at::Tensor& input)
{
    const Pass pass{is_training(), m_generator, m_paddedWithZero ? input == 0 : at::Tensor{}};
    std::vector<at::Tensor> slots(m_steps.size() + 1);
    slots[0] = input;
    std::vector<const at::Tensor*> inputs;
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        const Step& step = m_steps[i];
        inputs.clear();
        for (const std::size_t slot : step.inputs)
            inputs.push_back(&slots[slot]);
        slots[i + 1] = step.operation->run(inputs, pass);
        // What no later layer reads is let go at once: without autograd this bounds the memory to the widest place.
        for (std::size_t k = 0; k < step.inputs.size(); ++k)
            if (step.lastReader[k])
                slots[step.inputs[k]].reset();
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
