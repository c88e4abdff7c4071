// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/schema/parameter_schema.h"

#include <cstdint>
#include <string>

namespace descent {

/// What the first weights of a training are, and what becomes of them: the section `start` of a recipe.
const Schema& startSchema();

/// That section as the engine reads it.
struct StartOptions {
    enum class From { nothing, run, file, branch } from = From::nothing;
    std::int64_t run = 0; ///< its best network; of a branch: its newest checkpoint
    std::string file;     ///< safetensors, or a folder with a best.safetensors
    enum class Head { keep, fresh, prototypes } head = Head::keep;
    bool takeWhatFits = false;   ///< else every weight of the trunk must be there
    std::string freeze = "none"; ///< see frozenLayers()
    double trunkRate = 1, stageDecay = 1; ///< see rateFactors()
    bool operator==(const StartOptions&) const = default;
};
StartOptions startOptions(const Parameters& start);

}
