// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/insight.h"

#include "engine/core/network/stages.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <torch/utils.h>

namespace descent {

namespace {

using namespace std::chrono_literals;
constexpr auto shortestPause = 250ms;
constexpr int rest = 400;                           // times what a look took: a quarter of a per cent
constexpr std::int64_t mostSamples = 64;            // of a batch, that go through once more
constexpr std::int64_t mostValues = 16384;          // of a tensor, by which its movement is measured
constexpr std::int64_t mostCounted = 1 << 20, bins = 32;

/// Every so manieth value of a tensor, a copy. Parameters are dense: their memory is one array whatever their layout.
at::Tensor someOf(const at::Tensor& tensor)
{
    const std::int64_t count = tensor.numel(), stride = std::max<std::int64_t>(1, count / mostValues);
    return tensor.detach().as_strided({(count + stride - 1) / stride}, {stride}).clone();
}

LayerReport::Histogram histogramOf(const std::vector<at::Tensor>& tensors)
{
    LayerReport::Histogram histogram;
    std::vector<at::Tensor> flat;
    for (const at::Tensor& tensor : tensors)
        if (tensor.defined() && tensor.is_floating_point() && tensor.numel() > 0) {
            const at::Tensor values = tensor.detach().reshape({-1}).to(at::kFloat);
            flat.push_back(values.numel() > mostCounted ? values.slice(0, 0, values.numel(), values.numel() / mostCounted) : values);
        }
    if (flat.empty())
        return histogram;
    const at::Tensor values = at::cat(flat);
    const auto [low, high] = at::aminmax(values);
    histogram.low = low.item<double>();
    histogram.high = high.item<double>();
    if (!std::isfinite(histogram.low) || !std::isfinite(histogram.high))
        return histogram;
    if (histogram.high <= histogram.low) // all the same: one bin around it
        histogram.high = histogram.low + std::max(1e-12, std::abs(histogram.low) * 1e-6);
    const at::Tensor counts = at::histc(values, bins, histogram.low, histogram.high).to(at::kCPU).to(at::kLong);
    histogram.counts.assign(counts.const_data_ptr<std::int64_t>(), counts.const_data_ptr<std::int64_t>() + bins);
    return histogram;
}

}

Insight::Insight(GraphNetwork& network, const NetworkSpec& spec) : m_network{network}
{
    const auto parameters = network.named_parameters();
    for (std::size_t i = 0; i < spec.layers.size(); ++i) {
        const LayerNode& node = spec.layers[i];
        const auto* activation = std::get_if<layer::Activation>(&node.layer);
        Layer layer{.name = node.name, .position = i, .isRelu = activation && activation->function == layer::Activation::Function::relu};
        layer.unitDimension = node.outputShape.size() == 3 ? 1 : -1; // pictures: their channels; else the last
        m_hasRelu = m_hasRelu || layer.isRelu;
        for (const auto& parameter : parameters)
            if (parameter.key().starts_with(node.name + ".") && layerOfTensor(spec, parameter.key()) == static_cast<std::int32_t>(i))
                layer.parameters.push_back({.tensor = parameter.value()});
        if (!layer.parameters.empty() || activation)
            m_layers.push_back(std::move(layer));
    }
}

void Insight::beforeStep()
{
    m_began = Clock::now();
    const torch::NoGradGuard guard;
    std::vector<at::Tensor> gradients;
    std::vector<Parameter*> owners;
    for (Layer& layer : m_layers)
        for (Parameter& parameter : layer.parameters) {
            parameter.before.reset();
            parameter.gradientNorm = 0;
            if (!parameter.tensor.grad().defined())
                continue;
            parameter.before = someOf(parameter.tensor);
            gradients.push_back(parameter.tensor.grad());
            owners.push_back(&parameter);
        }
    if (gradients.empty())
        return;
    const at::Tensor norms = at::stack(at::_foreach_norm(gradients)).to(at::kCPU, at::kDouble); // one look at the device
    for (std::size_t i = 0; i < owners.size(); ++i)
        owners[i]->gradientNorm = norms.const_data_ptr<double>()[i];
}

Insight::Figures Insight::afterStep(const Batch& batch, std::int64_t step, bool watched)
{
    const torch::NoGradGuard guard;
    Figures figures;
    LayerReport report{.step = step};
    std::vector<double> dead;
    std::vector<LayerReport::Histogram> activations;
    lookAtActivations(batch, watched, dead, activations);
    double gradients = 0, weights = 0, moved = 0, movedFrom = 0, deadSum = 0;
    std::int64_t deadLayers = 0;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const Layer& layer = m_layers[i];
        LayerReport::Row row{.name = layer.name, .deadShare = dead[i]};
        double layerMoved = 0, layerFrom = 0, layerWeights = 0, layerGradients = 0;
        std::vector<at::Tensor> values, slopes;
        for (const Parameter& parameter : layer.parameters) {
            row.parameters += parameter.tensor.numel();
            const double norm = parameter.tensor.norm().item<double>();
            layerWeights += norm * norm;
            layerGradients += parameter.gradientNorm * parameter.gradientNorm;
            if (watched) {
                values.push_back(parameter.tensor);
                slopes.push_back(parameter.tensor.grad());
            }
            if (!parameter.before.defined() || parameter.tensor.dim() < 2)
                continue; // biases begin at zero: their ratio says nothing
            const double change = (someOf(parameter.tensor) - parameter.before).norm().item<double>(), from = parameter.before.norm().item<double>();
            layerMoved += change * change;
            layerFrom += from * from;
        }
        row.weightNorm = std::sqrt(layerWeights);
        row.gradientNorm = std::sqrt(layerGradients);
        if (layerFrom > 0)
            row.updateRatio = std::sqrt(layerMoved / layerFrom);
        weights += layerWeights;
        gradients += layerGradients;
        moved += layerMoved;
        movedFrom += layerFrom;
        if (!std::isnan(dead[i])) {
            deadSum += dead[i];
            ++deadLayers;
        }
        if (watched) {
            row.weights = histogramOf(values);
            row.gradients = histogramOf(slopes);
            row.activations = std::move(activations[i]);
            report.rows.push_back(std::move(row));
        }
    }
    figures.series["gradient-norm"] = std::sqrt(gradients);
    figures.series["weight-norm"] = std::sqrt(weights);
    if (movedFrom > 0)
        figures.series["update-ratio"] = std::sqrt(moved / movedFrom);
    if (deadLayers > 0)
        figures.series["dead-units"] = deadSum / static_cast<double>(deadLayers);
    if (watched)
        figures.layers = std::move(report);
    const Clock::time_point now = Clock::now();
    m_next = now + std::max<Clock::duration>(shortestPause, (now - m_began) * rest);
    return figures;
}

void Insight::lookAtActivations(const Batch& batch, bool watched, std::vector<double>& dead, std::vector<LayerReport::Histogram>& histograms)
{
    dead.assign(m_layers.size(), std::numeric_limits<double>::quiet_NaN());
    histograms.resize(m_layers.size());
    if (!m_hasRelu && !watched)
        return;
    std::vector<at::Tensor> inputs;
    for (const at::Tensor& input : batch.inputs)
        inputs.push_back(input.narrow(0, 0, std::min(mostSamples, input.size(0))));
    const bool wasTraining = m_network.is_training();
    m_network.eval(); // draws nothing and counts nothing: what is learnt stays what it is
    std::size_t next = 0;
    m_network.observe(inputs, [&](std::size_t position, const at::Tensor& value) {
        if (next == m_layers.size() || m_layers[next].position != position)
            return;
        const Layer& layer = m_layers[next];
        if (layer.isRelu) {
            const std::int64_t unit = layer.unitDimension < 0 ? value.dim() - 1 : layer.unitDimension;
            std::vector<std::int64_t> others;
            for (std::int64_t dimension = 0; dimension < value.dim(); ++dimension)
                if (dimension != unit)
                    others.push_back(dimension);
            dead[next] = (value.amax(others) <= 0).to(at::kFloat).mean().item<double>();
        }
        if (watched)
            histograms[next] = histogramOf({value});
        ++next;
    });
    m_network.train(wasTraining);
}

}
