// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/preparation.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// A figure that a model is judged by, as its field names it: "accuracy", "mae". Adding one is a line in metric_kinds.cpp.
struct MetricKind {
    std::string id, label;
    bool higherIsBetter = true;
    bool isShare = false; ///< 0 to 1, read as a percentage
};
const std::vector<MetricKind>& metricKinds();          ///< in the order in which they are shown
const MetricKind* findMetricKind(std::string_view id); ///< null when there is none

/// What is learnt from a dataset. Loss, metrics and the way a prediction is shown follow from it: engine/torch/task has a
/// program of the same id. Adding one is a file here, one there, and a line each in task_kinds.cpp and task_programs.cpp.
struct TaskKind {
    std::string id, label, help;
    std::string primaryMetric;              ///< "accuracy": picks the best model on validation, heads every table
    bool (*fits)(const Dataset&) = nullptr; ///< whether this can be learnt from that
    bool higherIsBetter() const;            ///< of the primary metric
    /// The primary metric for this dataset, where it is another one; null: always the same.
    std::string (*primaryMetricFor)(const Dataset&) = nullptr;

    bool cleans = false; ///< its preparation follows the recipe's cleaning
    bool smoothsLabels = false; ///< its loss follows training.labelSmoothing
    bool mixesPictures = false; ///< its pictures may be mixed with each other while they are learnt from, and hidden in part
    Schema schema = {}; ///< its own settings: `task.horizon`. A name means the same in every task that has it
    /// What a network is to read and give, within a few milliseconds: sizes that must be measured may be upper bounds.
    /// Problems: settings that this data cannot meet.
    std::function<Result<NetworkBrief>(const Dataset&, const PreparationSettings&)> brief =
        [](const Dataset& dataset, const PreparationSettings& settings) { return Result<NetworkBrief>{briefOf(dataset, settings), {}}; };
    /// About how many samples an epoch learns from, where the split's shares of the samples do not say it; null: they do. Quick.
    std::int64_t (*samplesAnEpoch)(const Dataset&, const PreparationSettings&) = nullptr;
    /// Splits, measures on the training part alone, and makes the arrays. Throws Cancelled.
    std::function<Result<PreparedData>(std::shared_ptr<const Dataset>, const PreparationSettings&, const LoadControl&)> prepare =
        [](std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings, const LoadControl& control) {
            return prepareData(std::move(dataset), settings, control);
        };
};
/// The most special first: of those that fit a dataset, "auto" takes the first.
const std::vector<TaskKind>& taskKinds();
const TaskKind* findTaskKind(std::string_view id); ///< null when there is none

/// Every task's settings, each name once: what may be set while the task is still to be found from the data.
const Schema& allTaskSettings();

}
