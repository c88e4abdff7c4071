// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/graph_network.h"

#include "engine/torch/nn/operation.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <functional>
#include <numeric>
#include <omp.h>
#include <stdexcept>
#include <torch/utils.h>
#include <variant>

namespace descent {

/// One layer ready to run, and where it reads.
struct GraphNetwork::Step {
    std::string name;
    std::unique_ptr<Operation> operation;
    std::vector<std::size_t> inputs; // slots: the network's inputs, then the output of each layer
    std::vector<bool> lastReader;    // by input: nobody reads the slot after this layer
    std::vector<int> paddings;       // by input: which input of the network says where it is padded; -1: it is not
    bool mayOverwrite = false;       // its first input
    bool frozen = false;
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

/// Layers that take each step for itself, or look back and never ahead.
bool readsPieces(const Layer& any)
{
    using namespace layer;
    if (const auto* attention = std::get_if<SelfAttention>(&any))
        return attention->causal;
    if (const auto* recurrent = std::get_if<Recurrent>(&any))
        return !recurrent->bidirectional;
    return std::holds_alternative<Linear>(any) || std::holds_alternative<LayerNorm>(any) || std::holds_alternative<LayerScale>(any)
        || std::holds_alternative<Activation>(any) || std::holds_alternative<Dropout>(any) || std::holds_alternative<Add>(any)
        || std::holds_alternative<Concat>(any) || std::holds_alternative<Embedding>(any) || std::holds_alternative<TiedLinear>(any)
        || std::holds_alternative<PositionEmbedding>(any);
}

}

GraphNetwork::GraphNetwork(const NetworkSpec& spec, at::Generator generator) : m_generator{std::move(generator)}
{
    const std::size_t inputCount = spec.inputs.size();
    const auto slotOf = [&](std::int32_t node) {
        return node < 0 ? static_cast<std::size_t>(-1 - node) : inputCount + static_cast<std::size_t>(node);
    };
    m_readsPieces = inputCount == 1 && !spec.inputs.front().padded
        && std::all_of(spec.layers.begin(), spec.layers.end(), [](const LayerNode& node) { return descent::readsPieces(node.layer); });
    const auto widen = [&](const Shape& shape) {
        m_widestSample = std::max(m_widestSample, std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>{}));
    };
    for (const NetworkInput& input : spec.inputs)
        widen(input.shape);
    for (const LayerNode& node : spec.layers)
        widen(node.outputShape);
    m_canBeShared = std::none_of(spec.layers.begin(), spec.layers.end(), [](const LayerNode& node) {
        return std::holds_alternative<layer::BatchNorm>(node.layer) || std::holds_alternative<layer::Conv2d>(node.layer)
            || std::holds_alternative<layer::Conv1d>(node.layer);
    });
    std::vector<int> paddingOf; // by slot
    for (std::size_t i = 0; i < inputCount; ++i) {
        m_padded.push_back(spec.inputs[i].padded);
        paddingOf.push_back(spec.inputs[i].padded ? static_cast<int>(i) : -1);
    }
    std::vector<std::size_t> readers(inputCount + spec.layers.size());
    for (const LayerNode& node : spec.layers)
        for (const std::int32_t input : node.inputs)
            ++readers[slotOf(input)];
    const auto stepsOf = [&](std::int32_t node) {
        const Shape& shape = node < 0 ? spec.inputs[slotOf(node)].shape : spec.layers[static_cast<std::size_t>(node)].outputShape;
        return shape.size() <= 2 ? shape.front() : -1;
    };

    std::vector<std::size_t> readSoFar(readers.size());
    for (const LayerNode& node : spec.layers) {
        Step step{.name = node.name};
        int padding = -1;
        for (const std::int32_t input : node.inputs) {
            const std::size_t slot = slotOf(input);
            step.inputs.push_back(slot);
            step.lastReader.push_back(++readSoFar[slot] == readers[slot]);
            step.paddings.push_back(paddingOf[slot]);
            if (padding < 0)
                padding = paddingOf[slot];
        }
        const std::int32_t input = node.inputs.front();
        // A layer that keeps the steps keeps their padding.
        paddingOf.push_back(node.outputShape.size() == 2 && node.outputShape.front() == stepsOf(input) ? padding : -1);
        step.mayOverwrite = input >= 0 && readers[slotOf(input)] == 1
            && toleratesOverwriting(spec.layers[static_cast<std::size_t>(input)].layer);
        OperationSite site{.module = [&]() -> LayerModule& { return moduleAt(*this, node.name); },
                           .moduleNamed = [&](const std::string& name) -> LayerModule& { return moduleAt(*this, name); },
                           .generator = m_generator,
                           .initialization = spec.initialization,
                           .mayOverwrite = step.mayOverwrite};
        step.operation = std::visit([&](const auto& layer) { return operationOf(layer, site); }, node.layer);
        m_steps.push_back(std::move(step));
    }
}

GraphNetwork::~GraphNetwork() = default;

void GraphNetwork::freeze(const std::vector<bool>& layers)
{
    if (layers.size() != m_steps.size())
        throw std::invalid_argument{fmt::format("{} flags for a network of {} layers", layers.size(), m_steps.size())};
    for (std::size_t i = 0; i < layers.size(); ++i)
        m_steps[i].frozen = layers[i];
    for (auto& parameter : named_parameters()) {
        const std::string& name = parameter.key();
        for (const Step& step : m_steps)
            if (step.frozen && name.starts_with(step.name + "."))
                parameter.value().requires_grad_(false);
    }
}

std::vector<at::Tensor> GraphNetwork::paddingsOf(const std::vector<at::Tensor>& inputs) const
{
    if (inputs.size() != m_padded.size())
        throw std::invalid_argument{fmt::format("{} inputs for a network of {}", inputs.size(), m_padded.size())};
    std::vector<at::Tensor> paddings(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i)
        if (m_padded[i])
            paddings[i] = inputs[i] == 0;
    return paddings;
}

at::Tensor GraphNetwork::run(Step& step, std::span<const at::Tensor> slots, std::span<const at::Tensor> paddings,
                             at::Generator& dropout, DecodingState* decoding)
{
    std::array<const at::Tensor*, 2> few{};
    std::vector<const at::Tensor*> many;
    std::span<const at::Tensor*> inputs{few.data(), std::min(step.inputs.size(), few.size())};
    if (step.inputs.size() > few.size()) {
        many.resize(step.inputs.size());
        inputs = many;
    }
    Pass pass{.training = is_training() && !step.frozen, .generator = dropout, .decoding = decoding, .statistics = m_statistics};
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        inputs[i] = &slots[step.inputs[i]];
        if (i < 2 && step.paddings[i] >= 0)
            (i == 0 ? pass.padding : pass.otherPadding) = paddings[static_cast<std::size_t>(step.paddings[i])];
    }
    return step.operation->run(inputs, pass);
}

at::Tensor GraphNetwork::forward(const std::vector<at::Tensor>& inputs)
{
    // What is only judged is shared out by samples, see GradientPass: threads that share each operation wait for each other.
    const std::int64_t size = inputs.front().size(0), threads = at::get_num_threads();
    constexpr std::int64_t worthSharing = 4; // samples a thread
    if (!m_canBeShared || at::GradMode::is_enabled() || is_training() || !inputs.front().is_cpu() || threads < 2 || at::in_parallel_region()
        || size < worthSharing * threads)
        return forward(inputs, m_generator);
    std::vector<at::Tensor> outputs(static_cast<std::size_t>(threads));
    at::parallel_for(0, threads, 1, [&](std::int64_t begin, std::int64_t end) {
        const torch::NoGradGuard guard; // of this thread
        omp_set_num_threads(1);         // of this thread, in here
        for (std::int64_t i = begin; i < end; ++i) {
            std::vector<at::Tensor> some;
            for (const at::Tensor& input : inputs)
                some.push_back(input.narrow(0, size * i / threads, size * (i + 1) / threads - size * i / threads));
            outputs[static_cast<std::size_t>(i)] = forward(some, m_generator); // draws nothing
        }
    });
    return at::cat(outputs);
}

at::Tensor GraphNetwork::forward(const std::vector<at::Tensor>& inputs, at::Generator& dropout)
{
    return pass(inputs, dropout, nullptr);
}

void GraphNetwork::observe(const std::vector<at::Tensor>& inputs, const std::function<void(std::size_t, const at::Tensor&)>& look)
{
    pass(inputs, m_generator, &look);
}

at::Tensor GraphNetwork::pass(const std::vector<at::Tensor>& inputs, at::Generator& dropout,
                              const std::function<void(std::size_t, const at::Tensor&)>* look)
{
    const std::vector<at::Tensor> paddings = paddingsOf(inputs);
    std::vector<at::Tensor> slots(inputs);
    slots.resize(inputs.size() + m_steps.size());
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        Step& step = m_steps[i];
        slots[inputs.size() + i] = run(step, slots, paddings, dropout);
        if (look)
            (*look)(i, slots[inputs.size() + i]);
        // What no later layer reads is let go at once: without autograd this bounds the memory to the widest place.
        for (std::size_t k = 0; k < step.inputs.size(); ++k)
            if (step.lastReader[k])
                slots[step.inputs[k]].reset();
    }
    return slots.back();
}

at::Tensor GraphNetwork::forward(const at::Tensor& piece, DecodingState& state)
{
    if (!m_readsPieces)
        throw std::logic_error{"this network reads whole sequences only"};
    return valueOf(m_steps.back().name, {piece}, {}, &state);
}

at::Tensor GraphNetwork::valueOf(std::string_view layer, const std::vector<at::Tensor>& inputs,
                                 const std::map<std::string, at::Tensor, std::less<>>& known, DecodingState* decoding)
{
    const auto wanted = std::find_if(m_steps.begin(), m_steps.end(), [&](const Step& step) { return step.name == layer; });
    if (wanted == m_steps.end())
        throw std::invalid_argument{fmt::format("there is no layer \"{}\"", layer)};
    const std::vector<at::Tensor> paddings = paddingsOf(inputs);
    const auto last = static_cast<std::size_t>(wanted - m_steps.begin());
    std::vector<at::Tensor> slots(inputs);
    slots.resize(inputs.size() + last + 1);
    std::vector<bool> needed(slots.size());
    needed.back() = true;
    for (std::size_t i = last + 1; i-- > 0;) { // a layer reads only what stands before it
        const std::size_t slot = inputs.size() + i;
        if (!needed[slot])
            continue;
        if (const auto given = known.find(m_steps[i].name); given != known.end()) {
            slots[slot] = given->second;
            needed[slot] = false;
        } else {
            for (const std::size_t input : m_steps[i].inputs)
                needed[input] = true;
        }
    }
    for (std::size_t i = 0; i <= last; ++i) {
        Step& step = m_steps[i];
        if (!needed[inputs.size() + i])
            continue;
        at::Tensor& first = slots[step.inputs.front()];
        if (step.mayOverwrite && !needed[step.inputs.front()])
            first = first.clone(); // what the caller knows stays as it is
        slots[inputs.size() + i] = run(step, slots, paddings, m_generator, decoding);
    }
    if (decoding)
        decoding->written += inputs.back().size(1);
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
    for (at::Tensor& buffer : network.buffers())
        if (buffer.dim() == 4)
            buffer.set_data(buffer.clone(at::MemoryFormat::ChannelsLast));
}

}
