// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/recipe/recipe.h"

#include <string>
#include <vector>

namespace descent {

/// What a training asks of a cluster. Texts go to sbatch as they are, by its own forms ("1-12:00:00"); empty: the cluster's choice.
struct SlurmOptions {
    int nodes = 1, tasksPerNode = 1;
    int cpusPerTask = 0, gpusPerNode = 0; ///< 0: the cluster's choice
    std::string time, partition, account;
    std::string program = "descent"; ///< as the nodes find it
    std::string home;                ///< DESCENT_HOME there; empty: as it is there
    bool operator==(const SlurmOptions&) const = default;
};

/// A script for sbatch that trains `recipe` with one process a task. The recipe stands in it, so nothing else need be copied.
/// A minute before the time is over the run is told to stop, and keeps its last checkpoint.
/// Problems: a text that sbatch would read as several words; path as of the command line, "--partition".
Result<std::string> slurmScript(const Recipe& recipe, const SlurmOptions& options);

}
