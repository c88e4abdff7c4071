// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/preparation.h"
#include "engine/torch/data/picture_stream.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace descent {

/// Some samples, ready for the network.
struct Batch {
    std::vector<at::Tensor> inputs; ///< float or int64 [batch, …], in the order of NetworkBrief::inputs
    at::Tensor targets;             ///< [batch, …]: int64 classes or ids, or float standardised numbers; as the task prepared them
    at::Tensor otherTargets; ///< as `targets`, where each sample is mixed with another one; else undefined
    double share = 1;        ///< how much `targets` count then; the others count for the rest
    std::span<const std::int64_t> rows; ///< while samples are judged: where they stand in their part; else empty
    bool borrowed = false; ///< samples of another process's share, where this one has none: they count for nothing
    std::int64_t size() const { return targets.size(0); }
};

/// Which samples, as positions in their part.
struct Rows {
    std::span<const std::int64_t> host;
    at::Tensor device; ///< the same, int64 [n], on the device of the samples
};

/// Samples of a dataset's train or test part, resident on the device, given out prepared: pictures stay bytes until they are
/// asked for, then they are scaled, normalised and resized there; windows of a series are cut out there; sequences end with
/// the longest of those asked for. Pictures that do not fit in memory are streamed to the device instead. For one thread.
class DeviceSamples {
public:
    enum class Part { train, test };
    DeviceSamples(std::shared_ptr<const PreparedData> data, Part part, at::Device device);

    Batch gather(const Rows& rows) const;
    Batch gather(std::span<const std::int64_t> rows) const;
    /// gather() will be asked for these, so many at a time: what is streamed is read ahead.
    void expect(const std::vector<std::int64_t>& rows, std::int64_t batchSize) const;
    bool areStreamed() const; ///< some of their values
    at::Device device() const { return m_device; }

    /// Bytes that so many samples take when they are given out.
    std::int64_t preparedBytes(std::size_t rows) const;
    /// Whether samples come with lengths of their own.
    bool areOfDifferentLength() const;
    std::int32_t length(std::int64_t row) const; ///< of the longest of its sequences

    /// The given rows, prepared once and for all; gather() then counts from 0 in their order. Worth its memory when each
    /// picture is used often and needs no augmentation.
    DeviceSamples prepared(const std::vector<std::int64_t>& rows) const;

private:
    /// One SampleArray as a tensor.
    struct Array {
        at::Tensor values; // [count, …shape]; of windows a view that overlaps; of streamed pictures undefined
        std::shared_ptr<PictureStream> stream; // else null
        std::vector<std::int32_t> lengths;
        at::Tensor scale, shift; // pictures: float [1, channels, 1, 1]: pixel * scale + shift
        std::int64_t size = 0;   // pictures: side after resizing; 0 as it is
        std::int64_t channels = 0, streamedValues = 0; // pictures: of one
        at::Tensor gather(const Rows& rows) const;
        std::int64_t preparedValues() const; // of one sample
    };
    static Array arrayOf(const SampleArray& samples, const PicturePreparation& pictures, at::Device device);

    std::shared_ptr<const PreparedData> m_data; // keeps what the tensors may point into
    at::Device m_device;
    std::vector<Array> m_inputs;
    Array m_targets;
};

/// int64 [n] on a device.
at::Tensor rowsTensor(std::span<const std::int64_t> rows, at::Device device);

}
