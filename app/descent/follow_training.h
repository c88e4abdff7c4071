// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/job/training_job.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace descent {

/// How a command that trains shows it, and what it gives the run.
struct TrainingOutput {
    std::string experiment = "Default";
    std::vector<std::string> tags;
    bool json = false, quiet = false;
    bool layers = false; ///< look into them
    std::optional<GroupPlace> group; ///< this is rank 0 of several processes that were started together
};

/// --json and --quiet.
void addOutputOptions(CLI::App& command, TrainingOutput& output);

/// Prepares a training and follows it to its end; Ctrl-C stops both in order. Returns the exit code.
/// prepare: may throw BadInput, Cancelled and DescentError.
int trainAndFollow(const TrainingOutput& output,
                   const std::function<Result<PreparedTraining>(Backend& backend, const LoadControl& control)>& prepare);

}
