// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// Where a process stands among those that train one network together. Rank 0 leads: it alone keeps the run, judges the
/// network and listens to a person; the others take their share of each batch.
struct GroupPlace {
    int rank = 0, size = 1;
    int localRank = 0, localSize = 1;  ///< among those of its machine
    std::string address = "127.0.0.1"; ///< where rank 0 is reached
    std::uint16_t port = 0;
    int listening = -1;      ///< rank 0: a socket that listens there already, which the group takes; -1: it opens one
    std::string agentPrefix; ///< another program holds the store at that address (torchrun's agent): what our keys begin with
    bool operator==(const GroupPlace&) const = default;
};

/// A variable's value; none where it is not set.
using EnvironmentReader = std::function<std::optional<std::string>(const char* name)>;
std::optional<std::string> environmentVariable(const char* name);

/// The place that this process was started for: by torchrun's variables (RANK, WORLD_SIZE, LOCAL_RANK, LOCAL_WORLD_SIZE,
/// MASTER_ADDR, MASTER_PORT), else by those of a Slurm step (SLURM_PROCID, SLURM_STEP_NUM_TASKS, SLURM_LOCALID), where
/// MASTER_ADDR and MASTER_PORT may be left out: the first host of the step, a port by the job's number.
/// No value and no problem: it was started by itself. Problems: path is the variable that is missing or wrong.
Result<GroupPlace> placeFromEnvironment(const EnvironmentReader& read = environmentVariable);

/// "node3" of Slurm's "node[3-5,7],other1"; "node03" of "node[03-05]".
std::string firstHostOf(std::string_view nodeList);

}
