// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/data/batches.h"

#include "engine/core/base/random.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <numeric>
#include <span>

namespace descent {

namespace {

constexpr std::int64_t preparedLimit = std::int64_t{512} << 20;  // bytes: MNIST as floats is 188 MB
constexpr std::int64_t wholeEpochLimit = std::int64_t{16} << 20; // below it, one gather an epoch beats one a batch

at::Tensor rowsTensor(const std::vector<std::int64_t>& rows, at::Device device)
{
    return at::from_blob(const_cast<std::int64_t*>(rows.data()), {static_cast<std::int64_t>(rows.size())}, at::kLong)
        .clone()
        .to(device);
}

at::Tensor channelTensor(const std::vector<float>& values, at::Device device)
{
    return at::from_blob(const_cast<float*>(values.data()), {1, static_cast<std::int64_t>(values.size()), 1, 1}, at::kFloat)
        .clone()
        .to(device);
}

at::Tensor targetsTensor(const PreparedData& data, const Targets& targets, at::Device device)
{
    if (targets.areClasses())
        return rowsTensor(targets.classes, device);
    std::vector<float> standardised;
    standardised.reserve(targets.values.size());
    for (const float value : targets.values)
        standardised.push_back(static_cast<float>((value - data.targetMean) / data.targetDeviation));
    return at::from_blob(standardised.data(), {static_cast<std::int64_t>(standardised.size())}, at::kFloat).clone().to(device);
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

}

ResidentSamples::ResidentSamples(std::shared_ptr<const PreparedData> data, Part part, at::Device device) : m_data{std::move(data)}
{
    const bool test = part == Part::test && m_data->split.ownTest;
    const Samples& samples = test ? *m_data->dataset->test : m_data->dataset->train;
    m_targets = targetsTensor(*m_data, samples.targets, device);
    if (const auto* pictures = std::get_if<PictureArray>(&samples.inputs)) {
        m_pictures = true;
        // On the CPU the decoded pixels are used where they lie: they are held once.
        m_inputs = at::from_blob(const_cast<std::uint8_t*>(pictures->pixels.data()),
                                 {pictures->count, pictures->channels, pictures->height, pictures->width}, at::kByte)
                       .to(device);
        std::vector<float> scale, shift;
        for (std::size_t c = 0; c < m_data->statistics.mean.size(); ++c) {
            scale.push_back(static_cast<float>(1 / (255 * m_data->statistics.deviation[c])));
            shift.push_back(static_cast<float>(-m_data->statistics.mean[c] / m_data->statistics.deviation[c]));
        }
        m_scale = channelTensor(scale, device);
        m_shift = channelTensor(shift, device);
        m_size = m_data->pictureSize;
    } else {
        const FeatureMatrix& features = test ? m_data->testFeatures : m_data->trainFeatures;
        m_inputs =
            at::from_blob(const_cast<float*>(features.values.data()), {features.count, features.features}, at::kFloat).to(device);
    }
}

Batch ResidentSamples::gather(const at::Tensor& rows) const
{
    at::Tensor inputs = m_inputs.index_select(0, rows);
    if (inputs.scalar_type() == at::kByte) {
        inputs = inputs.to(at::kFloat).mul_(m_scale).add_(m_shift);
        if (m_size > 0)
            inputs = resize(inputs, m_size);
    }
    return {std::move(inputs), m_targets.index_select(0, rows)};
}

std::int64_t ResidentSamples::preparedBytes(std::size_t rows) const
{
    const std::int64_t values = m_pictures && m_size > 0 ? m_inputs.size(1) * m_size * m_size
                                                         : m_inputs.numel() / std::max<std::int64_t>(1, m_inputs.size(0));
    return static_cast<std::int64_t>(rows) * values * 4;
}

ResidentSamples ResidentSamples::prepared(const std::vector<std::int64_t>& rows) const
{
    ResidentSamples result = *this;
    Batch all = gather(rowsTensor(rows, device()));
    result.m_inputs = std::move(all.inputs);
    result.m_targets = std::move(all.targets);
    return result;
}

TrainingBatches::TrainingBatches(std::shared_ptr<const PreparedData> data, const ResidentSamples& samples, std::int64_t batchSize,
                                 std::uint64_t seed, bool balanced)
    : m_samples{samples.preparedBytes(data->split.train.size()) <= preparedLimit && data->pictureSize == 0
                    ? samples.prepared(data->split.train)
                    : samples},
      m_batchSize{batchSize},
      m_seed{seed},
      m_flip{samples.arePictures() && data->flip},
      m_cropPadding{samples.arePictures() ? data->cropPadding : 0}
{
    const bool renumbered = samples.preparedBytes(data->split.train.size()) <= preparedLimit && data->pictureSize == 0;
    m_rows = data->split.train;
    if (renumbered)
        std::iota(m_rows.begin(), m_rows.end(), std::int64_t{0});
    if (balanced && data->isClassification()) {
        const Targets& targets = data->dataset->train.targets;
        m_rowsByClass.resize(targets.classNames.size());
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            m_rowsByClass[static_cast<std::size_t>(targets.classes[static_cast<std::size_t>(data->split.train[i])])].push_back(m_rows[i]);
        std::erase_if(m_rowsByClass, [](const auto& rows) { return rows.empty(); });
    }
    const auto count = static_cast<std::int64_t>(m_rows.size());
    m_stepsPerEpoch = (count + batchSize - 1) / batchSize;
    if (count % batchSize == 1 && m_stepsPerEpoch > 1)
        --m_stepsPerEpoch;
}

void TrainingBatches::startEpoch(std::int64_t epoch)
{
    m_epoch = epoch;
    m_at = 0;
    std::vector<std::int64_t> order = m_rowsByClass.empty() ? m_rows : balancedRows(epoch);
    Random random{derivedSeed(m_seed + static_cast<std::uint64_t>(epoch) * 0x9e3779b97f4a7c15u, "order")};
    random.shuffle(std::span{order});
    m_order = rowsTensor(order, m_samples.device());
    m_whole = m_samples.preparedBytes(order.size()) <= wholeEpochLimit ? m_samples.gather(m_order) : Batch{};
}

std::vector<std::int64_t> TrainingBatches::balancedRows(std::int64_t epoch) const
{
    Random random{derivedSeed(m_seed + static_cast<std::uint64_t>(epoch) * 0x9e3779b97f4a7c15u, "balance")};
    const std::size_t classes = m_rowsByClass.size();
    std::vector<std::int64_t> rows;
    rows.reserve(m_rows.size());
    for (std::size_t one = 0; one < classes; ++one) {
        std::vector<std::int64_t> pack = m_rowsByClass[one];
        const std::size_t wanted = (m_rows.size() + classes - 1 - one) / classes; // shares that sum to the whole
        for (std::size_t i = 0; i < wanted; ++i) {
            if (i % pack.size() == 0)
                random.shuffle(std::span{pack});
            rows.push_back(pack[i % pack.size()]);
        }
    }
    return rows;
}

Batch TrainingBatches::next()
{
    const std::int64_t start = m_at * m_batchSize;
    const std::int64_t count = std::min(m_batchSize, m_order.size(0) - start);
    Batch batch = m_whole.inputs.defined()
        ? Batch{m_whole.inputs.narrow(0, start, count), m_whole.targets.narrow(0, start, count)}
        : m_samples.gather(m_order.narrow(0, start, count));
    if (m_flip || m_cropPadding > 0)
        batch.inputs = augmented(batch.inputs);
    ++m_at;
    return batch;
}

at::Tensor TrainingBatches::augmented(const at::Tensor& pictures)
{
    // A stream of its own for every batch: what one draws does not shift the next.
    Random random{derivedSeed(m_seed + static_cast<std::uint64_t>(m_epoch * m_stepsPerEpoch + m_at), "augmentation")};
    const std::int64_t count = pictures.size(0), height = pictures.size(2), width = pictures.size(3);
    std::vector<std::int64_t> rows(static_cast<std::size_t>(count * height)), columns(static_cast<std::size_t>(count * width));
    for (std::int64_t i = 0; i < count; ++i) {
        const bool mirror = m_flip && random.below(2) == 1;
        const auto shift = [&] {
            return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * m_cropPadding + 1)));
        };
        const std::int64_t down = shift(), right = shift();
        for (std::int64_t y = 0; y < height; ++y)
            rows[static_cast<std::size_t>(i * height + y)] = y + down;
        for (std::int64_t x = 0; x < width; ++x)
            columns[static_cast<std::size_t>(i * width + x)] = (mirror ? width - 1 - x : x) + right;
    }
    const at::Device device = pictures.device();
    const at::Tensor padded = m_cropPadding > 0
        ? at::constant_pad_nd(pictures, {m_cropPadding, m_cropPadding, m_cropPadding, m_cropPadding})
        : pictures;
    const at::Tensor sample = at::arange(count, at::TensorOptions{at::kLong}.device(device)).view({count, 1, 1});
    // One gather cuts and mirrors every picture at its own place; the result is [batch, height, width, channels].
    return padded.permute({0, 2, 3, 1})
        .index({sample, rowsTensor(rows, device).view({count, height, 1}), rowsTensor(columns, device).view({count, 1, width})})
        .permute({0, 3, 1, 2});
}

}
