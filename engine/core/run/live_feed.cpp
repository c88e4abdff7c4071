// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/run/live_feed.h"

#include <type_traits>
#include <utility>

namespace descent {

LiveFeed::LiveFeed(std::size_t pointCapacity) : m_capacity{pointCapacity} {}

void LiveFeed::onEvent(const RunEvent& event)
{
    const std::lock_guard lock{m_mutex};
    std::visit(
        [&](const auto& value) {
            using Value = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, MetricsLogged>) {
                auto& points = m_pending.points;
                points.insert(points.end(), value.points.begin(), value.points.end());
                if (points.size() > m_capacity) {
                    // Half at once, so that a feed nobody reads does not shift its points at every event.
                    const std::size_t surplus = points.size() - m_capacity / 2;
                    points.erase(points.begin(), points.begin() + static_cast<std::ptrdiff_t>(surplus));
                    m_pending.droppedPoints += surplus;
                }
            } else if constexpr (std::is_same_v<Value, Progress>) {
                m_pending.progress = value;
            } else if constexpr (std::is_same_v<Value, Preview>) {
                m_pending.previews.insert_or_assign(value.index(), value);
            } else {
                m_pending.events.push_back(value);
            }
        },
        event);
}

LiveFeed::Batch LiveFeed::take()
{
    const std::lock_guard lock{m_mutex};
    return std::exchange(m_pending, {});
}

}
