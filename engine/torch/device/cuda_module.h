// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/torch/train/step_capturer.h"

#include <ATen/core/Generator.h>
#include <c10/core/Device.h>
#include <memory>

namespace descent {

/// What records steps on a GPU, from libdescent_cuda.so beside this module. dropout: the generator that the steps draw from.
/// Problems: the module was not built (it takes CUDA's headers), or does not go with the torch that is here.
Result<std::unique_ptr<StepCapturer>> loadStepCapturer(c10::Device gpu, const at::Generator& dropout);

}
