// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/schema/parameter_schema.h"

#include <cstdint>

namespace descent {

/// How the learning rate changes over a run. Plain numbers, so that the window draws it before anything is trained.
struct Schedule {
    enum class Kind { constant, step, cosine, oneCycle } kind = Kind::constant;
    double peak = 1e-3;
    std::int64_t totalSteps = 1;
    std::int64_t warmupSteps = 0;     ///< constant, step, cosine: climbs linearly to the peak over so many steps
    std::int64_t stepLength = 1;      ///< step: optimizer steps between two falls
    double stepFactor = 0.1;          ///< step: what it is multiplied by
    double finalRate = 0;             ///< cosine: where it ends, as a fraction of the peak
    bool operator==(const Schedule&) const = default;
};

/// Learning rate of optimizer step `step`, counted from 0.
/// cosine: "SGDR" (2017), equation 5 without restarts, arXiv:1608.03983.
/// one-cycle: "Super-Convergence" (2018), arXiv:1708.07120, as torch.optim.lr_scheduler.OneCycleLR has it with cosine
/// annealing: from peak / 25 up over 30 % of the run, then down to peak / 250,000.
double learningRateAt(const Schedule& schedule, std::int64_t step);

/// The schedule of a recipe's training section. `stepsPerEpoch` above 0.
Schedule scheduleOf(const Parameters& training, std::int64_t stepsPerEpoch);

}
