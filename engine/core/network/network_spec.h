// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace descent {

/// Sizes of one sample, without the batch: [channels, height, width] of a picture, [steps, features] of a sequence,
/// [features] of a row, [steps] of token ids.
using Shape = std::vector<std::int64_t>;

/// What a network reads of a sample. Most networks have one input, a translation has two.
struct NetworkInput {
    enum class Kind {
        picture, ///< [channels, height, width]
        row,     ///< [features]
        series,  ///< [steps, features]
        tokens   ///< int64 ids [steps], each in [0, vocabulary)
    } kind = Kind::row;
    Shape shape;
    std::int64_t vocabulary = 0; ///< tokens
    bool padded = false;         ///< tokens: id 0 fills up short sequences at their end, and is no word
    bool operator==(const NetworkInput&) const = default;
};
/// By the number of sizes: a row, a series or a picture.
NetworkInput numericInput(Shape shape);

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
    /// An output that is to begin near this value everywhere: fresh weights are normal with deviation 0.01, biases this.
    /// "Focal Loss for Dense Object Detection", section 4.1, arXiv:1708.02002
    std::optional<double> startsAt;
    bool operator==(const Conv2d&) const = default;
};
/// A convolution whose kernels are the directions in which small patches of the training pictures differ, and their opposites, each
/// made equally wide: its outputs hardly correlate. They are worked out before the first step and do not learn; the biases do.
/// "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", section 3.1, arXiv:2404.00498
struct PatchWhitening {
    std::int64_t inChannels = 0, kernel = 2;
    std::int64_t outChannels() const { return 2 * inChannels * kernel * kernel; }
    bool operator==(const PatchWhitening&) const = default;
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
    enum class Function { relu, tanh, sigmoid, gelu, silu, leakyRelu, relu6 } function = Function::relu;
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
struct UpsampleTo { ///< the first input brought to the height and width of the second by repeating places
    bool operator==(const UpsampleTo&) const = default;
};
struct Flatten {
    bool operator==(const Flatten&) const = default;
};
struct Dropout {
    double probability = 0.5;
    bool operator==(const Dropout&) const = default;
};
struct LayerNorm { ///< over the features of each place: channels of a picture, features of a step or row. arXiv:1607.06450
    std::int64_t features = 0;
    bool operator==(const LayerNorm&) const = default;
};
struct LayerScale { ///< a factor a channel that is learnt. "Going deeper with Image Transformers", arXiv:2103.17239
    std::int64_t features = 0;
    double initial = 1e-6;
    bool operator==(const LayerScale&) const = default;
};
struct Tokens { ///< a picture as a sequence of its places, row after row: [channels, height, width] to [height * width, channels]
    bool operator==(const Tokens&) const = default;
};
struct FeatureTokens { ///< each number of a row as a token: [features] to [features, width]. arXiv:2106.11959, section 3.3
    std::int64_t features = 0, width = 0;
    bool operator==(const FeatureTokens&) const = default;
};
struct ClassToken { ///< a learnt token is added at the end, to gather what the others know: [steps, width] to [steps + 1, width]
    std::int64_t width = 0;
    bool operator==(const ClassToken&) const = default;
};
struct Embedding { ///< token ids [steps] to [steps, width]
    std::int64_t vocabulary = 0, width = 0;
    bool operator==(const Embedding&) const = default;
};
struct PositionEmbedding { ///< a learnt vector a step is added
    std::int64_t length = 0, width = 0;
    bool operator==(const PositionEmbedding&) const = default;
};
struct SelfAttention { ///< parameters are those of torch.nn.MultiheadAttention. "Attention Is All You Need", arXiv:1706.03762
    std::int64_t width = 0, heads = 1;
    bool causal = false; ///< a step sees itself and those before it
    double dropout = 0;  ///< of the attention weights
    bool operator==(const SelfAttention&) const = default;
};
struct Recurrent { ///< torch.nn.RNN, LSTM or GRU over [steps, features]; gives every step's output. A second input [hidden] is
                   ///< the output before the first step in every layer, instead of 0
    enum class Cell { rnn, lstm, gru } cell = Cell::lstm;
    std::int64_t inFeatures = 0, hidden = 0, layers = 1;
    bool bidirectional = false;
    double dropout = 0; ///< between layers
    bool operator==(const Recurrent&) const = default;
};
struct Conv1d { ///< over the steps of [steps, features]
    std::int64_t inChannels = 0, outChannels = 0, kernel = 3, dilation = 1;
    bool causal = false; ///< padded before only, so a step sees none that come later; else evenly on both sides
    bool bias = true;
    bool operator==(const Conv1d&) const = default;
};
struct SequencePool { ///< [steps, features] to [features]; steps that are padding do not count
    enum class Kind { mean, max, last } kind = Kind::mean;
    bool operator==(const SequencePool&) const = default;
};
struct Concat { ///< inputs side by side along the features of each place
    bool operator==(const Concat&) const = default;
};
struct FirstFeatures { ///< the first `count` features of each step
    std::int64_t count = 0;
    bool operator==(const FirstFeatures&) const = default;
};
struct Transpose { ///< [steps, features] to [features, steps]
    bool operator==(const Transpose&) const = default;
};
struct Unflatten { ///< [steps * features] to [steps, features]
    std::int64_t steps = 0, features = 0;
    bool operator==(const Unflatten&) const = default;
};
struct MovingAverage { ///< over the steps of [steps, features], with the first and the last step held at the ends
    std::int64_t kernel = 25;
    bool operator==(const MovingAverage&) const = default;
};
struct Subtract { ///< the first input less the second
    bool operator==(const Subtract&) const = default;
};
struct WindowNorm { ///< the first `features` of [steps, features] freed of their mean and deviation over the steps
    std::int64_t features = 0;
    bool operator==(const WindowNorm&) const = default;
};
struct WindowRestore { ///< the first input in the scale that WindowNorm took from the second, a window before it was normalised
    bool operator==(const WindowRestore&) const = default;
};
struct Patches { ///< [steps, columns] to [patches, length], each column from here on a sample of its own
    std::int64_t length = 16, stride = 8;
    bool operator==(const Patches&) const = default;
};
struct JoinColumns { ///< the end of what Patches began: [steps] of each column to [steps, columns]
    std::int64_t columns = 0;
    bool operator==(const JoinColumns&) const = default;
};
struct CrossAttention { ///< steps of the first input look at those of the second; parameters as SelfAttention's. arXiv:1706.03762
    std::int64_t width = 0, heads = 1;
    double dropout = 0; ///< of the attention weights
    bool operator==(const CrossAttention&) const = default;
};
struct TiedLinear { ///< a score for each word by the vectors of an Embedding, which it shares; no bias. arXiv:1608.05859
    std::string embedding; ///< that layer's name
    std::int64_t width = 0, vocabulary = 0;
    bool operator==(const TiedLinear&) const = default;
};
struct Add { ///< sum of two inputs of one shape: the end of a residual branch
    bool operator==(const Add&) const = default;
};
struct Multiply { ///< product of two inputs of one shape, place by place: each decides what of the other counts
    bool operator==(const Multiply&) const = default;
};
struct UnitLength { ///< a vector divided by its length
    bool operator==(const UnitLength&) const = default;
};
struct CosineLinear { ///< of a unit vector: its cosine to each of `outFeatures` directions that are learnt
    std::int64_t inFeatures = 0, outFeatures = 0;
    bool operator==(const CosineLinear&) const = default;
};
struct Stack { ///< inputs of one shape below each other: n times [features] to [n, features]
    bool operator==(const Stack&) const = default;
};

}

using Layer = std::variant<layer::Conv2d, layer::Linear, layer::BatchNorm, layer::Activation, layer::MaxPool2d,
                           layer::AvgPool2d, layer::AdaptiveAvgPool2d, layer::Flatten, layer::Dropout, layer::Add,
                           layer::LayerNorm, layer::LayerScale, layer::Tokens, layer::FeatureTokens, layer::ClassToken,
                           layer::Embedding, layer::PositionEmbedding, layer::SelfAttention, layer::Recurrent, layer::Conv1d,
                           layer::SequencePool, layer::Concat, layer::FirstFeatures, layer::Transpose, layer::Unflatten,
                           layer::MovingAverage, layer::Subtract, layer::WindowNorm, layer::WindowRestore, layer::Patches,
                           layer::JoinColumns, layer::CrossAttention, layer::TiedLinear, layer::Multiply, layer::UnitLength,
                           layer::CosineLinear, layer::Stack, layer::UpsampleTo, layer::PatchWhitening>;

/// How fresh weights are drawn.
enum class Initialization {
    torchDefault,  ///< as torch.nn leaves them: Kaiming uniform with a = sqrt(5)
    transformer,   ///< every matrix, kernel and embedding normal with deviation 0.02, biases 0, as GPT-2 and torchvision's ConvNeXt
    kaimingFanOut, ///< convolutions by He et al. (normal, fan out, relu), as torchvision's ResNets. arXiv:1502.01852
    identity,      ///< as torchDefault, but the first filters of a convolution hand its input on ("Dirac"). arXiv:1706.00388
};

/// One layer at its place. `inputs` are positions in NetworkSpec::layers, or below 0 inputs of the network.
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
    static constexpr std::int32_t input = -1; ///< as a layer's input: the network's first
    static constexpr std::int32_t inputAt(std::size_t which) { return -1 - static_cast<std::int32_t>(which); }
    std::vector<NetworkInput> inputs;
    std::vector<LayerNode> layers;
    Initialization initialization = Initialization::torchDefault;
    const Shape& outputShape() const { return layers.empty() ? inputs.front().shape : layers.back().outputShape; }
    std::int64_t parameterCount() const;
    std::int64_t multiplyAdds() const;
    bool operator==(const NetworkSpec&) const = default;
};

/// "Conv2d", "BatchNorm", "ReLU", …: the field's name of a layer.
std::string layerName(const Layer& layer);
/// What matters of it in a few characters: "64, 7x7, /2", "p 0.5", or empty.
std::string layerDetail(const Layer& layer);

}
