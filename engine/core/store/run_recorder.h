// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/run/run_event.h"
#include "engine/core/store/run_store.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace descent {

/// Writes a run's events to the store from a thread of its own, one transaction a tick, so that the trainer never waits
/// for a disk. `committed` is told, on that thread, of events that are safely stored: what a reader of `--json` has seen
/// survives a kill. Progress, previews and surfaces are passed to `committed` without being stored.
/// When the store fails (disk full), the error is given once to `failed` and writing is tried again each second. Events
/// stay queued meanwhile, metric points up to a bound; those beyond it are lost, and a message in the run says how many.
class RunRecorder : public RunObserver {
public:
    struct Listener {
        std::function<void(const RunEvent&)> committed; ///< may be empty
        std::function<void(const StoreError&)> failed;  ///< may be empty; the run should be stopped
    };
    static constexpr std::size_t defaultPointCapacity = 1 << 20;

    RunRecorder(const std::filesystem::path& folder, RunId run, Listener listener = {},
                std::size_t pointCapacity = defaultPointCapacity);
    ~RunRecorder() override; ///< writes what is queued
    RunRecorder(const RunRecorder&) = delete;
    RunRecorder& operator=(const RunRecorder&) = delete;

    void onEvent(const RunEvent& event) override; ///< any thread; takes microseconds

    /// Returns when all events given so far are committed: true. False when the store failed: they stay queued.
    /// Not to be called from a listener.
    bool flush();
    void settle() override { flush(); }

private:
    void write(std::stop_token stop);
    std::optional<StoreError> commit(std::optional<RunStore>& store, std::vector<RunEvent>& events, std::size_t lost);

    const std::filesystem::path m_folder;
    const RunId m_run;
    const Listener m_listener;
    const std::size_t m_pointCapacity;
    std::mutex m_mutex; // guards all below but the thread
    std::condition_variable_any m_wake, m_written;
    std::deque<RunEvent> m_queue;    // grows without moving what it holds
    std::size_t m_waitingPoints = 0; // in the queue or with the writer, not committed
    std::size_t m_lostPoints = 0;
    std::uint64_t m_flushesAsked = 0, m_flushesDone = 0;
    bool m_urgent = false;
    bool m_lastWriteFailed = false;
    std::jthread m_writer; // last: joined before what it uses goes
};

}
