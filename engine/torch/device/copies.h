// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Event.h>

#include <optional>
#include <span>

namespace descent {

/// Host memory that is to be copied to `device`: pinned for a GPU, which then fetches it by itself while host and GPU go on.
at::Tensor emptyOnHost(at::IntArrayRef sizes, at::ScalarType type, at::Device device);

/// A copy of host values on the device. Nobody waits for it: what the current stream is given later finds it there.
at::Tensor copied(std::span<const float> values, at::IntArrayRef sizes, at::Device device);
at::Tensor copied(std::span<const std::int64_t> values, at::IntArrayRef sizes, at::Device device);

/// Copies to a GPU beside what it computes: on a stream of their own. For a CPU nothing is copied, tensors stay where they are.
/// Thread safety: any thread may call; arrived() is for the one that computes.
class Copies {
public:
    struct Copy {
        at::Tensor tensor;
        std::optional<c10::Event> done; // none: it is there
    };

    explicit Copies(at::Device device);

    /// host: of emptyOnHost(); torch keeps its memory until the copy is made
    Copy begin(const at::Tensor& host) const;
    /// The copy, for use on the current stream, which waits for it; the host does not.
    static at::Tensor arrived(Copy copy);

private:
    at::Device m_device;
    std::optional<c10::Stream> m_stream;
};

}
