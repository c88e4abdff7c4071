// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/precision/precision.h"

#include <ATen/autocast_mode.h>

namespace descent {

Autocast::Autocast(Precision precision, at::DeviceType device) : m_changes{precision != Precision::float32}, m_device{device}
{
    if (!m_changes)
        return;
    m_wasEnabled = at::autocast::is_autocast_enabled(device);
    m_type = at::autocast::get_autocast_dtype(device);
    at::autocast::set_autocast_dtype(device, precision == Precision::bfloat16 ? at::kBFloat16 : at::kHalf);
    at::autocast::set_autocast_enabled(device, true);
    at::autocast::increment_nesting();
}

Autocast::~Autocast()
{
    if (!m_changes)
        return;
    // Weights are cast once a pass and kept; the optimizer changes them next.
    if (at::autocast::decrement_nesting() == 0)
        at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(m_device, m_wasEnabled);
    at::autocast::set_autocast_dtype(m_device, m_type);
}

}
