// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/recipe/grid.h"
#include "engine/core/store/run_store.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace descent {

class StoreDatabase;

using QueueEntryId = std::int64_t;

enum class QueueState {
    waiting, ///< also where the program ended while it ran: it goes on
    running, ///< claimed by a process: being made ready, or training
    done,
    failed,
    stopped, ///< by a person; its run is kept
};
std::string toString(QueueState state);               ///< "waiting": in the store and on the command line
QueueState queueStateFromString(std::string_view name); ///< throws std::invalid_argument

struct NewQueueEntry {
    std::string name;
    std::string recipeJson;
    std::string experiment = "Default";
    std::vector<std::string> tags;
    std::vector<GridSetting> settings; ///< by which it differs from others of its batch
    std::string batch;                 ///< what was added with it: "Spirals, 12 of 20"; empty: added alone
};

struct QueueEntry {
    QueueEntryId id = 0;
    std::string name, experiment;
    std::vector<std::string> tags;
    std::vector<GridSetting> settings;
    std::string batch;
    QueueState state = QueueState::waiting;
    std::optional<RunId> run; ///< the newest it became; also of an entry that waits to begin again
    std::int64_t starts = 0;  ///< times it was begun and not given back in order
    Problem cause;            ///< of a failure: where, why, and what to do
    WallTime addedAt{};
    std::optional<WallTime> startedAt, endedAt;
    bool operator==(const QueueEntry&) const = default;
};

struct QueueSettings {
    bool paused = false;          ///< what runs goes on to its end; nothing is begun
    Text pauseReason;             ///< where the queue paused itself; else empty
    std::int64_t atOnce = 1;      ///< runs at the same time, of all programs together
    std::int64_t threads = 0;     ///< that they share; 0: the machine's cores
    std::int64_t memoryBytes = 0; ///< that a second run may not go beyond; 0: what the machine has free
    bool operator==(const QueueSettings&) const = default;
};

/// Recipes that wait to be trained, beside the history in the same file. Any number of programs may work on one queue: each
/// entry is claimed once.
/// Thread safety: one QueueStore a thread. Everything throws StoreError when the file or the disk fails.
class QueueStore {
public:
    explicit QueueStore(const std::filesystem::path& folder); ///< opens or makes `folder`/descent.db, as RunStore does
    ~QueueStore();
    QueueStore(const QueueStore&) = delete;
    QueueStore& operator=(const QueueStore&) = delete;
    bool isReadOnly() const;

    /// Another number whenever an entry or a setting has changed, by whichever program: cheap to ask.
    std::int64_t revision();
    std::vector<QueueEntry> entries(); ///< in their order
    std::optional<std::string> recipeJson(QueueEntryId entry);
    QueueSettings settings();
    void setSettings(const QueueSettings& settings);

    std::vector<QueueEntryId> add(std::span<const NewQueueEntry> entries); ///< at the end, all or none

    // What does not suit an entry's state is left out; the answer is what was done.
    /// Puts waiting entries, in the order given, before `before`, or at the end.
    std::vector<QueueEntryId> move(std::span<const QueueEntryId> entries, std::optional<QueueEntryId> before);
    std::vector<QueueEntryId> remove(std::span<const QueueEntryId> entries); ///< all but those that run
    void giveBack(std::span<const QueueEntryId> entries);                    ///< what was removed, at its old place
    std::vector<QueueEntryId> retry(std::span<const QueueEntryId> entries);  ///< failed or stopped ones wait again, at the end

    /// The first that waits, now this process's; none where nothing waits, the queue is paused, or `atOnce` run already.
    std::optional<QueueEntry> claim(std::int64_t atOnce);
    void setRun(QueueEntryId entry, RunId run);
    void finish(QueueEntryId entry, QueueState state, const Problem& cause = {});
    void release(QueueEntryId entry); ///< stopped with the program: it waits again, at its place, as if never begun

    /// Entries of processes that are gone: done or failed where their run has ended so, else waiting again. One that has
    /// taken the program down with it `mostStarts` times is failed: it would do so for ever.
    std::vector<QueueEntryId> takeBackOrphans();
    static constexpr std::int64_t mostStarts = 3;

private:
    template <typename Action>
    auto change(Action action);

    std::unique_ptr<StoreDatabase> m_database;
};

}
