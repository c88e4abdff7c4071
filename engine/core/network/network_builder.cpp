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

/// Shape and cost of a layer that reads `in`. An empty shape: the layer cannot read that.
struct Inference {
    const Shape& in;

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
        if (in.size() != 1)
            return {};
        const std::int64_t weights = product({l.inFeatures, l.outFeatures});
        return {{l.outFeatures}, weights + (l.bias ? l.outFeatures : 0), weights};
    }
    Inferred operator()(const layer::BatchNorm& l) const { return {in, 2 * l.features, elements(in)}; }
    Inferred operator()(const layer::Activation&) const { return {in}; }
    Inferred operator()(const layer::MaxPool2d& l) const { return pooled(l.kernel, l.stride, l.padding); }
    Inferred operator()(const layer::AvgPool2d& l) const { return pooled(l.kernel, l.stride, l.padding); }
    Inferred operator()(const layer::AdaptiveAvgPool2d& l) const
    {
        return in.size() == 3 ? Inferred{{in[0], l.height, l.width}} : Inferred{};
    }
    Inferred operator()(const layer::Flatten&) const { return {{elements(in)}}; }
    Inferred operator()(const layer::Dropout&) const { return {in}; }
    Inferred operator()(const layer::Add&) const { return {in}; }

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

NetworkBuilder::NetworkBuilder(Shape inputShape, Initialization initialization)
{
    m_spec.inputShape = std::move(inputShape);
    m_spec.initialization = initialization;
}

const Shape& NetworkBuilder::shape(Node node) const
{
    if (node == last)
        node = position();
    return node == NetworkSpec::input ? m_spec.inputShape : m_spec.layers.at(static_cast<std::size_t>(node)).outputShape;
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
    Inferred inferred = std::visit(Inference{in}, layer);
    if (inferred.shape.empty()) {
        m_problems.push_back({"architecture",
                              text("a picture of this size has shrunk to %1 where \"%2\" needs more", written(in), name),
                              text("use larger pictures (preprocessing.resize) or a smaller architecture")});
        return position();
    }
    for (const Node other : inputs)
        if (shape(other) != in)
            throw std::logic_error{fmt::format("\"{}\" adds {} to {}", name, written(in), written(shape(other)))};
    if (m_spec.parameterCount() + inferred.parameters > maximumParameters) {
        m_problems.push_back({"architecture", text("this network would have more than %1 billion weights at \"%2\"", 2, name),
                              text("use fewer or narrower layers, or smaller pictures")});
        return position();
    }
    m_spec.layers.push_back({std::move(name), std::move(layer), std::move(inputs), std::move(inferred.shape), inferred.parameters,
                             inferred.multiplyAdds});
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
    return append(std::move(name), layer::Linear{elements(shape(from)), outFeatures, bias}, {from});
}

NetworkBuilder::Node NetworkBuilder::batchNorm(std::string name, bool zeroWeight, Node from)
{
    return append(std::move(name), layer::BatchNorm{shape(from).front(), zeroWeight}, {from});
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

Result<NetworkSpec> NetworkBuilder::build() &&
{
    if (!m_problems.empty())
        return {std::nullopt, std::move(m_problems)};
    return {std::move(m_spec), {}};
}

}
