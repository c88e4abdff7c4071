// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/step_capturer.h"

#include <ATen/cuda/CUDAGraph.h>
#include <c10/core/Event.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <memory>
#include <stdexcept>

namespace descent {

namespace {

/// With CUDA's graphs. Work is recorded on a stream of its own, since the default one cannot be, and warmed up there, since what
/// libraries and autograd make for a stream the first time must be there.
class CudaStepCapturer : public StepCapturer {
public:
    CudaStepCapturer(c10::DeviceIndex gpu, const at::Generator& dropout)
        : m_gpu{gpu}, m_stream{c10::cuda::getStreamFromPool(/*isHighPriority=*/false, gpu)}, m_dropout{dropout}
    {
    }

    void warmUp(const std::function<void()>& work) override { aside(work); }

    void capture(const std::function<void()>& work) override
    {
        const c10::cuda::CUDAGuard guard{m_gpu};
        auto graph = std::make_unique<at::cuda::CUDAGraph>();
        graph->register_generator_state(m_dropout); // each replay draws on from where the generator stands
        c10::cuda::device_synchronize(); // as torch.cuda.graph does
        aside([&] {
            // Others may allocate meanwhile: the thread that reads pictures ahead, another run. Only this thread is watched.
            graph->capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
            try {
                work();
            } catch (...) {
                abandon(*graph);
                throw;
            }
            graph->capture_end();
        });
        m_graph = std::move(graph);
    }

    void replay() override
    {
        if (!m_graph)
            throw std::logic_error{"nothing was recorded"};
        const c10::cuda::CUDAGuard guard{m_gpu};
        m_graph->replay(); // on the current stream
    }

private:
    /// On the own stream, behind what the current one was given, and before what it will be given.
    void aside(const std::function<void()>& work) const
    {
        const c10::Stream current = c10::cuda::getCurrentCUDAStream(m_gpu), own = m_stream;
        c10::Event before{c10::DeviceType::CUDA}, after{c10::DeviceType::CUDA};
        before.record(current);
        before.block(own);
        {
            const c10::cuda::CUDAStreamGuard onOwn{m_stream};
            work();
        }
        after.record(own);
        after.block(current);
    }

    /// The stream records until it is told to end, also what went wrong.
    static void abandon(at::cuda::CUDAGraph& graph) noexcept
    {
        try {
            graph.capture_end();
        } catch (const std::exception&) { // the work's own reason says more
        }
    }

    const c10::DeviceIndex m_gpu;
    const c10::cuda::CUDAStream m_stream;
    const at::Generator m_dropout;
    std::unique_ptr<at::cuda::CUDAGraph> m_graph;
};

}

}

extern "C" descent::StepCapturer* descentStepCapturer(int gpu, const at::Generator& dropout)
{
    return new descent::CudaStepCapturer{static_cast<c10::DeviceIndex>(gpu), dropout};
}
