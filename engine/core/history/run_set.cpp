// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/run_set.h"

#include <algorithm>

namespace descent {

namespace {

std::vector<SharedRun> sharedRuns(std::vector<RunSummary> runs)
{
    std::vector<SharedRun> shared;
    shared.reserve(runs.size());
    for (RunSummary& run : runs)
        shared.push_back(std::make_shared<const RunSummary>(std::move(run)));
    return shared;
}

bool byNumber(const SharedRun& left, const SharedRun& right)
{
    return left->id < right->id;
}

}

RunSet::RunSet(std::vector<RunSummary> runs) : RunSet{sharedRuns(std::move(runs))}
{
}

RunSet::RunSet(std::vector<SharedRun> runs) : m_runs{std::move(runs)}
{
    if (!std::is_sorted(m_runs.begin(), m_runs.end(), byNumber))
        std::sort(m_runs.begin(), m_runs.end(), byNumber);
}

void RunSet::apply(std::vector<SharedRun> changed, std::span<const RunId> gone)
{
    std::vector<SharedRun> fresh;
    for (SharedRun& run : changed) {
        const auto known = std::lower_bound(m_runs.begin(), m_runs.end(), run, byNumber);
        if (known != m_runs.end() && (*known)->id == run->id)
            *known = std::move(run);
        else
            fresh.push_back(std::move(run));
    }
    if (!fresh.empty()) {
        const auto middle = static_cast<std::ptrdiff_t>(m_runs.size());
        m_runs.insert(m_runs.end(), std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
        std::inplace_merge(m_runs.begin(), m_runs.begin() + middle, m_runs.end(), byNumber);
    }
    if (!gone.empty())
        std::erase_if(m_runs, [&](const SharedRun& run) { return std::binary_search(gone.begin(), gone.end(), run->id); });
}

SharedRun RunSet::share(RunId run) const
{
    const auto found = std::lower_bound(m_runs.begin(), m_runs.end(), run, [](const SharedRun& one, RunId id) { return one->id < id; });
    return found != m_runs.end() && (*found)->id == run ? *found : nullptr;
}

const RunSummary* RunSet::find(RunId run) const
{
    return share(run).get();
}

}
