// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/job_queue.h"

#include "engine/core/base/memory.h"

#include <algorithm>

namespace descent {

namespace {

using namespace std::chrono_literals;
constexpr auto lookAgainEvery = 500ms; // for what other programs have added, and for room in memory

/// What must be free before a second run's data is read: how much that will be is not known before.
constexpr std::int64_t leastFreeMemory = std::int64_t{512} << 20;

}

JobQueue::JobQueue(QueueOptions options, QueueListener listener)
    : m_options{std::move(options)}, m_listener{std::move(listener)}, m_thread{[this](const std::stop_token& stop) { run(stop); }}
{
}

JobQueue::~JobQueue()
{
    m_thread.request_stop();
    m_thread.join();
}

void JobQueue::post(Work work)
{
    const std::lock_guard lock{m_mutex};
    m_posted.push_back(std::move(work));
    m_news = true;
    m_wake.notify_all();
}

void JobQueue::begin()
{
    const std::lock_guard lock{m_mutex};
    m_begun = m_news = true;
    m_wake.notify_all();
}

void JobQueue::stop(QueueEntryId entry)
{
    const std::lock_guard lock{m_mutex};
    for (const Running& running : m_running)
        if (running.worker->entry().id == entry)
            running.worker->requestStop(QueueWorker::StopReason::person);
}

void JobQueue::setRunsElsewhere(int runs)
{
    const std::lock_guard lock{m_mutex};
    m_elsewhere = runs;
    m_news = true;
    m_wake.notify_all();
}

std::int64_t JobQueue::threadBudget() const
{
    return m_settings.threads > 0 ? m_settings.threads : std::max<std::int64_t>(1, std::thread::hardware_concurrency());
}

std::int64_t JobQueue::threadsForOneMore()
{
    const std::lock_guard lock{m_mutex};
    if (m_running.empty())
        return 0;
    std::int64_t taken = 0;
    for (const Running& running : m_running)
        taken += running.worker->maxThreads();
    return std::max<std::int64_t>(1, threadBudget() - taken);
}

void JobQueue::run(std::stop_token stop)
{
    std::optional<QueueStore> store;
    while (!stop.stop_requested()) {
        try {
            if (!store)
                store.emplace(m_options.folder);
            doPosted(*store);
            settle(*store);
            store->takeBackOrphans();
            tell(*store);
            claimWhatFits(*store);
            tell(*store);
            m_inTrouble = false;
        } catch (const StoreError& error) {
            trouble(error);
        } catch (const std::exception& error) { // out of memory, say: the queue itself goes on
            trouble(StoreError{text("%1", error.what())});
        }
        std::unique_lock lock{m_mutex};
        m_wake.wait_for(lock, stop, lookAgainEvery, [this] { return m_news; });
        m_news = false;
    }

    // With the program: what runs is stopped, all of it at once, and waits again.
    std::vector<Running> running;
    {
        const std::lock_guard lock{m_mutex};
        running.swap(m_running);
    }
    for (const Running& one : running) // all of them before the first is waited for
        one.worker->requestStop(QueueWorker::StopReason::program);
    for (Running& one : running) {
        const QueueEntryId entry = one.worker->entry().id;
        const QueueOutcome& outcome = one.worker->waitForOutcome();
        try {
            if (store)
                record(*store, entry, outcome);
        } catch (const StoreError&) {
            // It is still this process's, which is gone in a moment: the next program takes it back.
        }
    }
    try {
        if (store)
            doPosted(*store); // a person's last edits
    } catch (const StoreError& error) {
        trouble(error);
    }
}

/// Each by itself: one that fails takes no other with it.
void JobQueue::doPosted(QueueStore& store)
{
    for (;;) {
        Work work;
        {
            const std::lock_guard lock{m_mutex};
            if (m_posted.empty())
                return;
            work = std::move(m_posted.front());
            m_posted.pop_front();
        }
        try {
            work(store);
        } catch (const StoreError& error) {
            m_inTrouble = false; // a person waits for this one: it is told again
            trouble(error);
        }
    }
}

/// Writes down what has begun and ended. What cannot be written stays for the next time.
void JobQueue::settle(QueueStore& store)
{
    std::vector<std::pair<QueueEntryId, RunId>> begun;
    {
        const std::lock_guard lock{m_mutex};
        begun = m_begunRuns;
    }
    for (const auto& [entry, run] : begun) {
        store.setRun(entry, run);
        for (const QueueEntry& one : m_entries)
            if (one.id == entry && !one.tags.empty())
                RunStore{m_options.folder}.setTags(run, one.tags);
        const std::lock_guard lock{m_mutex};
        m_begunRuns.erase(m_begunRuns.begin());
    }
    for (;;) {
        const QueueWorker* ended = nullptr;
        {
            const std::lock_guard lock{m_mutex};
            const auto found = std::find_if(m_running.begin(), m_running.end(), [](const Running& one) { return one.worker->ended(); });
            if (found != m_running.end()) {
                ended = found->worker.get(); // only this thread takes workers away
                if (ended->outcome().diskFull && !std::exchange(found->hasPaused, true))
                    m_selfPause = text("the disk is full");
            }
        }
        if (m_selfPause) { // before the entry's end: what waits must not be begun in between
            QueueSettings settings = store.settings();
            settings.paused = true;
            settings.pauseReason = *m_selfPause;
            store.setSettings(settings);
            m_selfPause.reset();
        }
        if (!ended)
            return;
        const QueueEntryId entry = ended->entry().id;
        record(store, entry, ended->outcome());
        m_endedSinceIdle += ended->outcome().state.has_value();
        Running gone;
        {
            const std::lock_guard lock{m_mutex};
            const auto found = std::find_if(m_running.begin(), m_running.end(), [&](const Running& one) { return one.worker.get() == ended; });
            gone = std::move(*found);
            m_running.erase(found);
        }
        if (!m_listener.ended || !gone.worker->outcome().state)
            continue;
        for (const QueueEntry& one : store.entries())
            if (one.id == entry)
                m_listener.ended(one);
    }
}

void JobQueue::record(QueueStore& store, QueueEntryId entry, const QueueOutcome& outcome)
{
    if (outcome.run)
        store.setRun(entry, *outcome.run);
    if (outcome.unrecorded)
        RunStore{m_options.folder}.record(*outcome.run, std::vector<RunEvent>{*outcome.unrecorded});
    if (outcome.state)
        store.finish(entry, *outcome.state, outcome.cause);
    else
        store.release(entry);
}

void JobQueue::claimWhatFits(QueueStore& store)
{
    for (;;) {
        std::int64_t atOnce = 0, threads = 0;
        {
            const std::lock_guard lock{m_mutex};
            if (!m_begun || m_selfPause)
                return;
            const std::int64_t budget = threadBudget();
            atOnce = std::min(m_options.atOnce.value_or(m_settings.atOnce), budget);
            const auto mine = static_cast<std::int64_t>(m_running.size());
            std::int64_t left = budget;
            for (const Running& one : m_running)
                left -= one.worker->maxThreads();
            // A run elsewhere keeps to its even share as well, once it is there.
            left -= m_elsewhere * std::max<std::int64_t>(1, budget / atOnce);
            const std::int64_t places = atOnce - mine - m_elsewhere;
            if (places <= 0 || left < 1)
                return;
            if (mine + m_elsewhere > 0 && freeMemory() < leastFreeMemory)
                return;
            const auto waiting = std::count_if(m_entries.begin(), m_entries.end(), [](const QueueEntry& one) { return one.state == QueueState::waiting; });
            threads = std::max<std::int64_t>(1, left / std::clamp<std::int64_t>(waiting, 1, places));
            atOnce -= m_elsewhere;
        }
        std::optional<QueueEntry> entry = store.claim(atOnce);
        if (!entry)
            return;
        std::string json = store.recipeJson(entry->id).value_or("");
        const QueueEntryId id = entry->id;
        QueueWorker::Listener listener{
            .progress = m_listener.progress ? m_listener.progress : [](const QueueProgress&) {},
            .began =
                [this, id](RunId run) {
                    const std::lock_guard lock{m_mutex};
                    m_begunRuns.emplace_back(id, run);
                    m_news = true;
                    m_wake.notify_all();
                },
            .mayTake = [this, id](std::int64_t bytes) { return mayTake(id, bytes); },
            .committed = [this, id](const RunEvent& event) {
                if (m_listener.committed)
                    m_listener.committed(id, event);
            },
            .ended =
                [this] {
                    const std::lock_guard lock{m_mutex};
                    m_news = true;
                    m_wake.notify_all();
                }};
        m_toldIdle = false;
        // Under the lock: the worker asks for its place among those that run.
        const std::lock_guard lock{m_mutex};
        m_running.push_back({-1, false, std::make_unique<QueueWorker>(std::move(*entry), std::move(json),
                                                               QueueWorker::Options{m_options.folder, m_options.backend, threads},
                                                               std::move(listener))});
        for (QueueEntry& one : m_entries)
            if (one.id == id)
                one.state = QueueState::running;
    }
}

/// The first of all may always: nothing that would end could make more room for it.
bool JobQueue::mayTake(QueueEntryId entry, std::int64_t bytes)
{
    const std::lock_guard lock{m_mutex};
    std::int64_t taken = 0;
    bool others = m_elsewhere > 0;
    Running* mine = nullptr;
    for (Running& one : m_running) {
        if (one.worker->entry().id == entry) {
            mine = &one;
        } else if (one.bytes >= 0) {
            others = true;
            taken += one.bytes;
        }
    }
    if (!mine)
        return true; // the queue ends, and this is told to stop
    const std::int64_t room = m_settings.memoryBytes > 0 ? std::min(m_settings.memoryBytes - taken, freeMemory()) : freeMemory();
    if (others && bytes > room)
        return false;
    mine->bytes = bytes;
    return true;
}

void JobQueue::tell(QueueStore& store)
{
    if (const std::int64_t revision = store.revision(); revision != m_revision) {
        QueueSnapshot snapshot{store.entries(), store.settings()};
        m_revision = revision; // read before: what comes meanwhile is told the next time
        m_entries = snapshot.entries;
        {
            const std::lock_guard lock{m_mutex};
            m_settings = snapshot.settings;
        }
        if (m_listener.changed)
            m_listener.changed(snapshot);
    }
    bool idle = false;
    {
        const std::lock_guard lock{m_mutex};
        const bool waiting = std::any_of(m_entries.begin(), m_entries.end(), [](const QueueEntry& one) { return one.state == QueueState::waiting; });
        idle = m_begun && m_running.empty() && (!waiting || m_settings.paused);
    }
    if (idle && !m_toldIdle && m_listener.idle)
        m_listener.idle(std::exchange(m_endedSinceIdle, 0));
    m_toldIdle = idle;
}

void JobQueue::trouble(const StoreError& error)
{
    if (!m_inTrouble && m_listener.troubled)
        m_listener.troubled(error.message());
    m_inTrouble = true;
}

}
