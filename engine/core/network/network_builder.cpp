// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/network_builder.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace descent {

namespace {

/// Beyond this a network fits no machine, and products of sizes would come near overflow.
constexpr std::int64_t maximumParameters = 2'000'000'000;

/// Far above any count that passes, so that sums of a few products still fit.
constexpr std::int64_t absurd = std::int64_t{1} << 60;

/// Product of sizes, none negative; stops at `absurd`, since a person may ask for anything.
std::int64_t product(std::initializer_list<std::int64_t> factors)
{
    std::int64_t result = 1;
    for (const std::int64_t factor : factors)
        if (__builtin_mul_overflow(result, factor, &result) || result > absurd)
            return absurd;
    return result;
}

std::int64_t elements(const Shape& shape)
{
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, [](std::int64_t left, std::int64_t right) {
        return product({left, right});
    });
}

/// Side after a window of `kernel` slides over it; 0 or less when the window does not fit. Rounds down, as torch does.
std::int64_t slid(std::int64_t side, std::int64_t kernel, std::int64_t stride, std::int64_t padding)
{
    return side + 2 * padding < kernel ? 0 : (side + 2 * padding - kernel) / stride + 1;
}

struct Inferred {
    Shape shape;
    std::int64_t parameters = 0, multiplyAdds = 0;
};

/// Shape and cost of a layer that reads `in`, and `second` where it has two inputs. An empty shape: the layer cannot read that.
struct Inference {
    const Shape& in;
    const Shape& second;

    Inferred operator()(const layer::Conv2d& l) const
    {
        if (in.size() != 3)
            return {};
        const std::int64_t height = slid(in[1], l.kernel, l.stride, l.padding),
                           width = slid(in[2], l.kernel, l.stride, l.padding);
        if (height < 1 || width < 1)
            return {};
        const std::int64_t weights = product({l.outChannels, l.inChannels / l.groups, l.kernel, l.kernel});
        return {{l.outChannels, height, width}, weights + (l.bias ? l.outChannels : 0), product({weights, height, width})};
    }
    Inferred operator()(const layer::Linear& l) const
    {
        if (in.size() != 1 && in.size() != 2)
            return {};
        const std::int64_t weights = product({l.inFeatures, l.outFeatures}), steps = in.size() == 2 ? in[0] : 1;
        Shape out = in;
        out.back() = l.outFeatures;
        return {std::move(out), weights + (l.bias ? l.outFeatures : 0), product({weights, steps})};
    }
    Inferred operator()(const layer::BatchNorm& l) const { return {in, 2 * l.features, elements(in)}; }
    Inferred operator()(const layer::Activation&) const { return {in}; }
    Inferred operator()(const layer::MaxPool2d& l) const { return pooled(l.kernel, l.stride, l.padding); }
    Inferred operator()(const layer::AvgPool2d& l) const { return pooled(l.kernel, l.stride, l.padding); }
    Inferred operator()(const layer::AdaptiveAvgPool2d& l) const
    {
        return in.size() == 3 ? Inferred{{in[0], l.height, l.width}} : Inferred{};
    }
    Inferred operator()(const layer::UpsampleTo&) const { return in.size() == 3 ? Inferred{in} : Inferred{}; } // by append()
    Inferred operator()(const layer::Flatten&) const { return {{elements(in)}}; }
    Inferred operator()(const layer::Dropout&) const { return {in}; }
    Inferred operator()(const layer::Add&) const { return {in}; }
    Inferred operator()(const layer::LayerNorm& l) const { return {in, 2 * l.features, elements(in)}; }
    Inferred operator()(const layer::LayerScale& l) const { return {in, l.features, elements(in)}; }
    Inferred operator()(const layer::Tokens&) const
    {
        return in.size() == 3 ? Inferred{{product({in[1], in[2]}), in[0]}} : Inferred{};
    }
    Inferred operator()(const layer::FeatureTokens& l) const
    {
        const std::int64_t values = product({l.features, l.width});
        return in.size() == 1 ? Inferred{{in[0], l.width}, 2 * values, values} : Inferred{};
    }
    Inferred operator()(const layer::ClassToken& l) const
    {
        return in.size() == 2 ? Inferred{{in[0] + 1, in[1]}, l.width} : Inferred{};
    }
    Inferred operator()(const layer::Embedding& l) const
    {
        return in.size() == 1 ? Inferred{{in[0], l.width}, product({l.vocabulary, l.width})} : Inferred{};
    }
    Inferred operator()(const layer::PositionEmbedding& l) const
    {
        return in.size() == 2 ? Inferred{in, product({l.length, l.width})} : Inferred{};
    }
    Inferred operator()(const layer::SelfAttention& l) const
    {
        if (in.size() != 2)
            return {};
        const std::int64_t square = product({l.width, l.width});
        return {in, 4 * (square + l.width), product({in[0], 4, square}) + product({2, in[0], in[0], l.width})};
    }
    Inferred operator()(const layer::Recurrent& l) const
    {
        if (in.size() != 2)
            return {};
        using enum layer::Recurrent::Cell;
        const std::int64_t gates = l.cell == rnn ? 1 : l.cell == gru ? 3 : 4, directions = l.bidirectional ? 2 : 1;
        std::int64_t weights = 0, biases = 0;
        for (std::int64_t i = 0, features = l.inFeatures; i < l.layers; ++i, features = directions * l.hidden) {
            weights += product({directions, gates, l.hidden, features + l.hidden});
            biases += product({directions, gates, 2, l.hidden});
        }
        return {{in[0], directions * l.hidden}, std::min(weights + biases, absurd), product({in[0], weights})};
    }
    Inferred operator()(const layer::Conv1d& l) const
    {
        if (in.size() != 2)
            return {};
        const std::int64_t weights = product({l.outChannels, l.inChannels, l.kernel});
        return {{in[0], l.outChannels}, weights + (l.bias ? l.outChannels : 0), product({weights, in[0]})};
    }
    Inferred operator()(const layer::SequencePool&) const { return in.size() == 2 ? Inferred{{in[1]}} : Inferred{}; }
    Inferred operator()(const layer::Concat&) const { return {in}; } // widened by append()
    Inferred operator()(const layer::FirstFeatures& l) const
    {
        return in.size() == 2 && l.count <= in[1] ? Inferred{{in[0], l.count}} : Inferred{};
    }
    Inferred operator()(const layer::Transpose&) const { return in.size() == 2 ? Inferred{{in[1], in[0]}} : Inferred{}; }
    Inferred operator()(const layer::Unflatten& l) const
    {
        return in.size() == 1 && product({l.steps, l.features}) == in[0] ? Inferred{{l.steps, l.features}} : Inferred{};
    }
    Inferred operator()(const layer::MovingAverage&) const { return in.size() == 2 ? Inferred{in, 0, elements(in)} : Inferred{}; }
    Inferred operator()(const layer::Subtract&) const { return {in}; }
    Inferred operator()(const layer::WindowNorm& l) const
    {
        return in.size() == 2 && l.features <= in[1] ? Inferred{in, 0, product({in[0], l.features})} : Inferred{};
    }
    Inferred operator()(const layer::WindowRestore&) const { return in.size() == 2 ? Inferred{in, 0, elements(in)} : Inferred{}; }
    Inferred operator()(const layer::Patches& l) const
    {
        return in.size() == 2 && in[0] + l.stride >= l.length ? Inferred{{(in[0] + l.stride - l.length) / l.stride + 1, l.length}} : Inferred{};
    }
    Inferred operator()(const layer::JoinColumns& l) const { return in.size() == 1 ? Inferred{{in[0], l.columns}} : Inferred{}; }
    Inferred operator()(const layer::CrossAttention& l) const
    {
        if (in.size() != 2 || second.size() != 2 || second[1] != l.width)
            return {};
        const std::int64_t square = product({l.width, l.width});
        return {in, 4 * (square + l.width), product({in[0] + second[0], 2, square}) + product({2, in[0], second[0], l.width})};
    }
    Inferred operator()(const layer::TiedLinear& l) const
    {
        return in.size() == 2 ? Inferred{{in[0], l.vocabulary}, 0, product({in[0], l.vocabulary, l.width})} : Inferred{};
    }
    Inferred operator()(const layer::Multiply&) const { return {in}; }
    Inferred operator()(const layer::UnitLength&) const { return in.size() == 1 ? Inferred{in} : Inferred{}; }
    Inferred operator()(const layer::CosineLinear& l) const
    {
        const std::int64_t weights = product({l.inFeatures, l.outFeatures});
        return in.size() == 1 ? Inferred{{l.outFeatures}, weights, weights} : Inferred{};
    }
    Inferred operator()(const layer::Stack&) const { return in.size() == 1 ? Inferred{in} : Inferred{}; } // made higher by append()

    Inferred pooled(std::int64_t kernel, std::int64_t stride, std::int64_t padding) const
    {
        if (in.size() != 3)
            return {};
        const std::int64_t height = slid(in[1], kernel, stride, padding), width = slid(in[2], kernel, stride, padding);
        return height < 1 || width < 1 ? Inferred{} : Inferred{{in[0], height, width}};
    }
};

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
    Inferred inferred = std::visit(Inference{in, shape(inputs.size() > 1 ? inputs[1] : inputs[0])}, layer);
    if (inferred.shape.empty()) {
        m_problems.push_back({"architecture",
                              text("a picture of this size has shrunk to %1 where \"%2\" needs more", written(in), name),
                              text("use larger pictures (preprocessing.resize) or a smaller architecture")});
        return position();
    }
    const bool joins = std::holds_alternative<layer::Concat>(layer), upsamples = std::holds_alternative<layer::UpsampleTo>(layer);
    const bool ofEqualShapes = std::holds_alternative<layer::Add>(layer) || std::holds_alternative<layer::Subtract>(layer)
        || std::holds_alternative<layer::Multiply>(layer) || std::holds_alternative<layer::Stack>(layer);
    if (upsamples)
        inferred.shape = {in[0], shape(inputs[1]).at(1), shape(inputs[1]).at(2)};
    const auto featuresAt = [](const Shape& shape) { return shape.size() == 2 ? std::size_t{1} : std::size_t{0}; };
    for (std::size_t i = 1; joins && i < inputs.size(); ++i) {
        Shape other = shape(inputs[i]);
        const std::size_t features = featuresAt(in);
        if (other.size() != in.size())
            throw std::logic_error{fmt::format("\"{}\" joins {} and {}", name, written(in), written(other))};
        inferred.shape[features] += std::exchange(other[features], in[features]);
        if (other != in)
            throw std::logic_error{fmt::format("\"{}\" joins {} and {}", name, written(in), written(shape(inputs[i])))};
    }
    for (const Node other : inputs)
        if (ofEqualShapes && shape(other) != in)
            throw std::logic_error{fmt::format("\"{}\" adds {} to {}", name, written(in), written(shape(other)))};
    if (std::holds_alternative<layer::Stack>(layer))
        inferred.shape.insert(inferred.shape.begin(), static_cast<std::int64_t>(inputs.size()));
    if (m_spec.parameterCount() + inferred.parameters > maximumParameters) {
        m_problems.push_back({"architecture", text("this network would have more than %1 billion weights at \"%2\"", 2, name),
                              text("use fewer or narrower layers, or smaller pictures")});
        return position();
    }
    const bool splits = std::holds_alternative<layer::Patches>(layer), ends = std::holds_alternative<layer::JoinColumns>(layer);
    m_repeats = splits ? in[1] : ends ? 1 : m_repeats;
    m_spec.layers.push_back({std::move(name), std::move(layer), std::move(inputs), std::move(inferred.shape), inferred.parameters,
                             product({m_repeats, inferred.multiplyAdds})});
    return position();
}

NetworkBuilder::Node NetworkBuilder::conv2d(std::string name, std::int64_t outChannels, layer::Conv2d options, Node from)
{
    const Shape& in = shape(from);
    options.inChannels = in.size() == 3 ? in[0] : 0;
    options.outChannels = outChannels;
    return append(std::move(name), options, {from});
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
