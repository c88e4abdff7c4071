// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace descent {

// Figures of a score that says yes or no to one class: an anomaly, a defect, two pictures of the same person.
// A sample is accepted when its score is at or above a threshold. Thresholds are scores that occur, each once, or
// +infinity, which accepts nothing. Every function below takes a RankedScores, so the samples are sorted once for all of
// them; for a single figure write rocAuc({scores, positives}).

/// How many of each class are accepted, at each threshold.
struct RankedScores {
    struct Step {
        double threshold = 0;
        std::int64_t truePositives = 0, falsePositives = 0; ///< accepted of the positives, of the negatives
        bool operator==(const Step&) const = default;
    };
    std::int64_t positives = 0, negatives = 0;
    std::vector<Step> steps; ///< thresholds falling from +infinity to the lowest score; never empty

    /// scores      [count], finite, in any unit: only their order counts
    /// positives   [count], 0 for a negative, anything else for a positive
    /// Throws std::invalid_argument when the lengths differ or a score is NaN or infinite.
    RankedScores(std::span<const float> scores, std::span<const std::uint8_t> positives);
    std::int64_t count() const { return positives + negatives; }
};

/// A threshold and the figure that is reached with it. Both NaN where the figure is not defined.
struct ThresholdChoice {
    double threshold = 0;
    double figure = 0;
};

struct RocPoint {
    double falsePositiveRate = 0; ///< accepted share of the negatives; NaN when there are none
    double truePositiveRate = 0;  ///< accepted share of the positives; NaN when there are none
    double threshold = 0;
};

/// From (0, 0) at +infinity to (1, 1) at the lowest score; that first point alone, without a sample NaN twice.
/// As scikit-learn's roc_curve with drop_intermediate=False. "An introduction to ROC analysis" (2006), Fawcett, algorithm 1
std::vector<RocPoint> rocCurve(const RankedScores& ranked);

/// Area under that curve by trapezoids: the chance that a positive scores above a negative, a tie counting half.
/// In [0, 1], 0.5 for chance; NaN when a class is missing.
double rocAuc(const RankedScores& ranked);

/// Area under the curve of each class against the rest, one entry a class, NaN for a class that is missing or alone.
/// scores    [count, classes], row by row, finite
/// truth     class ids [count], each in [0, classes)
/// Throws std::invalid_argument when shapes disagree, an id is out of range, or a score is NaN or infinite.
std::vector<double> oneVersusRestAuc(std::span<const float> scores, std::span<const std::int64_t> truth, std::int64_t classes);

/// Mean of those that are defined, each class with the same weight; NaN when none is. Where every class occurs this is
/// scikit-learn's roc_auc_score(multi_class="ovr", average="macro"), which refuses the rest. Throws as oneVersusRestAuc.
double macroOneVersusRestAuc(std::span<const float> scores, std::span<const std::int64_t> truth, std::int64_t classes);

struct PrecisionRecallPoint {
    double precision = 0; ///< positive share of what is accepted; 1 where nothing is, by convention
    double recall = 0;    ///< accepted share of the positives; NaN when there are none
    double threshold = 0;
};

/// From the lowest score, where recall is 1, to +infinity, where recall is 0 and precision 1.
/// As scikit-learn's precision_recall_curve, but for its recall of 1 when there is no positive.
std::vector<PrecisionRecallPoint> precisionRecallCurve(const RankedScores& ranked);

/// Sum over distinct thresholds of precision times the gain in recall, without interpolation: scikit-learn's
/// average_precision_score. In (0, 1], the share of positives for chance; NaN when a class is missing.
double averagePrecision(const RankedScores& ranked);

/// 2 tp / (2 tp + fp + fn) when all at or above `threshold` are accepted, in [0, 1]; NaN without a positive.
/// Throws std::invalid_argument when `threshold` is NaN.
double f1At(const RankedScores& ranked, double threshold);

/// The threshold with the highest F1, of several the highest. NaN without a positive.
ThresholdChoice bestF1(const RankedScores& ranked);

/// The threshold at which mistakes cost least, of several the highest; the figure is the mean cost a sample, in the unit of
/// the costs. One class alone is fine: where there is no positive, nothing is accepted. NaN without a sample.
/// Throws std::invalid_argument when a cost is negative, NaN or infinite.
/// "The Foundations of Cost-Sensitive Learning" (2001), Elkan: measured here, not derived from calibrated probabilities
ThresholdChoice thresholdOfLeastCost(const RankedScores& ranked, double falsePositiveCost, double falseNegativeCost);

/// The point of the ROC curve with the highest true accept rate among those that accept at most `falseAcceptRate` of the
/// negatives, of several the one that accepts fewest; no interpolation. All NaN when a class is missing.
/// With n negatives a rate below 1 / n can only be met by accepting none of them.
/// Throws std::invalid_argument when the rate is outside [0, 1].
RocPoint trueAcceptRateAt(const RankedScores& ranked, double falseAcceptRate);

/// Where as large a share of negatives is accepted as of positives rejected, on straight lines between the points of the
/// ROC curve; with the threshold of the nearer point. In [0, 1], 0.5 for chance; NaN when a class is missing.
ThresholdChoice equalErrorRate(const RankedScores& ranked);

/// Share of samples on the right side of `threshold`; NaN without a sample. Throws std::invalid_argument for a NaN threshold.
double accuracyAt(const RankedScores& ranked, double threshold);

/// The threshold with the highest share of samples on its right side, of several the highest. NaN without a sample.
/// Chosen and measured on the same samples, so a little too good: verificationAccuracyInFolds is not.
ThresholdChoice bestAccuracy(const RankedScores& ranked);

}
