// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/run/run_control.h"

#include <utility>

namespace descent {

void RunControl::requestStop()
{
    const std::lock_guard lock{m_mutex};
    m_stop.request_stop();
    m_request.store(true, std::memory_order_release);
    m_wake.notify_all();
}

void RunControl::setPaused(bool paused)
{
    const std::lock_guard lock{m_mutex};
    m_paused.store(paused, std::memory_order_relaxed);
    m_request.store(true, std::memory_order_release);
    m_wake.notify_all();
}

void RunControl::requestLearningRate(double rate)
{
    const std::lock_guard lock{m_mutex};
    m_learningRate = rate;
    m_request.store(true, std::memory_order_release);
    m_wake.notify_all();
}

std::optional<double> RunControl::takeRequests()
{
    std::unique_lock lock{m_mutex};
    m_wake.wait(lock, [this] { return !m_paused.load(std::memory_order_relaxed) || m_stop.stop_requested(); });
    // A stop stays a request: the worker must see it however often it looks.
    m_request.store(m_stop.stop_requested(), std::memory_order_release);
    return std::exchange(m_learningRate, std::nullopt);
}

}
