// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// A backend that trains nothing: what a training does is decided by a test, by the recipe's name.
class FakeBackend : public descent::Backend {
public:
    using Training = std::function<descent::RunEnded(const descent::TrainingRequest&, descent::RunControl&, descent::RunObserver&)>;
    Training training = [](const auto&, auto&, auto&) { return descent::RunEnded{}; };
    std::atomic<int> running = 0, mostAtOnce = 0;

    std::vector<std::string> begun() ///< names, in order
    {
        const std::lock_guard lock{m_mutex};
        return m_begun;
    }
    std::vector<std::int64_t> threadsGiven()
    {
        const std::lock_guard lock{m_mutex};
        return m_threads;
    }

    descent::BackendInfo info() const override { return {.torchVersion = "none", .devices = {{"cpu", "cpu", 0}}, .cudaNote = {}}; }
    descent::Result<descent::DeviceInfo> resolveDevice(const std::string&) const override { return {descent::DeviceInfo{"cpu", "cpu", 0}, {}}; }
    descent::Result<descent::TakeOver> examineStart(const std::filesystem::path&, const descent::StartOptions&, const descent::NetworkSpec&,
                                                    const descent::Meanings&) const override
    {
        return {descent::TakeOver{}, {}};
    }
    void train(const descent::TrainingRequest& request, descent::RunControl& control, descent::RunObserver& observer) override
    {
        {
            const std::lock_guard lock{m_mutex};
            m_begun.push_back(request.recipe.name);
            m_threads.push_back(request.maxThreads);
        }
        mostAtOnce = std::max(mostAtOnce.load(), ++running);
        observer.onEvent(descent::RunStarted{.run = request.run, .device = "cpu", .epochs = 1});
        descent::RunEnded ended = training(request, control, observer);
        --running;
        observer.onEvent(ended);
    }
    descent::Result<descent::RateCurve> findRate(const descent::TrainingRequest&, const descent::RateFinderOptions&,
                                                 const descent::RateFinderControl&) override
    {
        return {descent::RateCurve{}, {}};
    }
    descent::Result<std::unique_ptr<descent::Model>> open(const descent::TrainingRequest&) override { return {}; }

private:
    std::mutex m_mutex; // guards what follows
    std::vector<std::string> m_begun;
    std::vector<std::int64_t> m_threads;
};

/// Trains until it is told to stop.
inline descent::RunEnded untilStopped(descent::RunControl& control)
{
    while (!control.stopRequested())
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    return {.status = descent::RunStatus::stopped};
}
