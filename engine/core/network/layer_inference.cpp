// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/layer_inference.h"

#include <algorithm>

namespace descent {

std::int64_t sizeProduct(std::initializer_list<std::int64_t> factors)
{
    std::int64_t result = 1;
    for (const std::int64_t factor : factors)
        if (__builtin_mul_overflow(result, factor, &result) || result > absurdSize)
            return absurdSize;
    return result;
}

std::int64_t sizeProduct(const Shape& shape)
{
    std::int64_t result = 1;
    for (const std::int64_t size : shape)
        result = sizeProduct({result, size});
    return result;
}

std::size_t featuresAt(const Shape& shape)
{
    return shape.size() == 2 ? 1 : 0;
}

namespace {

/// Side after a window of `kernel` slides over it; 0 or less when the window does not fit. Rounds down, as torch does.
std::int64_t slid(std::int64_t side, std::int64_t kernel, std::int64_t stride, std::int64_t padding)
{
    return side + 2 * padding < kernel ? 0 : (side + 2 * padding - kernel) / stride + 1;
}

/// Shape and cost of a layer that reads `in`, and `second` where it has two inputs. An empty shape: the layer cannot read that.
struct Inference {
    const Shape& in;
    const Shape& second;

    InferredLayer operator()(const layer::Conv2d& l) const
    {
        if (in.size() != 3)
            return {};
        const std::int64_t height = slid(in[1], l.kernel, l.stride, l.padding),
                           width = slid(in[2], l.kernel, l.stride, l.padding);
        if (height < 1 || width < 1)
            return {};
        const std::int64_t weights = sizeProduct({l.outChannels, l.inChannels / l.groups, l.kernel, l.kernel});
        return {{l.outChannels, height, width}, weights + (l.bias ? l.outChannels : 0), sizeProduct({weights, height, width})};
    }
    InferredLayer operator()(const layer::PatchWhitening& l) const
    {
        const InferredLayer windows = (*this)(layer::Conv2d{.inChannels = l.inChannels, .outChannels = l.outChannels(), .kernel = l.kernel});
        return {windows.shape, l.outChannels(), windows.multiplyAdds}; // the kernels do not learn
    }
    InferredLayer operator()(const layer::Linear& l) const
    {
        if (in.size() != 1 && in.size() != 2)
            return {};
        const std::int64_t weights = sizeProduct({l.inFeatures, l.outFeatures}), steps = in.size() == 2 ? in[0] : 1;
        Shape out = in;
        out.back() = l.outFeatures;
        return {std::move(out), weights + (l.bias ? l.outFeatures : 0), sizeProduct({weights, steps})};
    }
    InferredLayer operator()(const layer::BatchNorm& l) const { return {in, 2 * l.features, sizeProduct(in)}; }
    InferredLayer operator()(const layer::Activation&) const { return {in}; }
    InferredLayer operator()(const layer::MaxPool2d& l) const { return pooled(l.kernel, l.stride, l.padding); }
    InferredLayer operator()(const layer::AvgPool2d& l) const { return pooled(l.kernel, l.stride, l.padding); }
    InferredLayer operator()(const layer::AdaptiveAvgPool2d& l) const
    {
        return in.size() == 3 ? InferredLayer{{in[0], l.height, l.width}} : InferredLayer{};
    }
    InferredLayer operator()(const layer::UpsampleTo&) const { return in.size() == 3 ? InferredLayer{in} : InferredLayer{}; } // by inferLayer()
    InferredLayer operator()(const layer::Flatten&) const { return {{sizeProduct(in)}}; }
    InferredLayer operator()(const layer::Dropout&) const { return {in}; }
    InferredLayer operator()(const layer::Add&) const { return {in}; }
    InferredLayer operator()(const layer::LayerNorm& l) const { return {in, 2 * l.features, sizeProduct(in)}; }
    InferredLayer operator()(const layer::LayerScale& l) const { return {in, l.features, sizeProduct(in)}; }
    InferredLayer operator()(const layer::Tokens&) const
    {
        return in.size() == 3 ? InferredLayer{{sizeProduct({in[1], in[2]}), in[0]}} : InferredLayer{};
    }
    InferredLayer operator()(const layer::FeatureTokens& l) const
    {
        const std::int64_t values = sizeProduct({l.features, l.width});
        return in.size() == 1 ? InferredLayer{{in[0], l.width}, 2 * values, values} : InferredLayer{};
    }
    InferredLayer operator()(const layer::ClassToken& l) const
    {
        return in.size() == 2 ? InferredLayer{{in[0] + 1, in[1]}, l.width} : InferredLayer{};
    }
    InferredLayer operator()(const layer::Embedding& l) const
    {
        return in.size() == 1 ? InferredLayer{{in[0], l.width}, sizeProduct({l.vocabulary, l.width})} : InferredLayer{};
    }
    InferredLayer operator()(const layer::PositionEmbedding& l) const
    {
        return in.size() == 2 ? InferredLayer{in, sizeProduct({l.length, l.width})} : InferredLayer{};
    }
    InferredLayer operator()(const layer::SelfAttention& l) const
    {
        if (in.size() != 2)
            return {};
        const std::int64_t square = sizeProduct({l.width, l.width});
        return {in, 4 * (square + l.width), sizeProduct({in[0], 4, square}) + sizeProduct({2, in[0], in[0], l.width})};
    }
    InferredLayer operator()(const layer::Recurrent& l) const
    {
        if (in.size() != 2)
            return {};
        using enum layer::Recurrent::Cell;
        const std::int64_t gates = l.cell == rnn ? 1 : l.cell == gru ? 3 : 4, directions = l.bidirectional ? 2 : 1;
        std::int64_t weights = 0, biases = 0;
        for (std::int64_t i = 0, features = l.inFeatures; i < l.layers; ++i, features = directions * l.hidden) {
            weights += sizeProduct({directions, gates, l.hidden, features + l.hidden});
            biases += sizeProduct({directions, gates, 2, l.hidden});
        }
        return {{in[0], directions * l.hidden}, std::min(weights + biases, absurdSize), sizeProduct({in[0], weights})};
    }
    InferredLayer operator()(const layer::Conv1d& l) const
    {
        if (in.size() != 2)
            return {};
        const std::int64_t weights = sizeProduct({l.outChannels, l.inChannels, l.kernel});
        return {{in[0], l.outChannels}, weights + (l.bias ? l.outChannels : 0), sizeProduct({weights, in[0]})};
    }
    InferredLayer operator()(const layer::SequencePool&) const { return in.size() == 2 ? InferredLayer{{in[1]}} : InferredLayer{}; }
    InferredLayer operator()(const layer::Concat&) const { return {in}; } // widened by inferLayer()
    InferredLayer operator()(const layer::FirstFeatures& l) const
    {
        return in.size() == 2 && l.count <= in[1] ? InferredLayer{{in[0], l.count}} : InferredLayer{};
    }
    InferredLayer operator()(const layer::Transpose&) const { return in.size() == 2 ? InferredLayer{{in[1], in[0]}} : InferredLayer{}; }
    InferredLayer operator()(const layer::Unflatten& l) const
    {
        return in.size() == 1 && sizeProduct({l.steps, l.features}) == in[0] ? InferredLayer{{l.steps, l.features}} : InferredLayer{};
    }
    InferredLayer operator()(const layer::MovingAverage&) const { return in.size() == 2 ? InferredLayer{in, 0, sizeProduct(in)} : InferredLayer{}; }
    InferredLayer operator()(const layer::Subtract&) const { return {in}; }
    InferredLayer operator()(const layer::WindowNorm& l) const
    {
        return in.size() == 2 && l.features <= in[1] ? InferredLayer{in, 0, sizeProduct({in[0], l.features})} : InferredLayer{};
    }
    InferredLayer operator()(const layer::WindowRestore&) const { return in.size() == 2 ? InferredLayer{in, 0, sizeProduct(in)} : InferredLayer{}; }
    InferredLayer operator()(const layer::Patches& l) const
    {
        return in.size() == 2 && in[0] + l.stride >= l.length ? InferredLayer{{(in[0] + l.stride - l.length) / l.stride + 1, l.length}} : InferredLayer{};
    }
    InferredLayer operator()(const layer::JoinColumns& l) const { return in.size() == 1 ? InferredLayer{{in[0], l.columns}} : InferredLayer{}; }
    InferredLayer operator()(const layer::CrossAttention& l) const
    {
        if (in.size() != 2 || second.size() != 2 || second[1] != l.width)
            return {};
        const std::int64_t square = sizeProduct({l.width, l.width});
        return {in, 4 * (square + l.width), sizeProduct({in[0] + second[0], 2, square}) + sizeProduct({2, in[0], second[0], l.width})};
    }
    InferredLayer operator()(const layer::TiedLinear& l) const
    {
        return in.size() == 2 ? InferredLayer{{in[0], l.vocabulary}, 0, sizeProduct({in[0], l.vocabulary, l.width})} : InferredLayer{};
    }
    InferredLayer operator()(const layer::Multiply&) const { return {in}; }
    InferredLayer operator()(const layer::UnitLength&) const { return in.size() == 1 ? InferredLayer{in} : InferredLayer{}; }
    InferredLayer operator()(const layer::CosineLinear& l) const
    {
        const std::int64_t weights = sizeProduct({l.inFeatures, l.outFeatures});
        return in.size() == 1 ? InferredLayer{{l.outFeatures}, weights, weights} : InferredLayer{};
    }
    InferredLayer operator()(const layer::Stack&) const { return in.size() == 1 ? InferredLayer{in} : InferredLayer{}; } // made higher by inferLayer()

    InferredLayer pooled(std::int64_t kernel, std::int64_t stride, std::int64_t padding) const
    {
        if (in.size() != 3)
            return {};
        const std::int64_t height = slid(in[1], kernel, stride, padding), width = slid(in[2], kernel, stride, padding);
        return height < 1 || width < 1 ? InferredLayer{} : InferredLayer{{in[0], height, width}};
    }
};

}

InferredLayer inferLayer(const Layer& layer, const std::vector<const Shape*>& inputs)
{
    const Shape& in = *inputs.front();
    InferredLayer inferred = std::visit(Inference{in, *inputs[inputs.size() > 1 ? 1 : 0]}, layer);
    if (inferred.shape.empty())
        return inferred;
    if (std::holds_alternative<layer::UpsampleTo>(layer))
        inferred.shape = {in[0], inputs[1]->at(1), inputs[1]->at(2)};
    for (std::size_t i = 1; std::holds_alternative<layer::Concat>(layer) && i < inputs.size(); ++i)
        inferred.shape[featuresAt(in)] += inputs[i]->at(featuresAt(in));
    if (std::holds_alternative<layer::Stack>(layer))
        inferred.shape.insert(inferred.shape.begin(), static_cast<std::int64_t>(inputs.size()));
    return inferred;
}

}
