// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"

#include <algorithm>

namespace descent {

const std::vector<MetricKind>& metricKinds()
{
    static const std::vector<MetricKind> kinds{
        {.id = "accuracy", .label = "Accuracy", .isShare = true},
        {.id = "top5-accuracy", .label = "Top-5 accuracy", .isShare = true},
        {.id = "macro-f1", .label = "Macro F1"},
        {.id = "average-precision", .label = "Average precision"},
        {.id = "auc", .label = "Area under the ROC curve"},
        {.id = "f1", .label = "F1 of the rarer class"},
        {.id = "threshold", .label = "Threshold"},
        {.id = "mean-cost", .label = "Cost a sample", .higherIsBetter = false},
        {.id = "calibration-error", .label = "Calibration error", .higherIsBetter = false},
        {.id = "brier", .label = "Brier score", .higherIsBetter = false},
        {.id = "r2", .label = "R\u00b2"},
        {.id = "mae", .label = "Mean absolute error", .higherIsBetter = false},
        {.id = "mse", .label = "MSE, standardised", .higherIsBetter = false},
        {.id = "mae-standardised", .label = "MAE, standardised", .higherIsBetter = false},
        {.id = "mase", .label = "MASE", .higherIsBetter = false},
        {.id = "mse-repeat-last", .label = "MSE of repeating the last value", .higherIsBetter = false},
        {.id = "mse-seasonal-naive", .label = "MSE of repeating the last season", .higherIsBetter = false},
        {.id = "bits-per-character", .label = "Bits a character", .higherIsBetter = false},
        {.id = "perplexity", .label = "Perplexity", .higherIsBetter = false},
        {.id = "bleu", .label = "BLEU"},
        {.id = "exact-match", .label = "Exact match", .isShare = true},
        {.id = "token-accuracy", .label = "Token accuracy", .isShare = true},
        {.id = "verification-accuracy", .label = "Same or not", .isShare = true},
        {.id = "accepted-at-1-in-100", .label = "Accepted, 1 % false", .isShare = true},
        {.id = "accepted-at-1-in-1000", .label = "Accepted, 0.1 % false", .isShare = true},
        {.id = "equal-error-rate", .label = "Equal error rate", .higherIsBetter = false, .isShare = true},
        {.id = "rank-1", .label = "Found at once", .isShare = true},
        {.id = "recall-1", .label = "Right caption first", .isShare = true},
        {.id = "recall-5", .label = "Right caption among 5", .isShare = true},
        {.id = "picture-recall-1", .label = "Right picture first", .isShare = true},
        {.id = "picture-recall-5", .label = "Right picture among 5", .isShare = true},
        {.id = "zero-shot-accuracy", .label = "Class by its words", .isShare = true},
        {.id = "unseen-accuracy", .label = "Unseen class by its words", .isShare = true},
        {.id = "map50", .label = "mAP at overlap 0.5"},
        {.id = "map", .label = "mAP at 0.5 to 0.95"},
        {.id = "loss", .label = "Loss", .higherIsBetter = false},
    };
    return kinds;
}

const MetricKind* findMetricKind(std::string_view id)
{
    const auto& kinds = metricKinds();
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const MetricKind& kind) { return kind.id == id; });
    return found == kinds.end() ? nullptr : &*found;
}

}
