// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/torch_backend.h"

/// The one symbol that the programs look up (backendEntryPoint).
extern "C" descent::Backend* descentBackend()
{
    static descent::TorchBackend backend;
    return &backend;
}
