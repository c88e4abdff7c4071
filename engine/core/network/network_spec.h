// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace descent {

/// Sizes of one sample, without the batch: [channels, height, width] or [features].
using Shape = std::vector<std::int64_t>;

/// Height or width of a picture, whichever is smaller: it decides how often the picture can be halved.
/// Throws std::invalid_argument when the shape is not [channels, height, width].
std::int64_t shorterSide(const Shape& picture);

// The layers a network may be made of, as plain values: no tensors, so the window draws a network, with shapes and
// parameter counts, before libtorch is loaded, and the layer editor edits the same values the trainer builds from.
// Meanings and defaults are those of the torch.nn module of the same name.
namespace layer {

struct Conv2d {
    std::int64_t inChannels = 0, outChannels = 0, kernel = 3, stride = 1, padding = 0, groups = 1;
    bool bias = true;
    bool operator==(const Conv2d&) const = default;
};
struct Linear {
    std::int64_t inFeatures = 0, outFeatures = 0;
    bool bias = true;
    bool operator==(const Linear&) const = default;
};
struct BatchNorm { ///< BatchNorm2d on pictures, BatchNorm1d on vectors
    std::int64_t features = 0;
    bool zeroWeight = false; ///< fresh weights are 0 instead of 1: a residual branch that ends so starts silent
    bool operator==(const BatchNorm&) const = default;
};
struct Activation {
    enum class Function { relu, tanh, sigmoid, gelu, silu, leakyRelu } function = Function::relu;
    bool operator==(const Activation&) const = default;
};
struct MaxPool2d {
    std::int64_t kernel = 2, stride = 2, padding = 0;
    bool operator==(const MaxPool2d&) const = default;
};
struct AvgPool2d {
    std::int64_t kernel = 2, stride = 2, padding = 0;
    bool operator==(const AvgPool2d&) const = default;
};
struct AdaptiveAvgPool2d {
    std::int64_t height = 1, width = 1;
    bool operator==(const AdaptiveAvgPool2d&) const = default;
};
struct Flatten {
    bool operator==(const Flatten&) const = default;
};
struct Dropout {
    double probability = 0.5;
    bool operator==(const Dropout&) const = default;
};
struct Add { ///< sum of two inputs of one shape: the end of a residual branch
    bool operator==(const Add&) const = default;
};

}

using Layer = std::variant<layer::Conv2d, layer::Linear, layer::BatchNorm, layer::Activation, layer::MaxPool2d, layer::AvgPool2d,
                           layer::AdaptiveAvgPool2d, layer::Flatten, layer::Dropout, layer::Add>;

/// How fresh weights are drawn.
enum class Initialization {
    torchDefault,  ///< as torch.nn leaves them: Kaiming uniform with a = sqrt(5)
    kaimingFanOut, ///< convolutions by He et al. (normal, fan out, relu), as torchvision's ResNets. arXiv:1502.01852
};

/// One layer at its place. `inputs` are positions in NetworkSpec::layers, or NetworkSpec::input for the sample itself.
struct LayerNode {
    std::string name; ///< dotted, as checkpoints store it: "layer1.0.conv1"; unique
    Layer layer;
    std::vector<std::int32_t> inputs;
    Shape outputShape;
    std::int64_t parameterCount = 0; ///< trainable
    std::int64_t multiplyAdds = 0;   ///< for one sample
    bool operator==(const LayerNode&) const = default;
};

/// A network as a list of layers in an order in which they can run; the last one gives the outputs (logits or numbers).
struct NetworkSpec {
    static constexpr std::int32_t input = -1;
    Shape inputShape;
    std::vector<LayerNode> layers;
    Initialization initialization = Initialization::torchDefault;
    const Shape& outputShape() const { return layers.empty() ? inputShape : layers.back().outputShape; }
    std::int64_t parameterCount() const;
    std::int64_t multiplyAdds() const;
    bool operator==(const NetworkSpec&) const = default;
};

/// "Conv2d", "BatchNorm", "ReLU", …: the field's name of a layer.
std::string layerName(const Layer& layer);
/// What matters of it in a few characters: "64, 7x7, /2", "p 0.5", or empty.
std::string layerDetail(const Layer& layer);

}
