// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace at {
struct Generator;
}

namespace descent {

/// Records what a GPU is asked to do and has it done again at one call. The module descent_cuda has the one there is, since it takes
/// headers of CUDA; tests have their own. For one thread.
class StepCapturer {
public:
    virtual ~StepCapturer() = default;
    /// Does `work` in the way it will be recorded, so that what is made once only is there by then.
    virtual void warmUp(const std::function<void()>& work) = 0;
    /// Records `work`; nothing of it is done yet. Tensors that it makes stay where they are. Throws where it waits for the GPU or asks
    /// for something else that cannot be recorded.
    virtual void capture(const std::function<void()>& work) = 0;
    virtual void replay() = 0; ///< all that was recorded, with what its tensors hold now
};

/// The module's entry point: `extern "C" descent::StepCapturer* descentStepCapturer(int gpu, const at::Generator& dropout)`,
/// which the caller owns. `dropout` goes on drawing in replays as it would without them.
inline constexpr char stepCapturerEntryPoint[] = "descentStepCapturer";
using StepCapturerEntryPoint = StepCapturer* (*)(int gpu, const at::Generator& dropout);

}
