// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/data/device_samples.h"
#include "engine/torch/train/capture_plan.h"
#include "engine/torch/train/step_capturer.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace descent {

/// Forward and backward passes of a training, recorded once and replayed: a GPU then needs one call where it was given hundreds, each
/// of which costs the host some microseconds. What follows a pass (clipping, the optimizer with its learning rate, averages) stays
/// outside: that is a few calls for all parameters, and its numbers are the host's.
/// "Accelerating PyTorch with CUDA Graphs" (2021), https://pytorch.org/blog/accelerating-pytorch-with-cuda-graphs/
class StepGraph {
public:
    struct Pass {
        at::Tensor loss, outputs;
    };
    /// parameters: all that may get a gradient
    /// failed: called once, where a step could not be recorded, with the reason; from then on all goes eagerly
    StepGraph(std::unique_ptr<StepCapturer> capturer, std::vector<at::Tensor> parameters, std::function<void(const std::string& reason)> failed);

    /// Loss and outputs of a batch; its gradients become those of the parameters, which must have none before. What a replay gives
    /// is overwritten by the next one.
    /// pass: does that eagerly; its loss must follow from the batch's tensors and from the weights alone
    Pass run(const Batch& batch, const std::function<Pass(const Batch&)>& pass);

private:
    void capture(const Batch& batch, const std::function<Pass(const Batch&)>& pass);
    void take(const Batch& batch); // into where the recorded step reads
    void giveUp(const std::string& reason);
    Pass replay();

    std::unique_ptr<StepCapturer> m_capturer;
    std::vector<at::Tensor> m_parameters;
    std::function<void(const std::string&)> m_failed;
    CapturePlan m_plan;
    // Where the recorded step reads and writes.
    Batch m_batch;
    Pass m_pass;
    std::vector<at::Tensor> m_gradients; // in the order of the parameters; undefined where there is none
};

}
