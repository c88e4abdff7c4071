// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace descent {

/// How often each class was taken for each: what accuracy, precision, recall and F1 are worked out from.
struct ConfusionMatrix {
    std::int64_t classes = 0;
    std::vector<std::int64_t> counts; ///< samples, [classes, classes]: a row is the true class, a column the predicted one
    std::int64_t at(std::int64_t truth, std::int64_t predicted) const; ///< throws std::out_of_range for a class there is not
    bool operator==(const ConfusionMatrix&) const = default;
};

/// truth, predicted   class ids [count], each in [0, classes)
/// Throws std::invalid_argument when the lengths differ or an id is out of range: who calls has checked the dataset.
ConfusionMatrix confusionMatrix(std::span<const std::int64_t> truth, std::span<const std::int64_t> predicted,
                                std::int64_t classes);

/// One class against all others, shares in [0, 1].
struct ClassFigures {
    double precision = 0;     ///< of what was called this class, the share that is; 0 when nothing was
    double recall = 0;        ///< of what is this class, the share that was called so; 0 when nothing is
    double f1 = 0;            ///< 2 tp / (2 tp + fp + fn); 0 when the class neither occurs nor is predicted
    std::int64_t support = 0; ///< samples that are of this class
    bool operator==(const ClassFigures&) const = default;
};

/// One entry a class, as scikit-learn's precision_recall_fscore_support with zero_division=0 and all labels.
std::vector<ClassFigures> classFigures(const ConfusionMatrix& matrix);

/// Mean F1 of the classes that occur or are predicted, each with the same weight, in [0, 1]; NaN without a sample.
/// As scikit-learn's f1_score(average="macro", zero_division=0): a class that is in neither list does not count.
double macroF1(const ConfusionMatrix& matrix);

/// Share of samples on the diagonal, in [0, 1]; NaN without a sample.
double accuracy(const ConfusionMatrix& matrix);

/// Share of samples whose true class is among the `k` highest scores, in [0, 1]; NaN without a sample.
/// Of equal scores the lower class id goes first (scikit-learn's top_k_accuracy_score: the higher).
/// scores    [count, classes], row by row: logits or probabilities; infinite ones (a class masked out) are ordered as such
/// truth     class ids [count], each in [0, classes)
/// k         1 or more; 1 is plain accuracy, `classes` or more always holds
/// Throws std::invalid_argument when shapes disagree, an id or `k` is out of range, or a score is NaN.
double topKAccuracy(std::span<const float> scores, std::span<const std::int64_t> truth, std::int64_t classes, std::int64_t k);

}
