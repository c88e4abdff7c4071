// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/preview.h"

#include "engine/core/data/picture_array.h"
#include "engine/core/data/written_beside.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <torch/utils.h>

namespace descent {

namespace {

constexpr std::size_t previewSamples = 12;
constexpr std::int64_t surfaceSide = 72;

/// Classes take turns, in the order of the rows.
std::vector<std::int64_t> spreadOverClasses(const PreparedData& data, const std::vector<std::int64_t>& rows)
{
    const Targets& targets = data.dataset->train.targets;
    if (!targets.areClasses())
        return {rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(previewSamples, rows.size()))};
    std::vector<std::vector<std::int64_t>> byClass(targets.classNames.size());
    for (const std::int64_t row : rows)
        byClass[static_cast<std::size_t>(targets.classes[static_cast<std::size_t>(row)])].push_back(row);
    std::vector<std::int64_t> chosen;
    for (std::size_t turn = 0; chosen.size() < std::min(previewSamples, rows.size()); ++turn)
        for (const auto& group : byClass)
            if (turn < group.size() && chosen.size() < previewSamples)
                chosen.push_back(group[turn]);
    return chosen;
}

std::vector<float> toVector(const at::Tensor& tensor)
{
    const at::Tensor host = tensor.to(at::kCPU, at::kFloat).contiguous();
    return {host.const_data_ptr<float>(), host.const_data_ptr<float>() + host.numel()};
}

}

at::Tensor outputsOf(GraphNetwork& network, const std::vector<at::Tensor>& inputs)
{
    const torch::NoGradGuard guard;
    const bool wasTraining = network.is_training();
    network.eval();
    at::Tensor outputs = network.forward(inputs);
    network.train(wasTraining);
    return outputs;
}

SamplePreview::SamplePreview(std::shared_ptr<const PreparedData> data, const DeviceSamples& samples)
    : m_data{std::move(data)}, m_samples{samples}, m_rows{spreadOverClasses(*m_data, m_data->split.validation)}
{
}

PredictionPreview SamplePreview::look(GraphNetwork& network, std::int64_t step) const
{
    const bool classes = m_data->isClassification();
    at::Tensor outputs = outputsOf(network, m_samples.gather(m_rows).inputs);
    outputs = classes ? outputs.softmax(1) : outputs * m_data->targetDeviation + m_data->targetMean;
    const std::vector<float> values = toVector(outputs);
    const std::size_t width = values.size() / std::max<std::size_t>(1, m_rows.size());

    PredictionPreview preview{.step = step};
    const auto* both = std::get_if<PicturesAndMore>(&m_data->dataset->train.inputs);
    const PictureArray* pictures = picturesOf(m_data->dataset->train);
    const Targets& targets = m_data->dataset->train.targets;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const auto row = static_cast<std::size_t>(m_rows[i]);
        PredictionPreview::Prediction prediction{.index = m_rows[i]};
        if (pictures) {
            prediction.pixels = pictures->picture(m_rows[i]);
            prediction.channels = pictures->channels;
            prediction.height = pictures->height;
            prediction.width = pictures->width;
        }
        if (both)
            prediction.beside = writtenBeside(*both, m_rows[i]);
        if (classes)
            prediction.truth = targets.classes[row];
        else
            prediction.truthValue = targets.values[row];
        prediction.probabilities.assign(values.begin() + static_cast<std::ptrdiff_t>(i * width),
                                        values.begin() + static_cast<std::ptrdiff_t>((i + 1) * width));
        preview.predictions.push_back(std::move(prediction));
    }
    return preview;
}

std::optional<SurfacePreview> SurfacePreview::forData(const PreparedData& data, at::Device device)
{
    const auto* table = std::get_if<Table>(&data.dataset->train.inputs);
    if (!table || !data.isClassification() || table->columns.size() != 2 || table->columns[0].categorical
        || table->columns[1].categorical)
        return std::nullopt;
    for (const auto& column : data.table.columns)
        if (column.categorical || column.features() != 1)
            return std::nullopt; // a plane of two numbers is what can be drawn
    SurfacePreview surface;
    const auto range = [](const Column& column) {
        float low = INFINITY, high = -INFINITY;
        for (const float value : column.numbers)
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        const double margin = 0.08 * std::max(1e-6, static_cast<double>(high) - low);
        return std::pair{low - margin, high + margin};
    };
    std::tie(surface.m_frame.left, surface.m_frame.right) = range(table->columns[0]);
    std::tie(surface.m_frame.bottom, surface.m_frame.top) = range(table->columns[1]);
    surface.m_frame.width = surface.m_frame.height = surfaceSide;
    surface.m_frame.classes = data.brief.outputs;
    std::vector<float> grid;
    const auto& across = data.table.columns[0];
    const auto& up = data.table.columns[1];
    for (std::int64_t y = 0; y < surfaceSide; ++y)
        for (std::int64_t x = 0; x < surfaceSide; ++x) {
            const auto at = [](double low, double high, std::int64_t i) {
                return low + (high - low) * (static_cast<double>(i) + 0.5) / static_cast<double>(surfaceSide);
            };
            grid.push_back(across.prepared(at(surface.m_frame.left, surface.m_frame.right, x)));
            grid.push_back(up.prepared(at(surface.m_frame.bottom, surface.m_frame.top, y)));
        }
    surface.m_grid = at::from_blob(grid.data(), {surfaceSide * surfaceSide, 2}, at::kFloat).clone().to(device);
    return surface;
}

DecisionSurface SurfacePreview::look(GraphNetwork& network, std::int64_t step) const
{
    DecisionSurface surface = m_frame;
    surface.step = step;
    surface.probabilities = toVector(outputsOf(network, {m_grid}).softmax(1));
    return surface;
}

}
