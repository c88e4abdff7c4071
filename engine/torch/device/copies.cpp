// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/device/copies.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace descent {

namespace {

template <typename Value>
at::Tensor copyOf(std::span<const Value> values, at::IntArrayRef sizes, at::ScalarType type, at::Device device)
{
    const at::Tensor host = emptyOnHost(sizes, type, device);
    std::copy(values.begin(), values.end(), host.mutable_data_ptr<Value>());
    return host.to(device, /*non_blocking=*/true);
}

}

at::Tensor emptyOnHost(at::IntArrayRef sizes, at::ScalarType type, at::Device device)
{
    return at::empty(sizes, at::TensorOptions{type}.pinned_memory(device.is_cuda()));
}

at::Tensor copied(std::span<const float> values, at::IntArrayRef sizes, at::Device device)
{
    return copyOf(values, sizes, at::kFloat, device);
}

at::Tensor copied(std::span<const std::int64_t> values, at::IntArrayRef sizes, at::Device device)
{
    return copyOf(values, sizes, at::kLong, device);
}

Copies::Copies(at::Device device) : m_device{device}
{
    if (!device.is_cpu())
        m_stream = c10::impl::VirtualGuardImpl{device.type()}.getStreamFromGlobalPool(device);
}

Copies::Copy Copies::begin(const at::Tensor& host) const
{
    if (!m_stream)
        return {host, std::nullopt};
    const c10::StreamGuard guard{*m_stream};
    Copy copy{host.to(m_device, /*non_blocking=*/true), std::optional<c10::Event>{std::in_place, m_device.type()}};
    copy.done->record(*m_stream);
    return copy;
}

at::Tensor Copies::arrived(Copy copy)
{
    if (!copy.done)
        return copy.tensor;
    const c10::Stream current = c10::impl::VirtualGuardImpl{copy.tensor.device().type()}.getStream(copy.tensor.device());
    copy.done->block(current);
    copy.tensor.record_stream(current); // its memory is the other stream's: not to be reused before this one is done with it
    return copy.tensor;
}

}
