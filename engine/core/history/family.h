// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/run_set.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace descent {

/// A run's place among those that started from one another.
struct FamilyMember {
    RunId run = 0;
    std::size_t depth = 0;          ///< 0: the root
    SharedRun summary;              ///< null: deleted, and known by its descendants alone
    bool isLastChild = true;        ///< of its parent: lets a drawing end a line there
    bool operator==(const FamilyMember&) const = default;
};

/// The whole family of `run`: from its farthest known ancestor down, each before its descendants, siblings in the order of their
/// numbers. `run` alone where it started from nothing and none from it.
std::vector<FamilyMember> familyOf(const RunSet& runs, RunId run);

/// All families one after the other, the newest root first: the history as a forest.
std::vector<FamilyMember> families(const RunSet& runs);

}
