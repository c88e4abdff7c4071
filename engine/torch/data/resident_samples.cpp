// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/data/resident_samples.h"

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
    return at::from_blob(const_cast<std::int64_t*>(rows.data()), {static_cast<std::int64_t>(rows.size())}, at::kLong)
        .clone()
        .to(device);
}

ResidentSamples::Array ResidentSamples::arrayOf(const SampleArray& samples, const PicturePreparation& pictures, at::Device device)
{
    Array array{.lengths = samples.lengths};
    if (const auto* floats = std::get_if<SampleArray::Floats>(&samples.values)) {
        array.values = *floats ? valuesTensor(**floats, samples, at::kFloat, device) : at::Tensor{};
    } else if (const auto* ids = std::get_if<SampleArray::Ids>(&samples.values)) {
        array.values = valuesTensor(**ids, samples, at::kLong, device);
    } else {
        const PictureArray& bytes = *std::get<const PictureArray*>(samples.values);
        array.values = at::from_blob(const_cast<std::uint8_t*>(bytes.pixels.data()),
                                     {bytes.count, bytes.channels, bytes.height, bytes.width}, at::kByte)
                           .to(device);
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

at::Tensor ResidentSamples::Array::gather(const Rows& rows) const
{
    at::Tensor cut = values;
    if (!lengths.empty()) {
        std::int32_t longest = 1;
        for (const std::int64_t row : rows.host)
            longest = std::max(longest, lengths[static_cast<std::size_t>(row)]);
        cut = cut.narrow(1, 0, longest);
    }
    at::Tensor chosen = cut.index_select(0, rows.device);
    if (chosen.scalar_type() == at::kByte) {
        chosen = chosen.to(at::kFloat).mul_(scale).add_(shift);
        if (size > 0)
            chosen = resize(chosen, size);
    }
    return chosen;
}

std::int64_t ResidentSamples::Array::preparedValues() const
{
    if (!values.defined() || values.size(0) == 0)
        return 0;
    return values.scalar_type() == at::kByte && size > 0 ? values.size(1) * size * size : values.numel() / values.size(0);
}

ResidentSamples::ResidentSamples(std::shared_ptr<const PreparedData> data, Part part, at::Device device)
    : m_data{std::move(data)}, m_device{device}
{
    const bool test = part == Part::test && m_data->split.ownTest;
    const PreparedPart& samples = test ? m_data->test : m_data->train;
    for (const SampleArray& input : samples.inputs)
        m_inputs.push_back(arrayOf(input, m_data->pictures, device));
    m_targets = arrayOf(samples.targets, m_data->pictures, device);
}

Batch ResidentSamples::gather(const Rows& rows) const
{
    Batch batch;
    batch.inputs.reserve(m_inputs.size());
    for (const Array& input : m_inputs)
        batch.inputs.push_back(input.gather(rows));
    batch.targets = m_targets.gather(rows);
    return batch;
}

Batch ResidentSamples::gather(std::span<const std::int64_t> rows) const
{
    return gather({rows, rowsTensor(rows, m_device)});
}

std::int64_t ResidentSamples::preparedBytes(std::size_t rows) const
{
    std::int64_t values = 0;
    for (const Array& input : m_inputs)
        values += input.preparedValues();
    return static_cast<std::int64_t>(rows) * values * 4;
}

bool ResidentSamples::areOfDifferentLength() const
{
    return std::any_of(m_inputs.begin(), m_inputs.end(), [](const Array& input) { return !input.lengths.empty(); });
}

std::int32_t ResidentSamples::length(std::int64_t row) const
{
    std::int32_t longest = 0;
    for (const Array& input : m_inputs)
        if (!input.lengths.empty())
            longest = std::max(longest, input.lengths[static_cast<std::size_t>(row)]);
    return longest;
}

ResidentSamples ResidentSamples::prepared(const std::vector<std::int64_t>& rows) const
{
    ResidentSamples result = *this;
    Batch all = gather(rows);
    for (std::size_t i = 0; i < m_inputs.size(); ++i) {
        result.m_inputs[i].values = std::move(all.inputs[i]);
        result.m_inputs[i].size = 0;
    }
    result.m_targets.values = std::move(all.targets);
    return result;
}

}
