// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace descent {

// Figures of faces, or of anything else that is known again by how alike two pictures are. Curves, the equal error rate and
// the true accept rate of pairs are in ranking.h.

/// The accuracy of "the same or not" with a threshold that has not seen the pairs it is measured on.
struct VerificationAccuracy {
    double mean = 0;                ///< of the folds, in [0, 1]; NaN with fewer than two folds
    double standardError = 0;       ///< of that mean: standard deviation of the folds over the root of their number
    std::vector<double> ofFold;     ///< NaN where a fold has no pair, or no other has one
    std::vector<double> thresholds; ///< with which each fold was measured; NaN there as well
};

/// For each fold the threshold is the one of bestAccuracy on all other folds. As "Labeled Faces in the Wild" (2007), Huang
/// and others, asks for it: ten folds of 300 pairs of the same and 300 of different people, nobody in two folds.
/// scores      [count], finite: how alike the two pictures of a pair are
/// isSame      [count], other than 0 where both show the same person
/// foldOfPair  [count], each in [0, folds)
/// Throws std::invalid_argument when lengths differ, a score is NaN or infinite, or a fold is out of range.
VerificationAccuracy verificationAccuracyInFolds(std::span<const float> scores, std::span<const std::uint8_t> isSame,
                                                 std::span<const std::int64_t> foldOfPair, std::int64_t folds);

/// `count` pairs in their order cut into `folds` runs of equal length, the first ones longer by one where that does not
/// come out even: what LFW's pairs.txt means, and scikit-learn's KFold.
/// Throws std::invalid_argument when `count` is negative or `folds` below 1.
std::vector<std::int64_t> consecutiveFolds(std::int64_t count, std::int64_t folds);

/// How a probe, a picture of somebody, fared among the people of a gallery. A person with several pictures there is as
/// alike as the best of them; of equally alike people the one whose picture comes first goes ahead.
struct Identified {
    std::int64_t nearest = -1; ///< picture of the gallery that is most alike; -1 when the gallery is empty
    float score = 0;           ///< of it; minus infinity when the gallery is empty
    std::int64_t rank = -1;    ///< people ahead of the right one, 0 when it is the nearest; -1 when it is not in the gallery
    float ownScore = 0;        ///< of the right one's best picture; minus infinity when it is not in the gallery
    bool isKnown() const { return rank >= 0; }
    bool operator==(const Identified&) const = default;
};

/// scores      [probes, gallery], row by row, finite: how alike each probe and each picture are
/// probes      person of each probe; one that is not in the gallery is a stranger
/// gallery     person of each picture
/// Throws std::invalid_argument when shapes disagree or a score is NaN or infinite. Rows may be given in parts
/// and the answers joined.
std::vector<Identified> identify(std::span<const float> scores, std::span<const std::int64_t> probes,
                                 std::span<const std::int64_t> gallery);

/// Shares in [0, 1].
struct IdentificationRates {
    double rank1 = 0, rank5 = 0;  ///< of the known probes, where the right person is among the first 1 or 5, and accepted
    double strangersRejected = 0; ///< of the others, where nobody is accepted; NaN when there are none
    std::int64_t known = 0, strangers = 0;
};

/// A person is accepted when the score is at or above `threshold`; minus infinity, where everybody is, gives the closed-set
/// rates. NaN rates when there is no known probe. Throws std::invalid_argument when the threshold is NaN.
/// "Evaluation Methods in Face Recognition" (2011), Phillips, Grother and Micheals: open-set identification
IdentificationRates identificationRates(std::span<const Identified> probes, double threshold);

/// The lowest threshold at which at most `falseAcceptRate` of the strangers are taken for somebody; minus infinity when that
/// holds without one, NaN when there is no stranger. Throws std::invalid_argument when the rate is outside [0, 1].
double openSetThreshold(std::span<const Identified> probes, double falseAcceptRate);

}
