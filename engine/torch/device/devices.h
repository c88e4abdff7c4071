// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"

#include <c10/core/Device.h>

namespace descent {

/// Must run once before the first torch call: where the wheel has a CUDA library, loads it, so that one binary serves both
/// wheels. Returns why there is no GPU, in words; empty when there is one or none is to be expected.
std::string loadCudaIfThere();

/// The CPU first, then the GPUs; with the memory that is free now.
std::vector<DeviceInfo> listDevices();

/// The torch device of a DeviceInfo::id.
c10::Device torchDevice(const std::string& id);

/// Bytes the device holds for this process; 0: not known.
std::int64_t memoryInUse(const c10::Device& device);

}
