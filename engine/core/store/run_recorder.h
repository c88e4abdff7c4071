// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/run/run_event.h"
#include "engine/core/store/run_store.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace descent {

/// Writes a run's events to the store from a thread of its own, one transaction a tick, so that the trainer never waits
/// for a disk. `committed` is told, on that thread, of events that are safely stored: what a reader of `--json` has seen
/// survives a kill. Progress, previews and surfaces are passed to `committed` without being stored.
/// When the store fails (disk full), events stay queued up to a bound and the error is given once to `failed`.
class RunRecorder : public RunObserver {
public:
    struct Listener {
        std::function<void(const RunEvent&)> committed; ///< may be empty
        std::function<void(const StoreError&)> failed;  ///< may be empty; the run should be stopped
    };
    RunRecorder(const std::filesystem::path& folder, RunId run, Listener listener = {});
    ~RunRecorder() override; ///< writes what is queued
    RunRecorder(const RunRecorder&) = delete;

    void onEvent(const RunEvent& event) override; ///< any thread; takes microseconds
    void flush();                                 ///< returns when all events given so far are committed

private:
    void write(std::stop_token stop);

    const std::filesystem::path m_folder;
    const RunId m_run;
    const Listener m_listener;
    std::mutex m_mutex; // guards all below but the thread
    std::condition_variable_any m_wake, m_written;
    std::vector<RunEvent> m_queue;
    std::uint64_t m_given = 0, m_done = 0; // events counted in and out, for flush()
    bool m_flushRequested = false;
    std::jthread m_writer; // last: joined before what it uses goes
};

}
