// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/preparation.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace descent {

/// inputs   float [batch, …] ready for the network
/// targets  int64 [batch] classes, or float [batch] standardised numbers
struct Batch {
    at::Tensor inputs, targets;
};

/// Samples of a dataset's train or test part, resident on the device, given out prepared: pictures as bytes until they are
/// asked for, then scaled, normalised and resized there; rows of a table as they were prepared.
class ResidentSamples {
public:
    enum class Part { train, test };
    ResidentSamples(std::shared_ptr<const PreparedData> data, Part part, at::Device device);

    /// rows  int64 [n] on the device: positions in the part
    Batch gather(const at::Tensor& rows) const;
    bool arePictures() const { return m_pictures; }
    at::Device device() const { return m_inputs.device(); }

    /// The given rows, prepared once and for all; gather() then counts from 0 in their order. Worth its memory (4 bytes a
    /// value) when each row is used often and needs no augmentation.
    ResidentSamples prepared(const std::vector<std::int64_t>& rows) const;
    /// Bytes that prepared() would take.
    std::int64_t preparedBytes(std::size_t rows) const;

private:
    std::shared_ptr<const PreparedData> m_data; // keeps the pixels that m_inputs may point into
    bool m_pictures = false;
    at::Tensor m_inputs; // uint8 [count, channels, height, width], or float, already prepared
    at::Tensor m_targets;
    at::Tensor m_scale, m_shift; // float [1, channels, 1, 1]: pixel * scale + shift
    std::int64_t m_size = 0;     // side after resizing; 0 as it is
};

/// The training part, batch by batch, every sample once an epoch, in an order that follows from seed and epoch alone and is
/// the same on every machine. A last batch of a single sample is left out: batch normalisation has nothing to measure there.
class TrainingBatches {
public:
    /// balanced: an epoch has as many samples as ever, but every class equally often; of one that is rare the same sample
    /// comes again only when all its others have.
    TrainingBatches(std::shared_ptr<const PreparedData> data, const ResidentSamples& samples, std::int64_t batchSize,
                    std::uint64_t seed, bool balanced = false);

    std::int64_t stepsPerEpoch() const { return m_stepsPerEpoch; }
    void startEpoch(std::int64_t epoch);
    Batch next();

private:
    std::vector<std::int64_t> balancedRows(std::int64_t epoch) const;
    at::Tensor augmented(const at::Tensor& pictures);

    const ResidentSamples m_samples;
    const std::int64_t m_batchSize;
    const std::uint64_t m_seed;
    const bool m_flip;
    const std::int64_t m_cropPadding;
    std::vector<std::int64_t> m_rows;
    std::vector<std::vector<std::int64_t>> m_rowsByClass; // with balanced sampling, of classes that occur; else empty
    std::int64_t m_stepsPerEpoch = 0;
    std::int64_t m_at = 0, m_epoch = 0;
    at::Tensor m_order; // int64 [train count] of this epoch, on the device
    Batch m_whole;      // small data: the epoch gathered at once, batches are views of it
};

}
