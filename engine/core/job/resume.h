// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/job/training_job.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace descent {

/// A run made ready to go on from its newest whole checkpoint, with its data read and prepared as before: to the last bit as if
/// it had never stopped. Give the result to a TrainingJob.
/// epochs: how many in all, where it is to learn for longer than its recipe says.
/// Problems: there is no such run, it is still under way, it has no whole checkpoint, it has done all its epochs, its data has
/// changed; beside a value: a damaged checkpoint was passed over. Throws StoreError and Cancelled.
Result<PreparedTraining> prepareResume(const std::filesystem::path& storeFolder, RunId run, std::optional<std::int64_t> epochs,
                                       const Backend& backend, const LoadControl& control);

}
