// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/metrics/ranking.h"
#include "engine/core/metrics/verification.h"

#include <cstdint>
#include <span>
#include <vector>

namespace descent {

/// The cosine of two vectors of length 1 and of one width. Throws std::invalid_argument when the widths differ.
float cosine(std::span<const float> a, std::span<const float> b);

/// What embeddings of people that were never learnt from are worth. NaN where a figure cannot be had.
struct FaceFigures {
    VerificationAccuracy accuracy; ///< on as many pairs of different people as of the same, in folds of whole people
    double threshold = 0;          ///< mean of those of the folds: at or above it two pictures are taken for one person
    double auc = 0, equalErrorRate = 0;
    double trueAccepts100 = 0, trueAccepts1000 = 0; ///< share accepted of pairs of the same, where of 100, 1000 others one is
    double rank1 = 0;                               ///< the first picture of each enrolled, the others looked up: share found
    std::vector<RocPoint> roc;                      ///< of all pairs, thinned to at most 400 points
};

/// embeddings  [count, width], row by row, each of length 1
/// people      [count], who each picture shows
/// Of more than 2,500 pictures every k-th is taken. The same pictures give the same figures on every machine.
/// "Labeled Faces in the Wild" (2007), Huang and others, for the folds.
/// Throws std::invalid_argument when shapes disagree or a value is NaN or infinite.
FaceFigures faceFigures(std::span<const float> embeddings, std::span<const std::int64_t> people, std::int64_t width);

/// The lowest cosine at which at most `falseAcceptRate` of all pairs of different people are taken for the same; NaN where there
/// is no such pair, or none of the same. Shapes, throws and the choice of pictures as above.
double pairThreshold(std::span<const float> embeddings, std::span<const std::int64_t> people, std::int64_t width, double falseAcceptRate);

}
