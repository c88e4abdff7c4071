// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/data/device_samples.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace descent {

/// The training part, batch by batch, in an order that follows from seed and epoch alone and is the same on every machine:
/// every sample once an epoch, or as PreparedData::drawnSamples says. Sequences of similar length share a batch. A last batch
/// of a single sample is left out: batch normalisation has nothing to measure there.
/// Several processes share each batch: this one's part of it.
struct BatchShare {
    std::int64_t rank = 0, of = 1;
    bool operator==(const BatchShare&) const = default;
};

class TrainingBatches {
public:
    /// balanced: an epoch has as many samples as ever, but every class equally often; of one that is rare the same sample
    /// comes again only when all its others have. accumulation: batches of one optimizer step.
    TrainingBatches(std::shared_ptr<const PreparedData> data, const DeviceSamples& samples, std::int64_t batchSize,
                    std::uint64_t seed, bool balanced = false, std::int64_t accumulation = 1, BatchShare share = {});

    /// Optimizer steps; the last one of an epoch takes the batches that are left.
    std::int64_t stepsPerEpoch() const { return (m_batchesPerEpoch + m_accumulation - 1) / m_accumulation; }
    /// The next batch is the first one of that epoch's step number `firstStep`, counted from 0.
    void startEpoch(std::int64_t epoch, std::int64_t firstStep = 0);
    /// The next batch, or this process's share of it: neighbouring samples. Where a last batch has fewer samples than there
    /// are processes, those without one borrow its first.
    Batch next();
    bool atEnd() const { return m_at >= m_batchesPerEpoch; } ///< of the epoch
    std::vector<Batch> nextStep(); ///< all batches of one optimizer step, one at least

private:
    /// Of batch `at` of an epoch, this process's samples; their places count in its order.
    struct Part {
        std::int64_t start = 0, size = 0, startInBatch = 0, batchSize = 0;
        bool borrowed = false;
    };
    void keepShare();
    std::vector<std::int64_t> balancedRows(std::int64_t epoch) const;
    std::vector<std::int64_t> drawnRows(std::int64_t epoch) const;
    void sortByLength(std::vector<std::int64_t>& order, std::uint64_t seed) const;
    at::Tensor augmented(const at::Tensor& pictures, const Part& part);

    const DeviceSamples m_samples;
    const std::int64_t m_batchSize, m_accumulation;
    const std::uint64_t m_seed;
    const bool m_flip;
    const std::int64_t m_cropPadding, m_drawn;
    std::vector<std::int64_t> m_rows;
    std::vector<std::vector<std::int64_t>> m_rowsByClass; // with balanced sampling, of classes that occur; else empty
    std::int64_t m_batchesPerEpoch = 0;
    std::int64_t m_at = 0, m_epoch = 0; // batches of the epoch done
    const BatchShare m_share;
    std::vector<Part> m_parts;         // of this epoch, one a batch
    std::vector<std::int64_t> m_order; // of this epoch
    at::Tensor m_orderOnDevice;        // the same
    Batch m_whole;                     // small data: the epoch gathered at once, batches are views of it
};

}
