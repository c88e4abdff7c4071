// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/network_spec.h"
#include "engine/torch/nn/graph_network.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <optional>
#include <vector>

namespace descent {

/// Forward and backward through a network that is a chain of fully connected layers, activations and dropouts, without autograd:
/// the operations that autograd would call, in its order, so the same gradients to the last bit. Of a small network's step most is
/// autograd's bookkeeping, not its arithmetic.
class DensePass {
public:
    /// Nothing when the network is anything else. `network` outlives it, and is made of `spec`.
    static std::optional<DensePass> of(const NetworkSpec& spec, GraphNetwork& network);

    /// Whether the pass is the network's: on the CPU, every weight learns.
    bool fits(const at::Tensor& input) const;

    /// The network's outputs to `input`, float [batch, …], in training.
    at::Tensor forward(const at::Tensor& input);
    /// Adds to the gradients of the parameters. gradient: float [batch, outputs], of the outputs that forward() gave last.
    void backward(at::Tensor gradient);

private:
    struct Link {
        enum class Kind { linear, activation, dropout, flatten } kind;
        layer::Activation::Function function{};
        double probability = 0;
        bool mayOverwrite = false;
        at::Tensor weight, bias;
        at::Tensor kept; ///< what backward needs: an input, an output or a mask
    };
    explicit DensePass(GraphNetwork& network) : m_network{&network} {}

    GraphNetwork* m_network;
    std::vector<Link> m_links;
};

}
