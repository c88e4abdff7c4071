// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"
#include "engine/torch/device/copies.h"

#include <ATen/core/Tensor.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace descent {

/// Batches of pictures that are not in memory, read ahead on a thread of its own, and brought to the device, while the network learns
/// from those before.
/// For one consumer.
class PictureStream {
public:
    PictureStream(const PictureArray& pictures, at::Device device); ///< `pictures` outlive this
    ~PictureStream();
    PictureStream(const PictureStream&) = delete;

    /// take() will be asked for these rows, so many at a time. They are read ahead by `mostAhead` bytes, or two batches; a GPU
    /// holds as much.
    void expect(std::vector<std::int64_t> rows, std::int64_t batchSize);
    static constexpr std::int64_t mostAhead = std::int64_t{128} << 20;

    /// uint8 [rows, channels, height, width] on the device. Other rows than the expected ones are read at once, and those stay
    /// expected. Throws DescentError when the file was damaged meanwhile.
    at::Tensor take(std::span<const std::int64_t> rows);

private:
    struct Ahead {
        Copies::Copy pictures;
        std::exception_ptr problem;
    };
    void readAhead();
    Copies::Copy read(std::span<const std::int64_t> rows) const;
    std::span<const std::int64_t> batchAt(std::size_t place) const;
    std::size_t depth() const; // batches

    const PictureArray& m_pictures;
    const at::Device m_device;
    const Copies m_copies;
    std::mutex m_mutex; // guards all that follows
    std::condition_variable m_changed;
    std::vector<std::int64_t> m_rows;
    std::size_t m_batchSize = 1, m_readPlace = 0, m_takenPlace = 0; // in m_rows: what is read or being read, what was taken
    std::deque<Ahead> m_ahead;
    std::uint64_t m_expectation = 0; // grows with each; what was read for an older one is dropped
    bool m_stops = false;
    std::thread m_reader; // last: it uses all of this
};

}
