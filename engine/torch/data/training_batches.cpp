// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/data/training_batches.h"

#include "engine/core/base/random.h"
#include "engine/core/data/picture_augmentation.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <numeric>
#include <span>
#include <variant>

namespace descent {

namespace {

constexpr std::int64_t preparedLimit = std::int64_t{512} << 20;  // bytes: MNIST as floats is 188 MB
constexpr std::int64_t wholeEpochLimit = std::int64_t{16} << 20; // below it, one gather an epoch beats one a batch

/// Pictures that fit as numbers and are seen as they are: better prepared once than at every step.
bool prepareOnce(const PreparedData& data, const DeviceSamples& samples)
{
    const auto& inputs = data.train.inputs;
    return inputs.size() == 1 && !samples.areStreamed() && std::holds_alternative<const PictureArray*>(inputs.front().values) && data.pictures.size == 0
        && samples.preparedBytes(data.split.train.size()) <= preparedLimit;
}

bool startsWithPictures(const PreparedData& data)
{
    return std::holds_alternative<const PictureArray*>(data.train.inputs.front().values);
}

std::uint64_t seedOfEpoch(std::uint64_t seed, std::int64_t epoch, const char* purpose)
{
    return derivedSeed(seed + static_cast<std::uint64_t>(epoch) * 0x9e3779b97f4a7c15u, purpose);
}

}

TrainingBatches::TrainingBatches(std::shared_ptr<const PreparedData> data, const DeviceSamples& samples, std::int64_t batchSize,
                                 std::uint64_t seed, bool balanced, std::int64_t accumulation, BatchShare share)
    : m_samples{prepareOnce(*data, samples) ? samples.prepared(data->split.train) : samples},
      m_batchSize{batchSize},
      m_accumulation{accumulation},
      m_seed{seed},
      m_flip{startsWithPictures(*data) && data->pictures.flip},
      m_cropPadding{startsWithPictures(*data) ? data->pictures.cropPadding : 0},
      m_drawn{data->drawnSamples},
      m_rows{data->split.train},
      m_share{share}
{
    if (prepareOnce(*data, samples))
        std::iota(m_rows.begin(), m_rows.end(), std::int64_t{0});
    if (balanced && data->isClassification()) {
        const Targets& targets = data->dataset->train.targets;
        m_rowsByClass.resize(targets.classNames.size());
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            m_rowsByClass[static_cast<std::size_t>(targets.classes[static_cast<std::size_t>(data->split.train[i])])].push_back(m_rows[i]);
        std::erase_if(m_rowsByClass, [](const auto& rows) { return rows.empty(); });
    }
    const std::int64_t count = m_drawn > 0 ? m_drawn : static_cast<std::int64_t>(m_rows.size());
    m_batchesPerEpoch = (count + batchSize - 1) / batchSize;
    if (count % batchSize == 1 && m_batchesPerEpoch > 1)
        --m_batchesPerEpoch;
}

void TrainingBatches::startEpoch(std::int64_t epoch, std::int64_t firstStep)
{
    m_epoch = epoch;
    m_at = firstStep * m_accumulation;
    if (m_drawn > 0) {
        m_order = drawnRows(epoch);
    } else {
        m_order = m_rowsByClass.empty() ? m_rows : balancedRows(epoch);
        Random{seedOfEpoch(m_seed, epoch, "order")}.shuffle(std::span{m_order});
    }
    const bool lengths = m_samples.areOfDifferentLength();
    if (lengths)
        sortByLength(m_order, seedOfEpoch(m_seed, epoch, "lengths"));
    keepShare();
    const auto ahead = m_at < static_cast<std::int64_t>(m_parts.size()) ? m_parts[static_cast<std::size_t>(m_at)].start : static_cast<std::int64_t>(m_order.size());
    m_samples.expect({m_order.begin() + static_cast<std::ptrdiff_t>(ahead), m_order.end()}, (m_batchSize + m_share.of - 1) / m_share.of);
    m_orderOnDevice = rowsTensor(m_order, m_samples.device());
    m_whole = !lengths && !m_samples.areStreamed() && m_samples.preparedBytes(m_order.size()) <= wholeEpochLimit ? m_samples.gather({m_order, m_orderOnDevice}) : Batch{};
}

/// Leaves of the epoch's order what this process learns from.
void TrainingBatches::keepShare()
{
    const auto all = static_cast<std::int64_t>(m_order.size());
    std::vector<std::int64_t> mine;
    m_parts.clear();
    for (std::int64_t start = 0; start < all; start += m_batchSize) {
        const std::int64_t size = std::min(m_batchSize, all - start);
        Part part{.start = static_cast<std::int64_t>(mine.size()), .startInBatch = size * m_share.rank / m_share.of, .batchSize = size};
        part.size = size * (m_share.rank + 1) / m_share.of - part.startInBatch;
        if (part.size == 0)
            part = {.start = part.start, .size = 1, .startInBatch = 0, .batchSize = size, .borrowed = true};
        const auto begin = m_order.begin() + static_cast<std::ptrdiff_t>(start + part.startInBatch);
        mine.insert(mine.end(), begin, begin + static_cast<std::ptrdiff_t>(part.size));
        m_parts.push_back(part);
    }
    m_order = std::move(mine);
}

std::vector<std::int64_t> TrainingBatches::drawnRows(std::int64_t epoch) const
{
    Random random{seedOfEpoch(m_seed, epoch, "drawn")};
    std::vector<std::int64_t> rows(static_cast<std::size_t>(m_drawn));
    for (std::int64_t& row : rows)
        row = m_rows[static_cast<std::size_t>(random.below(m_rows.size()))];
    return rows;
}

/// Within stretches of many batches, so that an epoch stays well mixed; then the batches change places, so that short ones do
/// not always come first. A last batch that is not full stays last.
void TrainingBatches::sortByLength(std::vector<std::int64_t>& order, std::uint64_t seed) const
{
    constexpr std::int64_t batchesInAStretch = 50;
    const auto batch = static_cast<std::size_t>(m_batchSize), stretch = batch * batchesInAStretch;
    for (std::size_t start = 0; start < order.size(); start += stretch)
        std::stable_sort(order.begin() + static_cast<std::ptrdiff_t>(start),
                         order.begin() + static_cast<std::ptrdiff_t>(std::min(start + stretch, order.size())),
                         [this](std::int64_t a, std::int64_t b) { return m_samples.length(a) < m_samples.length(b); });
    std::vector<std::int64_t> places(order.size() / batch);
    std::iota(places.begin(), places.end(), std::int64_t{0});
    Random{seed}.shuffle(std::span{places});
    std::vector<std::int64_t> mixed;
    mixed.reserve(order.size());
    for (const std::int64_t place : places) {
        const auto begin = order.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(place) * batch);
        mixed.insert(mixed.end(), begin, begin + static_cast<std::ptrdiff_t>(batch));
    }
    mixed.insert(mixed.end(), order.begin() + static_cast<std::ptrdiff_t>(mixed.size()), order.end());
    order = std::move(mixed);
}

std::vector<std::int64_t> TrainingBatches::balancedRows(std::int64_t epoch) const
{
    Random random{seedOfEpoch(m_seed, epoch, "balance")};
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
    const Part& part = m_parts.at(static_cast<std::size_t>(m_at));
    const std::int64_t start = part.start, size = part.size;
    Batch batch;
    if (m_whole.targets.defined()) {
        batch.inputs.reserve(m_whole.inputs.size());
        for (const at::Tensor& input : m_whole.inputs)
            batch.inputs.push_back(input.narrow(0, start, size));
        batch.targets = m_whole.targets.narrow(0, start, size);
    } else {
        batch = m_samples.gather({std::span{m_order}.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(size)),
                                  m_orderOnDevice.narrow(0, start, size)});
    }
    if (m_flip || m_cropPadding > 0)
        batch.inputs.front() = augmented(batch.inputs.front(), part);
    batch.borrowed = part.borrowed;
    ++m_at;
    return batch;
}

std::vector<Batch> TrainingBatches::nextStep()
{
    std::vector<Batch> batches;
    for (std::int64_t left = std::min(m_accumulation, m_batchesPerEpoch - m_at); left > 0; --left)
        batches.push_back(next());
    return batches;
}

at::Tensor TrainingBatches::augmented(const at::Tensor& pictures, const Part& part)
{
    // A stream of its own for every batch: what one draws does not shift the next. It is that of all processes.
    Random random{derivedSeed(m_seed + static_cast<std::uint64_t>(m_epoch * m_batchesPerEpoch + m_at), "augmentation")};
    const std::int64_t count = pictures.size(0), height = pictures.size(2), width = pictures.size(3);
    std::vector<std::int64_t> rows(static_cast<std::size_t>(count * height)), columns(static_cast<std::size_t>(count * width));
    const std::vector<PictureChange> changes = drawChanges(part.batchSize, m_flip, m_cropPadding, random);
    for (std::int64_t i = 0; i < count; ++i) {
        const auto& [mirror, down, right] = changes[static_cast<std::size_t>(part.startInBatch + i)];
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
