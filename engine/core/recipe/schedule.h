// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/schema/parameter_schema.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace descent {

/// How the learning rate changes over a run. Plain numbers, so that the window draws it before anything is trained.
struct Schedule {
    enum class Kind {
        constant, step, multiStep, exponential, polynomial, cosine, cosineRestarts, oneCycle, plateau
    } kind = Kind::constant;
    double peak = 1e-3;
    std::int64_t totalSteps = 1;
    std::int64_t warmupSteps = 0;     ///< all but one-cycle: climbs linearly to the peak over so many steps
    std::int64_t stepLength = 1;      ///< step: optimizer steps between two falls; exponential: over which it falls by the factor
    std::vector<std::int64_t> milestones = {}; ///< multi-step: the steps from which on it has fallen, ascending
    double stepFactor = 0.1;          ///< step, multi-step, exponential: what it is multiplied by
    double power = 1;                 ///< polynomial
    std::int64_t restartLength = 1, restartMultiplier = 1; ///< cosine with restarts: steps of the first cosine; growth
    double finalRate = 0;             ///< polynomial, cosines: where it ends, as a fraction of the peak
    bool operator==(const Schedule&) const = default;
};

/// Learning rate of optimizer step `step`, counted from 0. Exponential, polynomial and the cosines begin when the warm-up is
/// over; steps and milestones are those of the run. A plateau's is the peak: what follows is a matter of PlateauState.
/// exponential, polynomial, multi-step: as ExponentialLR, PolynomialLR and MultiStepLR of torch.optim.lr_scheduler.
/// cosine: "SGDR" (2017), equation 5, arXiv:1608.03983; with restarts as CosineAnnealingWarmRestarts.
/// one-cycle: "Super-Convergence" (2018), arXiv:1708.07120, as torch.optim.lr_scheduler.OneCycleLR has it with cosine
/// annealing: from peak / 25 up over 30 % of the run, then down to peak / 250,000.
double learningRateAt(const Schedule& schedule, std::int64_t step);

/// "30, 60, 90": whole numbers above 0, each larger than the one before. The problem names "training.milestones".
Result<std::vector<std::int64_t>> milestonesFrom(std::string_view text);

/// What is wrong with the schedule of a training section that its schema cannot see.
Problems validateSchedule(const Parameters& training);

/// The schedule of a recipe's training section. `stepsPerEpoch` above 0. Throws std::invalid_argument where
/// validateSchedule() finds a problem.
Schedule scheduleOf(const Parameters& training, std::int64_t stepsPerEpoch);

/// Whether the learning rate of a step depends on how long the run is to be.
bool followsLength(Schedule::Kind kind);

/// When a learning rate falls because learning does not get on, as torch.optim.lr_scheduler.ReduceLROnPlateau says it
/// (threshold_mode "rel", no cooldown, eps 0).
struct PlateauOptions {
    double factor = 0.1;
    std::int64_t patience = 10; ///< it falls when more epochs than that were no better, one after the other
    double threshold = 1e-4;    ///< better: by this share of the best figure
    double leastScale = 0;
    bool higherIsBetter = false;
    bool operator==(const PlateauOptions&) const = default;
};
PlateauOptions plateauOptions(const Parameters& training, bool higherIsBetter);

/// Where such a schedule stands after some epochs: what the learning rate is to be multiplied by, and why.
struct PlateauState {
    double scale = 1;
    std::optional<double> best;
    std::int64_t epochsWithout = 0; ///< a better one, since the best or the last fall

    void update(const PlateauOptions& options, double figure); ///< of an epoch; NaN is no better
    /// As numbers by name ("plateau.scale"), for a checkpoint; the state comes back equal.
    std::map<std::string, double> parts() const;
    static PlateauState fromParts(const std::map<std::string, double>& parts); ///< among others; absent: as at the beginning
    bool operator==(const PlateauState&) const = default;
};

}
