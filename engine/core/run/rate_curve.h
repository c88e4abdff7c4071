// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
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

/// Rates to begin with. None: the curve does not say, since it has fewer than ten points or never falls.
struct RateSuggestion {
    double steepest = 0;       ///< the middle of where the smoothed loss falls fastest for each factor of the rate
    double tenthOfMinimum = 0; ///< a tenth of the rate at which the smoothed loss is lowest
    bool operator==(const RateSuggestion&) const = default;
};
std::optional<RateSuggestion> suggestedRates(const RateCurve& curve);

/// Adds a point, smoothed with what came before. weight: of the past, in [0, 1).
void addPoint(RateCurve& curve, double rate, double loss, double weight);

}
