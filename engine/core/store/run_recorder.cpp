// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_recorder.h"

#include <iterator>
#include <optional>

namespace descent {

namespace {

constexpr auto tick = std::chrono::milliseconds{100};
constexpr std::size_t mostQueued = 1 << 20; // events; a store that fails for good must not fill the memory

}

RunRecorder::RunRecorder(const std::filesystem::path& folder, RunId run, Listener listener)
    : m_folder{folder}, m_run{run}, m_listener{std::move(listener)}, m_writer{[this](const std::stop_token& stop) {
          write(stop);
      }}
{
}

RunRecorder::~RunRecorder()
{
    m_writer.request_stop();
    m_writer.join();
}

void RunRecorder::onEvent(const RunEvent& event)
{
    const std::lock_guard lock{m_mutex};
    if (m_queue.size() < mostQueued)
        m_queue.push_back(event);
    ++m_given;
}

void RunRecorder::flush()
{
    std::unique_lock lock{m_mutex};
    const std::uint64_t target = m_given;
    m_flushRequested = true;
    m_wake.notify_all();
    m_written.wait(lock, [&] { return m_done >= target; });
}

void RunRecorder::write(std::stop_token stop)
{
    std::optional<RunStore> store;
    std::vector<RunEvent> pending; // taken from the queue, not yet committed
    std::uint64_t taken = 0;
    bool failed = false;
    for (;;) {
        bool last = false;
        {
            std::unique_lock lock{m_mutex};
            // Woken early only to flush or to end: a tick's worth of points in one transaction is what makes this cheap.
            m_wake.wait_for(lock, stop, tick, [&] { return m_flushRequested; });
            last = stop.stop_requested();
            m_flushRequested = false;
            pending.insert(pending.end(), std::make_move_iterator(m_queue.begin()), std::make_move_iterator(m_queue.end()));
            m_queue.clear();
            taken = m_given;
        }
        if (!pending.empty()) {
            try {
                if (!store)
                    store.emplace(m_folder);
                store->record(m_run, pending);
                if (m_listener.committed)
                    for (const RunEvent& event : pending)
                        m_listener.committed(event);
                pending.clear();
                failed = false;
            } catch (const StoreError& error) {
                if (!failed && m_listener.failed)
                    m_listener.failed(error);
                failed = true; // tried again at the next tick: a full disk may be emptied
                if (pending.size() > mostQueued)
                    pending.clear();
            }
        }
        {
            const std::lock_guard lock{m_mutex};
            m_done = taken; // also when it failed: who waits in flush() must not wait for a broken disk
        }
        m_written.notify_all();
        if (last)
            return;
    }
}

}
