// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/run_event.h"

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace descent {

/// Carries a run's events from its worker to the window, which takes what is new at display rate.
/// The worker never waits for the window: when nobody takes, the oldest metric points are dropped beyond the capacity, and
/// of progress and of each kind of preview only the newest is kept. All other events are few and are kept.
/// Thread safety: any thread may call anything; it locks for itself, for the length of a move.
class LiveFeed : public RunObserver {
public:
    explicit LiveFeed(std::size_t pointCapacity = 1 << 18);

    void onEvent(const RunEvent& event) override;

    struct Batch {
        std::vector<RunEvent> events;     ///< started, epochs, checkpoints, messages, ended: in order
        std::vector<MetricPoint> points;  ///< in order
        std::optional<Progress> progress; ///< the newest since the last take
        std::map<std::size_t, Preview> previews; ///< by kind, the newest of each
        std::size_t droppedPoints = 0;
        bool empty() const { return events.empty() && points.empty() && !progress && previews.empty(); }
    };
    Batch take();

private:
    const std::size_t m_capacity;
    std::mutex m_mutex; // guards m_pending
    Batch m_pending;
};

}
