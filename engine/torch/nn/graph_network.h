// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/network_spec.h"
#include "engine/torch/nn/decoding_state.h"

#include <torch/nn/module.h>

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

class SharedStatistics;

/// A NetworkSpec as a torch module. Parameters and buffers carry the dotted names of its layers ("layer1.0.conv1.weight"),
/// so checkpoints of torchvision's ResNets fit.
class GraphNetwork : public torch::nn::Module {
public:
    /// Fresh weights are drawn from `generator`; dropout goes on drawing from it. CPU tensors; move with to().
    GraphNetwork(const NetworkSpec& spec, at::Generator generator);
    ~GraphNetwork() override;

    /// inputs   float [batch, …shape], or int64 token ids [batch, steps]: fewer steps than the shape says are fine
    /// returns  float [batch, …outputShape]: logits or numbers
    /// Batch norm that sees a single value a channel (one sample, no picture) uses its running statistics, also in training;
    /// torch.nn refuses such a batch.
    at::Tensor forward(const std::vector<at::Tensor>& inputs);
    at::Tensor forward(const at::Tensor& input) { return forward(std::vector{input}); }
    /// The same with dropout drawn from another generator. Several threads may do so at once where canBeShared().
    at::Tensor forward(const std::vector<at::Tensor>& inputs, at::Generator& dropout);

    /// Whether a sequence may be read piece by piece: no layer looks at later steps, or at all of them together.
    bool readsPieces() const { return m_readsPieces; }
    /// The same for the next piece of sequences whose beginning went through with `state`; adds this piece to it. Equal to
    /// reading all at once, and much quicker. piece: [batch, steps]. Throws std::logic_error unless readsPieces().
    at::Tensor forward(const at::Tensor& piece, DecodingState& state);

    /// The value of one layer, and nothing computed that it does not need. `known`: values of layers from an earlier pass,
    /// which are taken as they are: an encoder's, while a decoder takes step after step. `decoding`: the last input goes on
    /// from the steps that went through with it before.
    /// Throws std::invalid_argument for a name that no layer has.
    at::Tensor valueOf(std::string_view layer, const std::vector<at::Tensor>& inputs,
                       const std::map<std::string, at::Tensor, std::less<>>& known = {}, DecodingState* decoding = nullptr);

    /// A pass in which `look` sees what each layer gives, by its position in the spec, before a later one may overwrite it.
    void observe(const std::vector<at::Tensor>& inputs, const std::function<void(std::size_t layer, const at::Tensor& value)>& look);

    /// Whether threads may share out a batch by samples: no layer takes statistics of a batch, and none is a convolution, whose
    /// kernels share it out well by themselves (oneDNN's even wait for ever for threads that a shared pass has no more).
    bool canBeShared() const { return m_canBeShared; }

    /// Values of one sample where they are most: in an input or behind a layer.
    std::int64_t widestSample() const { return m_widestSample; }

    /// Holds layers still for good, one flag a layer of the spec: their weights have no gradients, their batch norms keep their
    /// running statistics, their dropout is off. Autograd records nothing below the first layer that learns.
    void freeze(const std::vector<bool>& layers);

    /// Dropout draws from a generator of the device the network has moved to.
    void setGenerator(at::Generator generator) { m_generator = std::move(generator); }
    at::Generator& generator() { return m_generator; }

    /// In training, batch norms take the statistics of a batch that is shared among processes. Null: of their own. It outlives
    /// the network, or is taken back.
    void shareStatistics(SharedStatistics* statistics) { m_statistics = statistics; }

private:
    struct Step;
    at::Tensor pass(const std::vector<at::Tensor>& inputs, at::Generator& dropout,
                    const std::function<void(std::size_t, const at::Tensor&)>* look);
    at::Tensor run(Step& step, std::span<const at::Tensor> slots, std::span<const at::Tensor> paddings, at::Generator& dropout,
                   DecodingState* decoding = nullptr);
    std::vector<at::Tensor> paddingsOf(const std::vector<at::Tensor>& inputs) const; // by input; undefined where none is padded

    std::vector<Step> m_steps;
    at::Generator m_generator;
    SharedStatistics* m_statistics = nullptr;
    std::vector<bool> m_padded; // by input
    bool m_readsPieces = true, m_canBeShared = true;
    std::int64_t m_widestSample = 1;
};

/// Weights of convolutions, and with them their outputs, in channels-last order: what CPU and GPU kernels like best.
void toChannelsLast(torch::nn::Module& network);

}
