// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/data/device_samples.h"

#include "engine/torch/device/copies.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <variant>

namespace descent {

namespace {

at::Tensor channelTensor(const std::vector<float>& values, at::Device device)
{
    return at::from_blob(const_cast<float*>(values.data()), {1, static_cast<std::int64_t>(values.size()), 1, 1}, at::kFloat)
        .clone()
        .to(device);
}

/// Bilinear; antialiased where it shrinks, as pictures should be.
at::Tensor resize(const at::Tensor& pictures, std::int64_t size)
{
    if (pictures.size(2) == size && pictures.size(3) == size)
        return pictures;
    const bool shrinks = pictures.size(2) > size || pictures.size(3) > size;
    return shrinks ? at::_upsample_bilinear2d_aa(pictures, {size, size}, false)
                   : at::upsample_bilinear2d(pictures, {size, size}, false);
}

/// [count, …shape], or for windows the overlapping view of [length, …].
template <typename Value>
at::Tensor valuesTensor(const std::vector<Value>& values, const SampleArray& samples, at::ScalarType type, at::Device device)
{
    std::int64_t rowValues = 1;
    for (std::size_t i = samples.windowStart ? 1 : 0; i < samples.shape.size(); ++i)
        rowValues *= samples.shape[i];
    const std::int64_t rows = rowValues > 0 ? static_cast<std::int64_t>(values.size()) / rowValues : 0;
    std::vector<std::int64_t> sizes{rows};
    sizes.insert(sizes.end(), samples.shape.begin() + (samples.windowStart ? 1 : 0), samples.shape.end());
    // On the CPU the prepared values are used where they lie: they are held once.
    const at::Tensor all = at::from_blob(const_cast<Value*>(values.data()), sizes, type).to(device);
    if (!samples.windowStart)
        return all;
    const std::int64_t steps = samples.shape.front(), windows = std::max<std::int64_t>(0, rows - *samples.windowStart - steps + 1);
    std::vector<std::int64_t> windowSizes{windows, steps}, strides{all.stride(0), all.stride(0)};
    for (std::int64_t i = 1; i < all.dim(); ++i) {
        windowSizes.push_back(all.size(i));
        strides.push_back(all.stride(i));
    }
    return all.as_strided(windowSizes, strides, *samples.windowStart * all.stride(0));
}

}

at::Tensor rowsTensor(std::span<const std::int64_t> rows, at::Device device)
{
    return copied(rows, {static_cast<std::int64_t>(rows.size())}, device);
}

DeviceSamples::Array DeviceSamples::arrayOf(const SampleArray& samples, const PicturePreparation& pictures, at::Device device)
{
    Array array{.lengths = samples.lengths};
    if (const auto* floats = std::get_if<SampleArray::Floats>(&samples.values)) {
        array.values = *floats ? valuesTensor(**floats, samples, at::kFloat, device) : at::Tensor{};
    } else if (const auto* ids = std::get_if<SampleArray::Ids>(&samples.values)) {
        array.values = valuesTensor(**ids, samples, at::kLong, device);
    } else {
        const PictureArray& bytes = *std::get<const PictureArray*>(samples.values);
        if (bytes.stored) {
            array.stream = std::make_shared<PictureStream>(bytes, device);
            array.streamedValues = bytes.pictureBytes();
        } else {
            array.values = at::from_blob(const_cast<std::uint8_t*>(bytes.pixels.data()),
                                         {bytes.count, bytes.channels, bytes.height, bytes.width}, at::kByte)
                               .to(device);
        }
        array.channels = bytes.channels;
        std::vector<float> scale, shift;
        for (std::size_t c = 0; c < pictures.statistics.mean.size(); ++c) {
            scale.push_back(static_cast<float>(1 / (255 * pictures.statistics.deviation[c])));
            shift.push_back(static_cast<float>(-pictures.statistics.mean[c] / pictures.statistics.deviation[c]));
        }
        array.scale = channelTensor(scale, device);
        array.shift = channelTensor(shift, device);
        array.size = pictures.size;
    }
    return array;
}

at::Tensor DeviceSamples::Array::gather(const Rows& rows) const
{
    at::Tensor chosen;
    if (stream) {
        chosen = stream->take(rows.host);
    } else {
        at::Tensor cut = values;
        if (!lengths.empty()) {
            std::int32_t longest = 1;
            for (const std::int64_t row : rows.host)
                longest = std::max(longest, lengths[static_cast<std::size_t>(row)]);
            cut = cut.narrow(1, 0, longest);
        }
        chosen = cut.index_select(0, rows.device);
    }
    if (chosen.scalar_type() == at::kByte) {
        chosen = chosen.to(at::kFloat).mul_(scale).add_(shift);
        if (size > 0)
            chosen = resize(chosen, size);
    }
    return chosen;
}

std::int64_t DeviceSamples::Array::preparedValues() const
{
    if (size > 0)
        return channels * size * size;
    if (stream)
        return streamedValues;
    return values.defined() && values.size(0) > 0 ? values.numel() / values.size(0) : 0;
}

DeviceSamples::DeviceSamples(std::shared_ptr<const PreparedData> data, Part part, at::Device device)
    : m_data{std::move(data)}, m_device{device}
{
    const bool test = part == Part::test && m_data->split.ownTest;
    const PreparedPart& samples = test ? m_data->test : m_data->train;
    for (const SampleArray& input : samples.inputs)
        m_inputs.push_back(arrayOf(input, m_data->pictures, device));
    m_targets = arrayOf(samples.targets, m_data->pictures, device);
}

Batch DeviceSamples::gather(const Rows& rows) const
{
    Batch batch;
    batch.inputs.reserve(m_inputs.size());
    for (const Array& input : m_inputs)
        batch.inputs.push_back(input.gather(rows));
    batch.targets = m_targets.gather(rows);
    return batch;
}

Batch DeviceSamples::gather(std::span<const std::int64_t> rows) const
{
    return gather({rows, rowsTensor(rows, m_device)});
}

void DeviceSamples::expect(const std::vector<std::int64_t>& rows, std::int64_t batchSize) const
{
    for (const Array& input : m_inputs)
        if (input.stream)
            input.stream->expect(rows, batchSize);
}

bool DeviceSamples::areStreamed() const
{
    return std::any_of(m_inputs.begin(), m_inputs.end(), [](const Array& input) { return input.stream != nullptr; });
}

std::int64_t DeviceSamples::preparedBytes(std::size_t rows) const
{
    std::int64_t values = 0;
    for (const Array& input : m_inputs)
        values += input.preparedValues();
    return static_cast<std::int64_t>(rows) * values * 4;
}

bool DeviceSamples::areOfDifferentLength() const
{
    return std::any_of(m_inputs.begin(), m_inputs.end(), [](const Array& input) { return !input.lengths.empty(); });
}

std::int32_t DeviceSamples::length(std::int64_t row) const
{
    std::int32_t longest = 0;
    for (const Array& input : m_inputs)
        if (!input.lengths.empty())
            longest = std::max(longest, input.lengths[static_cast<std::size_t>(row)]);
    return longest;
}

DeviceSamples DeviceSamples::prepared(const std::vector<std::int64_t>& rows) const
{
    DeviceSamples result = *this;
    Batch all = gather(rows);
    for (std::size_t i = 0; i < m_inputs.size(); ++i) {
        result.m_inputs[i].values = std::move(all.inputs[i]);
        result.m_inputs[i].size = 0;
    }
    result.m_targets.values = std::move(all.targets);
    return result;
}

}
