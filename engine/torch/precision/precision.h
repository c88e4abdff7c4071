// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace descent {

/// In which numbers a network computes. Weights, gradients, optimizer and loss are float32 always.
/// "Mixed Precision Training", arXiv:1710.03740
enum class Precision { float32, bfloat16, float16 };

/// While it lives, operations of this thread compute in that precision where torch's autocast holds it to be safe. Threads that
/// share the work each need one of their own. For a forward pass; the backward pass follows what the forward pass did.
class Autocast {
public:
    Autocast(Precision precision, at::DeviceType device);
    ~Autocast();
    Autocast(const Autocast&) = delete;
    Autocast& operator=(const Autocast&) = delete;

private:
    const bool m_changes;
    const at::DeviceType m_device;
    bool m_wasEnabled = false;
    at::ScalarType m_type = at::kFloat; // before
};

}
