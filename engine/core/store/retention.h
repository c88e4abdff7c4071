// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <cstdint>
#include <functional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace descent {

/// Which checkpoints are worth their room. Figures, curves and recipes are kept in any case.
struct RetentionRule {
    enum class Keep {
        bestAndNewest, ///< the best network and the newest checkpoint to go on from; what lies between goes
        best,          ///< it can be tried, served and started from, but not gone on with
        nothing,
    };
    Keep keep = Keep::best;
    double olderThanDays = 30;    ///< of runs that ended longer ago
    bool alsoStarred = false;
    std::set<RunId> among;        ///< these runs alone; empty: all
};

/// A file that a rule gives up.
struct FreedFile {
    RunId run = 0;
    std::string path; ///< relative to the run's folder
    std::int64_t bytes = 0;
    bool operator==(const FreedFile&) const = default;
};
struct RetentionPlan {
    std::vector<FreedFile> files; ///< by run, then path
    std::size_t runs = 0;         ///< how many they are of
    std::int64_t bytes = 0;       ///< that become free
    std::int64_t kept = 0;        ///< bytes of checkpoints that stay, of all runs
};

/// What a rule would free now. Runs that are under way or wait are never touched; those in the trash are, as others.
RetentionPlan planRetention(RunStore& store, const RetentionRule& rule, const std::stop_token& stop = {});

/// Removes the files and what the history says of them. A kill in the middle leaves the rest, and no checkpoint in part: its JSON goes
/// first. told: how many are done. Returns the bytes that are free now; throws StoreError where a file cannot be removed.
std::int64_t freeCheckpoints(RunStore& store, const RetentionPlan& plan, const std::function<void(std::size_t done)>& told = {}, const std::stop_token& stop = {});

}
