// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_recorder.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace descent {

namespace {

using namespace std::chrono_literals;
constexpr std::chrono::milliseconds tick = 250ms, retryTick = 1s;

bool isPassing(const RunEvent& event)
{
    return std::holds_alternative<Progress>(event) || std::holds_alternative<Preview>(event);
}

std::size_t pointCount(const RunEvent& event)
{
    const auto* metrics = std::get_if<MetricsLogged>(&event);
    return metrics ? metrics->points.size() : 0;
}

std::size_t pointCount(const std::vector<RunEvent>& events)
{
    std::size_t count = 0;
    for (const RunEvent& event : events)
        count += pointCount(event);
    return count;
}

}

RunRecorder::RunRecorder(const std::filesystem::path& folder, RunId run, Listener listener, std::size_t pointCapacity)
    : m_folder{folder},
      m_run{run},
      m_listener{std::move(listener)},
      m_pointCapacity{pointCapacity},
      m_writer{[this](const std::stop_token& stop) { write(stop); }}
{
}

RunRecorder::~RunRecorder()
{
    m_writer.request_stop();
    m_writer.join();
}

void RunRecorder::onEvent(const RunEvent& event)
{
    if (isPassing(event) && !m_listener.committed)
        return;
    RunEvent copy = event; // outside the lock: a preview is some kilobytes
    const std::size_t points = pointCount(event);
    const std::lock_guard lock{m_mutex};
    if (m_waitingPoints + points > m_pointCapacity) {
        m_lostPoints += points;
        return;
    }
    m_waitingPoints += points;
    m_queue.push_back(std::move(copy));
    if (std::holds_alternative<RunEnded>(event)) {
        m_urgent = true; // nobody should wait a tick for the end
        m_wake.notify_all();
    }
}

bool RunRecorder::flush()
{
    std::unique_lock lock{m_mutex};
    const std::uint64_t mine = ++m_flushesAsked;
    m_urgent = true;
    m_wake.notify_all();
    m_written.wait(lock, [&] { return m_flushesDone >= mine; });
    return !m_lastWriteFailed;
}

void RunRecorder::write(std::stop_token stop)
{
    std::optional<RunStore> store;
    std::vector<RunEvent> waiting;
    std::deque<RunEvent> fresh;
    std::size_t lost = 0;
    bool failing = false;
    for (;;) {
        std::uint64_t flushes = 0;
        {
            std::unique_lock lock{m_mutex};
            // Woken early only to flush or to end: many events in one transaction is what makes recording cheap.
            m_wake.wait_for(lock, stop, failing ? retryTick : tick, [this] { return m_urgent; });
            m_urgent = false;
            fresh.swap(m_queue);
            flushes = m_flushesAsked;
            lost += std::exchange(m_lostPoints, 0);
        }
        const bool last = stop.stop_requested();
        std::move(fresh.begin(), fresh.end(), std::back_inserter(waiting));
        fresh.clear();
        const std::size_t points = pointCount(waiting);
        const std::optional<StoreError> error = commit(store, waiting, lost);
        if (error && !std::exchange(failing, true) && m_listener.failed)
            m_listener.failed(*error);
        {
            const std::lock_guard lock{m_mutex};
            if (!error) {
                m_waitingPoints -= points;
                lost = 0;
                failing = false;
            }
            m_lastWriteFailed = failing;
            m_flushesDone = flushes; // also when it failed: who flushes must not wait for a broken disk
        }
        m_written.notify_all();
        if (last)
            return;
    }
}

/// Stores `events`, tells the listener and empties them. When the store fails, what is to be stored is left in them.
std::optional<StoreError> RunRecorder::commit(std::optional<RunStore>& store, std::vector<RunEvent>& events, std::size_t lost)
{
    if (lost > 0)
        events.push_back(Message{Message::Severity::warning,
                                 text("the history could not be written for so long that %1 values were lost", lost)});
    std::optional<StoreError> failure;
    try {
        if (!std::all_of(events.begin(), events.end(), isPassing)) {
            if (!store)
                store.emplace(m_folder);
            store->record(m_run, events);
        }
    } catch (const StoreError& error) {
        failure = error;
    } catch (const std::exception& error) { // out of memory, say: this thread's work ends here
        failure = StoreError{text("%1", error.what())};
    }
    if (failure) {
        if (lost > 0)
            events.pop_back();            // said again with the next try, by then of more
        std::erase_if(events, isPassing); // old news by the time the disk is well again
        return failure;
    }
    if (m_listener.committed)
        for (const RunEvent& event : events)
            m_listener.committed(event);
    events.clear();
    return std::nullopt;
}

}
