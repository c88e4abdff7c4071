// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/network/network_spec.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace descent {

/// Writes a NetworkSpec down layer by layer and works out shapes, input widths and parameter counts on the way.
/// Each call names the node it adds and returns its position; `from` is where the layer reads, the last node by default.
/// When a layer cannot follow (a pooling on a picture that has shrunk to nothing), the first such problem is kept and the
/// rest of the calls do nothing, so an architecture needs no checks of its own.
class NetworkBuilder {
public:
    using Node = std::int32_t;
    static constexpr Node last = std::numeric_limits<Node>::min();

    explicit NetworkBuilder(std::vector<NetworkInput> inputs, Initialization initialization = Initialization::torchDefault);
    explicit NetworkBuilder(Shape inputShape, Initialization initialization = Initialization::torchDefault); ///< of one numericInput

    /// layer::Conv2d::inChannels is filled in from the shape.
    Node conv2d(std::string name, std::int64_t outChannels, layer::Conv2d options = {}, Node from = last);
    Node patchWhitening(std::string name, std::int64_t kernel = 2, Node from = last);
    Node linear(std::string name, std::int64_t outFeatures, bool bias = true, Node from = last);
    Node batchNorm(std::string name, bool zeroWeight = false, Node from = last);
    Node activation(std::string name, layer::Activation::Function function = layer::Activation::Function::relu, Node from = last);
    Node maxPool2d(std::string name, layer::MaxPool2d options = {}, Node from = last);
    Node avgPool2d(std::string name, layer::AvgPool2d options = {}, Node from = last);
    Node adaptiveAvgPool2d(std::string name, std::int64_t height, std::int64_t width, Node from = last);
    Node upsampleTo(std::string name, Node from, Node like);
    Node flatten(std::string name, Node from = last);
    Node dropout(std::string name, double probability, Node from = last);
    Node add(std::string name, Node left, Node right);
    Node layerNorm(std::string name, Node from = last);
    Node layerScale(std::string name, double initial, Node from = last);
    Node tokens(std::string name, Node from = last);
    Node featureTokens(std::string name, std::int64_t width, Node from = last);
    Node classToken(std::string name, Node from = last);
    Node embedding(std::string name, std::int64_t vocabulary, std::int64_t width, Node from = last);
    Node positionEmbedding(std::string name, Node from = last);
    /// layer::SelfAttention::width is filled in from the shape; a width that the heads do not divide is a problem.
    Node selfAttention(std::string name, layer::SelfAttention options, Node from = last);
    /// start: [hidden] of the second input, or none
    Node recurrent(std::string name, layer::Recurrent options, Node from = last, std::optional<Node> start = {});
    Node conv1d(std::string name, std::int64_t outChannels, layer::Conv1d options = {}, Node from = last);
    Node sequencePool(std::string name, layer::SequencePool::Kind kind = layer::SequencePool::Kind::mean, Node from = last);
    Node concat(std::string name, std::vector<Node> from);
    Node firstFeatures(std::string name, std::int64_t count, Node from = last); ///< adds nothing where all are taken
    Node transpose(std::string name, Node from = last);
    Node unflatten(std::string name, std::int64_t steps, std::int64_t features, Node from = last);
    Node movingAverage(std::string name, std::int64_t kernel, Node from = last);
    Node subtract(std::string name, Node left, Node right);
    Node windowNorm(std::string name, std::int64_t features, Node from = last);
    Node windowRestore(std::string name, Node from, Node window);
    /// A patch longer than the window is a problem. What follows counts once a column, up to joinColumns.
    Node patches(std::string name, std::int64_t length, std::int64_t stride, Node from = last);
    Node joinColumns(std::string name, std::int64_t columns, Node from = last);
    /// layer::CrossAttention::width is filled in from the shape, which is also to be the memory's width.
    Node crossAttention(std::string name, layer::CrossAttention options, Node memory, Node from = last);
    /// embedding: the name of an embedding that was added before, as wide as what is read here
    Node tiedLinear(std::string name, const std::string& embedding, Node from = last);
    Node multiply(std::string name, Node left, Node right);
    Node unitLength(std::string name, Node from = last);
    Node cosineLinear(std::string name, std::int64_t outFeatures, Node from = last);
    Node stack(std::string name, std::vector<Node> from);

    Node position() const { return static_cast<Node>(m_spec.layers.size()) - 1; } ///< of the last node added
    static constexpr Node input(std::size_t which = 0) { return NetworkSpec::inputAt(which); } ///< of the network
    const Shape& shape(Node node = last) const;

    /// The finished network, or the problem (path "architecture") that stopped it.
    Result<NetworkSpec> build() &&;

private:
    Node append(std::string name, Layer layer, std::vector<Node> inputs);
    bool sharesOut(std::int64_t width, std::int64_t heads); // else there is a problem
    std::int64_t features(Node node) const; // of each place: channels of a picture, the last size of anything else

    NetworkSpec m_spec;
    std::int64_t m_repeats = 1; // how often a sample passes through the next layer: once a column between patches and joinColumns
    Problems m_problems;
};

}
