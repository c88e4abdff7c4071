// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/operation.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

namespace descent {

namespace {

/// The parameters of torch.nn.MultiheadAttention, and softmax(q k' / sqrt(width of a head)) v for all heads at once.
class Attention {
public:
    Attention(std::int64_t width, std::int64_t heads, double dropout, OperationSite& site)
        : m_width{width}, m_heads{heads}, m_dropout{dropout}
    {
        LayerModule& module = site.module();
        // torch.nn.MultiheadAttention draws the joined matrix by Xavier: bound sqrt(6 / (width + 3 width)).
        const double bound = std::sqrt(6 / (4.0 * static_cast<double>(width)));
        m_inWeight = module.register_parameter("in_proj_weight",
                                               site.initialization == Initialization::transformer
                                                   ? freshWeight({3 * width, width}, width, site)
                                                   : at::empty({3 * width, width}).uniform_(-bound, bound, site.generator));
        m_inBias = module.register_parameter("in_proj_bias", at::zeros({3 * width}));
        auto out = std::make_shared<LayerModule>();
        m_outWeight = out->register_parameter("weight", freshWeight({width, width}, width, site));
        m_outBias = out->register_parameter("bias", at::zeros({width}));
        static_cast<torch::nn::Module&>(module).register_module("out_proj", std::move(out));
    }

    /// Queries (0), keys (1), values (2) side by side, from `first` up to `last`: [batch, heads, steps, width of a head] each.
    std::vector<at::Tensor> projected(const at::Tensor& x, std::int64_t first, std::int64_t last) const
    {
        const std::int64_t count = last - first + 1, rows = count * m_width;
        return at::linear(x, m_inWeight.narrow(0, first * m_width, rows), m_inBias.narrow(0, first * m_width, rows))
            .view({x.size(0), x.size(1), count, m_heads, m_width / m_heads})
            .permute({2, 0, 3, 1, 4})
            .unbind(0);
    }

    /// seen: bool, true where a query may look at a key, to be broadcast to [batch, heads, queries, keys]; none: everywhere.
    /// causal: the last query stands at the last key, and none looks at what comes later; then without `seen`.
    at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, std::optional<at::Tensor> seen, bool causal,
                      const Pass& pass, bool keepsWeights = false) const
    {
        const std::int64_t batch = q.size(0), queries = q.size(2), keys = k.size(2);
        if (causal && queries != keys) { // the fused kernels would let the first query stand at the first key
            seen = at::ones({queries, keys}, at::TensorOptions{at::kBool}.device(q.device())).tril(keys - queries);
            causal = false;
        }
        at::Tensor y;
        if ((pass.training && m_dropout > 0) || keepsWeights) {
            // By hand: the fused kernels draw dropout from the device's default generator, not from the run's, and keep no weights.
            at::Tensor scores = at::matmul(q, k.transpose(2, 3)) / std::sqrt(static_cast<double>(m_width / m_heads));
            if (causal)
                seen = at::ones({queries, keys}, at::TensorOptions{at::kBool}.device(q.device())).tril();
            if (seen)
                scores = scores.masked_fill(seen->logical_not(), -std::numeric_limits<double>::infinity());
            const at::Tensor weights = scores.softmax(-1);
            if (keepsWeights)
                pass.decoding->attention = weights.mean(1);
            y = at::matmul(droppedOut(weights, m_dropout, pass), v);
        } else {
            y = at::scaled_dot_product_attention(q, k, v, seen, 0, causal);
        }
        return at::linear(y.transpose(1, 2).reshape({batch, queries, m_width}), m_outWeight, m_outBias);
    }

private:
    const std::int64_t m_width, m_heads;
    const double m_dropout;
    at::Tensor m_inWeight, m_inBias, m_outWeight, m_outBias;
};

/// Where keys are no padding, for all heads and queries.
std::optional<at::Tensor> seenKeys(const at::Tensor& padding)
{
    if (!padding.defined())
        return std::nullopt;
    return padding.logical_not().view({padding.size(0), 1, 1, padding.size(1)});
}

class SelfAttentionOperation : public Operation {
public:
    SelfAttentionOperation(const layer::SelfAttention& layer, OperationSite& site)
        : m_attention{layer.width, layer.heads, layer.dropout, site}, m_causal{layer.causal}
    {
    }

    at::Tensor run(std::span<const at::Tensor* const> inputs, const Pass& pass) override
    {
        const std::vector<at::Tensor> joined = m_attention.projected(*inputs[0], 0, 2);
        at::Tensor k = joined[1], v = joined[2];
        if (!m_causal)
            return m_attention.attend(joined[0], k, v, seenKeys(pass.padding), false, pass);
        if (pass.decoding) {
            std::vector<at::Tensor>& kept = pass.decoding->kept[this];
            if (!kept.empty()) {
                k = at::cat({kept[0], k}, 2);
                v = at::cat({kept[1], v}, 2);
            }
            kept = {k, v};
        }
        // Padding stands at the end, where none that counts looks.
        return m_attention.attend(joined[0], k, v, std::nullopt, true, pass);
    }

private:
    const Attention m_attention;
    const bool m_causal;
};

class CrossAttentionOperation : public Operation {
public:
    CrossAttentionOperation(const layer::CrossAttention& layer, OperationSite& site)
        : m_attention{layer.width, layer.heads, layer.dropout, site}
    {
    }

    at::Tensor run(std::span<const at::Tensor* const> inputs, const Pass& pass) override
    {
        const at::Tensor q = m_attention.projected(*inputs[0], 0, 0)[0];
        std::vector<at::Tensor>* kept = pass.decoding ? &pass.decoding->kept[this] : nullptr;
        std::vector<at::Tensor> memory = kept && !kept->empty() ? *kept : m_attention.projected(*inputs[1], 1, 2);
        if (kept)
            *kept = memory;
        return m_attention.attend(q, memory[0], memory[1], seenKeys(pass.otherPadding), false, pass,
                                  pass.decoding && pass.decoding->keepsAttention);
    }

private:
    const Attention m_attention;
};

}

void DecodingState::select(const at::Tensor& rows)
{
    for (auto& [operation, tensors] : kept)
        for (at::Tensor& tensor : tensors)
            tensor = tensor.index_select(0, rows);
}

std::unique_ptr<Operation> operationOf(const layer::SelfAttention& layer, OperationSite& site)
{
    return std::make_unique<SelfAttentionOperation>(layer, site);
}

std::unique_ptr<Operation> operationOf(const layer::CrossAttention& layer, OperationSite& site)
{
    return std::make_unique<CrossAttentionOperation>(layer, site);
}

std::unique_ptr<Operation> operationOf(const layer::TiedLinear& layer, OperationSite& site)
{
    const at::Tensor weight = site.moduleNamed(layer.embedding).named_parameters(false)["weight"];
    return operationFrom([weight](const at::Tensor& x, const Pass&) { return at::linear(x, weight); });
}

}
