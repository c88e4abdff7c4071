// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/operation.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace descent {

namespace {

/// 1 where a step counts and 0 where it is padding, ready to multiply [batch, steps, features].
at::Tensor counted(const Pass& pass, const at::Tensor& x)
{
    return pass.padding.logical_not().unsqueeze(2).to(x.scalar_type());
}

/// Softmax(q k' / sqrt(width of a head)) v for all heads at once, as torch.nn.MultiheadAttention with batch_first.
class SelfAttentionOperation : public Operation {
public:
    SelfAttentionOperation(const layer::SelfAttention& layer, OperationSite& site) : m_layer{layer}
    {
        LayerModule& module = site.module();
        const std::int64_t width = layer.width;
        // torch.nn.MultiheadAttention draws the joined matrix by Xavier: bound sqrt(6 / (width + 3 width)).
        m_inWeight = site.initialization == Initialization::transformer
            ? freshWeight({3 * width, width}, width, site)
            : at::empty({3 * width, width}).uniform_(-bound(width), bound(width), site.generator);
        m_inWeight = module.register_parameter("in_proj_weight", m_inWeight);
        m_inBias = module.register_parameter("in_proj_bias", at::zeros({3 * width}));
        auto out = std::make_shared<LayerModule>();
        m_outWeight = out->register_parameter("weight", freshWeight({width, width}, width, site));
        m_outBias = out->register_parameter("bias", at::zeros({width}));
        static_cast<torch::nn::Module&>(module).register_module("out_proj", std::move(out));
    }

    at::Tensor run(std::span<const at::Tensor* const> inputs, const Pass& pass) override
    {
        const at::Tensor& x = *inputs[0];
        const std::int64_t batch = x.size(0), steps = x.size(1), width = m_layer.width, headWidth = width / m_layer.heads;
        const at::Tensor joined =
            at::linear(x, m_inWeight, m_inBias).view({batch, steps, 3, m_layer.heads, headWidth}).permute({2, 0, 3, 1, 4});
        const at::Tensor q = joined[0]; // [batch, heads, steps, headWidth]
        at::Tensor k = joined[1], v = joined[2];
        std::optional<at::Tensor> mask;
        if (pass.memory) {
            std::vector<at::Tensor>& kept = pass.memory->kept;
            if (!kept.empty()) {
                k = at::cat({kept[0], k}, 2);
                v = at::cat({kept[1], v}, 2);
                if (steps > 1) // each sees what is remembered, itself and those before it
                    mask = at::ones({steps, k.size(2)}, at::TensorOptions{at::kBool}.device(x.device())).tril(pass.memory->steps);
            }
            const bool alone = !kept.empty() && steps == 1; // the newest step sees all
            kept = {k, v};
            const at::Tensor y = at::scaled_dot_product_attention(q, k, v, mask, 0, m_layer.causal && !mask && !alone);
            return at::linear(y.transpose(1, 2).reshape({batch, steps, width}), m_outWeight, m_outBias);
        }
        if (pass.padding.defined()) {
            mask = pass.padding.logical_not().view({batch, 1, 1, steps}).expand({batch, 1, steps, steps});
            if (m_layer.causal)
                mask = *mask & at::ones({steps, steps}, at::TensorOptions{at::kBool}.device(x.device())).tril();
        }
        at::Tensor y;
        if (pass.training && m_layer.dropout > 0) {
            // By hand: the fused kernels draw dropout from the device's default generator, not from the run's.
            at::Tensor scores = at::matmul(q, k.transpose(2, 3)) / std::sqrt(static_cast<double>(headWidth));
            if (!mask && m_layer.causal)
                mask = at::ones({steps, steps}, at::TensorOptions{at::kBool}.device(x.device())).tril();
            if (mask)
                scores = scores.masked_fill(mask->logical_not(), -std::numeric_limits<double>::infinity());
            y = at::matmul(droppedOut(scores.softmax(-1), m_layer.dropout, pass), v);
        } else {
            y = at::scaled_dot_product_attention(q, k, v, mask, 0, m_layer.causal && !mask);
        }
        return at::linear(y.transpose(1, 2).reshape({batch, steps, width}), m_outWeight, m_outBias);
    }

private:
    static double bound(std::int64_t width) { return std::sqrt(6 / (4.0 * static_cast<double>(width))); }

    const layer::SelfAttention m_layer;
    at::Tensor m_inWeight, m_inBias, m_outWeight, m_outBias;
};

/// torch.nn.RNN, GRU, LSTM with batch_first, from zero states. Padding stands at the end, so going forward never reads it;
/// going backward its outputs are not used, and its states begin at the padding: small, and the same in training and use.
class RecurrentOperation : public Operation {
public:
    RecurrentOperation(const layer::Recurrent& layer, OperationSite& site) : m_layer{layer}
    {
        LayerModule& module = site.module();
        using enum layer::Recurrent::Cell;
        const std::int64_t gates = layer.cell == rnn ? 1 : layer.cell == gru ? 3 : 4, directions = layer.bidirectional ? 2 : 1;
        for (std::int64_t i = 0, features = layer.inFeatures; i < layer.layers; ++i, features = directions * layer.hidden)
            for (std::int64_t way = 0; way < directions; ++way) {
                const std::string suffix = fmt::format("_l{}{}", i, way == 1 ? "_reverse" : "");
                const auto add = [&](const char* name, at::IntArrayRef sizes) {
                    const double bound = 1 / std::sqrt(static_cast<double>(layer.hidden));
                    m_weights.push_back(
                        module.register_parameter(name + suffix, at::empty(sizes).uniform_(-bound, bound, site.generator)));
                };
                add("weight_ih", {gates * layer.hidden, features});
                add("weight_hh", {gates * layer.hidden, layer.hidden});
                add("bias_ih", {gates * layer.hidden});
                add("bias_hh", {gates * layer.hidden});
            }
    }

    at::Tensor run(std::span<const at::Tensor* const> inputs, const Pass& pass) override
    {
        using enum layer::Recurrent::Cell;
        at::Tensor x = *inputs[0];
        const std::int64_t directions = m_layer.bidirectional ? 2 : 1, perLayer = 4 * directions;
        const at::Tensor zeros = at::zeros({directions, x.size(0), m_layer.hidden}, x.options());
        std::vector<at::Tensor> states(static_cast<std::size_t>(2 * m_layer.layers), zeros); // of each layer: hidden, cell
        if (pass.memory && !pass.memory->kept.empty())
            states = pass.memory->kept;
        for (std::int64_t i = 0; i < m_layer.layers; ++i) {
            at::Tensor& hidden = states[static_cast<std::size_t>(2 * i)];
            at::Tensor& cell = states[static_cast<std::size_t>(2 * i + 1)];
            const std::vector<at::Tensor> weights{m_weights.begin() + i * perLayer, m_weights.begin() + (i + 1) * perLayer};
            if (i > 0)
                x = droppedOut(x, m_layer.dropout, pass);
            if (m_layer.cell == lstm)
                std::tie(x, hidden, cell) =
                    at::lstm(x, {hidden, cell}, weights, true, 1, 0, pass.training, m_layer.bidirectional, true);
            else if (m_layer.cell == gru)
                std::tie(x, hidden) = at::gru(x, hidden, weights, true, 1, 0, pass.training, m_layer.bidirectional, true);
            else
                std::tie(x, hidden) = at::rnn_tanh(x, hidden, weights, true, 1, 0, pass.training, m_layer.bidirectional, true);
        }
        if (pass.memory)
            pass.memory->kept = std::move(states);
        return x;
    }

private:
    const layer::Recurrent m_layer;
    std::vector<at::Tensor> m_weights;
};

}

std::unique_ptr<Operation> operationOf(const layer::FeatureTokens& layer, OperationSite& site)
{
    LayerModule& module = site.module();
    // The paper's code: uniform within 1 / sqrt(width), weights and biases alike.
    const double bound = 1 / std::sqrt(static_cast<double>(layer.width));
    const auto drawn = [&] { return at::empty({layer.features, layer.width}).uniform_(-bound, bound, site.generator); };
    const at::Tensor weight = module.register_parameter("weight", drawn());
    const at::Tensor bias = module.register_parameter("bias", drawn());
    return operationFrom([weight, bias](const at::Tensor& x, const Pass&) { return at::addcmul(bias, x.unsqueeze(2), weight); });
}

std::unique_ptr<Operation> operationOf(const layer::ClassToken& layer, OperationSite& site)
{
    const double bound = 1 / std::sqrt(static_cast<double>(layer.width));
    const at::Tensor token = site.module().register_parameter("token", at::empty({layer.width}).uniform_(-bound, bound, site.generator));
    return operationFrom([token](const at::Tensor& x, const Pass&) {
        return at::cat({x, token.expand({x.size(0), 1, token.size(0)})}, 1);
    });
}

std::unique_ptr<Operation> operationOf(const layer::Embedding& layer, OperationSite& site)
{
    const double deviation = site.initialization == Initialization::transformer ? 0.02 : 1;
    const at::Tensor weight =
        site.module().register_parameter("weight", at::empty({layer.vocabulary, layer.width}).normal_(0, deviation, site.generator));
    return operationFrom([weight](const at::Tensor& ids, const Pass&) { return at::embedding(weight, ids); });
}

std::unique_ptr<Operation> operationOf(const layer::PositionEmbedding& layer, OperationSite& site)
{
    const at::Tensor weight =
        site.module().register_parameter("weight", at::empty({layer.length, layer.width}).normal_(0, 0.02, site.generator));
    return operationFrom([weight](const at::Tensor& x, const Pass& pass) {
        return x + weight.narrow(0, pass.memory ? pass.memory->steps : 0, x.size(1));
    });
}

std::unique_ptr<Operation> operationOf(const layer::SelfAttention& layer, OperationSite& site)
{
    return std::make_unique<SelfAttentionOperation>(layer, site);
}

std::unique_ptr<Operation> operationOf(const layer::Recurrent& layer, OperationSite& site)
{
    return std::make_unique<RecurrentOperation>(layer, site);
}

std::unique_ptr<Operation> operationOf(const layer::Conv1d& layer, OperationSite& site)
{
    LayerModule& module = site.module();
    const std::int64_t fanIn = layer.inChannels * layer.kernel;
    const at::Tensor weight =
        module.register_parameter("weight", freshWeight({layer.outChannels, layer.inChannels, layer.kernel}, fanIn, site));
    const at::Tensor bias = layer.bias ? module.register_parameter("bias", freshBias(layer.outChannels, fanIn, site)) : at::Tensor{};
    const std::int64_t reach = (layer.kernel - 1) * layer.dilation, before = layer.causal ? reach : reach / 2;
    return operationFrom([weight, bias, before, after = reach - before, dilation = layer.dilation](const at::Tensor& x, const Pass& pass) {
        const at::Tensor shown = pass.padding.defined() ? x * counted(pass, x) : x; // padding is silence, not a word
        if (pass.memory) { // causal, with what came before in place of silence
            std::vector<at::Tensor>& kept = pass.memory->kept;
            const at::Tensor tail = kept.empty() ? at::zeros({x.size(0), before, x.size(2)}, x.options()) : kept[0];
            const at::Tensor joined = at::cat({tail, x}, 1);
            kept = {joined.narrow(1, joined.size(1) - before, before)};
            return at::conv1d(joined.transpose(1, 2), weight, bias, at::IntArrayRef{1}, at::IntArrayRef{0}, dilation).transpose(1, 2);
        }
        return at::conv1d(at::constant_pad_nd(shown.transpose(1, 2), {before, after}), weight, bias, at::IntArrayRef{1}, at::IntArrayRef{0}, dilation).transpose(1, 2);
    });
}

std::unique_ptr<Operation> operationOf(const layer::SequencePool& layer, OperationSite&)
{
    return operationFrom([kind = layer.kind](const at::Tensor& x, const Pass& pass) {
        using enum layer::SequencePool::Kind;
        if (!pass.padding.defined())
            return kind == mean ? x.mean(1) : kind == max ? x.amax(1) : x.select(1, x.size(1) - 1);
        if (kind == mean) {
            const at::Tensor counts = counted(pass, x);
            return (x * counts).sum(1) / counts.sum(1).clamp_min(1);
        }
        if (kind == max)
            return x.masked_fill(pass.padding.unsqueeze(2), -std::numeric_limits<double>::infinity())
                .amax(1)
                .masked_fill(pass.padding.all(1, true), 0); // nothing but padding
        const at::Tensor end = (pass.padding.logical_not().sum(1) - 1).clamp_min(0);
        return x.gather(1, end.view({-1, 1, 1}).expand({-1, 1, x.size(2)})).squeeze(1);
    });
}

}
