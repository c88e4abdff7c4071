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
