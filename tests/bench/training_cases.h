// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// One of the eight trainings that we are compared by. All of them learn from made-up samples of the right kind and shape, in
/// memory, without augmentation and without padding: whoever is compared with us learns from the same.
struct TrainingCase {
    struct Size {
        std::int64_t batch = 0, steps = 0; ///< steps of one turn: a second or three on two cores
    };
    const char* name;
    descent::Component architecture, task;
    const char* optimizer; ///< "sgd" (momentum 0.9) or "adamw"
    descent::Dataset (*make)(std::int64_t samples);
    std::vector<Size> sizes;
};
const std::vector<TrainingCase>& trainingCases();

/// A training of at least so many full batches, prepared to begin.
/// settings: more of the recipe, "training.precision" and "bfloat16", applied last.
/// Throws std::invalid_argument for what is no case or no setting.
descent::TrainingRequest trainingRequest(std::string_view name, std::int64_t batch, std::int64_t steps,
                                         const std::vector<std::pair<std::string, std::string>>& settings,
                                         const std::filesystem::path& folder);
