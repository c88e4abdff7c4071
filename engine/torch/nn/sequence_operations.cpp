// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/operation.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <tuple>

namespace descent {

namespace {

/// 1 where a step counts and 0 where it is padding, ready to multiply [batch, steps, features].
at::Tensor counted(const Pass& pass, const at::Tensor& x)
{
    return pass.padding.logical_not().unsqueeze(2).to(x.scalar_type());
}

/// torch.nn.RNN, GRU, LSTM with batch_first, from zero states or a given output. Padding stands at the end, so going forward never reads it;
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
        const at::Tensor start = inputs.size() > 1 ? inputs[1]->unsqueeze(0) : zeros;
        // While texts are written, the states of all layers go on from where they were: [batch, hidden] each, outputs and cells.
        const bool goesOn = pass.decoding && !m_layer.bidirectional;
        std::vector<at::Tensor>* kept = goesOn ? &pass.decoding->kept[this] : nullptr;
        const bool first = !kept || kept->empty();
        if (kept)
            kept->resize(static_cast<std::size_t>(2 * m_layer.layers));
        for (std::int64_t i = 0; i < m_layer.layers; ++i) {
            const std::vector<at::Tensor> weights{m_weights.begin() + i * perLayer, m_weights.begin() + (i + 1) * perLayer};
            if (i > 0)
                x = droppedOut(x, m_layer.dropout, pass);
            at::Tensor output = first ? start : (*kept)[static_cast<std::size_t>(2 * i)].unsqueeze(0);
            at::Tensor cell = first ? zeros : (*kept)[static_cast<std::size_t>(2 * i + 1)].unsqueeze(0);
            if (m_layer.cell == lstm)
                std::tie(x, output, cell) =
                    at::lstm(x, {output.contiguous(), cell.contiguous()}, weights, true, 1, 0, pass.training, m_layer.bidirectional, true);
            else if (m_layer.cell == gru)
                std::tie(x, output) = at::gru(x, output.contiguous(), weights, true, 1, 0, pass.training, m_layer.bidirectional, true);
            else
                std::tie(x, output) = at::rnn_tanh(x, output.contiguous(), weights, true, 1, 0, pass.training, m_layer.bidirectional, true);
            if (kept) {
                (*kept)[static_cast<std::size_t>(2 * i)] = output.squeeze(0);
                (*kept)[static_cast<std::size_t>(2 * i + 1)] = cell.squeeze(0);
            }
        }
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
        return x + weight.narrow(0, pass.decoding ? pass.decoding->written : 0, x.size(1));
    });
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
