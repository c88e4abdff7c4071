// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/network_spec.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <stdexcept>

namespace descent {

namespace {

/// One lambda a layer: a new kind of layer that is forgotten here does not compile.
template <typename... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

std::string pooling(std::int64_t kernel, std::int64_t stride)
{
    return stride == 1 ? fmt::format("{0}x{0}", kernel) : fmt::format("{0}x{0}, /{1}", kernel, stride);
}

const char* functionName(layer::Activation::Function function)
{
    using enum layer::Activation::Function;
    switch (function) {
    case relu: return "ReLU";
    case tanh: return "Tanh";
    case sigmoid: return "Sigmoid";
    case gelu: return "GELU";
    case silu: return "SiLU";
    case leakyRelu: return "LeakyReLU";
    case relu6: return "ReLU6";
    }
    return "";
}

const char* cellName(layer::Recurrent::Cell cell)
{
    using enum layer::Recurrent::Cell;
    return cell == rnn ? "RNN" : cell == lstm ? "LSTM" : "GRU";
}

}

NetworkInput numericInput(Shape shape)
{
    using enum NetworkInput::Kind;
    if (shape.empty() || shape.size() > 3)
        throw std::invalid_argument{fmt::format("an input of {} sizes", shape.size())};
    return {.kind = shape.size() == 3 ? picture : shape.size() == 2 ? series : row, .shape = std::move(shape)};
}

std::int64_t shorterSide(const Shape& picture)
{
    if (picture.size() != 3)
        throw std::invalid_argument{fmt::format("a picture has three sizes, not {}", picture.size())};
    return std::min(picture[1], picture[2]);
}

std::int64_t NetworkSpec::parameterCount() const
{
    return std::accumulate(layers.begin(), layers.end(), std::int64_t{0},
                           [](std::int64_t sum, const LayerNode& node) { return sum + node.parameterCount; });
}

std::int64_t NetworkSpec::multiplyAdds() const
{
    return std::accumulate(layers.begin(), layers.end(), std::int64_t{0},
                           [](std::int64_t sum, const LayerNode& node) { return sum + node.multiplyAdds; });
}

std::string layerName(const Layer& layer)
{
    return std::visit(Overloaded{
                          [](const layer::Conv2d&) { return std::string{"Conv2d"}; },
                          [](const layer::PatchWhitening&) { return std::string{"PatchWhitening"}; },
                          [](const layer::Linear&) { return std::string{"Linear"}; },
                          [](const layer::BatchNorm&) { return std::string{"BatchNorm"}; },
                          [](const layer::Activation& l) { return std::string{functionName(l.function)}; },
                          [](const layer::MaxPool2d&) { return std::string{"MaxPool2d"}; },
                          [](const layer::AvgPool2d&) { return std::string{"AvgPool2d"}; },
                          [](const layer::AdaptiveAvgPool2d&) { return std::string{"AdaptiveAvgPool2d"}; },
                          [](const layer::UpsampleTo&) { return std::string{"Upsample"}; },
                          [](const layer::Flatten&) { return std::string{"Flatten"}; },
                          [](const layer::Dropout&) { return std::string{"Dropout"}; },
                          [](const layer::Add&) { return std::string{"Add"}; },
                          [](const layer::LayerNorm&) { return std::string{"LayerNorm"}; },
                          [](const layer::LayerScale&) { return std::string{"LayerScale"}; },
                          [](const layer::Tokens&) { return std::string{"Tokens"}; },
                          [](const layer::FeatureTokens&) { return std::string{"FeatureTokens"}; },
                          [](const layer::ClassToken&) { return std::string{"ClassToken"}; },
                          [](const layer::Embedding&) { return std::string{"Embedding"}; },
                          [](const layer::PositionEmbedding&) { return std::string{"PositionEmbedding"}; },
                          [](const layer::SelfAttention&) { return std::string{"SelfAttention"}; },
                          [](const layer::Recurrent& l) { return std::string{cellName(l.cell)}; },
                          [](const layer::Conv1d&) { return std::string{"Conv1d"}; },
                          [](const layer::SequencePool&) { return std::string{"SequencePool"}; },
                          [](const layer::Concat&) { return std::string{"Concat"}; },
                          [](const layer::FirstFeatures&) { return std::string{"FirstFeatures"}; },
                          [](const layer::Transpose&) { return std::string{"Transpose"}; },
                          [](const layer::Unflatten&) { return std::string{"Unflatten"}; },
                          [](const layer::MovingAverage&) { return std::string{"MovingAverage"}; },
                          [](const layer::Subtract&) { return std::string{"Subtract"}; },
                          [](const layer::WindowNorm&) { return std::string{"WindowNorm"}; },
                          [](const layer::WindowRestore&) { return std::string{"WindowRestore"}; },
                          [](const layer::Patches&) { return std::string{"Patches"}; },
                          [](const layer::JoinColumns&) { return std::string{"JoinColumns"}; },
                          [](const layer::CrossAttention&) { return std::string{"CrossAttention"}; },
                          [](const layer::TiedLinear&) { return std::string{"TiedLinear"}; },
                          [](const layer::Multiply&) { return std::string{"Multiply"}; },
                          [](const layer::UnitLength&) { return std::string{"UnitLength"}; },
                          [](const layer::CosineLinear&) { return std::string{"CosineLinear"}; },
                          [](const layer::Stack&) { return std::string{"Stack"}; },
                      },
                      layer);
}

std::string layerDetail(const Layer& layer)
{
    return std::visit(
        Overloaded{
            [](const layer::Conv2d& l) { return fmt::format("{}, {}", l.outChannels, pooling(l.kernel, l.stride)); },
            [](const layer::PatchWhitening& l) { return fmt::format("{}, {}", l.outChannels(), pooling(l.kernel, 1)); },
            [](const layer::Linear& l) { return fmt::format("{} to {}", l.inFeatures, l.outFeatures); },
            [](const layer::MaxPool2d& l) { return pooling(l.kernel, l.stride); },
            [](const layer::AvgPool2d& l) { return pooling(l.kernel, l.stride); },
            [](const layer::AdaptiveAvgPool2d& l) { return fmt::format("to {}x{}", l.height, l.width); },
            [](const layer::Dropout& l) { return fmt::format("p {}", l.probability); },
            [](const layer::BatchNorm&) { return std::string{}; },
            [](const layer::Activation&) { return std::string{}; },
            [](const layer::UpsampleTo&) { return std::string{}; },
            [](const layer::Flatten&) { return std::string{}; },
            [](const layer::Add&) { return std::string{}; },
            [](const layer::LayerNorm&) { return std::string{}; },
            [](const layer::LayerScale&) { return std::string{}; },
            [](const layer::Tokens&) { return std::string{}; },
            [](const layer::FeatureTokens&) { return std::string{}; },
            [](const layer::ClassToken&) { return std::string{}; },
            [](const layer::Embedding& l) { return fmt::format("{} words", l.vocabulary); },
            [](const layer::PositionEmbedding&) { return std::string{}; },
            [](const layer::SelfAttention& l) { return fmt::format("{} heads{}", l.heads, l.causal ? ", causal" : ""); },
            [](const layer::Recurrent& l) {
                return fmt::format("{}{}{}", l.hidden, l.layers > 1 ? fmt::format(", {} layers", l.layers) : "",
                                   l.bidirectional ? ", both ways" : "");
            },
            [](const layer::Conv1d& l) {
                return fmt::format("{}, {}{}{}", l.outChannels, l.kernel, l.dilation > 1 ? fmt::format(", every {}", l.dilation) : "",
                                   l.causal ? ", causal" : "");
            },
            [](const layer::SequencePool& l) {
                using enum layer::SequencePool::Kind;
                return std::string{l.kind == mean ? "mean" : l.kind == max ? "max" : "last"};
            },
            [](const layer::Concat&) { return std::string{}; },
            [](const layer::FirstFeatures& l) { return fmt::format("{}", l.count); },
            [](const layer::Transpose&) { return std::string{}; },
            [](const layer::Unflatten& l) { return fmt::format("{}x{}", l.steps, l.features); },
            [](const layer::MovingAverage& l) { return fmt::format("{} steps", l.kernel); },
            [](const layer::Subtract&) { return std::string{}; },
            [](const layer::WindowNorm& l) { return fmt::format("{} columns", l.features); },
            [](const layer::WindowRestore&) { return std::string{}; },
            [](const layer::Patches& l) { return fmt::format("{}, every {}", l.length, l.stride); },
            [](const layer::JoinColumns& l) { return fmt::format("{} columns", l.columns); },
            [](const layer::CrossAttention& l) { return fmt::format("{} head{}", l.heads, l.heads == 1 ? "" : "s"); },
            [](const layer::TiedLinear& l) { return fmt::format("{} to {}", l.width, l.vocabulary); },
            [](const layer::Multiply&) { return std::string{}; },
            [](const layer::UnitLength&) { return std::string{}; },
            [](const layer::CosineLinear& l) { return fmt::format("{} to {}", l.inFeatures, l.outFeatures); },
            [](const layer::Stack&) { return std::string{}; },
        },
        layer);
}

}
