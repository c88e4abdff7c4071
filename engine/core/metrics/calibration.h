// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace descent {

// Whether a probability means what it says. Everywhere below:
// scores      [count], probabilities in [0, 1]
// positives   [count], other than 0 where what was predicted is so
// For several classes take the highest probability of each sample, and as positive whether that class is the true one.
// One class alone is fine. Throws std::invalid_argument when lengths differ or a score is NaN or outside [0, 1].

/// Scores in (lower, upper]; the first bin holds 0 as well.
struct ReliabilityBin {
    double lower = 0, upper = 0;
    std::int64_t count = 0;
    double meanScore = 0;     ///< NaN in an empty bin
    double positiveShare = 0; ///< NaN in an empty bin; near meanScore where scores are calibrated
};

/// `bins` equal parts of [0, 1], also the empty ones. As scikit-learn's calibration_curve(strategy="uniform"), which leaves
/// those out. Throws std::invalid_argument when `bins` is below 1.
std::vector<ReliabilityBin> reliabilityCurve(std::span<const float> scores, std::span<const std::uint8_t> positives,
                                             std::int64_t bins = 15);

/// Distance between mean score and share of positives, averaged over the bins by their counts. In [0, 1]; NaN without a sample.
/// "On Calibration of Modern Neural Networks" (2017), equation 3, arXiv:1706.04599
double expectedCalibrationError(const std::vector<ReliabilityBin>& curve);
double expectedCalibrationError(std::span<const float> scores, std::span<const std::uint8_t> positives, std::int64_t bins = 15);

/// Mean squared distance of the score from 0 or 1. In [0, 1], 0 is perfect; NaN without a sample.
/// "Verification of Forecasts Expressed in Terms of Probability" (1950), Brier, halved for two classes as everyone does
double brierScore(std::span<const float> scores, std::span<const std::uint8_t> positives);

}
