// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/metric_log.h"

#include <ATen/ATen.h>
#include <cmath>
#include <torch/utils.h>

namespace descent {

namespace {

constexpr std::int64_t block = 32; // losses that wait on the device before they are read back together

}

MetricLog::MetricLog(RunObserver& observer, c10::Device device) : m_observer{observer}, m_onHost{device.is_cpu()}
{
    if (!m_onHost)
        m_waiting = at::empty({block}, at::TensorOptions{at::kFloat}.device(device));
}

void MetricLog::addLoss(std::int64_t step, double seconds, const at::Tensor& loss)
{
    if (m_onHost) {
        take(step, seconds, *loss.const_data_ptr<float>()); // already here: reading it costs nothing
        return;
    }
    const torch::NoGradGuard guard;
    m_waiting[static_cast<std::int64_t>(m_waitingSteps.size())].copy_(loss, /*non_blocking=*/true);
    m_waitingSteps.emplace_back(step, seconds);
    if (static_cast<std::int64_t>(m_waitingSteps.size()) == block)
        readBack();
}

void MetricLog::add(std::string series, std::int64_t step, double seconds, double value)
{
    m_points.points.push_back({std::move(series), step, value, seconds});
}

void MetricLog::take(std::int64_t step, double seconds, double loss)
{
    if (!std::isfinite(loss) && !m_firstBadStep)
        m_firstBadStep = step;
    m_points.points.push_back({"loss/train", step, loss, seconds});
}

void MetricLog::readBack()
{
    if (m_waitingSteps.empty())
        return;
    const at::Tensor host = m_waiting.to(at::kCPU);
    for (std::size_t i = 0; i < m_waitingSteps.size(); ++i)
        take(m_waitingSteps[i].first, m_waitingSteps[i].second, host.const_data_ptr<float>()[i]);
    m_waitingSteps.clear();
}

void MetricLog::flush()
{
    readBack();
    if (m_points.points.empty())
        return;
    m_observer.onEvent(m_points);
    m_points.points.clear();
}

}
