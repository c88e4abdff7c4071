// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/job/queue_worker.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace descent {

struct QueueSnapshot {
    std::vector<QueueEntry> entries; ///< in their order
    QueueSettings settings;
    bool operator==(const QueueSnapshot&) const = default;
};

/// Called on the queue's thread, but for `progress` and `committed`, which come from each run's own. None may wait for the
/// queue. All may be empty.
struct QueueListener {
    std::function<void(const QueueSnapshot&)> changed;                ///< entries or settings, by whichever program
    std::function<void(const QueueProgress&)> progress;               ///< of this queue's own runs
    std::function<void(const QueueEntry&)> ended;                     ///< one of its own, and it is stored
    std::function<void(std::int64_t)> idle;                           ///< nothing is left to begin; how many ended since the last time
    std::function<void(const Text&)> troubled;                        ///< the history cannot be used at present; told once
    std::function<void(QueueEntryId, const RunEvent&)> committed;     ///< see RunRecorder
};

struct QueueOptions {
    std::filesystem::path folder; ///< of the store
    std::function<Backend&()> backend = loadBackend;
    std::optional<std::int64_t> atOnce; ///< in place of the queue's own setting
};

/// Works off the queue of a history: begins entries in their order while there is room, and lets nothing that goes wrong in
/// one stop the others.
/// Room is: fewer runs than `atOnce`, counting those of other programs and of elsewhere in this one; a thread of the budget,
/// which is shared out, since trainings that each use every core stall each other; and memory for what a second run needs.
/// A full disk pauses the queue, a history that another program keeps locked is waited for. Ended with the program, what runs
/// is stopped with its checkpoint and waits again.
/// Thread safety: everything from any thread; nothing waits but the destructor, which stops what runs.
class JobQueue {
public:
    explicit JobQueue(QueueOptions options, QueueListener listener = {});
    ~JobQueue();
    JobQueue(const JobQueue&) = delete;

    using Work = std::function<void(QueueStore&)>;
    void post(Work work); ///< on the queue's thread, in order: how a person's edits reach the store without waiting
    void begin();         ///< until then the queue is shown and edited, and nothing is begun
    void stop(QueueEntryId entry);   ///< a person's wish; of other programs' entries: nothing
    void setRunsElsewhere(int runs); ///< of this program, beside the queue: they take room as well
    std::int64_t threadsForOneMore();    ///< what a run elsewhere should be content with now; 0: all of them

private:
    void run(std::stop_token stop);
    void doPosted(QueueStore& store);
    void settle(QueueStore& store);
    void record(QueueStore& store, QueueEntryId entry, const QueueOutcome& outcome);
    void claimWhatFits(QueueStore& store);
    void tell(QueueStore& store);
    void trouble(const StoreError& error);
    bool mayTake(QueueEntryId entry, std::int64_t bytes);
    std::int64_t threadBudget() const; ///< m_mutex is held

    struct Running {
        std::int64_t bytes = -1; ///< that it may take; below 0: it does not train yet
        bool hasPaused = false;  ///< the queue, for the full disk that it met
        std::unique_ptr<QueueWorker> worker;
    };

    const QueueOptions m_options;
    const QueueListener m_listener;
    std::mutex m_mutex; // guards what follows, to the thread's own
    std::condition_variable_any m_wake;
    std::deque<Work> m_posted;
    bool m_news = false, m_begun = false;
    int m_elsewhere = 0;
    std::vector<std::pair<QueueEntryId, RunId>> m_begunRuns; // to be written to their entries
    std::vector<Running> m_running;
    QueueSettings m_settings;

    // Of the queue's thread alone.
    std::int64_t m_revision = -1, m_endedSinceIdle = 0;
    std::optional<Text> m_selfPause; // to be written to the settings
    bool m_toldIdle = false, m_inTrouble = false;
    std::vector<QueueEntry> m_entries;
    std::jthread m_thread; // last: joined before what it uses goes
};

}
