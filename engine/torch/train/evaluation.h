// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/task/task_program.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace descent {

/// What a model is worth on some samples, by metric: the figures of the task's judge.
/// Runs without gradients, in evaluation mode; leaves the network in the mode it was in. Reads the device once, at the end.
/// `chosen`: the model's own figures on validation when it is judged on test; see TaskProgram::judge.
/// `interrupted` is asked between batches: when it says yes, an empty map comes back.
std::map<std::string, double> evaluate(GraphNetwork& network, const DeviceSamples& samples,
                                       const std::vector<std::int64_t>& rows, const TaskProgram& program,
                                       const std::map<std::string, double>& chosen = {},
                                       const std::function<bool()>& interrupted = {});

}
