// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <memory>
#include <ranges>
#include <span>
#include <vector>

namespace descent {

/// The runs of a history as they stood at one moment, in the order of their numbers. A value whose copies share the runs: with 100,000 of
/// them a copy takes a millisecond.
class RunSet {
public:
    RunSet() = default;
    explicit RunSet(std::vector<SharedRun> runs);  ///< in any order
    explicit RunSet(std::vector<RunSummary> runs); ///< likewise

    /// Puts `changed` in place of what has their numbers, or among them; takes out what is `gone`. Both in the order of numbers.
    void apply(std::vector<SharedRun> changed, std::span<const RunId> gone);

    const RunSummary* find(RunId run) const; ///< null: there is none
    SharedRun share(RunId run) const;        ///< likewise; outlives the set
    const std::vector<SharedRun>& shared() const { return m_runs; }
    std::size_t size() const { return m_runs.size(); }
    bool empty() const { return m_runs.empty(); }
    /// for (const RunSummary& run : runs.each())
    auto each() const
    {
        return m_runs | std::views::transform([](const SharedRun& run) -> const RunSummary& { return *run; });
    }

private:
    std::vector<SharedRun> m_runs;
};

}
