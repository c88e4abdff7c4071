// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/schema/parameter_schema.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

namespace descent {

/// The loss while the learning rate rises from step to step.
/// "Cyclical Learning Rates for Training Neural Networks", section 3.3, arXiv:1506.01186
struct RateCurve {
    struct Point {
        double rate = 0, loss = 0;
        double smoothed = 0; ///< exponential moving average of the losses, freed of its start at 0
        bool operator==(const Point&) const = default;
    };
    std::vector<Point> points;
    bool diverged = false; ///< ended early, since the loss had left its minimum far behind
    bool operator==(const RateCurve&) const = default;
};

/// Rates to begin with. None: the curve does not say, since it has fewer than ten points or never falls by more than its noise.
struct RateSuggestion {
    double steepest = 0;       ///< the middle of where the loss falls fastest for each factor of the rate
    double tenthOfMinimum = 0; ///< a tenth of the rate at which the smoothed loss is lowest
    bool operator==(const RateSuggestion&) const = default;
};
std::optional<RateSuggestion> suggestedRates(const RateCurve& curve);

/// Adds a point, smoothed with what came before. weight: of the past, in [0, 1).
void addPoint(RateCurve& curve, double rate, double loss, double weight);

struct RateFinderOptions {
    double lowest = 1e-7, highest = 10; ///< rates, rising by the same factor from step to step
    std::int64_t steps = 100;
    double smoothing = 0.9; ///< weight of the past in the smoothed loss
    double tooMuch = 4;     ///< ends where the smoothed loss is so many times its lowest
    bool operator==(const RateFinderOptions&) const = default;
};

/// lowest, highest and steps, for a person to choose.
const Schema& rateFinderSchema();
RateFinderOptions rateFinderOptions(const Parameters& values);
/// Problems name "lowest" and "steps".
Problems validate(const RateFinderOptions& options);

/// How a person who waits for it follows and ends it.
struct RateFinderControl {
    std::stop_token stop;                              ///< asked before each step; the curve then ends there
    std::function<void(const RateCurve::Point&)> tell; ///< each point, as it is found; may be empty
};

/// Learns with a rising rate and looks at the loss. One that is not finite ends it as well.
/// learn: one optimizer step at that rate; gives the loss before it.
/// Throws std::invalid_argument for options with problems.
RateCurve findRate(const RateFinderOptions& options, const std::function<double(double rate)>& learn, const RateFinderControl& control = {});

}
