// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/network_builder.h"

#include "engine/core/network/layer_inference.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace descent {

namespace {

std::string written(const Shape& shape)
{
    return fmt::format("{}", fmt::join(shape, "x"));
}

}

NetworkBuilder::NetworkBuilder(std::vector<NetworkInput> inputs, Initialization initialization)
{
    if (inputs.empty())
        throw std::invalid_argument{"a network without an input"};
    m_spec.inputs = std::move(inputs);
    m_spec.initialization = initialization;
}

NetworkBuilder::NetworkBuilder(Shape inputShape, Initialization initialization)
    : NetworkBuilder{std::vector{numericInput(std::move(inputShape))}, initialization}
{
}

const Shape& NetworkBuilder::shape(Node node) const
{
    if (node == last)
        node = position();
    return node < 0 ? m_spec.inputs.at(static_cast<std::size_t>(-1 - node)).shape : m_spec.layers.at(static_cast<std::size_t>(node)).outputShape;
}

NetworkBuilder::Node NetworkBuilder::append(std::string name, Layer layer, std::vector<Node> inputs)
{
    for (Node& node : inputs)
        node = node == last ? position() : node;
    if (!m_problems.empty())
        return position();
    if (std::any_of(m_spec.layers.begin(), m_spec.layers.end(), [&](const LayerNode& other) { return other.name == name; }))
        throw std::logic_error{fmt::format("two layers are named \"{}\"", name)};

    const Shape& in = shape(inputs.front());
    std::vector<const Shape*> shapes;
    for (const Node node : inputs)
        shapes.push_back(&shape(node));
    InferredLayer inferred = inferLayer(layer, shapes);
    if (inferred.shape.empty()) {
        m_problems.push_back({"architecture",
                              text("a picture of this size has shrunk to %1 where \"%2\" needs more", written(in), name),
                              text("use larger pictures (preprocessing.resize) or a smaller architecture")});
        return position();
    }
    const bool joins = std::holds_alternative<layer::Concat>(layer);
    const bool ofEqualShapes = std::holds_alternative<layer::Add>(layer) || std::holds_alternative<layer::Subtract>(layer)
        || std::holds_alternative<layer::Multiply>(layer) || std::holds_alternative<layer::Stack>(layer);
    for (const Shape* other : shapes) {
        Shape joined = *other;
        if (joins && joined.size() == in.size())
            joined[featuresAt(in)] = in[featuresAt(in)];
        if (joins && joined != in)
            throw std::logic_error{fmt::format("\"{}\" joins {} and {}", name, written(in), written(*other))};
        if (ofEqualShapes && *other != in)
            throw std::logic_error{fmt::format("\"{}\" adds {} to {}", name, written(in), written(*other))};
    }
    if (m_spec.parameterCount() + inferred.parameters > mostParameters) {
        m_problems.push_back({"architecture", text("this network would have more than %1 billion weights at \"%2\"", 2, name),
                              text("use fewer or narrower layers, or smaller pictures")});
        return position();
    }
    const bool splits = std::holds_alternative<layer::Patches>(layer), ends = std::holds_alternative<layer::JoinColumns>(layer);
    m_repeats = splits ? in[1] : ends ? 1 : m_repeats;
    m_spec.layers.push_back({std::move(name), std::move(layer), std::move(inputs), std::move(inferred.shape), inferred.parameters,
                             sizeProduct({m_repeats, inferred.multiplyAdds})});
    return position();
}

NetworkBuilder::Node NetworkBuilder::conv2d(std::string name, std::int64_t outChannels, layer::Conv2d options, Node from)
{
    const Shape& in = shape(from);
    options.inChannels = in.size() == 3 ? in[0] : 0;
    options.outChannels = outChannels;
    return append(std::move(name), options, {from});
}

NetworkBuilder::Node NetworkBuilder::patchWhitening(std::string name, std::int64_t kernel, Node from)
{
    return append(std::move(name), layer::PatchWhitening{features(from), kernel}, {from});
}

NetworkBuilder::Node NetworkBuilder::linear(std::string name, std::int64_t outFeatures, bool bias, Node from)
{
    return append(std::move(name), layer::Linear{shape(from).back(), outFeatures, bias}, {from});
}

NetworkBuilder::Node NetworkBuilder::batchNorm(std::string name, bool zeroWeight, Node from)
{
    return append(std::move(name), layer::BatchNorm{features(from), zeroWeight}, {from});
}

NetworkBuilder::Node NetworkBuilder::activation(std::string name, layer::Activation::Function function, Node from)
{
    return append(std::move(name), layer::Activation{function}, {from});
}

NetworkBuilder::Node NetworkBuilder::maxPool2d(std::string name, layer::MaxPool2d options, Node from)
{
    return append(std::move(name), options, {from});
}

NetworkBuilder::Node NetworkBuilder::avgPool2d(std::string name, layer::AvgPool2d options, Node from)
{
    return append(std::move(name), options, {from});
}

NetworkBuilder::Node NetworkBuilder::adaptiveAvgPool2d(std::string name, std::int64_t height, std::int64_t width, Node from)
{
    return append(std::move(name), layer::AdaptiveAvgPool2d{height, width}, {from});
}

NetworkBuilder::Node NetworkBuilder::upsampleTo(std::string name, Node from, Node like)
{
    return append(std::move(name), layer::UpsampleTo{}, {from, like});
}

NetworkBuilder::Node NetworkBuilder::flatten(std::string name, Node from)
{
    return append(std::move(name), layer::Flatten{}, {from});
}

NetworkBuilder::Node NetworkBuilder::dropout(std::string name, double probability, Node from)
{
    return append(std::move(name), layer::Dropout{probability}, {from});
}

NetworkBuilder::Node NetworkBuilder::add(std::string name, Node left, Node right)
{
    return append(std::move(name), layer::Add{}, {left, right});
}

NetworkBuilder::Node NetworkBuilder::layerNorm(std::string name, Node from)
{
    return append(std::move(name), layer::LayerNorm{features(from)}, {from});
}

NetworkBuilder::Node NetworkBuilder::layerScale(std::string name, double initial, Node from)
{
    return append(std::move(name), layer::LayerScale{features(from), initial}, {from});
}

NetworkBuilder::Node NetworkBuilder::tokens(std::string name, Node from)
{
    return append(std::move(name), layer::Tokens{}, {from});
}

NetworkBuilder::Node NetworkBuilder::featureTokens(std::string name, std::int64_t width, Node from)
{
    return append(std::move(name), layer::FeatureTokens{features(from), width}, {from});
}

NetworkBuilder::Node NetworkBuilder::classToken(std::string name, Node from)
{
    return append(std::move(name), layer::ClassToken{features(from)}, {from});
}

NetworkBuilder::Node NetworkBuilder::embedding(std::string name, std::int64_t vocabulary, std::int64_t width, Node from)
{
    return append(std::move(name), layer::Embedding{vocabulary, width}, {from});
}

NetworkBuilder::Node NetworkBuilder::positionEmbedding(std::string name, Node from)
{
    const Shape& in = shape(from);
    return append(std::move(name), layer::PositionEmbedding{in.front(), in.back()}, {from});
}

bool NetworkBuilder::sharesOut(std::int64_t width, std::int64_t heads)
{
    if (heads >= 1 && width % heads == 0)
        return true;
    if (m_problems.empty())
        m_problems.push_back({"architecture.heads", text("%1 features cannot be shared out evenly to %2 heads", width, heads),
                              text("choose a number of heads that divides the width")});
    return false;
}

NetworkBuilder::Node NetworkBuilder::selfAttention(std::string name, layer::SelfAttention options, Node from)
{
    options.width = features(from);
    return sharesOut(options.width, options.heads) ? append(std::move(name), options, {from}) : position();
}

NetworkBuilder::Node NetworkBuilder::crossAttention(std::string name, layer::CrossAttention options, Node memory, Node from)
{
    options.width = features(from);
    return sharesOut(options.width, options.heads) ? append(std::move(name), options, {from, memory}) : position();
}

NetworkBuilder::Node NetworkBuilder::tiedLinear(std::string name, const std::string& embedding, Node from)
{
    if (!m_problems.empty())
        return position();
    for (const LayerNode& node : m_spec.layers)
        if (const auto* found = std::get_if<layer::Embedding>(&node.layer); found && node.name == embedding) {
            if (found->width != features(from))
                throw std::logic_error{fmt::format("\"{}\" reads {} features, \"{}\" has {}", name, features(from), embedding, found->width)};
            return append(std::move(name), layer::TiedLinear{embedding, found->width, found->vocabulary}, {from});
        }
    throw std::logic_error{fmt::format("\"{}\" shares an embedding \"{}\" that is not there", name, embedding)};
}

NetworkBuilder::Node NetworkBuilder::recurrent(std::string name, layer::Recurrent options, Node from, std::optional<Node> start)
{
    options.inFeatures = features(from);
    if (start && (options.bidirectional || shape(*start) != Shape{options.hidden}))
        throw std::logic_error{fmt::format("\"{}\" cannot start from {}", name, written(shape(*start)))};
    return append(std::move(name), options, start ? std::vector{from, *start} : std::vector{from});
}

NetworkBuilder::Node NetworkBuilder::conv1d(std::string name, std::int64_t outChannels, layer::Conv1d options, Node from)
{
    options.inChannels = features(from);
    options.outChannels = outChannels;
    return append(std::move(name), options, {from});
}

NetworkBuilder::Node NetworkBuilder::firstFeatures(std::string name, std::int64_t count, Node from)
{
    return count == features(from) ? (from == last ? position() : from) : append(std::move(name), layer::FirstFeatures{count}, {from});
}

NetworkBuilder::Node NetworkBuilder::transpose(std::string name, Node from)
{
    return append(std::move(name), layer::Transpose{}, {from});
}

NetworkBuilder::Node NetworkBuilder::unflatten(std::string name, std::int64_t steps, std::int64_t features, Node from)
{
    return append(std::move(name), layer::Unflatten{steps, features}, {from});
}

NetworkBuilder::Node NetworkBuilder::movingAverage(std::string name, std::int64_t kernel, Node from)
{
    return append(std::move(name), layer::MovingAverage{kernel}, {from});
}

NetworkBuilder::Node NetworkBuilder::subtract(std::string name, Node left, Node right)
{
    return append(std::move(name), layer::Subtract{}, {left, right});
}

NetworkBuilder::Node NetworkBuilder::windowNorm(std::string name, std::int64_t features, Node from)
{
    return append(std::move(name), layer::WindowNorm{features}, {from});
}

NetworkBuilder::Node NetworkBuilder::windowRestore(std::string name, Node from, Node window)
{
    return append(std::move(name), layer::WindowRestore{}, {from, window});
}

NetworkBuilder::Node NetworkBuilder::patches(std::string name, std::int64_t length, std::int64_t stride, Node from)
{
    if (const std::int64_t steps = shape(from).front(); length > steps) {
        if (m_problems.empty())
            m_problems.push_back({"architecture.patch", text("a patch of %1 steps is longer than the window of %2", length, steps),
                                  text("choose shorter patches, or a longer input")});
        return position();
    }
    return append(std::move(name), layer::Patches{length, stride}, {from});
}

NetworkBuilder::Node NetworkBuilder::joinColumns(std::string name, std::int64_t columns, Node from)
{
    return append(std::move(name), layer::JoinColumns{columns}, {from});
}

NetworkBuilder::Node NetworkBuilder::sequencePool(std::string name, layer::SequencePool::Kind kind, Node from)
{
    return append(std::move(name), layer::SequencePool{kind}, {from});
}

NetworkBuilder::Node NetworkBuilder::concat(std::string name, std::vector<Node> from)
{
    return append(std::move(name), layer::Concat{}, std::move(from));
}

NetworkBuilder::Node NetworkBuilder::multiply(std::string name, Node left, Node right)
{
    return append(std::move(name), layer::Multiply{}, {left, right});
}

NetworkBuilder::Node NetworkBuilder::unitLength(std::string name, Node from)
{
    return append(std::move(name), layer::UnitLength{}, {from});
}

NetworkBuilder::Node NetworkBuilder::cosineLinear(std::string name, std::int64_t outFeatures, Node from)
{
    return append(std::move(name), layer::CosineLinear{features(from), outFeatures}, {from});
}

NetworkBuilder::Node NetworkBuilder::stack(std::string name, std::vector<Node> from)
{
    return append(std::move(name), layer::Stack{}, std::move(from));
}

std::int64_t NetworkBuilder::features(Node node) const
{
    const Shape& in = shape(node);
    return in.size() == 3 ? in.front() : in.back();
}

Result<NetworkSpec> NetworkBuilder::build() &&
{
    if (!m_problems.empty())
        return {std::nullopt, std::move(m_problems)};
    return {std::move(m_spec), {}};
}

}
