// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace descent {

// Whether one recipe is better than another, or the seeds only fell so. Values are final figures of runs, one a seed, all finite.
// Everything rests on Student's t distribution, and so on figures that scatter about evenly around their mean.

/// A mean and where the true one lies, with a certain confidence.
struct MeanInterval {
    std::int64_t count = 0;
    double mean = 0;
    double deviation = 0;     ///< of the sample; NaN of one value
    double low = 0, high = 0; ///< NaN of one value
};
/// confidence in (0, 1). Throws std::invalid_argument: no value, or one that is not finite, or another confidence.
MeanInterval meanInterval(std::span<const double> values, double confidence = 0.95);

/// How far the second recipe's figures lie above the first's.
struct MeanDifference {
    enum class Test {
        paired, ///< of the differences, seed by seed: what both share cancels out
        welch   ///< of two samples of unlike spread; doi:10.1093/biomet/34.1-2.28
    } test = Test::welch;
    double difference = 0;
    double low = 0, high = 0; ///< of the difference
    double pValue = 1;        ///< two-sided: how often chance alone would set them so far apart
    double freedom = 0;       ///< degrees of
    /// The value (paired: the seed; else of the first sample, then of the second) without which the difference is not
    /// significant any more, or is the other way round: then one seed decides. Only where it is significant with all of them.
    std::optional<std::size_t> deciding;
    bool isSignificant(double confidence = 0.95) const { return pValue < 1 - confidence; }
};
/// Values of the same seeds, in the same order. Throws std::invalid_argument: fewer than two, or unlike numbers of them, and as above.
MeanDifference pairedDifference(std::span<const double> first, std::span<const double> second, double confidence = 0.95);
/// Throws std::invalid_argument: fewer than two of either, and as above.
MeanDifference welchDifference(std::span<const double> first, std::span<const double> second, double confidence = 0.95);

/// Places in order, counted from 0; equal values share their mean. Throws std::invalid_argument for a value that is NaN.
std::vector<double> meanRanks(std::span<const double> values);

/// Rank correlation by Spearman with mean ranks for ties, in [-1, 1]; NaN where either side is all the same or there are fewer than
/// three. Throws std::invalid_argument for unlike lengths or a value that is NaN.
double rankCorrelation(std::span<const double> first, std::span<const double> second);

}
