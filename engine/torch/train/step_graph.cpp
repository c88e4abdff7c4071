// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/step_graph.h"

#include <ATen/ATen.h>
#include <stdexcept>
#include <torch/utils.h>

namespace descent {

namespace {

std::vector<at::Tensor> tensorsOf(const Batch& batch)
{
    std::vector<at::Tensor> tensors = batch.inputs;
    tensors.push_back(batch.targets);
    return tensors;
}

CapturePlan::Sizes sizesOf(const Batch& batch)
{
    CapturePlan::Sizes sizes;
    for (const at::Tensor& tensor : tensorsOf(batch))
        sizes.push_back(tensor.sizes().vec());
    return sizes;
}

}

StepGraph::StepGraph(std::unique_ptr<StepCapturer> capturer, std::vector<at::Tensor> parameters, std::function<void(const std::string&)> failed)
    : m_capturer{std::move(capturer)}, m_parameters{std::move(parameters)}, m_failed{std::move(failed)}
{
}

StepGraph::Pass StepGraph::run(const Batch& batch, const std::function<Pass(const Batch&)>& pass)
{
    if (batch.otherTargets.defined() || batch.borrowed)
        throw std::invalid_argument{"a step whose loss takes numbers of the host cannot be recorded"};
    switch (m_plan.next(sizesOf(batch))) {
    case CapturePlan::Way::eager:
        return pass(batch);
    case CapturePlan::Way::warmUp: {
        Pass result;
        m_capturer->warmUp([&] { result = pass(batch); });
        return result;
    }
    case CapturePlan::Way::capture:
        try {
            capture(batch, pass);
        } catch (const c10::Error& error) {
            giveUp(error.what_without_backtrace());
            return pass(batch);
        } catch (const std::exception& error) {
            giveUp(error.what());
            return pass(batch);
        }
        return replay();
    case CapturePlan::Way::replay:
        take(batch);
        return replay();
    }
    throw std::logic_error{"a step is made in no way"};
}

void StepGraph::capture(const Batch& batch, const std::function<Pass(const Batch&)>& pass)
{
    for (const at::Tensor& input : batch.inputs)
        m_batch.inputs.push_back(input.clone());
    m_batch.targets = batch.targets.clone();
    m_capturer->capture([&] { m_pass = pass(m_batch); });
    // Without what autograd remembers, whose memory the recorded step has used again.
    m_pass = {m_pass.loss.detach(), m_pass.outputs.detach()};
    for (const at::Tensor& parameter : m_parameters)
        m_gradients.push_back(parameter.grad());
}

void StepGraph::take(const Batch& batch)
{
    const torch::NoGradGuard guard;
    const std::vector<at::Tensor> from = tensorsOf(batch), to = tensorsOf(m_batch);
    for (std::size_t i = 0; i < from.size(); ++i)
        to[i].copy_(from[i], /*non_blocking=*/true);
}

void StepGraph::giveUp(const std::string& reason)
{
    m_plan.giveUp();
    m_batch = {};
    m_pass = {};
    m_gradients.clear();
    for (at::Tensor& parameter : m_parameters)
        parameter.mutable_grad().reset(); // half a pass may have left some
    m_capturer.reset();
    m_failed(reason);
}

StepGraph::Pass StepGraph::replay()
{
    for (std::size_t i = 0; i < m_parameters.size(); ++i)
        m_parameters[i].mutable_grad() = m_gradients[i];
    m_capturer->replay();
    return m_pass;
}

}
