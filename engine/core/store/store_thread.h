// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/store/run_store.h"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

namespace descent {

/// One thread that owns a RunStore and does what it is given, in order: the window asks here and never waits.
/// Thread safety: post() from any thread. The destructor finishes what was posted.
class StoreThread {
public:
    using Work = std::function<void(RunStore&)>;
    using Failed = std::function<void(const StoreError&)>;
    /// `failed` is told, on the thread, when opening the store or a piece of work throws.
    StoreThread(std::filesystem::path folder, Failed failed);
    ~StoreThread();
    StoreThread(const StoreThread&) = delete;

    void post(Work work);

private:
    void run(std::stop_token stop);

    const std::filesystem::path m_folder;
    const Failed m_failed;
    std::mutex m_mutex; // guards m_work
    std::condition_variable_any m_wake;
    std::deque<Work> m_work;
    std::jthread m_thread; // last: joined before what it uses goes
};

}
