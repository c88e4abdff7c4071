// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/network_spec.h"

#include <torch/nn/module.h>

#include <memory>
#include <vector>

namespace descent {

/// A NetworkSpec as a torch module. Parameters and buffers carry the dotted names of its layers ("layer1.0.conv1.weight"),
/// so checkpoints of torchvision's ResNets fit.
class GraphNetwork : public torch::nn::Module {
public:
    /// Fresh weights are drawn from `generator`; dropout goes on drawing from it. CPU tensors; move with to().
    GraphNetwork(const NetworkSpec& spec, at::Generator generator);
    ~GraphNetwork() override;

    /// input    float [batch, …inputShape], or int64 token ids [batch, steps]: fewer steps than inputShape says are fine
    /// returns  float [batch, …outputShape]: logits or numbers
    /// Batch norm that sees a single value a channel (one sample, no picture) uses its running statistics, also in training;
    /// torch.nn refuses such a batch.
    at::Tensor forward(const at::Tensor& input);

    /// Dropout draws from a generator of the device the network has moved to.
    void setGenerator(at::Generator generator) { m_generator = std::move(generator); }

private:
    struct Step;
    std::vector<Step> m_steps;
    at::Generator m_generator;
    const bool m_paddedWithZero;
};

/// Weights of convolutions, and with them their outputs, in channels-last order: what CPU and GPU kernels like best.
void toChannelsLast(torch::nn::Module& network);

}
