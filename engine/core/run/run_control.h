// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>

namespace descent {

/// A person's hand on a running training. Any thread asks; the worker looks between two steps, at the cost of one atomic load.
class RunControl {
public:
    void requestStop(); ///< ends the run after the step under way; wakes a paused one
    void setPaused(bool paused);
    void requestLearningRate(double rate); ///< from the next step on, in place of what the schedule says

    /// Whether somebody looks into the layers: only then are their histograms counted.
    void watchLayers(bool watch) { m_watchesLayers.store(watch, std::memory_order_relaxed); }
    bool watchesLayers() const { return m_watchesLayers.load(std::memory_order_relaxed); }

    bool stopRequested() const { return m_stop.stop_requested(); }
    bool paused() const { return m_paused.load(std::memory_order_relaxed); }
    std::stop_token stopToken() const { return m_stop.get_token(); }

    /// Worker: true when pause, stop or a new rate waits for it.
    bool hasRequest() const { return m_request.load(std::memory_order_acquire); }
    /// Worker: sleeps while paused. Returns the learning rate asked for since the last call.
    std::optional<double> takeRequests();

private:
    std::stop_source m_stop;
    std::atomic<bool> m_request = false;
    std::atomic<bool> m_paused = false, m_watchesLayers = false;
    std::mutex m_mutex; // guards m_learningRate and the wake-up
    std::condition_variable m_wake;
    std::optional<double> m_learningRate;
};

}
