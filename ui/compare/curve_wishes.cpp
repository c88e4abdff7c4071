// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/curve_wishes.h"

#include <chrono>
#include <unordered_map>

namespace descent {

CurveWishes wishesFor(const CompareLook& look, const std::vector<ComparedRun>& runs, const std::vector<MeanGroup>& groups)
{
    CurveWishes wishes{.band = look.band,
                       .along = look.along,
                       .smoothing = look.smoothing,
                       .isLogX = look.isLogX,
                       .isLogY = look.isLogY,
                       .clipsOutliers = look.clipsOutliers,
                       .showsTraining = look.showsTraining,
                       .x = {},
                       .charts = {}};
    std::unordered_map<RunId, int> groupOf;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        wishes.groups.push_back({groups[i].name, Theme::instance().seriesColor(static_cast<qint64>(i))});
        for (const RunId run : groups[i].runs)
            groupOf[run] = static_cast<int>(i);
    }
    for (const ComparedRun& run : runs) {
        const RunSummary& summary = run.summary;
        // Of a run under way nothing that changes each second: the feed follows it by itself, and other wishes would make it begin anew.
        const bool isRunning = summary.status == RunStatus::running;
        const auto group = groupOf.find(summary.id);
        wishes.runs.push_back({.id = summary.id,
                               .name = run.name,
                               .color = run.color,
                               .startedAt = std::chrono::duration<double>(summary.createdAt.time_since_epoch()).count(),
                               .stepsPerEpoch = summary.epoch > 0 && !isRunning ? static_cast<double>(summary.step) / static_cast<double>(summary.epoch) : 0,
                               .step = isRunning ? 0 : summary.step,
                               .isRunning = isRunning,
                               .group = group == groupOf.end() ? -1 : group->second});
    }
    return wishes;
}

}
