// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/store_thread.h"

#include <optional>

namespace descent {

StoreThread::StoreThread(std::filesystem::path folder, Failed failed)
    : m_folder{std::move(folder)}, m_failed{std::move(failed)}, m_thread{[this](const std::stop_token& stop) { run(stop); }}
{
}

StoreThread::~StoreThread()
{
    m_thread.request_stop();
    m_thread.join();
}

void StoreThread::post(Work work)
{
    const std::lock_guard lock{m_mutex};
    m_work.push_back(std::move(work));
    m_wake.notify_one();
}

void StoreThread::run(std::stop_token stop)
{
    std::optional<RunStore> store;
    for (;;) {
        Work work;
        {
            std::unique_lock lock{m_mutex};
            m_wake.wait(lock, stop, [&] { return !m_work.empty(); });
            if (m_work.empty())
                return; // asked to stop, and all is done
            work = std::move(m_work.front());
            m_work.pop_front();
        }
        try {
            if (!store)
                store.emplace(m_folder);
            work(*store);
        } catch (const StoreError& error) {
            m_failed(error);
        } catch (const std::exception& error) { // the thread's outermost frame
            m_failed(StoreError{text("%1", error.what())});
        }
    }
}

}
