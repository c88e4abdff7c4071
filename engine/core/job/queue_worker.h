// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"
#include "engine/core/run/run_control.h"
#include "engine/core/run/run_event.h"
#include "engine/core/store/queue_store.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace descent {

/// Where an entry that runs stands.
struct QueueProgress {
    enum class Stage { preparing, waitingForMemory, training } stage = Stage::preparing;
    QueueEntryId entry = 0;
    RunId run = 0;             ///< 0: not yet
    double fraction = 0;       ///< 0 to 1, of the stage
    std::int64_t epoch = 0, epochs = 0;
    double loss = std::numeric_limits<double>::quiet_NaN(); ///< the newest of training
    double secondsLeft = -1;   ///< negative: not known
};

/// How an entry came to its end.
struct QueueOutcome {
    std::optional<QueueState> state; ///< none: it waits again, since the queue was stopped or could not begin it
    Problem cause;                   ///< of a failure
    bool diskFull = false;           ///< so would the next
    std::optional<RunId> run;
    std::optional<RunEnded> unrecorded; ///< the run's end, where the history could not be written
};

/// One entry from its recipe to its end, on a thread of its own. Whatever happens in there becomes an outcome.
/// Thread safety: requestStop(), ended() and outcome() from any thread.
class QueueWorker {
public:
    struct Options {
        std::filesystem::path folder; ///< of the store
        std::function<Backend&()> backend;
        std::int64_t maxThreads = 0;
    };
    /// Called on the worker's threads.
    struct Listener {
        std::function<void(const QueueProgress&)> progress;
        std::function<void(RunId)> began;                  ///< the run exists
        std::function<bool(std::int64_t)> mayTake;         ///< these bytes; asked again and again until true
        std::function<void(const RunEvent&)> committed;
        std::function<void()> ended;                       ///< outcome() is there
    };
    enum class StopReason { person, program };

    QueueWorker(QueueEntry entry, std::string recipeJson, Options options, Listener listener);
    ~QueueWorker(); ///< stops it as with the program, and waits
    QueueWorker(const QueueWorker&) = delete;

    const QueueEntry& entry() const { return m_entry; }
    std::int64_t maxThreads() const { return m_options.maxThreads; }
    void requestStop(StopReason reason); ///< returns at once; a person's wish stands, whatever follows
    bool ended() const { return m_ended.load(std::memory_order_acquire); }
    const QueueOutcome& outcome() const { return m_outcome; } ///< once ended
    const QueueOutcome& waitForOutcome();

private:
    void work();
    QueueOutcome train();
    bool begunBefore() const;
    QueueOutcome stoppedOutcome() const;
    void onEvent(const RunEvent& event);
    void actOn(RunControl* control);

    const QueueEntry m_entry;
    const std::string m_recipeJson;
    const Options m_options;
    const Listener m_listener;
    std::mutex m_mutex; // guards m_control
    RunControl* m_control = nullptr;
    std::stop_source m_stop;
    std::atomic<bool> m_byPerson = false, m_ended = false;
    QueueOutcome m_outcome;
    QueueProgress m_progress;          // of the recorder's thread once training has begun
    std::optional<RunEnded> m_runEnded; // stored; of the recorder's thread, until the job has ended
    std::jthread m_thread;             // last: joined before what it uses goes
};

}
